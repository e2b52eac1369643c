//! A Junos configuration as plain statements, and how a device writes it down: braces or `set` lines.
//!
//! Written for tests, apart from the code under test: only the tree that the layout builds is taken
//! from there. Words keep their quotation marks, so that what is written is what was read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use edgelint_source::FileId;
use edgelint_syntax::{LineKind, Lines, Tree};

use edgelint_contract::random::Random;

/// A statement with what stands below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Statement {
    /// A comment in front of it.
    pub(crate) comment: Option<String>,
    /// Tags in front of it: `inactive:`, `protect:`, `replace:`, `delete:`.
    pub(crate) tags: Vec<String>,
    /// Its words, quotation marks and brackets included.
    pub(crate) words: Vec<String>,
    /// What its block holds; `None` for a leaf.
    pub(crate) children: Option<Vec<Self>>,
}

const TAGS: [&str; 6] = ["inactive:", "protect:", "replace:", "delete:", "active:", "merge:"];

/// Statements of one value, or of a list that is one value: a device switches them off by their name.
const BY_NAME: [&str; 10] = [
    "import",
    "export",
    "type",
    "peer-as",
    "local-preference",
    "hold-time",
    "description",
    "metric",
    "mtu",
    "vlan-id",
];

/// Commands about statements, as they stand in `set` form.
const COMMANDS: [&str; 15] = [
    "set",
    "delete",
    "deactivate",
    "activate",
    "annotate",
    "protect",
    "unprotect",
    "insert",
    "edit",
    "top",
    "up",
    "exit",
    "rename",
    "copy",
    "replace",
];

impl Statement {
    /// A leaf.
    pub(crate) fn leaf(words: &str) -> Self {
        Self { words: words_of(words), ..Self::default() }
    }

    /// A block.
    pub(crate) fn block(words: &str, children: Vec<Self>) -> Self {
        Self { children: Some(children), ..Self::leaf(words) }
    }

    /// How many of its words a command names to speak of it: those in front of a list, and of a
    /// statement of one value its name.
    pub(crate) fn n_naming(&self) -> usize {
        let by_name = self.words.first().is_some_and(|head| BY_NAME.contains(&&**head));
        if by_name && self.children.is_none() {
            return 1;
        }
        self.words.iter().position(|word| word == "[").unwrap_or(self.words.len())
    }

    fn has(&self, tag: &str) -> bool {
        self.tags.iter().any(|one| one == tag)
    }
}

/// The words of a line: quoted text is one word, brackets are words.
pub(crate) fn words_of(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => {
                let mut escaped = false;
                let end = rest.bytes().enumerate().skip(1).find(|(_, byte)| {
                    let closes = *byte == b'"' && !escaped;
                    escaped = *byte == b'\\' && !escaped;
                    closes
                });
                end.map_or(rest.len(), |(at, _)| at + 1)
            }
            '[' | ']' => 1,
            _ => rest.find(char::is_whitespace).unwrap_or(rest.len()),
        };
        let (word, behind) = rest.split_at(length);
        words.push(word.to_owned());
        rest = behind.trim_start();
    }
    words
}

