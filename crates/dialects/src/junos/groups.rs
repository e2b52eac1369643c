//! `apply-groups`: what a group holds applies wherever the group is applied and fits.
//!
//! A group is a second configuration whose words may be wildcards (`<ge-*>`). Applied at a place, it
//! adds what it holds for that place; a wildcard stands for what is already configured there and
//! never makes anything new (Junos CLI guide, "Use Configuration Groups"). What is added comes behind
//! everything written in place, so readers let the first value of a single-valued statement win;
//! inner applications come before outer ones, and groups in the order in which they are named.

use std::collections::{HashMap, HashSet};

use edgelint_source::Span;
use edgelint_syntax::{Paths, Words};

/// Copies that are made of all groups together; real files need a few thousand.
const MOST_COPIES: usize = 1 << 19;
/// Groups may apply groups; this deep.
const ROUNDS: usize = 4;

/// Adds what groups make apply; every copy names its statement and the line that applied it.
pub(super) fn apply(paths: &mut Paths<'_>) {
    let mut from = 0;
    let mut seen = HashSet::new();
    let mut found = Applications::default();
    for _ in 0..ROUNDS {
        let n_paths = paths.paths.len();
        found.look_from(paths, from);
        // A group that is applied once more at the same place adds nothing, and a group that applies
        // itself would go on doing so.
        found.applied.retain(|one| seen.insert(one.place(paths)));
        if found.applied.is_empty() {
            break;
        }
        let copies = found.copies(paths);
        for copy in copies {
            paths.derive(copy.place, copy.source, copy.via);
        }
        from = n_paths;
    }
}

/// Whether a path is part of a group, not of the configuration itself.
pub(super) fn is_group(words: Words<'_, '_>) -> bool {
    words.reads(0, "groups")
}

struct Copy {
    place: (usize, usize),
    source: (usize, usize),
    via: Span,
}

/// A line that applies a group, or forbids it.
struct Application<'t> {
    /// Index of its path.
    path: usize,
    /// Words that lead to the place where it applies.
    depth: usize,
    group: &'t str,
}

impl Application<'_> {
    /// The place and the group, as one text.
    fn place(&self, paths: &Paths<'_>) -> String {
        let Some(path) = paths.paths.get(self.path) else { return String::new() };
        let words = paths.words(path);
        let mut place = String::new();
        for at in 0..words.len() {
            place.push_str(words.peek(at));
            place.push(' ');
        }
        place
    }
}

#[derive(Default)]
struct Applications<'t> {
    applied: Vec<Application<'t>>,
    except: Vec<Application<'t>>,
}

impl<'t> Applications<'t> {
    /// The applications in the paths from `from` on, innermost first; their exceptions are added to those
    /// that are known.
    fn look_from(&mut self, paths: &Paths<'t>, from: usize) {
        self.applied.clear();
        for (index, path) in paths.paths.iter().enumerate().skip(from) {
            let words = paths.words(path);
            let Some(depth) = words.len().checked_sub(2) else { continue };
            let applies = words.reads(depth, "apply-groups");
            if !applies && !words.reads(depth, "apply-groups-except")
                || path.deleted
                || path.inactive.is_some()
                || is_group(words)
            {
                continue;
            }
            let found = Application { path: index, depth, group: words.peek(depth + 1) };
            if applies { self.applied.push(found) } else { self.except.push(found) }
        }
        self.applied.sort_by_key(|found| std::cmp::Reverse(found.depth));
    }

