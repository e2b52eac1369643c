//! What is worth saying about a network: one file a rule.
//!
//! A rule looks at facts and drafts findings; it knows no vendor, no output format and no settings.
//! It says how bad a finding is and how sure; that a user has silenced it is decided later,
//! elsewhere.
//!
//! There are two doors. [`Findings::presence`] is for what a configuration says: the statement is
//! there, and it is wrong. [`Findings::absence`] is for what it does not say, and it asks for the
//! block in which the rule looked: where something in that block was not understood, the missing
//! thing may stand exactly there, and the finding says so and loses confidence.
//!
//! The list of rules is [`catalog`]; a test writes it.

mod accepted;
pub mod catalog;
mod clashes;
mod default_route;
mod dependents;
mod detours;
mod directions;
mod findings;
mod leaking;
mod links;
mod outbound;
mod outgoing;
mod part;
mod places;
mod remedies;
mod rule;
mod translation;
mod words;

pub use findings::{Block, Draft, DraftLabel, Findings, Text};
pub use part::Part;
pub use rule::{Check, Rule, Scope};

/// What every rule needs, and nothing else.
pub(crate) mod prelude {
    pub(crate) use crate::findings::{Block, Draft, Findings};
    pub(crate) use crate::part::Part;
    pub(crate) use crate::rule::{Scope, rule};
    pub(crate) use edgelint_facts::Network;
    pub(crate) use edgelint_source::Span;
    pub(crate) use edgelint_source::view::{Confidence, Severity};
}
