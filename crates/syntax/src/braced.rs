//! The braced layout: a statement ends at `;` or opens a block with `{`; lines that begin with a
//! command (`set`, `delete`) may stand in the same file.
//!
//! One device prints its configuration in both forms, and people paste both into one file, with the
//! prompts and the commands that showed it. So a file is read line by line, and every line may
//! change the form. A statement that lacks its `;` ends with its line: what is damaged stays small.
//!
//! Braces and semicolons are no words. Brackets of a list are words, because what a list means is
//! decided where paths are made ([`crate::paths`]).

use crate::indented::MAX_DEPTH;
use crate::lines::{BLOCK, Line, LineKind, Lines, Word, bits};
use crate::paths::TAGS;
use crate::tree::{Node, Tree};

/// Lines a quoted text may go on for; a quote that is never closed swallows no more than its line.
const LONGEST_QUOTE: usize = 400;

/// What a dialect knows about its own commands and prompts.
#[derive(Clone, Copy, Debug)]
pub struct Braced {
    /// Whether a word is a command that begins a line of its own (`set`).
    pub is_command: fn(&str) -> bool,
    /// Commands behind a prompt whose output follows, relative to the path behind them
    /// (`show configuration`).
    pub shows: &'static [&'static [&'static str]],
    /// How lines begin that a device says to whoever types.
    pub messages: &'static [&'static str],
}

/// Builds the tree of a braced file, `set` lines included.
pub fn lay_out<'t>(lines: Lines<'t>, rules: &Braced) -> Tree<'t> {
    let Lines { text, file, source, lines, words, has_marks, mut nodes } = lines;
    nodes.reserve(lines.len());
    let mut reader = Reader {
        text,
        marks: Marks::of(text),
        rules: *rules,
        lines,
        words,
        nodes,
        open: Vec::new(),
        pending: None,
        base: None,
        in_base: false,
        edited: false,
        in_list: false,
        in_comment: false,
        flattened: 0,
    };
    let mut at = 0;
    while at < reader.lines.len() {
        at = if reader.plain_line(at) { at + 1 } else { reader.line(at).max(at + 1) };
    }
    reader.end_statement();
    reader.close_all();
    let Reader { lines, words, nodes, .. } = reader;
    let lines = Lines { text, file, source, lines, words, has_marks, nodes: Vec::new() };
    Tree { lines, nodes }
}

/// A statement that is not finished yet.
#[derive(Clone, Copy)]
struct Pending {
    line: u32,
    first_word: u32,
}

struct Reader<'t> {
    text: &'t str,
    marks: Marks,
    rules: Braced,
    lines: Vec<Line>,
    /// The words between blanks, which most lines need no others than; behind them, in the order in
    /// which they were read, the words of the other lines.
    words: Vec<Word>,
    nodes: Vec<Node>,
    /// The nodes whose blocks are open.
    open: Vec<u32>,
    pending: Option<Pending>,
    /// Words that a prompt or a banner gave as the place of what follows: opened as a block once
    /// something follows.
    base: Option<(Pending, u32)>,
    /// Whether the outermost open block is such a place.
    in_base: bool,
    /// Whether a banner gave that place: then it stays when a new prompt appears.
    edited: bool,
    in_list: bool,
    in_comment: bool,
    /// Blocks beyond [`MAX_DEPTH`] that are open.
    flattened: u32,
}

