//! The one place where text of a configuration becomes printable.
//!
//! Exports are full of secrets and open to strangers (descriptions, banners, file names), and
//! build logs may be public. Masking in each output format would be forgotten in one of them;
//! so whoever prints text asks here, and gets it masked and cleaned, with a way to find its
//! bytes again for carets.
//!
//! Four layers decide what is hidden, and each works without the others: what the parser knows
//! to be a secret, commands that carry secrets, shapes that secrets have, and a harsh rule for
//! text nobody understood.

mod blind;
mod clean;
mod commands;
mod line;
mod shapes;
#[cfg(test)]
mod tests;
mod vocabulary;
mod words;

use std::ops::Range;

pub use clean::clean;
pub use line::PrintableLine;

use line::{ceil, floor};
use words::{Word, words};

/// So many bytes are looked back to tell what a line belongs to.
const LOOK_BACK: usize = 64 * 1024;

/// What must not be printed of one file, in bytes of its decoded text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Masks {
    secrets: Vec<(u32, u32)>,
    blind: Vec<(u32, u32)>,
}

impl Masks {
    /// Takes half-open byte ranges in any order: `secrets` are fields that hold secrets, `blind`
    /// are statements nobody (wholly) understood and free text (descriptions, remarks, banners).
    ///
    /// A blind range counts as one statement: a word that smells of a secret hides what follows
    /// up to the end of the range, over line ends. So each statement gets a range of its own.
    /// For a file of which nothing is understood, give the whole text.
    pub fn new(secrets: Vec<(u32, u32)>, blind: Vec<(u32, u32)>) -> Self {
        Self { secrets: united(secrets), blind: united(blind) }
    }
}

/// Sorts ranges and joins those that overlap (not those that only touch), so that they can be
/// searched.
fn united(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.retain(|(start, end)| start < end);
    ranges.sort_unstable();
    ranges.dedup_by(|next, kept| {
        let overlaps = next.0 < kept.1;
        if overlaps {
            kept.1 = kept.1.max(next.1);
        }
        overlaps
    });
    ranges
}

/// Those of the sorted, disjoint `ranges` that touch `start..end`.
fn touching(ranges: &[(u32, u32)], start: usize, end: usize) -> impl Iterator<Item = Range<usize>> {
    let first = ranges.partition_point(|range| range.1 as usize <= start);
    ranges
        .iter()
        .skip(first)
        .map(|&(start, end)| start as usize..end as usize)
        .take_while(move |range| range.start < end)
}

/// Whether free text is certainly printed as it stands, however much of it: it has no marks that
/// secrets are written with, no long runs, and no word that smells of one. Says no where in doubt.
///
/// A look before a longer one: most descriptions are a few plain words.
pub fn is_open(text: &str) -> bool {
    let plain = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_' | b'.' | b',' | b'/')
    };
    text.bytes().all(plain)
        && text.split(' ').all(|word| shapes::is_short(word) && blind::is_open(word))
}

/// The text of a file, to be printed line by line.
#[derive(Clone, Copy, Debug)]
pub struct Printable<'a> {
    text: &'a str,
    masks: &'a Masks,
}

impl<'a> Printable<'a> {
    /// The decoded text of a file and what must not be printed of it.
    pub const fn new(text: &'a str, masks: &'a Masks) -> Self {
        Self { text, masks }
    }

    /// The line at the bytes `start..end` of the text (without its line end), masked and cleaned.
    /// Offsets behind the text are its end.
    pub fn line(&self, start: u32, end: u32) -> PrintableLine {
        let (start, end) = self.bounds(start, end);
        let line = self.text.get(start..end).unwrap_or_default();
        PrintableLine::new(line, &self.hidden(start, line))
    }

    /// The bytes `start..end` of the text, masked and cleaned. What is hidden is decided by the
    /// whole lines, so a part of a statement shows no more than the whole; a secret that is cut
    /// by the span is shown as one. Line ends and the blanks around them become one blank.
    pub fn span(&self, start: u32, end: u32) -> String {
        let (start, end) = self.bounds(start, end);
        let before = self.text.get(..start).unwrap_or_default();
        let mut at = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let mut shown = String::new();
        while at < end || (at == start && at == end) {
            let rest = self.text.get(at..).unwrap_or_default();
            let line = rest.split(['\n', '\r']).next().unwrap_or_default();
            let from = start.saturating_sub(at).min(line.len());
            let to = end.saturating_sub(at).min(line.len());
            let hidden: Vec<Range<usize>> = self
                .hidden(at, line)
                .into_iter()
                .map(|range| range.start.clamp(from, to) - from..range.end.clamp(from, to) - from)
                .filter(|range| !range.is_empty())
                .collect();
            let part = PrintableLine::new(line.get(from..to).unwrap_or_default(), &hidden);
            let part = part.as_str().trim();
            if !shown.is_empty() && !part.is_empty() {
                shown.push(' ');
            }
            shown.push_str(part);
            at += line.len() + 1;
        }
        // Two parts that were joined may make an order to a build agent.
        clean(&shown).into_owned()
    }

