//! The six checks that hold a parser to its grammar, against any parser behind a [`Witness`].
//!
//! Each returns what fails, a line or a small paragraph each; empty means the check holds. Plain
//! lists, not assertions, so that a test can plant a drift and see that the right check finds it.
//! Check 1 is [`crate::sound::sound`], which those that derive run first.

use crate::compile::Compiled;
use crate::derive::{Emitted, Sentence, Sentences};
use crate::grammar::Grammar;
use crate::lines;
use crate::mutate::mutate;
use crate::random::Random;
use crate::recognise::{Recogniser, Verdict};
use crate::source::productions_in_source;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Failures a check reports before it stops looking: one drift fails thousands of sentences.
const FAILURES: usize = 10;

/// A parser as the contract sees it.
pub trait Witness {
    /// Reads a text.
    fn read(&self, text: &str) -> Reading;

    /// Whether the parser takes `PERMIT` for the keyword `permit`.
    fn ignores_case(&self) -> bool {
        false
    }
}

/// What a parser made of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Every statement. A line with words that has none counts as lost.
    pub statements: Vec<StatementVerdict>,
}

/// What a parser made of one statement, the statements of its block left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementVerdict {
    /// Its line, counted from 1.
    pub line: usize,
    /// How it was accounted for.
    pub state: State,
    /// Byte ranges of the words that the model holds, in any order. What is claimed may stand on
    /// another line.
    pub claimed: Vec<Range<usize>>,
    /// Diagnostics about its values.
    pub complaints: usize,
}

/// The four ways in which a statement is accounted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Understood and lowered.
    Modelled,
    /// Known, and of no matter to policy.
    Inert,
    /// Known, not lowered yet.
    Unmodelled,
    /// Unknown.
    Opaque,
}

/// Check 2: every derived sentence is read with nothing opaque, unmodelled or lost, and without a
/// complaint about a value. `count` sentences are derived from `seed`.
pub fn accepted(grammar: &Grammar, witness: &dyn Witness, seed: u64, count: usize) -> Vec<String> {
    each_sentence(grammar, seed, count, |sentence| {
        let refusals = refusals(&sentence.text, &witness.read(&sentence.text));
        refusals.into_iter().map(|(line, what)| told(&sentence.text, line, &what)).collect()
    })
}

/// Check 3: every value of a derived sentence is held by the model, and what the grammar calls
/// inert is just what the parser calls inert. Lines with a word from an inert production owe no
/// values.
pub fn word_for_word(
    grammar: &Grammar,
    witness: &dyn Witness,
    seed: u64,
    count: usize,
) -> Vec<String> {
    each_sentence(grammar, seed, count, |sentence| {
        let reading = witness.read(&sentence.text);
        let mut failures = unclaimed(sentence, &reading);
        failures.extend(misjudged(sentence, &reading));
        failures
    })
}

/// Check 4: of each damaged sentence recogniser and parser think the same. The parser's yes is:
/// every statement modelled or inert, none lost, no complaint. What the recogniser cannot decide is
/// skipped. `count` damaged sentences are tried.
pub fn agreement(grammar: &Grammar, witness: &dyn Witness, seed: u64, count: usize) -> Vec<String> {
    let compiled = match Compiled::new(grammar) {
        Ok(compiled) => compiled,
        Err(faults) => return faults,
    };
    let recogniser = Recogniser { compiled: &compiled, ignores_case: witness.ignores_case() };
    let mut random = Random::new(!seed);
    let mut failures = Vec::new();
    let sentences = Sentences::new(&compiled, seed).take(20 * count);
    let mutants =
        sentences.filter_map(|sentence| mutate(&sentence, &compiled, &mut random)).take(count);
    for mutant in mutants {
        let refusals = refusals(&mutant.text, &witness.read(&mutant.text));
        let verdict = recogniser.text(&mutant.text);
        if let Some(what) = disagreement(verdict, &refusals) {
            failures.push(told(&mutant.text, mutant.line, &format!("{}: {what}", mutant.what)));
        }
        if FAILURES <= failures.len() {
            break;
        }
    }
    failures
}

