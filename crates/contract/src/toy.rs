//! A toy grammar and a hand-written parser of it, in which drifts can be planted.
//!
//! A check that has never been seen to fail proves nothing. Each drift here is one that has
//! happened to somebody: the tests plant it in the parser, in its source or in the grammar, and
//! name the checks that must find it. The parser is written by hand, so that it shares nothing with
//! what recognises.

use crate::checks::{Reading, State, StatementVerdict, Witness};
use std::ops::Range;

/// What the toy understands.
const GRAMMAR: &str = r#"
config      ::= statement*
statement   ::= prefix-list | route-map | inert
prefix-list ::= "ip" "prefix-list" NAME ("seq" SEQ)? action PREFIX4 ("ge" LEN4)? ("le" LEN4)? NL
route-map   ::= "route-map" NAME action SEQ NL (INDENT clause+ DEDENT)?
clause      ::= "set" "metric" METRIC NL
              | "match" "tag" (NAME - "exact")+ "exact"? NL
action      ::= "permit" | "deny"
/* Says nothing about routes. */
inert       ::= "snmp-server" REST NL | "logging" REST NL
"#;

/// Statements that the toy knows and ignores.
const INERT: &[&str] = &["snmp-server", "logging"];

/// A fault planted in the parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Drift {
    None,
    LongLengths,
    DropsLe,
    ReadsMore(&'static str),
    SequenceOptional,
    OtherWordForGe(&'static str),
    IgnoresMetric,
    LosesLines,
}

struct Toy(Drift);

impl Witness for Toy {
    fn read(&self, text: &str) -> Reading {
        let mut reading = Reading::default();
        let mut start = 0;
        let mut in_map = false;
        for (index, line) in text.split('\n').enumerate() {
            let mut line_words = Vec::new();
            let mut at = start;
            for word in line.split(' ') {
                if !word.is_empty() {
                    line_words.push((word, at..at + word.len()));
                }
                at += word.len() + 1;
            }
            start += line.len() + 1;
            let indented = line.starts_with(' ');
            let first = line_words.first().map(|(word, _)| *word);
            if first.is_none() || self.0 == Drift::LosesLines && first == Some("match") {
                continue;
            }
            let mut words =
                Words { words: &line_words, claimed: Vec::new(), complaints: 0, drift: self.0 };
            let inert = !indented && 1 < line_words.len() && INERT.contains(&first.unwrap());
            let known = match (first, indented) {
                _ if inert => Some(()),
                (Some("ip"), false) => words.prefix_list(),
                (Some("route-map"), false) => words.route_map(),
                (_, true) if in_map => words.clause(),
                _ => None,
            };
            let whole = inert || known.is_some() && words.words.is_empty();
            in_map = indented && in_map || whole && first == Some("route-map");
            let ignored = self.0 == Drift::IgnoresMetric && first == Some("set");
            reading.statements.push(StatementVerdict {
                line: index + 1,
                state: match whole {
                    true if inert || ignored => State::Inert,
                    true => State::Modelled,
                    false => State::Opaque,
                },
                claimed: words.claimed,
                complaints: words.complaints,
            });
        }
        reading
    }
}

/// The words that a line still holds, and what was made of those before.
struct Words<'w> {
    words: &'w [(&'w str, Range<usize>)],
    claimed: Vec<Range<usize>>,
    complaints: usize,
    drift: Drift,
}

impl<'w> Words<'w> {
    /// prefix-list ::= "ip" "prefix-list" NAME ("seq" SEQ)? action PREFIX4
    ///     ("ge" LEN4)? ("le" LEN4)? NL
    fn prefix_list(&mut self) -> Option<()> {
        self.words(&["ip", "prefix-list"])?;
        self.value(|_| true)?;
        if self.word("seq").is_some() {
            self.value(|word| number(word, 1, 4_294_967_294))?;
        }
        self.action()?;
        self.value(|word| {
            let parts = word.split_once('/');
            parts.is_some_and(|(address, length)| {
                address.parse::<std::net::Ipv4Addr>().is_ok() && number(length, 0, 32)
            })
        })?;
        let longest = if self.drift == Drift::LongLengths { 128 } else { 32 };
        let ge = match self.drift {
            Drift::OtherWordForGe(other) => self.word(other),
            _ => self.word("ge"),
        };
        if ge.is_some() {
            self.value(|word| number(word, 0, longest))?;
        }
        if self.word("le").is_some() {
            self.value(|word| number(word, 0, longest))?;
            if self.drift == Drift::DropsLe {
                self.claimed.pop();
            }
        }
        Some(())
    }