impl Reader<'_> {
    /// Reads a line as nearly all lines are: words between blanks, then a `;` or a brace, or a `set` line
    /// outside all blocks. Says whether it was one; [`line`](Self::line) reads every line.
    fn plain_line(&mut self, at: usize) -> bool {
        let Some(line) = self.lines.get(at).copied() else { return false };
        if line.kind != LineKind::Statement || self.in_comment || self.pending.is_some() {
            return false;
        }
        let first = line.first_word as usize;
        let behind = first + line.word_count as usize;
        let Some(words) = self.words.get(first..behind) else { return false };
        let (Some(head), Some(last)) = (words.first(), words.last()) else { return false };
        if last.end != line.end {
            return false;
        }
        let behind_content = last.end.saturating_sub(1);
        let Some(mark) = self.text.as_bytes().get(behind_content as usize) else { return false };
        if !self.marks.spare(head.start, behind_content) {
            return false;
        }
        let text = self.text.get(head.start as usize..head.end as usize).unwrap_or("");
        let command = (self.rules.is_command)(text);
        let alone = last.end - last.start == 1;
        let mut count = line.word_count;
        match mark {
            b'{' if alone && 1 < count && !command => {
                count -= 1;
                self.set_words(at, count);
                self.pending = Some(Pending { line: narrow(at), first_word: line.first_word });
                self.open_block_of(count);
            }
            b'}' if count == 1 && alone => {
                self.set_words(at, 0);
                self.close_block();
            }
            b';' if !command && (1 < count || !alone) => {
                if alone {
                    count -= 1;
                } else if let Some(last) = self.words.get_mut(behind - 1) {
                    last.end -= 1;
                }
                self.set_words(at, count);
                self.add(Pending { line: narrow(at), first_word: line.first_word }, count);
            }
            _ if command
                && self.open.is_empty()
                && self.base.is_none()
                && self.marks.spare(behind_content, last.end) =>
            {
                self.flattened = 0;
                self.in_base = false;
                self.add(Pending { line: narrow(at), first_word: line.first_word }, count);
            }
            _ => return false,
        }
        true
    }

    fn set_words(&mut self, at: usize, count: u32) {
        if let Some(line) = self.lines.get_mut(at) {
            line.word_count = count;
        }
    }

    /// Reads one line; returns the index of the next one.
    fn line(&mut self, at: usize) -> usize {
        let Some(line) = self.lines.get(at).copied() else { return at + 1 };
        let first_word = narrow(self.words.len());
        let start = line.start as usize;
        let content = self.text.get(start..line.end as usize).unwrap_or("");
        let mut next = at + 1;
        let mut kind = LineKind::Statement;
        if self.in_comment {
            kind = LineKind::Comment;
            if let Some(end) = content.find("*/") {
                self.in_comment = false;
                next = self.tokens(at, content, end + 2);
            }
        } else if content.trim().is_empty() {
            kind = LineKind::Blank;
        } else if self.pending.is_none() && content.trim_start().starts_with(['#', '!']) {
            kind = LineKind::Comment;
        } else if self.pending.is_none()
            && may_be_dressing(content)
            && self.is_dressing(at, content)
        {
            kind = LineKind::Dressing;
        } else {
            next = self.tokens(at, content, 0);
            if self.words.len() == first_word as usize && content.trim_start().starts_with("/*") {
                kind = LineKind::Comment;
            }
        }
        if let Some(line) = self.lines.get_mut(at) {
            line.kind = kind;
            line.first_word = first_word;
            line.word_count = narrow(self.words.len()) - first_word;
        }
        self.cut_bodies(at + 1, next);
        if self.pending.is_some() && !self.in_list && !self.goes_on(next) {
            self.end_statement();
        }
        next
    }

    /// Marks the lines that a quoted text went on for.
    fn cut_bodies(&mut self, from: usize, to: usize) {
        let n_words = narrow(self.words.len());
        for line in self.lines.iter_mut().take(to).skip(from) {
            line.kind = LineKind::Body;
            line.first_word = n_words;
            line.word_count = 0;
        }
    }

    /// Whether the statement that is being read goes on in the next line that is not blank: its
    /// block begins there, or the line is indented deeper, as documents wrap long statements.
    fn goes_on(&self, from: usize) -> bool {
        let begun = self.pending.and_then(|pending| self.lines.get(pending.line as usize));
        let indent = begun.map_or(u32::MAX, |line| line.indent);
        let mut rest = self.lines.iter().skip(from).filter(|line| line.kind != LineKind::Blank);
        rest.next().is_some_and(|line| {
            let text = self.text.get(line.start as usize..line.end as usize).unwrap_or("");
            let text = text.trim_start();
            let opens = text.starts_with('{') && !is_banner(text);
            opens
                || line.indent > indent && !text.starts_with(['}', '#', '/'])
                || self.holds_tags_only() && !text.starts_with(['}', '#', '/'])
        })
    }

    /// Whether nothing but tags was read of a statement: people write them on a line of their own.
    fn holds_tags_only(&self) -> bool {
        let from = self.pending.map_or(usize::MAX, |pending| pending.first_word as usize);
        let mut words = self.words.get(from..).unwrap_or(&[]).iter();
        words.all(|word| {
            let text = self.text.get(word.start as usize..word.end as usize);
            text.is_some_and(|text| TAGS.contains(&text))
        })
    }

    /// Reads a line that may be a prompt, a banner or a command.
    fn is_dressing(&mut self, at: usize, content: &str) -> bool {
        let start = self.lines.get(at).map_or(0, |line| line.start as usize);
        let indent = content.len() - content.trim_start().len();
        let trimmed = content.trim();
        let place = if is_banner(trimmed) { trimmed.find('}').map_or(0, |at| at + 1) } else { 0 };
        let path = trimmed.get(place..).and_then(|text| text.strip_prefix("[edit"));
        if let Some(path) = path.and_then(|rest| rest.strip_suffix(']'))
            && (path.is_empty() || path.starts_with(' '))
        {
            self.set_base(at, start + indent + place + 5, path);
            self.edited = true;
            return true;
        }
        if 0 < place {
            self.leave();
            return true;
        }
        let is_message = |message: &&str| trimmed.starts_with(*message);
        if trimmed.starts_with("---(more") || self.rules.messages.iter().any(is_message) {
            return true;
        }
        let Some(length) = prompt(trimmed) else {
            // The command that showed the file, without its prompt.
            let command = trimmed.split('|').next().unwrap_or("");
            let piped = trimmed.contains('|') && !trimmed.ends_with(['{', ';']);
            let shown = self.rules.shows.iter().filter_map(|show| after(command, show));
            return shown.into_iter().any(|rest| piped || rest.is_empty());
        };
        let behind = trimmed.get(length..).unwrap_or("");
        let command = behind.split('|').next().unwrap_or("");
        if let Some(show) = self.rules.shows.iter().find_map(|show| after(command, show)) {
            let offset = start + indent + length + (command.len() - show.len());
            self.set_base(at, offset, show);
            self.edited = false;
            return true;
        }
        if !self.edited {
            self.leave();
        }
        let head = behind.split_whitespace().next().unwrap_or("");
        // A command that was typed at the prompt is read as a statement.
        !(self.rules.is_command)(head)
    }

    /// The output that a prompt announced is over.
    fn leave(&mut self) {
        self.close_all();
        self.base = None;
        self.edited = false;
    }

    /// What follows stands at this path.
    fn set_base(&mut self, at: usize, offset: usize, path: &str) {
        self.close_all();
        let pending = Pending { line: narrow(at), first_word: narrow(self.words.len()) };
        self.push_words(offset, path);
        let count = narrow(self.words.len()) - pending.first_word;
        self.base = (0 < count).then_some((pending, count));
    }

    /// Words between blanks.
    fn push_words(&mut self, offset: usize, text: &str) {
        let mut at = 0;
        for word in text.split_whitespace() {
            let start = at + text.get(at..).and_then(|rest| rest.find(word)).unwrap_or(0);
            at = start + word.len();
            self.words.push(Word { start: narrow(offset + start), end: narrow(offset + at) });
        }
    }

    /// Reads the tokens of a line from `from` on; returns the index of the next line.
    fn tokens(&mut self, line: usize, content: &str, from: usize) -> usize {
        let mut at = from;
        let mut command = false;
        if from == 0 && self.pending.is_none() {
            let skipped = self.command_at(content);
            command = skipped.is_some();
            if let Some(skipped) = skipped {
                self.end_statement();
                if skipped == 0 {
                    self.close_all();
                    self.base = None;
                }
                while self.open.len() > usize::from(self.in_base) {
                    self.close_one();
                }
                at = skipped;
            }
        }
        let bytes = content.as_bytes();
        let mut next = line + 1;
        while let Some(byte) = bytes.get(at).copied() {
            let rest = content.get(at..).unwrap_or("");
            match byte {
                0..=b' ' => at += 1,
                b'#' => break,
                b'/' if rest.starts_with("/*") => match rest.find("*/") {
                    Some(end) => at += end + 2,
                    None => {
                        self.in_comment = true;
                        break;
                    }
                },
                b';' if !command || rest.trim_end() == ";" => {
                    self.end_statement();
                    at += 1;
                }
                b'{' if !command => {
                    self.open_block(line);
                    at += 1;
                }
                b'}' if !command => {
                    self.end_statement();
                    self.close_block();
                    at += 1;
                }
                b'[' | b']' if byte == b'[' || self.in_list => {
                    self.in_list = byte == b'[';
                    self.push(line, at, at + 1);
                    at += 1;
                }
                b'"' => {
                    let (end, behind) = self.quoted(line, at + 1, &mut next);
                    self.push(line, at + 1, end);
                    if next > line + 1 {
                        self.after_quote(next - 1, behind);
                        return next;
                    }
                    at = behind;
                }
                _ => {
                    let length = word_length(rest, command, self.in_list);
                    self.push(line, at, at + length);
                    at += length.max(1);
                }
            }
        }
        if command {
            self.end_statement();
        }
        next
    }

    /// What stands behind a quoted text on the line where it ends: the end of the statement, or a
    /// block.
    fn after_quote(&mut self, line: usize, from: usize) {
        let Some(at) = self.lines.get(line) else { return };
        let text = self.text.get(at.start as usize + from..at.end as usize).unwrap_or("");
        if text.trim_start().starts_with('{') {
            self.open_block(line);
        } else {
            self.end_statement();
        }
    }

    /// Where the words of a command begin, if the line is one.
    fn command_at(&self, content: &str) -> Option<usize> {
        let indent = content.len() - content.trim_start().len();
        let skipped = prompt(content.trim_start()).map_or(0, |length| indent + length);
        let text = content.get(skipped..)?.trim();
        let head = text.split_whitespace().next()?;
        if !(self.rules.is_command)(head) || text.ends_with('{') {
            return None;
        }
        let free = self.open.is_empty() || self.in_base && self.open.len() == 1;
        (free || indent == 0 && !text.ends_with(';')).then_some(skipped)
    }

    /// Where a quoted text that begins at `from` ends, and where reading goes on. Sets `next` to
    /// the line behind it where it goes on for several lines.
    fn quoted(&self, line: usize, from: usize, next: &mut usize) -> (usize, usize) {
        let Some(here) = self.lines.get(line) else { return (from, from) };
        let start = here.start as usize;
        let content = self.text.get(start..here.end as usize).unwrap_or("");
        if let Some(end) = closing_quote(content, from) {
            return (end, end + 1);
        }
        let rest = self.lines.iter().enumerate().skip(line + 1).take(LONGEST_QUOTE);
        for (index, line) in rest {
            let text = self.text.get(line.start as usize..line.end as usize).unwrap_or("");
            if let Some(end) = closing_quote(text, 0) {
                let behind = text.get(end + 1..).unwrap_or("").trim_start();
                if !behind.is_empty() && !behind.starts_with([';', '{', '#', ']']) {
                    break;
                }
                *next = index + 1;
                return (line.start as usize + end - start, end + 1);
            }
            if text.ends_with(['{', ';']) || text.trim() == "}" {
                break;
            }
        }
        let end = content.trim_end_matches([';', ' ']).len().max(from);
        (end, content.len())
    }

    /// Adds a word; `start` and `end` count from the beginning of the line.
    fn push(&mut self, line: usize, start: usize, end: usize) {
        let offset = self.lines.get(line).map_or(0, |line| line.start as usize);
        let first_word = narrow(self.words.len());
        self.pending.get_or_insert(Pending { line: narrow(line), first_word });
        self.words.push(Word { start: narrow(offset + start), end: narrow(offset + end) });
    }

    /// Finishes the statement that is being read, if there is one.
    fn end_statement(&mut self) {
        self.in_list = false;
        if let Some(pending) = self.pending.take() {
            self.add(pending, narrow(self.words.len()) - pending.first_word);
        }
    }

    fn add(&mut self, pending: Pending, word_count: u32) -> u32 {
        if let Some((base, count)) = self.base.take() {
            let node = self.add(base, count);
            self.open.push(node);
            self.in_base = true;
        }
        let node = narrow(self.nodes.len());
        self.nodes.push(Node {
            line: pending.line,
            first_word: pending.first_word,
            word_count,
            end: node + 1,
            depth: narrow(self.open.len()),
            body: (0, 0),
        });
        node
    }

    fn open_block(&mut self, line: usize) {
        self.in_list = false;
        let here = Pending { line: narrow(line), first_word: narrow(self.words.len()) };
        let pending = *self.pending.get_or_insert(here);
        self.open_block_of(narrow(self.words.len()) - pending.first_word);
    }

    /// Opens the block of the statement that is being read, which has as many words.
    fn open_block_of(&mut self, count: u32) {
        let Some(pending) = self.pending.take() else { return };
        if self.open.len() >= MAX_DEPTH as usize {
            if 0 < count {
                self.add(pending, count);
            }
            self.flattened += 1;
            return;
        }
        let node = self.add(pending, count);
        self.open.push(node);
    }

    fn close_block(&mut self) {
        if 0 < self.flattened {
            self.flattened -= 1;
        } else if self.open.len() > usize::from(self.in_base) {
            self.close_one();
        }
    }

    fn close_one(&mut self) {
        let end = narrow(self.nodes.len());
        let node = self.open.pop().and_then(|node| self.nodes.get_mut(node as usize));
        if let Some(node) = node {
            node.end = end;
        }
    }

    fn close_all(&mut self) {
        self.end_statement();
        self.flattened = 0;
        self.in_base = false;
        while !self.open.is_empty() {
            self.close_one();
        }
    }
}

