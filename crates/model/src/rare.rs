//! Settings that few objects have: a place for all of them that costs one pointer where there are none.
//!
//! An estate has tens of thousands of interfaces and sessions, and each of them could have dozens of
//! settings, of which an export states a handful. Room for all would be most of what an estate keeps in
//! memory.

use std::ops::{Deref, DerefMut};

/// A value in which nothing is set, shared by everybody who sets nothing.
pub trait Blank: Default + PartialEq {
    /// The value in which nothing is set.
    fn blank<'b>() -> &'b Self
    where
        Self: 'b;
}

/// A group of settings, most often none of them set. Reading finds them unset; whoever writes makes room.
#[derive(Clone, Debug, Default)]
pub struct Rare<T>(Option<Box<T>>);

impl<T: Blank> Rare<T> {
    /// The settings, without room for them where none is set.
    pub fn of(settings: T) -> Self {
        Self((settings != *T::blank()).then(|| Box::new(settings)))
    }
}

impl<T: Blank> Deref for Rare<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match &self.0 {
            Some(settings) => settings,
            None => T::blank(),
        }
    }
}

impl<T: Blank> DerefMut for Rare<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_or_insert_default()
    }
}

impl<T: Blank> PartialEq for Rare<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Blank + Eq> Eq for Rare<T> {}