    fn bounds(&self, start: u32, end: u32) -> (usize, usize) {
        let start = floor(self.text, start as usize);
        (start, ceil(self.text, end as usize).max(start))
    }

    /// What to hide of `line`, which begins at `start`: sorted, disjoint ranges of the line.
    fn hidden(&self, start: usize, line: &str) -> Vec<Range<usize>> {
        let words = words(line);
        let mut hidden = Vec::new();
        self.known(start, line, &mut hidden);
        commands::find(&words, &Before { text: self.text, start, line }, &mut hidden);
        shapes::find(line, &words, &mut hidden);
        blind::find(&words, &self.blind(start, line), &mut hidden);
        if self.in_private_key(start, line) {
            hidden.push(inner(line, 0..line.len()));
        }
        joined(line, hidden)
    }

    /// What the parser knows, without quotes and blanks around it and without placeholders.
    fn known(&self, start: usize, line: &str, hidden: &mut Vec<Range<usize>>) {
        for range in touching(&self.masks.secrets, start, start + line.len()) {
            let from = floor(line, range.start.saturating_sub(start));
            let to = ceil(line, (range.end - start).min(line.len()));
            let inside = inner(line, from..to);
            let text = line.get(inside.clone()).unwrap_or_default();
            if !words::words(text).iter().all(Word::is_scrubbed) {
                hidden.push(inside);
            }
        }
    }

    /// The blind ranges of the line, and whether an earlier line of each smelled of a secret.
    fn blind(&self, start: usize, line: &str) -> Vec<(Range<usize>, bool)> {
        touching(&self.masks.blind, start, start + line.len())
            .map(|range| {
                let far = start.saturating_sub(range.start) > LOOK_BACK;
                let earlier = self.text.get(floor(self.text, range.start)..start);
                let open = far || earlier.is_some_and(blind::opens);
                let from = range.start.saturating_sub(start);
                (from..(range.end - start).min(line.len()), open)
            })
            .collect()
    }

    /// Whether `line` is a row of a key or certificate in PEM: the last row is short and has no
    /// shape of its own.
    fn in_private_key(&self, start: usize, line: &str) -> bool {
        shapes::is_pem_row(line)
            && Before { text: self.text, start, line }
                .lines()
                .find(|line| !line.trim().is_empty() && !shapes::is_pem_row(line))
                .is_some_and(|line| line.contains("-----BEGIN"))
    }
}

/// The lines before a line.
struct Before<'t> {
    text: &'t str,
    start: usize,
    line: &'t str,
}

impl<'t> Before<'t> {
    /// The lines above, the nearest first, as far as anybody looks back.
    fn lines(&self) -> impl Iterator<Item = &'t str> {
        let from = floor(self.text, self.start.saturating_sub(LOOK_BACK));
        let above = self.text.get(from..self.start).unwrap_or_default();
        above.rsplit(['\n', '\r'])
    }

    /// The lines that open the blocks around the line: above it, each with less indentation.
    fn parents(&self) -> impl Iterator<Item = &'t str> {
        let mut depth = indentation(self.line);
        self.lines().filter(move |line| {
            let less = !line.trim().is_empty() && indentation(line) < depth;
            if less {
                depth = indentation(line);
            }
            less
        })
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

impl commands::Surroundings for Before<'_> {
    fn in_snmp(&self) -> bool {
        self.parents().any(|line| line.to_ascii_lowercase().contains("snmp"))
    }

    fn in_community_list(&self) -> bool {
        let lists = |line: &str| {
            let line = line.to_ascii_lowercase();
            line.contains("snmp") && line.contains("community")
        };
        // RouterOS does not indent: the last line with a path says where commands apply.
        let section = || self.lines().find(|line| line.starts_with('/'));
        lists(self.line) || self.parents().any(lists) || section().is_some_and(lists)
    }
}

/// `range` of `line` without blanks and one pair of quotes around its text.
fn inner(line: &str, range: Range<usize>) -> Range<usize> {
    let text = line.get(range.clone()).unwrap_or_default();
    let start = range.start + (text.len() - text.trim_start().len());
    let text = text.trim();
    let bare = ['"', '\''].iter().find_map(|&quote| {
        text.strip_prefix(quote)?.strip_suffix(quote).filter(|bare| !bare.is_empty())
    });
    match bare {
        Some(bare) => start + 1..start + 1 + bare.len(),
        None => start..start + text.len(),
    }
}

/// Sorts ranges and joins those with nothing but blanks between them: one mask for all.
fn joined(line: &str, mut hidden: Vec<Range<usize>>) -> Vec<Range<usize>> {
    hidden.retain(|range| !range.is_empty());
    hidden.sort_unstable_by_key(|range| (range.start, range.end));
    hidden.dedup_by(|next, kept| {
        let between = line.get(kept.end..next.start).unwrap_or_default();
        let joins = next.start <= kept.end || between.trim().is_empty();
        if joins {
            kept.end = kept.end.max(next.end);
        }
        joins
    });
    hidden
}