    /// ```ebnf
    /// route-map ::= "route-map" NAME action SEQ NL
    ///               (INDENT clause+ DEDENT)?
    /// ```
    fn route_map(&mut self) -> Option<()> {
        self.words(&["route-map"])?;
        self.value(|_| true)?;
        self.action()?;
        if self.drift == Drift::SequenceOptional && self.words.is_empty() {
            return Some(());
        }
        self.value(|word| number(word, 1, 4_294_967_294))
    }

    /// clause ::= "set" "metric" METRIC NL
    ///          | "match" "tag" (NAME - "exact")+ "exact"? NL
    fn clause(&mut self) -> Option<()> {
        if let Drift::ReadsMore(more) = self.drift {
            let set_more =
                matches!(self.words, [(set, _), (what, _), _] if *set == "set" && *what == more);
            if set_more {
                self.words = &self.words[2..];
                return self.value(|word| number(word, 0, 65_535));
            }
        }
        if self.word("set").is_some() {
            self.word("metric")?;
            return self.value(|word| number(word, 0, 4_294_967_295));
        }
        self.words(&["match", "tag"])?;
        self.value(|word| word != "exact")?;
        while self.words.first().is_some_and(|(word, _)| *word != "exact") {
            self.value(|_| true)?;
        }
        self.word("exact");
        Some(())
    }

    /// action ::= "permit" | "deny"
    fn action(&mut self) -> Option<()> {
        self.word("permit").or_else(|| self.word("deny"))
    }

    fn words(&mut self, wanted: &[&str]) -> Option<()> {
        wanted.iter().try_for_each(|wanted| self.word(wanted))
    }

    fn word(&mut self, wanted: &str) -> Option<()> {
        let ((word, _), rest) = self.words.split_first()?;
        (*word == wanted).then(|| self.words = rest)
    }

    /// Takes a word as a value; one that does not fit is taken too, and complained about.
    fn value(&mut self, fits: impl Fn(&str) -> bool) -> Option<()> {
        let ((word, range), rest) = self.words.split_first()?;
        self.words = rest;
        self.claimed.push(range.clone());
        self.complaints += usize::from(!fits(word));
        Some(())
    }
}

fn number(word: &str, low: u64, high: u64) -> bool {
    let digits = word.bytes().all(|byte| byte.is_ascii_digit());
    digits && word.parse().is_ok_and(|number: u64| (low..=high).contains(&number))
}

/// The toy's top, whose parts are read above.
///
/// config ::= statement*
/// statement ::= prefix-list | route-map | inert
#[cfg(test)]
mod tests {
    use super::{Drift, GRAMMAR, Toy};
    use crate::checks::{accepted, agreement, corpus_link, quoted, vocabulary, word_for_word};
    use crate::grammar::Grammar;
    use crate::sound::sound;
    use crate::source::{Places, keywords_at};

    const SOURCE: &str = include_str!("toy.rs");
    const SEED: u64 = 20;

    /// The toy's parser, without what belongs to the tests.
    fn source() -> String {
        let (parser, _) = SOURCE.split_once("#[cfg(test)]").unwrap();
        parser.to_owned()
    }

    /// Numbers of the checks that fail.
    fn failing(grammar: &str, drift: Drift, source: &str) -> Vec<u8> {
        let grammar = Grammar::read(grammar).unwrap();
        let toy = Toy(drift);
        let places = Places { arms: false, ..Places::default() };
        let results = [
            sound(&grammar),
            accepted(&grammar, &toy, SEED, 1_000),
            word_for_word(&grammar, &toy, SEED, 1_000),
            agreement(&grammar, &toy, SEED, 4_000),
            vocabulary(&grammar, &keywords_at(source, &places)),
            quoted(&grammar, &[source]),
        ];
        let numbered = (1..).zip(&results).filter(|(_, failures)| !failures.is_empty());
        numbered.map(|(number, _)| number).collect()
    }

