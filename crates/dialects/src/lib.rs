//! Vendors' words: one folder a dialect, each to detect, parse, settle and lower one system's
//! configuration to the model, with an account of every statement.
//!
//! [`detect`] asks every dialect what it sees in a file and decides, or says that it cannot.
//! [`Dialect::read`] then does the rest. What dialects share are words and phrases
//! ([`phrases`]: an address, an AS number, a community), never statements: two systems that look
//! alike today part ways tomorrow.
//!
//! # Invariants
//! - Reading never fails: what is not understood is counted and kept as a blind spot.
//! - No dialect's folder imports another's.
//! - Every statement ends in exactly one of four states (`edgelint_model::State`).

use edgelint_model::{Commands, Device, Remedy};
use edgelint_source::Arena;
use edgelint_syntax::{Lines, Tree};

pub mod asa;
pub mod detection;
mod draft;
pub mod eos;
pub mod examine;
pub mod frr;
pub mod ios;
pub mod iosxr;
pub mod junos;
pub mod nxos;
pub mod phrases;
pub mod remedies;
mod rivals;
mod secrets;
#[cfg(test)]
mod share;

pub use detection::{Detection, Evidence, Seen, Sign, Signal, detect};

/// A system's configuration language.
#[derive(Clone, Copy)]
pub struct Dialect {
    /// Its name in settings and output.
    pub name: &'static str,
    /// Its grammar, as people read it and the contract tests run it.
    pub grammar: &'static str,
    /// Adds what a line says for or against this dialect.
    pub evidence: fn(&mut Evidence, &Seen<'_, '_>),
    /// Cuts out bodies and dressing and builds the tree in the dialect's layout.
    pub lay_out: for<'t> fn(Lines<'t>) -> Tree<'t>,
    /// Reads a tree: the devices it holds (one, unless an export holds several contexts).
    pub read: for<'a, 't> fn(&'a Tree<'t>, &'t Arena) -> Vec<Device<'t>>,
    /// How many statements a tree holds; each is accounted for in exactly one device.
    pub statements: for<'a, 't> fn(&'a Tree<'t>) -> usize,
    /// Writes a remedy for a device of this dialect; `None` where it cannot be written.
    pub remedy: for<'a, 't> fn(&'a Device<'t>, &'a Remedy) -> Option<Commands>,
}

/// Every dialect that can be read, in the order of `--dialect`.
pub const DIALECTS: &[Dialect] = &[
    ios::DIALECT,
    iosxr::DIALECT,
    nxos::DIALECT,
    asa::DIALECT,
    eos::DIALECT,
    junos::DIALECT,
    frr::DIALECT,
];

/// The dialect of that name.
pub fn dialect(name: &str) -> Option<&'static Dialect> {
    DIALECTS.iter().find(|dialect| dialect.name == name)
}
