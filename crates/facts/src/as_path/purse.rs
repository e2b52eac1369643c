//! What the AS-path expressions of one device may cost.
//!
//! Each expression by itself is bounded, but a hostile export may have thousands that are as dear as one may
//! be. A device has so much to spend; when it is spent, no more sets are made for it, and what depends on them is
//! not certain. What was worked out for another device costs the same as if it had not been: answers
//! do not depend on who asked first.

use std::sync::atomic::{AtomicU32, Ordering};

use edgelint_model::{AsPathLanguage, AsPathList};

use crate::as_path::AsPathSet;
use crate::as_path::automaton::{Both, Worked};
use crate::as_path::memo;

/// What a device may spend, in states that are looked at: many times what the largest policies of real
/// exports need.
const ALL: u32 = 1 << 19;

/// What a device spent so far.
#[derive(Debug, Default)]
pub(crate) struct Purse(AtomicU32);

impl Purse {
    fn pay(&self, work: impl FnOnce() -> Worked<AsPathSet>) -> Option<AsPathSet> {
        if ALL < self.0.load(Ordering::Relaxed) {
            return None;
        }
        let (set, cost) = work();
        // Far below the largest number: one piece of work costs less than there is to spend.
        self.0.fetch_add(cost, Ordering::Relaxed);
        set
    }

    /// See [`AsPathSet::of_expression`].
    pub(crate) fn expression(&self, language: AsPathLanguage, text: &str) -> Option<AsPathSet> {
        self.pay(|| AsPathSet::by_expression(language, text))
    }

    /// See [`AsPathSet::of_list`].
    pub(crate) fn list(
        &self,
        language: AsPathLanguage,
        list: &AsPathList<'_>,
    ) -> Option<AsPathSet> {
        self.pay(|| AsPathSet::by_list(language, list))
    }

    /// See [`AsPathSet::of_length`].
    pub(crate) fn length(&self, least: u32, most: u32) -> Option<AsPathSet> {
        self.pay(|| AsPathSet::by_length(least, most))
    }

    /// See [`AsPathSet::intersection`].
    pub(crate) fn intersection(&self, one: &AsPathSet, other: &AsPathSet) -> Option<AsPathSet> {
        self.pay(|| memo::combined(one, other, Both::Intersection))
    }

    /// See [`AsPathSet::difference`].
    pub(crate) fn difference(&self, one: &AsPathSet, other: &AsPathSet) -> Option<AsPathSet> {
        self.pay(|| memo::combined(one, other, Both::Difference))
    }
}
