//! Bytes to one lossless tree of statements, whichever of three layouts they are written in.
//!
//! Network devices are configured with commands: a line, or a path of words, is a command, and
//! blocks give it context. Indentation (IOS and its kin), braces (Junos) and `set` lines are three
//! ways to write the same tree. This crate splits text into lines and words ([`lines`]), cuts out
//! what is no statement (comments, banners, certificates, the dressing of exports: [`body`],
//! [`dressing`]) and builds the tree ([`tree`], [`indented`], [`braced`], [`paths`]). What the words of one statement
//! mean is the dialects' business; they read them with nom through [`words`].
//!
//! # Invariants
//! - Parsing never fails: any bytes give a tree, and every byte of the text lies in exactly one line.
//! - No text is rewritten: every word is a range of the file, wherever the tree puts it.
//! - Work and depth are bounded: nesting deeper than [`indented::MAX_DEPTH`] is flattened, never recursed into.

pub mod body;
pub mod braced;
pub mod dressing;
pub mod indented;
pub mod lines;
pub mod paths;
pub mod tree;
pub mod words;

pub use lines::{Line, LineKind, Lines, Room, Word};
pub use paths::{Inactive, Path, Paths};
pub use tree::{Node, Statement, Tree};
pub use words::{Expected, Parsed, Token, Words};