    fn copies(&self, paths: &Paths<'t>) -> Vec<Copy> {
        let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, path) in paths.paths.iter().enumerate() {
            let words = paths.words(path);
            if is_group(words) && 2 < words.len() && !path.deleted && path.inactive.is_none() {
                groups.entry(words.peek(1)).or_default().push(index);
            }
        }
        let trie = Trie::of(paths, |head| self.may_touch(paths, &groups, head));
        let mut copies = Vec::new();
        for application in &self.applied {
            let Some(line) = paths.paths.get(application.path) else { continue };
            let place = paths.words(line).first(application.depth);
            let Some(node) = trie.find(place) else { continue };
            for source in groups.get(application.group).into_iter().flatten() {
                let Some(path) = paths.paths.get(*source) else { continue };
                let held = paths.words(path).skip(2);
                let fits = (0..place.len()).all(|at| fits(held.peek(at), place.peek(at)));
                if held.len() <= place.len() || !fits {
                    continue;
                }
                let mut ends = Vec::new();
                trie.walk(node, held, place.len(), &mut ends);
                for (end, at) in ends {
                    let Some(sample) = trie.nodes.get(end as usize).map(|node| node.sample) else {
                        continue;
                    };
                    if copies.len() >= MOST_COPIES || self.is_excepted(paths, application, sample) {
                        continue;
                    }
                    copies.push(Copy { place: sample, source: (*source, at + 2), via: line.at });
                }
            }
        }
        copies
    }

    /// Whether anything applied may concern paths that begin with this word.
    fn may_touch(&self, paths: &Paths<'t>, groups: &HashMap<&str, Vec<usize>>, head: &str) -> bool {
        let path = |index: usize| paths.paths.get(index).map(|path| paths.words(path));
        self.applied.iter().any(|application| match application.depth {
            0 => {
                let held = groups.get(application.group).into_iter().flatten();
                let mut held = held.filter_map(|index| path(*index));
                held.any(|words| fits(words.peek(2), head))
            }
            _ => path(application.path).is_some_and(|words| words.peek(0) == head),
        })
    }

    /// Whether an exception forbids an application at this place.
    fn is_excepted(
        &self,
        paths: &Paths<'t>,
        application: &Application<'t>,
        (path, depth): (usize, usize),
    ) -> bool {
        let Some(path) = paths.paths.get(path) else { return false };
        let place = paths.words(path).first(depth);
        self.except.iter().filter(|except| except.group == application.group).any(|except| {
            let Some(line) = paths.paths.get(except.path) else { return false };
            let words = paths.words(line);
            let within = except.depth <= place.len() && application.depth <= except.depth;
            within && (0..except.depth).all(|at| words.peek(at) == place.peek(at))
        })
    }
}

/// Everything that is configured, by its words.
struct Trie<'t> {
    nodes: Vec<TrieNode<'t>>,
    /// The children of nodes that have more than [`FEW`].
    many: HashMap<(u32, &'t str), u32>,
}

/// As many children are looked through one by one.
const FEW: u32 = 8;

/// No node.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct TrieNode<'t> {
    text: &'t str,
    /// The first and the last of its children, and how many there are.
    children: (u32, u32, u32),
    /// The next child of the node that it is a child of.
    next: u32,
    /// A path that leads here, and how many of its words do.
    sample: (usize, usize),
}

impl<'t> TrieNode<'t> {
    const fn new(text: &'t str, sample: (usize, usize)) -> Self {
        Self { text, children: (NONE, NONE, 0), next: NONE, sample }
    }
}

impl<'t> Trie<'t> {
    /// The paths that begin with a word that is `wanted`.
    fn of(paths: &Paths<'t>, wanted: impl Fn(&str) -> bool) -> Self {
        let mut trie = Self { nodes: vec![TrieNode::new("", (0, 0))], many: HashMap::new() };
        // The section of the path before: sections stand in one piece.
        let (mut section, mut place) = (("", false), None);
        // The path before: its words, and the nodes they lead to.
        let mut before: Vec<(&str, u32)> = Vec::new();
        for (index, path) in paths.paths.iter().enumerate() {
            let words = paths.words(path);
            let head = words.places().first();
            if head != place && !words.reads(0, section.0) {
                section = (words.peek(0), wanted(words.peek(0)));
            }
            place = head;
            if !section.1 || path.deleted || is_group(words) {
                continue;
            }
            let same = before.iter().zip(words.tokens());
            let shared = same.take_while(|(known, token)| known.0 == token.text).count();
            before.truncate(shared);
            let mut node = before.last().map_or(0, |known| known.1);
            for (depth, token) in (1..).zip(words.tokens()).skip(shared) {
                if matches!(token.text, "apply-groups" | "apply-groups-except") {
                    break;
                }
                node = trie.child(node, token.text, (index, depth));
                before.push((token.text, node));
            }
        }
        trie
    }

    /// The child of a node by its word; made where there is none yet.
    fn child(&mut self, node: u32, text: &'t str, sample: (usize, usize)) -> u32 {
        if let Some(child) = self.find_child(node, text) {
            return child;
        }
        let child = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        self.nodes.push(TrieNode::new(text, sample));
        let Some(parent) = self.nodes.get_mut(node as usize) else { return child };
        let (first, last, count) = parent.children;
        parent.children = (if count == 0 { child } else { first }, child, count + 1);
        if let Some(before) = self.nodes.get_mut(last as usize) {
            before.next = child;
        }
        if count == FEW {
            let all: Vec<(u32, &str)> = self.children(node).collect();
            self.many.extend(all.into_iter().map(|(child, text)| ((node, text), child)));
        } else if FEW < count {
            self.many.insert((node, text), child);
        }
        child
    }

    fn find_child(&self, node: u32, text: &'t str) -> Option<u32> {
        if self.nodes.get(node as usize).is_some_and(|node| FEW < node.children.2) {
            return self.many.get(&(node, text)).copied();
        }
        self.children(node).find(|(_, own)| *own == text).map(|(child, _)| child)
    }