/// Where bytes stand that have a meaning beyond their word: quotes, brackets, braces and semicolons, what may
/// begin a comment or belong to a prompt. One bit a byte, as many at once as can be.
struct Marks(Vec<u64>);

impl Marks {
    fn of(text: &str) -> Self {
        // The bit apart, a bracket is a brace.
        let is_bracket = |byte: u8| matches!(byte | b'[' ^ b'{', b'{' | b'}');
        let is_mark =
            |byte: u8| matches!(byte, b'!'..=b'#' | b'*' | b';' | b'@' | 0x80..) | is_bracket(byte);
        let (blocks, rest) = text.as_bytes().as_chunks();
        let mut padded = [0; BLOCK as usize];
        padded.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
        Self(blocks.iter().chain([&padded]).map(|block| bits(block, is_mark)).collect())
    }

    /// Whether none stands from `start` up to `end`.
    #[inline]
    fn spare(&self, start: u32, end: u32) -> bool {
        let (first, last) = (start / BLOCK, end / BLOCK);
        let of = |block: u32| self.0.get(block as usize).copied().unwrap_or(u64::MAX);
        // The bits from `start` on, and those below `end`.
        let (from, below) = (u64::MAX << (start % BLOCK), !(u64::MAX << (end % BLOCK)));
        if first == last {
            return of(first) & from & below == 0;
        }
        of(first) & from == 0
            && (first + 1..last).all(|block| of(block) == 0)
            && of(last) & below == 0
    }
}

