//! The source lines of one notice, cut out and made printable, as codespan wants to see them.
//!
//! codespan draws from whole files and counts their lines. It must not see whole files (they hold
//! secrets and control characters, and lines of any length), so it is handed a text of the labelled
//! lines only, under their real line numbers: it asks for lines by index and never notices that
//! the ones between are missing, and its marks for left-out lines stay right.

use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::diagnostic::{Label as Mark, LabelStyle};
use codespan_reporting::files::{Error, Files as Sources, Location};
use edgelint_source::printable::PrintableLine;
use edgelint_source::view::{Label, Role};
use edgelint_source::{FileId, Files, SourceText};

/// The labelled lines of every file that a notice speaks of.
pub(crate) struct Excerpts {
    excerpts: Vec<Excerpt>,
}

/// The labelled lines of one file.
struct Excerpt {
    file: FileId,
    name: String,
    text: String,
    /// Lines by their real index (counted from 0), and where they stand in `text`.
    lines: BTreeMap<usize, Range<usize>>,
    /// Where labels begin in `text`, and where that is in the file.
    places: Vec<(usize, Location)>,
}

impl Excerpts {
    /// Cuts out what `labels` point at; returns the excerpts and the labels translated to them.
    pub(crate) fn cut(files: &Files, labels: &[Label]) -> (Self, Vec<Mark<usize>>) {
        let mut excerpts: Vec<Excerpt> = Vec::new();
        let mut marks = Vec::with_capacity(labels.len());
        for (index, label) in labels.iter().enumerate() {
            let known = excerpts.iter().any(|excerpt| excerpt.file == label.span.file);
            if known {
                continue;
            }
            let of_file: Vec<(usize, &Label)> = labels
                .iter()
                .enumerate()
                .skip(index)
                .filter(|(_, other)| other.span.file == label.span.file)
                .collect();
            let (excerpt, ranges) = Excerpt::cut(files.file(label.span.file), label, &of_file);
            let id = excerpts.len();
            excerpts.push(excerpt);
            marks.extend(ranges.into_iter().map(|(order, label, range)| {
                let style = match label.role {
                    Role::Primary => LabelStyle::Primary,
                    Role::Context => LabelStyle::Secondary,
                };
                (order, Mark::new(style, id, range).with_message(label.message.as_str()))
            }));
        }
        marks.sort_by_key(|(order, _)| *order);
        (Self { excerpts }, marks.into_iter().map(|(_, mark)| mark).collect())
    }

    fn excerpt(&self, id: usize) -> Result<&Excerpt, Error> {
        self.excerpts.get(id).ok_or(Error::FileMissing)
    }
}

/// A label with its place in the caller's order and its range in the excerpt.
type Placed<'l> = (usize, &'l Label, Range<usize>);

impl Excerpt {
    fn cut<'l>(
        source: Option<&SourceText>,
        first: &Label,
        labels: &[(usize, &'l Label)],
    ) -> (Self, Vec<Placed<'l>>) {
        let mut excerpt = Self {
            file: first.span.file,
            name: first.path.as_str().to_owned(),
            text: String::new(),
            lines: BTreeMap::new(),
            places: Vec::new(),
        };
        let mut by_line: BTreeMap<u32, Vec<(usize, &'l Label)>> = BTreeMap::new();
        for (order, label) in labels {
            by_line.entry(label.start.line).or_default().push((*order, label));
        }
        let mut placed = Vec::with_capacity(labels.len());
        let mut before = None;
        for (line, of_line) in by_line {
            // codespan shows a single line between two labelled ones instead of a gap.
            if before.is_some_and(|before: u32| before + 2 == line) {
                let between = source.map(|source| source.printable_line(line - 1));
                excerpt.push(line - 1, between.map(|line| line.trimmed_around(0, 0, WIDTH)));
            }
            excerpt.push_labelled(source, line, &of_line, &mut placed);
            before = Some(line);
        }
        (excerpt, placed)
    }

    /// Appends a line that carries labels, trimmed around them.
    fn push_labelled<'l>(
        &mut self,
        source: Option<&SourceText>,
        line: u32,
        labels: &[(usize, &'l Label)],
        placed: &mut Vec<Placed<'l>>,
    ) {
        let (start, end) = source.map_or((0, 0), |source| source.line_bounds(line));
        // A label that covers several lines marks the first: it opens the block.
        let inside = |offset: u32| offset.clamp(start, end) - start;
        let bounds = |label: &Label| (inside(label.span.start), inside(label.span.end));
        let from = labels.iter().map(|(_, label)| bounds(label).0).min().unwrap_or(0);
        let to = labels.iter().map(|(_, label)| bounds(label).1).max().unwrap_or(0);
        let shown =
            source.map(|source| source.printable_line(line).trimmed_around(from, to, WIDTH));
        let at = self.push(line, shown.clone());
        for (order, label) in labels {
            let (from, to) = bounds(label);
            let place = |byte: u32| at + shown.as_ref().map_or(0, |line| line.offset(byte));
            let range = place(from)..place(to).max(place(from));
            let location = Location {
                line_number: label.start.line as usize,
                column_number: label.start.column as usize,
            };
            self.places.push((range.start, location));
            placed.push((*order, label, range));
        }
    }

    /// Appends a line; returns where it begins.
    fn push(&mut self, line: u32, shown: Option<PrintableLine>) -> usize {
        let at = self.text.len();
        self.text.push_str(shown.as_ref().map_or("", PrintableLine::as_str));
        self.lines.insert(line.saturating_sub(1) as usize, at..self.text.len());
        self.text.push('\n');
        at
    }
}

/// Lines longer than this many characters are trimmed around what is marked.
const WIDTH: usize = PrintableLine::WIDTH;

impl<'a> Sources<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        self.excerpt(id).map(|excerpt| excerpt.name.as_str())
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        self.excerpt(id).map(|excerpt| excerpt.text.as_str())
    }

    fn line_index(&'a self, id: usize, byte_index: usize) -> Result<usize, Error> {
        let excerpt = self.excerpt(id)?;
        let found = excerpt.lines.iter().rev().find(|(_, range)| range.start <= byte_index);
        Ok(found.map_or(0, |(index, _)| *index))
    }

    fn line_range(&'a self, id: usize, line_index: usize) -> Result<Range<usize>, Error> {
        let excerpt = self.excerpt(id)?;
        let max = excerpt.lines.keys().next_back().copied().unwrap_or(0);
        excerpt
            .lines
            .get(&line_index)
            .cloned()
            .ok_or(Error::LineTooLarge { given: line_index, max })
    }

    fn location(&'a self, id: usize, byte_index: usize) -> Result<Location, Error> {
        let excerpt = self.excerpt(id)?;
        let known = excerpt.places.iter().find(|(at, _)| *at == byte_index);
        let line = self.line_index(id, byte_index)?;
        Ok(known.map_or(Location { line_number: line + 1, column_number: 1 }, |(_, place)| *place))
    }
}
