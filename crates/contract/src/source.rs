//! Reads a parser's Rust source for what it promises: its keywords, and the productions it quotes.
//!
//! Running a parser can never show that it knows a word too many; its source can. The source is
//! read as tokens, not as Rust: enough to tell a keyword from a message, and no more. Comments and
//! `#[cfg(test)]` items do not count.

use crate::read::fold;
use std::collections::BTreeSet;

/// Where in a source keywords stand.
#[derive(Debug, Clone, Copy)]
pub struct Places<'p> {
    /// Functions and macros whose string arguments are keywords, without path and `!`. Strings
    /// inside a nested call of another function do not count.
    pub calls: &'p [&'p str],
    /// Constants and statics whose arrays hold keywords, such as the table of inert statements. In
    /// a tuple only the first element counts, so that a reason may stand beside it.
    pub tables: &'p [&'p str],
    /// Whether strings in patterns of `match` are keywords.
    pub arms: bool,
}

impl Default for Places<'_> {
    /// `word(…)`, `words(…)`, `keyword(…)`, the table `INERT`, and `match`.
    fn default() -> Self {
        Self { calls: &["word", "words", "keyword"], tables: &["INERT"], arms: true }
    }
}

/// The keywords of a source at the usual places; see [`keywords_at`].
pub fn keywords_in_source(rust_source: &str) -> BTreeSet<String> {
    keywords_at(rust_source, &Places::default())
}

/// The keywords of a source: string literals, split at blanks, that stand at one of `places` or
/// in a row of a dispatch table, `(&["ip", "prefix-list"], …)`.
pub fn keywords_at(rust_source: &str, places: &Places<'_>) -> BTreeSet<String> {
    let tokens = without_tests(rust_tokens(rust_source));
    let mut found = BTreeSet::new();
    let mut add = |texts: Vec<&str>| {
        for text in texts {
            found.extend(text.split_whitespace().map(str::to_owned));
        }
    };
    for at in 0..tokens.len() {
        add(row(&tokens, at));
        match tokens[at] {
            Rust::Name(name) if places.calls.contains(&name) => {
                add(arguments(&tokens, at, places.calls));
            }
            Rust::Name("const" | "static") => match tokens.get(at + 1) {
                Some(Rust::Name(name)) if places.tables.contains(name) => add(table(&tokens, at)),
                _ => {}
            },
            Rust::Mark('>')
                if places.arms
                    && at
                        .checked_sub(1)
                        .is_some_and(|before| tokens[before] == Rust::Mark('=')) =>
            {
                add(arm(&tokens, at - 1));
            }
            _ => {}
        }
    }
    found
}

/// The productions that doc comments quote: name, and `name ::= body` with blanks folded. A
/// quotation goes on over lines that are indented further, or begin with `|`, or stand in the same
/// fence.
pub fn productions_in_source(rust_source: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let (mut open, mut fenced) = (false, false);
    for line in rust_source.lines() {
        let line = line.trim_start();
        let Some(doc) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
            (open, fenced) = (false, false);
            continue;
        };
        let text = doc.trim();
        if text.starts_with("```") {
            fenced = !fenced;
            open = false;
        } else if let Some(name) = quoted_name(text) {
            found.push((name.to_owned(), text.to_owned()));
            open = true;
        } else {
            let further = fenced || doc.starts_with("   ") || text.starts_with('|');
            open = open && further && !text.is_empty();
            if let (true, Some((_, body))) = (open, found.last_mut()) {
                body.push('\n');
                body.push_str(text);
            }
        }
    }
    found.into_iter().map(|(name, text)| (name, fold(&text))).collect()
}

fn quoted_name(text: &str) -> Option<&str> {
    let (name, _) = text.split_once("::=")?;
    let name = name.trim_end();
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(inner);
    plain.then_some(name)
}

/// A token of Rust, as far as keywords need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rust<'s> {
    /// Identifier or number.
    Name(&'s str),
    /// Inside of a string literal.
    Text(&'s str),
    Mark(char),
}

fn rust_tokens(source: &str) -> Vec<Rust<'_>> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if rest.starts_with("/*") {
            rest = behind_comment(rest);
        } else if let Some((text, behind)) = string(rest) {
            tokens.push(Rust::Text(text));
            rest = behind;
        } else if c == '\'' {
            rest = behind_quote(rest);
        } else if c.is_alphanumeric() || c == '_' {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            tokens.push(Rust::Name(&rest[..end]));
            rest = &rest[end..];
        } else {
            if !c.is_whitespace() {
                tokens.push(Rust::Mark(c));
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    tokens
}

/// The text behind a block comment; such comments nest.
fn behind_comment(text: &str) -> &str {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return &text[at..];
            }
        } else {
            at += 1;
        }
    }
    ""
}