    #[test]
    fn an_honest_parser_passes_all_six() {
        let grammar = Grammar::read(GRAMMAR).unwrap();
        let toy = Toy(Drift::None);
        let nothing = Vec::<String>::new();
        assert_eq!(sound(&grammar), nothing);
        assert_eq!(accepted(&grammar, &toy, SEED, 2_000), nothing);
        assert_eq!(word_for_word(&grammar, &toy, SEED, 2_000), nothing);
        assert_eq!(agreement(&grammar, &toy, SEED, 8_000), nothing);
        assert_eq!(failing(GRAMMAR, Drift::None, &source()), [0_u8; 0]);
        assert_eq!(grammar.production("inert").unwrap().comment, "Says nothing about routes.");
    }

    #[test]
    fn lengths_up_to_128_are_found_by_mutants() {
        assert_eq!(failing(GRAMMAR, Drift::LongLengths, &source()), [4]);
    }

    #[test]
    fn a_value_read_and_dropped_is_found_word_for_word() {
        assert_eq!(failing(GRAMMAR, Drift::DropsLe, &source()), [3]);
    }

    #[test]
    fn a_promise_not_kept_is_found() {
        let promised = GRAMMAR.replace("(\"ge\" LEN4)?", "(\"ge\" LEN4 | \"eq\" LEN4)?");
        assert_eq!(failing(&promised, Drift::None, &source()), [2, 3, 4, 5, 6]);
    }

    #[test]
    fn an_undocumented_statement_is_found_by_the_vocabulary() {
        let knows_more =
            source().replace("self.word(\"metric\")?;", "self.words(&[\"metric\", \"weight\"])?;");
        assert_eq!(failing(GRAMMAR, Drift::ReadsMore("weight"), &knows_more), [5]);
    }

    #[test]
    fn an_optional_sequence_number_is_found_by_mutants() {
        assert_eq!(failing(GRAMMAR, Drift::SequenceOptional, &source()), [4]);
    }

    #[test]
    fn another_word_is_found_by_the_vocabulary() {
        let other = source().replace("self.word(\"ge\")", "self.word(\"gt\")");
        let failing = failing(GRAMMAR, Drift::OtherWordForGe("gt"), &other);
        assert!(failing.contains(&5) && failing.contains(&2), "{failing:?}");
    }

    #[test]
    fn an_ignored_statement_and_a_lost_line_are_found() {
        assert_eq!(failing(GRAMMAR, Drift::IgnoresMetric, &source()), [3]);
        let lost = failing(GRAMMAR, Drift::LosesLines, &source());
        assert!(lost.contains(&2), "{lost:?}");
    }

    #[test]
    fn the_inert_table_is_held_to_the_grammar() {
        let table = source().replace("\"logging\"]", "\"logging\", \"ntp\"]");
        assert_eq!(failing(GRAMMAR, Drift::None, &table), [5]);
    }

    #[test]
    fn a_stale_quotation_is_found() {
        let stale =
            source().replace("/// action ::= \"permit\" | \"deny\"", "/// action ::= \"permit\"");
        assert_eq!(failing(GRAMMAR, Drift::None, &stale), [6]);
        let missing = source().replace("/// action ::= \"permit\" | \"deny\"", "");
        assert_eq!(failing(GRAMMAR, Drift::None, &missing), [6]);
    }

    #[test]
    fn a_faulty_grammar_fails_every_check_that_runs_it() {
        let faulty = GRAMMAR.replace("| inert\n", "\n");
        assert_eq!(failing(&faulty, Drift::None, &source()), [1, 2, 3, 4, 6]);
    }

    #[test]
    fn real_text_is_replayed_by_statement() {
        let grammar = Grammar::read(GRAMMAR).unwrap();
        let text = "! edge\n\
                    ip prefix-list x seq 5 permit 10.0.0.0/8\n\
                    route-map m permit 10\n set metric 5\n\
                    logging host\nwhatever 1\nroute-map n permit 10\n set nonsense\n";
        let honest = corpus_link(&grammar, "statement", &Toy(Drift::None), text);
        assert_eq!(honest, Vec::<String>::new());
        let wrong = text.replace("permit 10\n set metric", "permit\n set metric");
        let found = corpus_link(&grammar, "statement", &Toy(Drift::SequenceOptional), &wrong);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with("from line 3: the parser says yes, the grammar no"),
            "{found:?}"
        );
        assert_eq!(corpus_link(&grammar, "nothing", &Toy(Drift::None), text).len(), 1);
    }
}