/// Whether a line is worth asking whether it is dressing: nearly all lines end as statements do or
/// begin with `set`, and none of those is, unless a prompt stands in front.
fn may_be_dressing(content: &str) -> bool {
    let plain = content.ends_with([';', '{', '}']) || content.starts_with("set ");
    !plain || memchr::memchr(b'@', content.as_bytes()).is_some() || content.starts_with('{')
}

/// Where a quoted text ends in this text; a backslash takes the meaning from a quote.
fn closing_quote(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// How long a word without quotes is.
fn word_length(rest: &str, command: bool, in_list: bool) -> usize {
    let ends = |byte: u8| byte <= b' ' || !command && matches!(byte, b';' | b'{' | b'}');
    let length = rest.bytes().position(ends).unwrap_or(rest.len());
    let word = rest.get(..length).unwrap_or("");
    if in_list && word.len() > 1 && word.ends_with(']') && !word.contains('[') {
        return length - 1;
    }
    if command && word.len() > 1 && word.ends_with(';') && rest.trim_end().len() == length {
        return length - 1;
    }
    length
}

/// `{master:0}` and the like: which of several routing engines answered.
fn is_banner(text: &str) -> bool {
    let Some(name) = text.strip_prefix('{').and_then(|text| text.split_once('}')) else {
        return false;
    };
    let (name, behind) = name;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_');
    !name.is_empty() && name.chars().all(plain) && (behind.is_empty() || behind.starts_with('['))
}

/// The length of a prompt (`user@host>`, `user@host#`, `user@host%`) with the blanks behind it.
fn prompt(text: &str) -> Option<usize> {
    let end = text.bytes().position(|byte| matches!(byte, b'#' | b'>' | b'%' | b' ' | b'"'))?;
    let name = text.get(..end)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | ':');
    if matches!(text.as_bytes().get(end), Some(b' ' | b'"'))
        || !name.contains('@')
        || !name.chars().all(plain)
    {
        return None;
    }
    let behind = text.get(end + 1..)?;
    Some(end + 1 + behind.len() - behind.trim_start().len())
}

/// What stands behind some words at the beginning of a command.
fn after<'c>(command: &'c str, words: &[&str]) -> Option<&'c str> {
    words.iter().try_fold(command, |rest, word| {
        let rest = rest.trim_start().strip_prefix(word)?;
        (rest.is_empty() || rest.starts_with(' ')).then_some(rest)
    })
}

/// Offsets and counts fit: texts are cut at what a `u32` can hold.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
