//! Grammars read, sampled and recognised, to hold the parsers to their word.
//!
//! `grammars/<dialect>.ebnf` tells an engineer what a dialect's parser understands. A document that
//! nothing runs drifts away from the code; this crate runs it. It derives sentences from the
//! grammar, recognises sentences by the grammar alone, damages sentences, and compares at every
//! step with what a parser says ([`checks`]). The grammar is not the parser: it is a second
//! witness.
//!
//! ```
//! use edgelint_contract::checks::{self, Reading, State, StatementVerdict, Witness};
//! use edgelint_contract::grammar::Grammar;
//! use edgelint_contract::{sound, source};
//!
//! /// A parser that knows one statement: `hostname x`.
//! struct Parser;
//!
//! impl Witness for Parser {
//!     fn read(&self, text: &str) -> Reading {
//!         let mut reading = Reading::default();
//!         let mut start = 0;
//!         for (index, line) in text.lines().enumerate() {
//!             // hostname ::= "hostname" NAME NL
//!             let name = line.strip_prefix("hostname ").filter(|name| !name.contains(' '));
//!             reading.statements.push(StatementVerdict {
//!                 line: index + 1,
//!                 state: if name.is_some() { State::Modelled } else { State::Opaque },
//!                 claimed: name.map(|_| start + 9..start + line.len()).into_iter().collect(),
//!                 complaints: 0,
//!             });
//!             start += line.len() + 1;
//!         }
//!         reading
//!     }
//! }
//!
//! let grammar = Grammar::read("config ::= hostname*\nhostname ::= \"hostname\" NAME NL").unwrap();
//! let parser_source = r#"
//!     /// config ::= hostname*
//!     fn config() {}
//!     /// hostname ::= "hostname" NAME NL
//!     fn hostname() { word("hostname"); name(); }
//! "#;
//! let nothing = Vec::<String>::new();
//! assert_eq!(sound::sound(&grammar), nothing);
//! assert_eq!(checks::accepted(&grammar, &Parser, 1, 1_000), nothing);
//! assert_eq!(checks::word_for_word(&grammar, &Parser, 1, 1_000), nothing);
//! assert_eq!(checks::agreement(&grammar, &Parser, 1, 1_000), nothing);
//! assert_eq!(checks::vocabulary(&grammar, &source::keywords_in_source(parser_source)), nothing);
//! assert_eq!(checks::quoted(&grammar, &[parser_source]), nothing);
//! ```
//!
//! Tests only: nothing of this is shipped, so plain code is preferred to fast code wherever ten
//! thousand sentences still take well under a second.

pub mod checks;
pub mod compile;
pub mod derive;
pub mod grammar;
mod lines;
pub mod mutate;
pub mod random;
mod read;
pub mod recognise;
mod samples;
pub mod sound;
pub mod source;
pub mod terminals;

#[cfg(test)]
mod toy;