/// The statements of a text in either form, as the layout sees them.
pub(crate) fn read(text: &str, lay_out: fn(Lines<'_>) -> Tree<'_>) -> Vec<Statement> {
    let tree = lay_out(Lines::split(FileId(0), text));
    let mut comments = comments(&tree);
    let mut open: Vec<(u32, Statement)> = Vec::new();
    let mut top = Vec::new();
    let close = |open: &mut Vec<(u32, Statement)>, top: &mut Vec<Statement>| {
        if let Some((_, done)) = open.pop() {
            let siblings = match open.last_mut() {
                Some((_, parent)) => parent.children.get_or_insert_default(),
                None => top,
            };
            siblings.push(done);
        }
    };
    for (index, node) in (0..).zip(&tree.nodes) {
        while open.last().is_some_and(|(end, _)| *end <= index) {
            close(&mut open, &mut top);
        }
        let from = node.first_word as usize;
        let raw = tree.lines.words.get(from..from + node.word_count as usize).unwrap_or(&[]);
        let mut words: Vec<String> = raw
            .iter()
            .map(|word| {
                let (start, end) = (word.start as usize, word.end as usize);
                let quoted = text.get(..start).is_some_and(|before| before.ends_with('"'));
                let word = text.get(start..end).unwrap_or("");
                if quoted { format!("\"{word}\"") } else { word.to_owned() }
            })
            .collect();
        let mut statement = Statement::default();
        while words.first().is_some_and(|word| TAGS.contains(&word.as_str())) {
            statement.tags.push(words.remove(0));
        }
        statement.words = words;
        let line = node.line;
        let mut before = comments.split_off(&(line + 1));
        std::mem::swap(&mut before, &mut comments);
        statement.comment = before.into_values().next_back();
        open.push((node.end, statement));
    }
    while !open.is_empty() {
        close(&mut open, &mut top);
    }
    top
}

/// Comments that fill a line, by the number of the line.
fn comments(tree: &Tree<'_>) -> BTreeMap<u32, String> {
    let lines = (0..).zip(&tree.lines.lines);
    let comments = lines.filter(|(_, line)| line.kind == LineKind::Comment);
    let texts = comments.filter_map(|(at, line)| {
        let text = tree.lines.line_text(line).trim();
        let text = text.strip_prefix("/*")?.strip_suffix("*/")?.trim();
        (!text.contains(['"', '\\', '*'])).then(|| (at, text.to_owned()))
    });
    texts.collect()
}

/// Writes statements as `set` lines, with `deactivate`, `protect`, `delete` and `annotate` where a
/// statement says so. Lines that are commands already stay what they are.
pub(crate) fn set_lines(statements: &[Statement]) -> String {
    let mut out = String::new();
    for statement in statements {
        set_lines_of(statement, &[], &mut out);
    }
    out
}

fn set_lines_of(statement: &Statement, prefix: &[String], out: &mut String) {
    let is_command = |one: &Statement| {
        one.children.is_none() && one.words.first().is_some_and(|it| COMMANDS.contains(&&**it))
    };
    if prefix.is_empty() && is_command(statement) {
        let _ = writeln!(out, "{}", statement.words.join(" "));
        return;
    }
    let (path, lists) = elements(prefix, &statement.words);
    if statement.has("replace:") {
        command(out, "delete", &path);
    }
    match &statement.children {
        Some(children) if !children.is_empty() => {
            // Commands below the place that a prompt named; other commands are words there, too.
            let typed = |one: &Statement| {
                is_command(one)
                    && ["set", "delete"].contains(&one.words.first().map_or("", |it| it))
            };
            if prefix.is_empty() && children.iter().any(typed) {
                command(out, "edit", &path);
                out.push_str(&set_lines(children));
                out.push_str("top\n");
                return;
            }
            for child in children {
                set_lines_of(child, &path, out);
            }
        }
        _ => lists.iter().for_each(|words| command(out, "set", words)),
    }
    for (tag, verb) in [("inactive:", "deactivate"), ("protect:", "protect"), ("delete:", "delete")]
    {
        if statement.has(tag) {
            let count = prefix.len() + statement.n_naming();
            command(out, verb, path.get(..count).unwrap_or(&path));
        }
    }
    if let Some(comment) = &statement.comment {
        let mut words = path.clone();
        words.push(format!("\"{comment}\""));
        command(out, "annotate", &words);
    }
}

fn command(out: &mut String, verb: &str, words: &[String]) {
    if !words.is_empty() {
        let _ = writeln!(out, "{verb} {}", words.join(" "));
    }
}

/// The path of a statement up to its list, and the paths of the elements of the list.
fn elements(prefix: &[String], words: &[String]) -> (Vec<String>, Vec<Vec<String>>) {
    let open = words.iter().position(|word| word == "[");
    let head = words.get(..open.unwrap_or(words.len())).unwrap_or(&[]);
    let path = [prefix, head].concat();
    let Some(open) = open else { return (path.clone(), vec![path]) };
    let close = words.iter().rposition(|word| word == "]").unwrap_or(words.len());
    let tail = words.get(close + 1..).unwrap_or(&[]);
    let mut lists = Vec::new();
    let mut depth = 0_usize;
    for word in words.get(open + 1..close).unwrap_or(&[]) {
        // An expression in parentheses is one element.
        if depth == 0 {
            lists.push(path.clone());
        }
        if let Some(last) = lists.last_mut() {
            last.push(word.clone());
        }
        if depth > 0 || word.starts_with('(') {
            depth += word.matches('(').count();
            depth = depth.saturating_sub(word.matches(')').count());
        }
    }
    lists.iter_mut().for_each(|list| list.extend(tail.iter().cloned()));
    if lists.is_empty() {
        lists.push([path.as_slice(), tail].concat());
    }
    (path, lists)
}

/// Writes statements in braces, as a device indents them; `random` varies what may vary.
pub(crate) fn braces(statements: &[Statement], random: &mut Random) -> String {
    let mut out = String::new();
    braces_of(statements, 0, random, &mut out);
    out
}

fn braces_of(statements: &[Statement], depth: usize, random: &mut Random, out: &mut String) {
    let indent = "    ".repeat(depth);
    for statement in statements {
        if let Some(comment) = &statement.comment {
            let _ = match random.below(3) {
                0 => writeln!(out, "{indent}/*\n{indent} * {comment}\n{indent} */"),
                _ => writeln!(out, "{indent}/* {comment} */"),
            };
        }
        let tags: String = statement.tags.iter().map(|tag| format!("{tag} ")).collect();
        let words: Vec<String> = statement.words.iter().map(|word| braced_word(word)).collect();
        let _ = write!(out, "{indent}{tags}{}", words.join(" "));
        match &statement.children {
            None => {
                let behind = [";", ";", "; ## remark; with { braces }", "; /* remark */"];
                let behind = behind.get(random.below(4)).unwrap_or(&";");
                let _ = writeln!(out, "{behind}");
            }
            Some(children) if random.below(6) == 0 => {
                let mut block = String::new();
                braces_of(children, 0, random, &mut block);
                // All on one line, as long as nothing in it runs to the end of its line.
                let one_line = !block.contains("##") && !block.contains("/*");
                let joined = block.split('\n').map(str::trim).collect::<Vec<_>>().join(" ");
                let _ = match one_line {
                    true => writeln!(out, " {{ {joined} }}"),
                    false => writeln!(out, " {{\n{block}{indent}}}"),
                };
            }
            Some(children) => {
                out.push_str(&if random.below(8) == 0 {
                    format!("\n{indent}{{\n")
                } else {
                    " {\n".to_owned()
                });
                braces_of(children, depth + 1, random, out);
                let _ = writeln!(out, "{indent}}}");
            }
        }
    }
}

/// A word as it must be written in braces: what holds a brace or a semicolon needs quotation marks.
fn braced_word(word: &str) -> String {
    if !word.starts_with('"') && word.contains([';', '{', '}']) {
        return format!("\"{word}\"");
    }
    word.to_owned()
}

/// A path on its way from `set` lines into braces.
struct Line {
    words: Vec<String>,
    /// Depths at which a block must or may open, each with its tags.
    blocks: BTreeMap<usize, Vec<String>>,
}

/// Reads `set` lines and writes them in braces. Blocks open where `random` puts them, and wherever
/// something is switched off or protected; the order of the lines stays. Commands that work on what
/// stands before them stay lines, so that the result may hold both forms.
pub(crate) fn braces_from_set(text: &str, random: &mut Random) -> String {
    let all: Vec<Vec<String>> = text.lines().map(words_of).collect();
    let of = |verb: &str| -> Vec<Vec<String>> {
        let lines = all.iter().filter(|words| words.first().is_some_and(|word| word == verb));
        lines.filter_map(|words| words.get(1..)).map(<[String]>::to_vec).collect()
    };
    let tagged = [("inactive:", of("deactivate")), ("protect:", of("protect"))];
    if all.iter().any(|words| words.first().is_some_and(|it| it == "edit")) {
        // It says where the lines behind it stand: such a text has no other form.
        return text.to_owned();
    }
    let mut out = String::new();
    let mut lines = Vec::new();
    for words in &all {
        let (verb, rest) = words.split_first().map_or(("", &[][..]), |(it, rest)| (it, rest));
        match verb {
            "set" => lines.push(line(rest, &tagged, random)),
            "protect" | "annotate" => {}
            // It is a tag in the braces above, unless nothing is written below that path there.
            "deactivate" => {}
            _ => {
                braced_lines(&lines, &mut out);
                lines.clear();
                let _ = writeln!(out, "{}", words.join(" "));
            }
        }
    }
    braced_lines(&lines, &mut out);
    out
}

fn line(words: &[String], tagged: &[(&str, Vec<Vec<String>>)], random: &mut Random) -> Line {
    let mut blocks: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    // An expression in parentheses, and a list, is one value: no block opens in it.
    let value = words.iter().position(|word| word.starts_with(['(', '[']));
    // The first words of a path are sections, each a block of its own as a rule.
    for depth in 1..value.map_or(words.len(), |at| at + 1) {
        if depth < 3 || random.below(2) == 0 {
            blocks.insert(depth, Vec::new());
        }
    }
    for (tag, paths) in tagged {
        for path in paths.iter().filter(|path| words.starts_with(path)) {
            let tags = blocks.entry(path.len()).or_default();
            if tags.iter().all(|one| one != tag) {
                tags.push((*tag).to_owned());
            }
        }
    }
    Line { words: words.iter().map(|word| braced_word(word)).collect(), blocks }
}

fn braced_lines(lines: &[Line], out: &mut String) {
    let mut open: Vec<(usize, Vec<String>)> = Vec::new();
    let mut before: &[String] = &[];
    for line in lines {
        let common = line.words.iter().zip(before).take_while(|(a, b)| a == b).count();
        let stays = open.iter().zip(&line.blocks).take_while(|((depth, tags), own)| {
            *depth <= common && *depth < line.words.len() && *own == (depth, tags)
        });
        let stays = stays.count();
        while stays < open.len() {
            open.pop();
            let _ = writeln!(out, "{}}}", "    ".repeat(open.len()));
        }
        let mut from = open.last().map_or(0, |(depth, _)| *depth);
        for (depth, tags) in line.blocks.range(from + 1..) {
            let indent = "    ".repeat(open.len());
            let tag: String = tags.iter().map(|tag| format!("{tag} ")).collect();
            let words = line.words.get(from..*depth).unwrap_or(&[]).join(" ");
            if *depth == line.words.len() {
                let _ = writeln!(out, "{indent}{tag}{words};");
            } else {
                let _ = writeln!(out, "{indent}{tag}{words} {{");
                open.push((*depth, tags.clone()));
            }
            from = *depth;
        }
        if from < line.words.len() {
            let words = line.words.get(from..).unwrap_or(&[]).join(" ");
            let _ = writeln!(out, "{}{words};", "    ".repeat(open.len()));
        }
        before = &line.words;
    }
    while open.pop().is_some() {
        let _ = writeln!(out, "{}}}", "    ".repeat(open.len()));
    }
}
