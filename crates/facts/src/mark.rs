//! Marks: the lines that led to a fact, in the order in which they spoke.
//!
//! A finding shows the statements that decide it. They are collected while policies are evaluated, for
//! every route of every session, so a mark is three words and its text is made only when printed.

use std::fmt;

use edgelint_model::{ClauseLabel, Verdict};
use edgelint_source::Span;

/// A line and what it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark<'t> {
    /// The statement.
    pub at: Span,
    /// What it did.
    pub note: Note<'t>,
}

/// What a line did to a route. Prints as a few words without a full stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Note<'t> {
    /// A `network` statement put the route into BGP.
    Network,
    /// A static route backs it; `discard` where it leads nowhere.
    Static {
        /// Whether packets to it are dropped.
        discard: bool,
    },
    /// An interface's subnet backs it.
    Connected(&'t str),
    /// An aggregate made it.
    Aggregate,
    /// An export policy may pick it from the table, where it is because of this statement; its
    /// protocol.
    Table(&'t str),
    /// Redistribution put it into BGP; the source protocol as written.
    Redistributed(&'t str),
    /// An interior protocol may supply it.
    Interior(&'t str),
    /// A default route for the neighbor.
    DefaultOriginate,
    /// A clause of a policy decided, or changed it and went on.
    Clause {
        /// Name of the policy.
        policy: &'t str,
        /// The clause.
        label: ClauseLabel<'t>,
        /// What it said, where it said something.
        verdict: Option<Verdict>,
    },
    /// A clause of a policy does not apply, because of this line.
    Passed {
        /// Name of the policy.
        policy: &'t str,
        /// The clause.
        label: ClauseLabel<'t>,
    },
    /// An entry of a list decided.
    Entry {
        /// Name of the list.
        list: &'t str,
        /// Whether it permits.
        permit: bool,
    },
    /// No entry of the list matched, which denies.
    EndOfList(&'t str),
    /// No clause of the policy matched.
    EndOfPolicy(&'t str),
    /// A filter of the neighbor, by the name of what filters.
    Filter(&'t str),
    /// A name that is not defined.
    Undefined(&'t str),
    /// A policy asks another one that is being evaluated already: they ask each other in a ring.
    Ring(&'t str),
    /// A statement that was not understood.
    NotUnderstood,
    /// A setting of the neighbor (weight, local preference).
    Setting,
}

/// The line of several that let a route pass: the last entry that names it, else the last clause.
pub fn decision(trail: &[Mark<'_>]) -> Option<Span> {
    let last = |wanted: fn(&Note<'_>) -> bool| trail.iter().rev().find(|mark| wanted(&mark.note));
    let entry = last(|note| matches!(note, Note::Entry { permit: true, .. }));
    let decisive = entry.or_else(|| last(|note| matches!(note, Note::Clause { .. })));
    decisive.map(|mark| mark.at)
}

impl fmt::Display for Note<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Network => f.write_str("put into BGP here"),
            Self::Static { discard: true } => f.write_str("held up by this discard route"),
            Self::Static { discard: false } => f.write_str("backed by this static route"),
            Self::Connected(name) => write!(f, "subnet of interface {name}"),
            Self::Aggregate => f.write_str("aggregated here"),
            Self::Table(protocol) => write!(f, "in the table as a {protocol} route"),
            Self::Redistributed(protocol) => write!(f, "redistributed from {protocol} here"),
            Self::Interior(protocol) => write!(f, "{protocol} may supply it"),
            Self::DefaultOriginate => f.write_str("default route sent by this statement"),
            Self::Clause { policy, label, verdict } => {
                let verb = match verdict {
                    Some(Verdict::Permit) => "permitted by",
                    Some(Verdict::Deny) => "denied by",
                    None => "matched by",
                };
                write!(f, "{verb} {policy} {}", Label(label))
            }
            Self::Passed { policy, label } => {
                write!(f, "{policy} {} does not match", Label(label))
            }
            Self::Entry { list, permit: true } => write!(f, "permitted by {list}"),
            Self::Entry { list, permit: false } => write!(f, "denied by {list}"),
            Self::EndOfList(list) => write!(f, "no entry of {list} matches"),
            Self::EndOfPolicy(policy) => write!(f, "no clause of {policy} matches"),
            Self::Filter(name) => write!(f, "filtered by {name}"),
            Self::Undefined(name) => write!(f, "{name} is not defined"),
            Self::Ring(name) => write!(f, "{name} is asked from within itself: not followed"),
            Self::NotUnderstood => f.write_str("not understood"),
            Self::Setting => f.write_str("set for the neighbor here"),
        }
    }
}

/// Prints what a clause is called.
pub(crate) struct Label<'t>(pub(crate) ClauseLabel<'t>);

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ClauseLabel::Sequence(number) => write!(f, "{number}"),
            ClauseLabel::Name(name) => write!(f, "term {name}"),
            ClauseLabel::Ordinal(number) => write!(f, "branch {number}"),
            ClauseLabel::Here => f.write_str("here"),
        }
    }
}