/// Check 5: the parser's keywords ([`crate::source::keywords_at`], over all its sources) are just
/// the grammar's. The words of the parser's inert table and of inert productions count like any
/// other.
pub fn vocabulary(grammar: &Grammar, parser_keywords: &BTreeSet<String>) -> Vec<String> {
    let grammar_keywords = grammar.keywords();
    let undocumented = parser_keywords
        .iter()
        .filter(|word| !grammar_keywords.contains(word.as_str()))
        .map(|word| format!("the parser knows `{word}`, the grammar does not"));
    let unknown = grammar_keywords
        .iter()
        .filter(|word| !parser_keywords.contains(**word))
        .map(|word| format!("the grammar has `{word}`, the parser does not know it"));
    undocumented.chain(unknown).collect()
}

/// Check 6: every production stands in a doc comment of the sources, word for word, and every
/// quoted production is the grammar's. Inert productions need no quotation: their code is a table.
pub fn quoted(grammar: &Grammar, rust_sources: &[&str]) -> Vec<String> {
    let mut failures = Vec::new();
    let mut quoted = BTreeSet::new();
    for (name, text) in rust_sources.iter().flat_map(|source| productions_in_source(source)) {
        match grammar.production(&name) {
            None => failures.push(format!("quoted, but not in the grammar: {text}")),
            Some(production) if production.text != text => {
                let line = format!("quoted:      {text}\nthe grammar: {}", production.text);
                failures.push(line);
            }
            Some(_) => {}
        }
        quoted.insert(name);
    }
    for production in &grammar.productions {
        if !production.is_inert() && !quoted.contains(&production.name) {
            failures.push(format!("no doc comment quotes: {}", production.text));
        }
    }
    failures
}

/// The corpus link: each top-level statement of a real configuration, its block included, is taken
/// as one `production` by the recogniser just when the parser takes it. Lines of which the parser
/// gives no account, such as the inside of a banner, are left out.
pub fn corpus_link(
    grammar: &Grammar,
    production: &str,
    witness: &dyn Witness,
    text: &str,
) -> Vec<String> {
    let compiled = match Compiled::new(grammar) {
        Ok(compiled) => compiled,
        Err(faults) => return faults,
    };
    if compiled.production(production).is_none() {
        return vec![format!("the grammar has no production `{production}`")];
    }
    let recogniser = Recogniser { compiled: &compiled, ignores_case: witness.ignores_case() };
    let reading = witness.read(text);
    let accounted: BTreeSet<usize> = reading.statements.iter().map(|it| it.line).collect();
    let refusals: BTreeMap<usize, String> = refusals(text, &reading).into_iter().collect();
    let mut failures = Vec::new();
    for block in blocks(text, &accounted) {
        let (Some(first), Some(last)) = (block.first(), block.last()) else { continue };
        let statement: String = block.iter().map(|line| format!("{}\n", line.text)).collect();
        let refused: Vec<(usize, String)> = refusals
            .range(first.number..=last.number)
            .filter(|(line, _)| accounted.contains(line))
            .map(|(line, what)| (*line, what.clone()))
            .collect();
        let verdict = recogniser.statement(production, &statement);
        if let Some(what) = disagreement(verdict, &refused) {
            failures.push(format!("from line {}: {what}\n{statement}", first.number));
        }
    }
    failures
}

