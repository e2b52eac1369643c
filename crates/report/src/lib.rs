//! What was found, written out: one file an output format.
//!
//! Everything here takes plain view values ([`edgelint_source::view`]), which were cleaned when they
//! were made, and source lines only as [`SourceText::printable_line`] gives them. A format therefore
//! cannot print a secret or an escape sequence even if its author forgets that there are such
//! things. Adding one is a file and two lines below: the `mod` and the row of [`FORMATS`].
//!
//! # Invariants
//! - No format asks for raw source text.
//! - Output depends on the values only: no clock, no environment, no terminal.
//!
//! [`SourceText::printable_line`]: edgelint_source::SourceText::printable_line

use std::io;

use edgelint_source::Files;
use edgelint_source::view::Report;

mod concise;
pub mod diff;
mod excerpt;
mod full;
pub mod inspect;
mod json;
pub mod notice;
mod paint;
pub mod rules;
mod sarif;
mod summary;

#[cfg(test)]
mod tests;

pub use notice::Notice;

/// Version of every JSON document that is written here; raised when a field is renamed or dropped.
pub const SCHEMA_VERSION: u32 = 1;

/// How to write, apart from the format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour for a terminal (formats for machines never do).
    pub color: bool,
    /// Whether to count the findings of each rule at the end.
    pub statistics: bool,
}

/// An output format of `check`.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Its name behind `-o`.
    pub name: &'static str,
    /// Writes a whole report.
    pub write: fn(&Report, &Files, Style, &mut dyn io::Write) -> io::Result<()>,
}

/// Every format, the default first.
pub const FORMATS: &[Format] = &[
    Format { name: "full", write: full::write },
    Format { name: "concise", write: concise::write },
    Format { name: "json", write: json::write },
    Format { name: "sarif", write: sarif::write },
];

/// The format of that name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
