//! A value and where it comes from.

use edgelint_source::Span;

/// Where a value stands, and what made it apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The words that state the value.
    pub at: Span,
    /// The line that made it apply here, where that is another one: the membership in a peer
    /// group, the use of a template, an applied group.
    pub via: Option<Span>,
}

impl Origin {
    /// A value that is stated where it applies.
    pub const fn here(at: Span) -> Self {
        Self { at, via: None }
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
        self.origin.via = self.origin.via.or(Some(via));
        self
    }

    /// Another value from the same words.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Fact<U> {
        Fact { value: change(self.value), origin: self.origin }
    }
}
