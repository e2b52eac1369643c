//! Text, places in it, and everything that is said about places: the floor of the house.
//!
//! A run reads files ([`decode`]), keeps their text under a [`FileId`] ([`Files`]), points into it
//! with 12-byte [`Span`]s, and in the end prints what was found as plain values ([`view`]). Text from
//! a configuration is hostile and full of secrets, so there is one place where it becomes
//! printable ([`printable`]); whatever is printed went through it.
//!
//! # Invariants
//! - Nothing here knows a vendor, a rule or an output format.
//! - A [`view`] value holds no character that a terminal or a build log would act on.

pub mod arena;
pub mod decode;
pub mod files;
pub mod printable;
pub mod span;
pub mod view;

pub use arena::Arena;
pub use files::{Files, Position, SourceText};
pub use span::{FileId, Span};
