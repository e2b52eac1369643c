//! A value and where it comes from.

use std::fmt;

use edgelint_source::Span;

/// Where a value stands, and what made it apply.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The words that state the value.
    pub at: Span,
    /// First byte and end of the line that made it apply, in the same file; [`HERE`] where there is none.
    via: (u32, u32),
}

/// No range of a text: its end lies before its beginning.
const HERE: (u32, u32) = (u32::MAX, 0);

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Origin").field("at", &self.at).field("via", &self.via()).finish()
    }
}

impl Origin {
    /// A value that is stated where it applies.
    pub const fn here(at: Span) -> Self {
        Self { at, via: HERE }
    }

    /// A value that the line at `via` made apply, where that is another one; of the same file.
    pub const fn applied(at: Span, via: Option<Span>) -> Self {
        match via {
            Some(via) => Self { at, via: (via.start, via.end) },
            None => Self::here(at),
        }
    }

    /// The line that made it apply here, where that is another one: the membership in a peer
    /// group, the use of a template, an applied group.
    pub fn via(&self) -> Option<Span> {
        (self.via != HERE).then(|| Span::new(self.at.file, self.via.0, self.via.1))
    }
}

/// A value of the configuration with its origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact<T> {
    /// What was configured.
    pub value: T,
    /// Where.
    pub origin: Origin,
}

impl<T> Fact<T> {
    /// A value that is stated where it applies.
    pub const fn new(value: T, at: Span) -> Self {
        Self { value, origin: Origin::here(at) }
    }

    /// The words that state the value.
    pub const fn at(&self) -> Span {
        self.origin.at
    }

    /// The same value, applied by the line at `via`; an inner application is kept.
    #[must_use]
    pub fn applied_by(mut self, via: Span) -> Self {
        self.origin = Origin::applied(self.origin.at, self.origin.via().or(Some(via)));
        self
    }

    /// Another value from the same words.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Fact<U> {
        Fact { value: change(self.value), origin: self.origin }
    }
}