/// A string literal at the start of the text, raw ones and byte strings too.
fn string(text: &str) -> Option<(&str, &str)> {
    let bare = text.strip_prefix('b').unwrap_or(text);
    if let Some(raw) = bare.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if let Some(inner) = raw[hashes..].strip_prefix('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let end = inner.find(&close)?;
            return Some((&inner[..end], &inner[end + close.len()..]));
        }
    }
    let inner = bare.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            '"' if !escaped => return Some((&inner[..at], &inner[at + 1..])),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// The text behind a character literal, or behind the quote of a lifetime.
fn behind_quote(text: &str) -> &str {
    let inner = &text[1..];
    let mut chars = inner.char_indices();
    match chars.next() {
        Some((_, '\\')) => {
            let close = inner.char_indices().skip(2).find(|(_, c)| *c == '\'');
            close.map_or("", |(at, _)| &inner[at + 1..])
        }
        Some(_) => match chars.next() {
            Some((at, '\'')) => &inner[at + 1..],
            _ => inner,
        },
        None => "",
    }
}

/// Leaves out each item that follows `#[cfg(test)]`.
fn without_tests(tokens: Vec<Rust<'_>>) -> Vec<Rust<'_>> {
    use Rust::{Mark, Name};
    let attribute =
        [Mark('#'), Mark('['), Name("cfg"), Mark('('), Name("test"), Mark(')'), Mark(']')];
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if !tokens[at..].starts_with(&attribute) {
            kept.push(tokens[at]);
            at += 1;
            continue;
        }
        at += attribute.len();
        while at < tokens.len() {
            match tokens[at] {
                Mark(';') => {
                    at += 1;
                    break;
                }
                Mark('{') => {
                    at = behind_group(&tokens, at);
                    break;
                }
                Mark('(' | '[') => at = behind_group(&tokens, at),
                _ => at += 1,
            }
        }
    }
    kept
}

/// Index behind the group that opens at `at`.
fn behind_group(tokens: &[Rust<'_>], at: usize) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token {
            Rust::Mark('(' | '[' | '{') => depth += 1,
            Rust::Mark(')' | ']' | '}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return index + 1;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

/// Strings in the arguments of the call whose name stands at `at`.
fn arguments<'s>(tokens: &[Rust<'s>], at: usize, calls: &[&str]) -> Vec<&'s str> {
    let is_definition = at.checked_sub(1).is_some_and(|before| tokens[before] == Rust::Name("fn"));
    let open = at + 1 + usize::from(tokens.get(at + 1) == Some(&Rust::Mark('!')));
    if is_definition || !matches!(tokens.get(open), Some(Rust::Mark('(' | '[' | '{'))) {
        return Vec::new();
    }
    let end = behind_group(tokens, open);
    let mut found = Vec::new();
    let mut at = open;
    while at < end {
        match tokens[at] {
            Rust::Text(text) => found.push(text),
            Rust::Name(name)
                if tokens.get(at + 1) == Some(&Rust::Mark('(')) && !calls.contains(&name) =>
            {
                at = behind_group(tokens, at + 1);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Strings of the constant that is declared at `at`.
fn table<'s>(tokens: &[Rust<'s>], at: usize) -> Vec<&'s str> {
    let mut found = Vec::new();
    // Each open group: its bracket, and whether a comma has passed in it.
    let mut groups: Vec<(char, bool)> = Vec::new();
    for token in tokens.iter().skip(at) {
        match token {
            Rust::Mark(open @ ('(' | '[' | '{')) => groups.push((*open, false)),
            Rust::Mark(')' | ']' | '}') => {
                groups.pop();
            }
            Rust::Mark(',') => {
                if let Some(group) = groups.last_mut() {
                    group.1 = true;
                }
            }
            Rust::Mark(';') if groups.is_empty() => break,
            // Nothing behind the comma of a tuple, however deep.
            Rust::Text(text) if !groups.is_empty() && !groups.contains(&('(', true)) => {
                found.push(*text);
            }
            _ => {}
        }
    }
    found
}

/// Strings of the dispatch row that opens at `at`: `(&["ip", "prefix-list"], …)`, no call.
fn row<'s>(tokens: &[Rust<'s>], at: usize) -> Vec<&'s str> {
    let called = at
        .checked_sub(1)
        .is_some_and(|before| matches!(tokens[before], Rust::Name(_) | Rust::Mark('!' | '>')));
    if called || tokens[at] != Rust::Mark('(') {
        return Vec::new();
    }
    let open = at + 1 + usize::from(tokens.get(at + 1) == Some(&Rust::Mark('&')));
    if tokens.get(open) != Some(&Rust::Mark('[')) {
        return Vec::new();
    }
    let end = behind_group(tokens, open);
    let inner = tokens.get(open + 1..end.saturating_sub(1)).unwrap_or_default();
    let plain = inner.iter().all(|token| matches!(token, Rust::Text(_) | Rust::Mark(',')));
    if !plain || tokens.get(end) != Some(&Rust::Mark(',')) {
        return Vec::new();
    }
    texts(inner)
}

