//! Check 1: whether a grammar makes sense by itself.
//!
//! The analyses are those of a parser generator. Left recursion and repetitions of nothing are
//! faults too: they mean something on paper, but neither recogniser nor reader gets through them.

use crate::compile::{Compiled, Node};
use crate::grammar::{Expression, Grammar, Layout, Production};
use crate::terminals;
use std::collections::BTreeSet;

/// The grammar's faults, a line each: nothing undefined, unreachable or defined twice, no unknown
/// terminal class, no endless recursion, every block closed. Empty means sound.
pub fn sound(grammar: &Grammar) -> Vec<String> {
    let mut faults = names(grammar);
    for production in &grammar.productions {
        if let Err(what) = depth(&production.body) {
            faults.push(at(production, &what));
        }
    }
    if !faults.is_empty() {
        return faults;
    }
    match Compiled::resolve(grammar) {
        Ok(compiled) => recursion(grammar, &compiled),
        Err(faults) => faults,
    }
}

fn at(production: &Production, what: &str) -> String {
    format!("line {}: `{}` {what}", production.line, production.name)
}

fn names(grammar: &Grammar) -> Vec<String> {
    let mut faults = Vec::new();
    if grammar.productions.is_empty() {
        faults.push("there is no production".to_owned());
    }
    let mut seen = BTreeSet::new();
    for production in &grammar.productions {
        if !seen.insert(production.name.as_str()) {
            faults.push(at(production, "is defined twice"));
        }
    }
    let reached = reached(grammar);
    for production in &grammar.productions {
        if !reached.contains(production.name.as_str()) {
            faults.push(at(production, "is not reached from the start"));
        }
        production.body.visit(&mut |part| match part {
            Expression::Call(name) if !seen.contains(name.as_str()) => {
                faults.push(at(production, &format!("needs `{name}`, which is not defined")));
            }
            Expression::Class { name, .. } if terminals::class(name).is_none() => {
                faults.push(at(production, &format!("needs the unknown terminal class {name}")));
            }
            _ => {}
        });
    }
    faults
}

fn reached(grammar: &Grammar) -> BTreeSet<&str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> =
        grammar.productions.first().map(|it| it.name.as_str()).into_iter().collect();
    while let Some(name) = open.pop() {
        if !reached.insert(name) {
            continue;
        }
        for production in grammar.productions.iter().filter(|it| it.name == name) {
            production.body.visit(&mut |part| {
                if let Expression::Call(name) = part {
                    open.push(name);
                }
            });
        }
    }
    reached
}

/// How many blocks an expression leaves open. A production must close what it opens, in whichever
/// way it is read, and never close what another opened.
fn depth(body: &Expression) -> Result<(), String> {
    match open_blocks(body, 0)? {
        0 => Ok(()),
        _ => Err("opens a block with INDENT and does not close it".to_owned()),
    }
}

fn open_blocks(part: &Expression, open: usize) -> Result<usize, String> {
    let same = |part: &Expression| match open_blocks(part, open)? {
        after if after == open => Ok(open),
        _ => {
            Err("has alternatives or repetitions that open more blocks than they close".to_owned())
        }
    };
    match part {
        Expression::Layout(Layout::Indent) => Ok(open + 1),
        Expression::Layout(Layout::Dedent) => {
            open.checked_sub(1).ok_or("closes a block with DEDENT that it did not open".to_owned())
        }
        Expression::Sequence(parts) => {
            parts.iter().try_fold(open, |open, part| open_blocks(part, open))
        }
        Expression::Choice(parts) => parts.iter().try_fold(open, |_, part| same(part)),
        Expression::Optional(part) | Expression::Any(part) | Expression::Many(part) => same(part),
        _ => Ok(open),
    }
}

fn recursion(grammar: &Grammar, compiled: &Compiled) -> Vec<String> {
    let empty = compiled.nullable();
    let mut faults = Vec::new();
    for (production, root) in grammar.productions.iter().zip(&compiled.roots) {
        if compiled.heights.get(*root) == Some(&u32::MAX) {
            faults.push(at(production, "never ends: every alternative needs another one of it"));
        }
        if leads_to_itself(compiled, *root, &empty) {
            faults.push(at(production, "begins with itself (left recursion)"));
        }
    }
    for (production, start) in grammar.productions.iter().zip(&compiled.roots) {
        let own = own_nodes(compiled, *start);
        let hollow = own.iter().any(|node| match compiled.nodes.get(*node) {
            Some(Node::Repeat { body, more: true, .. }) => empty.get(*body) == Some(&true),
            _ => false,
        });
        if hollow {
            faults.push(at(production, "repeats something that can be empty"));
        }
    }
    faults
}

/// The nodes of one production's body.
fn own_nodes(compiled: &Compiled, root: usize) -> Vec<usize> {
    let mut own = vec![root];
    let mut next = 0;
    while let Some(node) = own.get(next).and_then(|node| compiled.nodes.get(*node)) {
        next += 1;
        match node {
            Node::Sequence(parts) | Node::Choice(parts) => own.extend(parts),
            Node::Repeat { body, .. } => own.push(*body),
            Node::Keyword { .. } | Node::Class { .. } | Node::Layout(_) | Node::Call(_) => {}
        }
    }
    own
}

fn leads_to_itself(compiled: &Compiled, root: usize, empty: &[bool]) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = compiled.leaders(root, empty);
    while let Some(node) = open.pop() {
        if node == root {
            return true;
        }
        if seen.insert(node) {
            open.extend(compiled.leaders(node, empty));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::sound;
    use crate::grammar::Grammar;

    fn faults(text: &str) -> Vec<String> {
        sound(&Grammar::read(text).unwrap())
    }

    #[test]
    fn a_sound_grammar_has_no_fault() {
        let text =
            "config ::= statement*\nstatement ::= \"a\" RANGE_1_9 NL (INDENT statement+ DEDENT)?";
        assert_eq!(faults(text), Vec::<String>::new());
    }

    #[test]
    fn every_fault_is_named() {
        let table = [
            ("a ::= b", "line 1: `a` needs `b`, which is not defined"),
            ("a ::= \"x\"\nb ::= \"y\"", "line 2: `b` is not reached from the start"),
            ("a ::= \"x\"\na ::= \"y\"", "line 2: `a` is defined twice"),
            ("a ::= NONSENSE", "line 1: `a` needs the unknown terminal class NONSENSE"),
            ("a ::= RANGE_9_1", "line 1: `a` needs the unknown terminal class RANGE_9_1"),
            ("a ::= \"x\" a", "line 1: `a` never ends: every alternative needs another one of it"),
            ("a ::= \"y\"? a | \"x\"", "line 1: `a` begins with itself (left recursion)"),
            ("a ::= (\"x\"?)*", "line 1: `a` repeats something that can be empty"),
            (
                "a ::= \"x\" NL INDENT \"y\" NL",
                "line 1: `a` opens a block with INDENT and does not close it",
            ),
            (
                "a ::= \"x\" NL DEDENT",
                "line 1: `a` closes a block with DEDENT that it did not open",
            ),
            (
                "a ::= \"x\" NL INDENT? \"y\" DEDENT?",
                "line 1: `a` has alternatives or repetitions that open more blocks than they close",
            ),
        ];
        for (text, fault) in table {
            assert_eq!(faults(text), [fault], "{text}");
        }
    }

    #[test]
    fn left_recursion_through_others_is_seen() {
        let faults = faults("a ::= b \"x\" | \"z\"\nb ::= \"w\"? c\nc ::= a \"y\"");
        assert_eq!(faults.len(), 3, "{faults:?}");
    }
}