    /// The children of a node with their words, in the order in which they were added.
    fn children(&self, node: u32) -> impl Iterator<Item = (u32, &'t str)> {
        let mut next = self.nodes.get(node as usize).map_or(NONE, |node| node.children.0);
        std::iter::from_fn(move || {
            let (at, child) = (next, self.nodes.get(next as usize)?);
            next = child.next;
            Some((at, child.text))
        })
    }

    fn find(&self, words: Words<'_, 't>) -> Option<u32> {
        words.tokens().try_fold(0, |node, token| self.find_child(node, token.text))
    }

    /// Where the words of a group's path lead from a node: the last node that exists, and how many
    /// words lead there. Empty where a wildcard finds nothing, or where the path exists already.
    fn walk(&self, node: u32, held: Words<'_, 't>, from: usize, ends: &mut Vec<(u32, usize)>) {
        let mut open = vec![(node, from)];
        while let Some((node, at)) = open.pop() {
            if at >= held.len() || ends.len() >= MOST_COPIES {
                continue;
            }
            let word = held.peek(at);
            if is_wildcard(word) {
                let from = open.len();
                let fitting = self.children(node).filter(|(_, text)| fits(word, text));
                open.extend(fitting.map(|(child, _)| (child, at + 1)));
                // The first is taken up first.
                open.get_mut(from..).unwrap_or(&mut []).reverse();
                continue;
            }
            match self.find_child(node, word) {
                Some(child) => open.push((child, at + 1)),
                None if (at..held.len()).any(|at| is_wildcard(held.peek(at))) => {}
                None => ends.push((node, at)),
            }
        }
    }
}

fn is_wildcard(word: &str) -> bool {
    word.len() > 2 && word.starts_with('<') && word.ends_with('>')
}

/// Whether a word of a group stands for a word of the configuration.
pub(super) fn fits(word: &str, text: &str) -> bool {
    match word.strip_prefix('<').and_then(|word| word.strip_suffix('>')) {
        Some(pattern) if !pattern.is_empty() => glob(pattern.as_bytes(), text.as_bytes()),
        _ => word == text,
    }
}

/// `*` any run, `?` any one, `[a-c]` and `[!a-c]` one of a set.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at_pattern, mut at_text) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        let one = match (pattern.get(at_pattern), text.get(at_text)) {
            (None, None) => return true,
            (Some(b'*'), _) => {
                star = Some((at_pattern + 1, at_text));
                at_pattern += 1;
                continue;
            }
            (Some(b'['), Some(byte)) => set(pattern, at_pattern, *byte),
            (Some(b'?'), Some(_)) => Some(at_pattern + 1),
            (Some(a), Some(b)) if a == b => Some(at_pattern + 1),
            _ => None,
        };
        match (one, star) {
            (Some(next), _) => (at_pattern, at_text) = (next, at_text + 1),
            (None, Some((behind, from))) if from < text.len() => {
                star = Some((behind, from + 1));
                (at_pattern, at_text) = (behind, from + 1);
            }
            _ => return false,
        }
    }
}

/// Where the pattern goes on behind a set that holds the byte.
fn set(pattern: &[u8], open: usize, byte: u8) -> Option<usize> {
    let rest = pattern.get(open + 1..)?;
    let close = rest.iter().position(|byte| *byte == b']')?;
    let negated = matches!(rest.first(), Some(b'!' | b'^'));
    let members = rest.get(usize::from(negated)..close)?;
    let mut found = false;
    for (at, member) in members.iter().enumerate() {
        let range = (members.get(at + 1) == Some(&b'-')).then(|| members.get(at + 2)).flatten();
        found |= range.map_or(*member == byte, |end| (*member..=*end).contains(&byte));
    }
    (found != negated).then_some(open + close + 2)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn wildcards_stand_for_words() {
        let cases = [
            ("<*>", "ge-0/0/0", true),
            ("<ge-*>", "ge-0/0/0", true),
            ("<ge-*>", "xe-0/0/0", false),
            ("<[gx]e-*>", "xe-0/0/0", true),
            ("<[!gx]e-*>", "xe-0/0/0", false),
            ("<*-0/0/[0-3]>", "et-0/0/2", true),
            ("<*-0/0/[0-3]>", "et-0/0/4", false),
            ("<a?c>", "abc", true),
            ("<a*b*c>", "aXbYbZc", true),
            ("ge-0/0/0", "ge-0/0/0", true),
            ("ge-*", "ge-0/0/0", false),
        ];
        for (word, text, expected) in cases {
            assert_eq!(fits(word, text), expected, "{word} {text}");
        }
    }
}