/// Strings of the pattern that ends before the arrow at `arrow`, its guard left out.
fn arm<'s>(tokens: &[Rust<'s>], arrow: usize) -> Vec<&'s str> {
    let mut depth = 0_usize;
    let mut start = arrow;
    while let Some(before) = start.checked_sub(1) {
        match tokens[before] {
            Rust::Mark(')' | ']') => depth += 1,
            Rust::Mark('(' | '[') if 0 < depth => depth -= 1,
            Rust::Mark('(' | '[' | '{' | '}' | ';' | ',') if depth == 0 => break,
            _ => {}
        }
        start = before;
    }
    let pattern = tokens.get(start..arrow).unwrap_or_default();
    let guard = pattern.iter().position(|token| *token == Rust::Name("if"));
    texts(pattern.get(..guard.unwrap_or(pattern.len())).unwrap_or_default())
}

fn texts<'s>(tokens: &[Rust<'s>]) -> Vec<&'s str> {
    tokens
        .iter()
        .filter_map(|token| match token {
            Rust::Text(text) => Some(*text),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Places, keywords_at, keywords_in_source, productions_in_source};

    fn found(source: &str) -> String {
        keywords_in_source(source).into_iter().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn keywords_stand_at_their_places() {
        let table = [
            (r#"word("seq")"#, "seq"),
            (r#"opt(preceded(word("ge"), len4))"#, "ge"),
            (r#"words(&["ip", "prefix-list"])"#, "ip prefix-list"),
            (r#"words("route-map permit")"#, "permit route-map"),
            (r#"crate::word!["x"]"#, "x"),
            (r#"word("a", expected("a message"))"#, "a"),
            (r#"word("a", keyword("b"))"#, "a b"),
            (r#"fn word(text: &str) { say("hello") }"#, ""),
            (r#"expected("a number")"#, ""),
            (
                r#"match w { ["ip", "prefix-list", ..] => a, ["bgp"] if is("x") => b, c => d }"#,
                "bgp ip prefix-list",
            ),
            (
                r#"match w { "permit" | "deny" => say("no", "ok"), Some("x") => y, z => z }"#,
                "deny permit x",
            ),
            (
                r#"static T: &[Row] = &[(&["ip", "route"], route, "a message"), (&["x"], y)];"#,
                "ip route x",
            ),
            (r#"let x = f(&["not", "this"], 1);"#, ""),
            (
                r#"static INERT: &[&[&str]] = &[&["snmp-server"], &["ip", "http"]];"#,
                "http ip snmp-server",
            ),
            (
                r#"const INERT: [(&str, &str); 2] = [("logging", "why"), ("ntp x", "a clock")];"#,
                "logging ntp x",
            ),
            (r#"static OTHER: &[&str] = &["nothing"];"#, ""),
            ("// word(\"a\")\n/* word(\"b\") /* word(\"c\") */ */ word(\"d\")", "d"),
            (r##"word(r#"e"#); let c = '"'; let l: &'static str = ""; word("f")"##, "e f"),
            (r#"word("a\"b"); '\''; word("g")"#, r#"a\"b g"#),
            ("#[cfg(test)]\n#[allow(x)]\nmod tests { word(\"a\"); { } }\nword(\"b\")", "b"),
            ("#[cfg(test)] mod toy; word(\"b\")", "b"),
        ];
        for (source, expected) in table {
            assert_eq!(found(source), expected, "{source}");
        }
    }

    #[test]
    fn places_are_configurable() {
        let source =
            "leaf(\"a\"); word(\"b\"); match x { \"c\" => 1 } static IGNORED: [&str; 1] = [\"d\"];";
        let places = Places { calls: &["leaf"], tables: &["IGNORED"], arms: false };
        assert_eq!(keywords_at(source, &places).into_iter().collect::<Vec<_>>(), ["a", "d"]);
    }

    #[test]
    fn quotations_are_read_with_their_continuations() {
        let source = "/// Reads a list.\n///\n/// ```ebnf\n\
                      /// list ::= \"list\" NAME\n/// action NL\n/// ```\n\
                      fn list() {}\n\
                      \x20   /// set   ::= \"set\"\n    ///     NAME /* a */ NL\n\
                      /// Then prose.\n\
                      //! a ::= b\n//! | c\n//!\n//!    prose with ::= inside\n";
        let quoted = productions_in_source(source);
        let expected = [
            ("list", "list ::= \"list\" NAME action NL"),
            ("set", "set ::= \"set\" NAME NL"),
            ("a", "a ::= b | c"),
        ];
        let quoted: Vec<(&str, &str)> =
            quoted.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(quoted, expected);
    }

    #[test]
    fn broken_source_is_survived() {
        for source in
            ["word(\"", "'", "'\\", "/*", "word(", "r#\"", "(&[\"a\"", "=>", ") =>", "const INERT"]
        {
            assert_eq!(found(source), "", "{source}");
        }
    }
}