fn each_sentence(
    grammar: &Grammar,
    seed: u64,
    count: usize,
    check: impl Fn(&Sentence<'_>) -> Vec<String>,
) -> Vec<String> {
    let compiled = match Compiled::new(grammar) {
        Ok(compiled) => compiled,
        Err(faults) => return faults,
    };
    let mut failures = Vec::new();
    for sentence in Sentences::new(&compiled, seed).take(count) {
        failures.extend(check(&sentence));
        if FAILURES <= failures.len() {
            failures.truncate(FAILURES);
            break;
        }
    }
    failures
}

/// Why the parser's answer is no: lines in order, what each is. Empty where it is yes.
fn refusals(text: &str, reading: &Reading) -> Vec<(usize, String)> {
    let mut refusals = Vec::new();
    let mut accounted = BTreeSet::new();
    for statement in &reading.statements {
        accounted.insert(statement.line);
        match statement.state {
            State::Modelled | State::Inert => {}
            State::Unmodelled => refusals.push((statement.line, "unmodelled".to_owned())),
            State::Opaque => refusals.push((statement.line, "opaque".to_owned())),
        }
        if 0 < statement.complaints {
            refusals.push((statement.line, format!("{} complaints", statement.complaints)));
        }
    }
    let lost = lines::lines(text).filter(|line| !accounted.contains(&line.number));
    refusals.extend(lost.map(|line| (line.number, "lost".to_owned())));
    refusals.sort();
    refusals
}

fn disagreement(verdict: Verdict, refusals: &[(usize, String)]) -> Option<String> {
    match (verdict, refusals.first()) {
        (Verdict::Yes, Some((line, what))) => {
            Some(format!("the grammar says yes, the parser no (line {line} is {what})"))
        }
        (Verdict::No { line, word }, None) => {
            Some(format!("the parser says yes, the grammar no (line {line}, word {word})"))
        }
        _ => None,
    }
}

/// Values that the model does not hold. A mark inside a value, such as the slash of a prefix or the
/// quotes of a text, need not be claimed; its letters and digits must be.
fn unclaimed(sentence: &Sentence<'_>, reading: &Reading) -> Vec<String> {
    let mut held = vec![false; sentence.text.len()];
    for range in reading.statements.iter().flat_map(|statement| &statement.claimed) {
        held.iter_mut().take(range.end).skip(range.start).for_each(|byte| *byte = true);
    }
    let inert: BTreeSet<usize> =
        sentence.words.iter().filter(|word| word.inert).map(|word| word.line).collect();
    let dropped = |word: &&Emitted| {
        let letters = sentence.word(word).bytes().any(|byte| byte.is_ascii_alphanumeric());
        let bytes = sentence.text.bytes().zip(&held).take(word.range.end).skip(word.range.start);
        let mut missing =
            bytes.filter(|(byte, held)| !**held && (!letters || byte.is_ascii_alphanumeric()));
        !inert.contains(&word.line) && missing.next().is_some()
    };
    let values = sentence.words.iter().filter_map(|word| Some((word, word.class?)));
    values
        .filter(|(word, _)| dropped(word))
        .map(|(word, class)| {
            let what = format!("{} `{}` is not claimed", class.name(), sentence.word(word));
            told(&sentence.text, word.line, &what)
        })
        .collect()
}

/// Lines that only one of the two calls inert.
fn misjudged(sentence: &Sentence<'_>, reading: &Reading) -> Vec<String> {
    let mut lines: BTreeMap<usize, bool> = BTreeMap::new();
    for word in &sentence.words {
        *lines.entry(word.line).or_default() |= word.inert;
    }
    let judged = reading.statements.iter().filter_map(|statement| {
        match (lines.get(&statement.line)?, statement.state) {
            (true, State::Modelled) => {
                Some((statement.line, "models what the grammar calls inert"))
            }
            (false, State::Inert) => Some((statement.line, "ignores what the grammar promises")),
            _ => None,
        }
    });
    judged.map(|(line, what)| told(&sentence.text, line, &format!("the parser {what}"))).collect()
}

/// A failure with the text it is about, the line marked.
fn told(text: &str, line: usize, what: &str) -> String {
    let mut told = format!("line {line}: {what}");
    for (index, content) in text.lines().enumerate() {
        told.push_str(if index + 1 == line { "\n> " } else { "\n  " });
        told.push_str(content);
    }
    told
}

/// The accounted lines of a text, by top-level statement.
fn blocks<'t>(text: &'t str, accounted: &BTreeSet<usize>) -> Vec<Vec<lines::Line<'t>>> {
    let mut blocks: Vec<Vec<lines::Line<'t>>> = Vec::new();
    for line in lines::lines(text).filter(|line| accounted.contains(&line.number)) {
        match blocks.last_mut() {
            Some(block) if block.first().is_some_and(|first| first.indent < line.indent) => {
                block.push(line);
            }
            _ => blocks.push(vec![line]),
        }
    }
    blocks
}
