//! Reads a grammar file in W3C-style EBNF with nom.
//!
//! The notation is the one of the XML recommendation (section 6), which railroad-diagram tools
//! take: `::=`, `|`, `?`, `*`, `+`, `A - B`, parentheses, `/* comments */`. A production has no end
//! mark; it ends where the next `name ::=` begins. Comments are looked up in a pass of their own,
//! because they carry reasons that tests want to see and would be lost as blanks inside the
//! parsers.

use crate::grammar::{Expression, Grammar, GrammarError, Layout, Production};
use nom::branch::alt;
use nom::bytes::complete::{tag, take_until, take_while, take_while1};
use nom::character::complete::{char, multispace1, one_of};
use nom::combinator::{all_consuming, cut, eof, not, opt, peek, recognize, verify};
use nom::error::{ErrorKind, ParseError};
use nom::multi::{many0, many0_count, many1, separated_list1};
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};
use std::ops::Range;

impl Grammar {
    /// Reads a grammar file. The error names the line and what was expected there.
    pub fn read(text: &str) -> Result<Self, GrammarError> {
        let comments = comments(text)?;
        let (_, raw) = all_consuming(terminated(many1(production), blank))
            .parse(text)
            .map_err(|error| grammar_error(text, error))?;
        let spans: Vec<Range<usize>> = raw.iter().map(|raw| place(text, raw)).collect();
        let productions = raw
            .into_iter()
            .enumerate()
            .map(|(index, raw)| {
                let span = place(text, &raw);
                Production {
                    name: raw.name.to_owned(),
                    comment: comment_of(text, &comments, &spans, index),
                    text: fold(text.get(span.clone()).unwrap_or_default()),
                    line: line_at(text, span.start),
                    body: raw.body,
                }
            })
            .collect();
        Ok(Self { productions })
    }
}

/// Takes the comments out of a piece of grammar and folds its blanks: the form in which a
/// production is compared with its quotation.
pub(crate) fn fold(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut from = 0;
    for comment in comments(text).unwrap_or_default() {
        bare.push_str(text.get(from..comment.start).unwrap_or_default());
        bare.push(' ');
        from = comment.end;
    }
    bare.push_str(text.get(from..).unwrap_or_default());
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What was expected, and where: the rest of the text from there on.
#[derive(Debug, Clone, PartialEq)]
struct Fault<'t> {
    at: &'t str,
    what: &'static str,
}

impl<'t> ParseError<&'t str> for Fault<'t> {
    fn from_error_kind(at: &'t str, _: ErrorKind) -> Self {
        Self { at, what: "expected a production, `name ::= …`" }
    }

    fn append(_: &'t str, _: ErrorKind, other: Self) -> Self {
        other
    }

    // The furthest attempt is the one the author meant.
    fn or(self, other: Self) -> Self {
        if other.at.len() < self.at.len() { other } else { self }
    }
}

type Step<'t, T> = IResult<&'t str, T, Fault<'t>>;

struct Raw<'t> {
    name: &'t str,
    body: Expression,
    /// The text from the name on, and the text behind the last part.
    from: &'t str,
    rest: &'t str,
}

fn production(text: &str) -> Step<'_, Raw<'_>> {
    let (from, _) = blank(text)?;
    let (text, name) = nonterminal(from)?;
    let (text, _) = expect("expected `::=`", lexeme(tag("::="))).parse(text)?;
    let (rest, body) = expect("expected something to stand for", choice).parse(text)?;
    // What follows must be a production or the end; saying so here gives the better message.
    let (_, _) = expect(
        "expected `|`, another part, or the next production",
        peek(preceded(blank, alt((nonterminal, eof)))),
    )
    .parse(rest)?;
    Ok((rest, Raw { name, body, from, rest }))
}

fn choice(text: &str) -> Step<'_, Expression> {
    let (text, first) = sequence(text)?;
    let another = expect("expected a part behind `|`", sequence);
    let (rest, others) = many0(preceded(lexeme(char('|')), another)).parse(text)?;
    let mut branches = vec![first];
    branches.extend(others);
    let only = if branches.len() == 1 { branches.pop() } else { None };
    Ok((rest, only.unwrap_or(Expression::Choice(branches))))
}

fn sequence(text: &str) -> Step<'_, Expression> {
    let (rest, mut parts) = many1(item).parse(text)?;
    let only = if parts.len() == 1 { parts.pop() } else { None };
    Ok((rest, only.unwrap_or(Expression::Sequence(parts))))
}

fn item(text: &str) -> Step<'_, Expression> {
    let (text, part) = preceded(blank, alt((group, keyword, class, call))).parse(text)?;
    let (text, suffix) = opt(one_of("?*+")).parse(text)?;
    let part = match suffix {
        Some('?') => Expression::Optional(Box::new(part)),
        Some('*') => Expression::Any(Box::new(part)),
        Some(_) => Expression::Many(Box::new(part)),
        None => part,
    };
    Ok((text, part))
}

fn group(text: &str) -> Step<'_, Expression> {
    let close = expect("expected `)`", lexeme(char(')')));
    delimited(char('('), expect("expected something between parentheses", choice), close)
        .parse(text)
}

fn keyword(text: &str) -> Step<'_, Expression> {
    literal.map(|word: &str| Expression::Keyword(word.to_owned())).parse(text)
}

fn class(text: &str) -> Step<'_, Expression> {
    let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let (text, name) =
        verify(take_while1(upper), |name: &str| name.starts_with(|c: char| c.is_ascii_uppercase()))
            .parse(text)?;
    let layout = match name {
        "NL" => Some(Layout::Newline),
        "INDENT" => Some(Layout::Indent),
        "DEDENT" => Some(Layout::Dedent),
        _ => None,
    };
    if let Some(layout) = layout {
        return Ok((text, Expression::Layout(layout)));
    }
    let (text, except) = opt(preceded(lexeme(char('-')), exceptions)).parse(text)?;
    let except = except.unwrap_or_default().into_iter().map(str::to_owned).collect();
    Ok((text, Expression::Class { name: name.to_owned(), except }))
}

fn exceptions(text: &str) -> Step<'_, Vec<&str>> {
    let several = delimited(
        char('('),
        separated_list1(lexeme(char('|')), lexeme(literal)),
        lexeme(char(')')),
    );
    let one = literal.map(|word| vec![word]);
    expect(
        "expected a keyword, or keywords between parentheses, after `-`",
        preceded(blank, alt((several, one))),
    )
    .parse(text)
}

fn call(text: &str) -> Step<'_, Expression> {
    terminated(nonterminal, not(preceded(blank, tag("::="))))
        .map(|name: &str| Expression::Call(name.to_owned()))
        .parse(text)
}

fn nonterminal(text: &str) -> Step<'_, &str> {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let (rest, name) =
        recognize((one_of("abcdefghijklmnopqrstuvwxyz"), take_while(inner))).parse(text)?;
    Ok((rest, name))
}

fn literal(text: &str) -> Step<'_, &str> {
    let (text, quote) = one_of("\"'").parse(text)?;
    let inner = |c: char| c != quote && !c.is_whitespace();
    let (text, word) =
        expect("expected a keyword: one whole word", take_while1(inner)).parse(text)?;
    let (text, _) =
        expect("expected a closing quote: a keyword is one word", char(quote)).parse(text)?;
    Ok((text, word))
}

/// Blanks and comments.
fn blank(text: &str) -> Step<'_, usize> {
    let comment = recognize((tag("/*"), take_until("*/"), tag("*/")));
    many0_count(alt((multispace1, comment))).parse(text)
}

fn lexeme<'t, T>(
    parser: impl Parser<&'t str, Output = T, Error = Fault<'t>>,
) -> impl Parser<&'t str, Output = T, Error = Fault<'t>> {
    preceded(blank, parser)
}

/// The parser, or a hard error that says what was expected.
fn expect<'t, T>(
    what: &'static str,
    parser: impl Parser<&'t str, Output = T, Error = Fault<'t>>,
) -> impl Parser<&'t str, Output = T, Error = Fault<'t>> {
    let mut parser = cut(described(what, parser));
    move |text: &'t str| parser.parse(text)
}

fn described<'t, T>(
    what: &'static str,
    mut parser: impl Parser<&'t str, Output = T, Error = Fault<'t>>,
) -> impl Parser<&'t str, Output = T, Error = Fault<'t>> {
    move |text: &'t str| match parser.parse(text) {
        Err(nom::Err::Error(_)) => {
            let (at, _) = blank(text)?;
            Err(nom::Err::Error(Fault { at, what }))
        }
        other => other,
    }
}

fn grammar_error(text: &str, error: nom::Err<Fault<'_>>) -> GrammarError {
    match error {
        nom::Err::Error(fault) | nom::Err::Failure(fault) => GrammarError {
            line: line_at(text, text.len() - fault.at.len()),
            what: fault.what.to_owned(),
        },
        nom::Err::Incomplete(_) => {
            GrammarError { line: line_at(text, text.len()), what: "unexpected end".to_owned() }
        }
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

/// Bytes of a production, from its name to its last part.
fn place(text: &str, raw: &Raw<'_>) -> Range<usize> {
    text.len() - raw.from.len()..text.len() - raw.rest.len()
}

/// Bytes of every comment; an error where one does not end.
fn comments(text: &str) -> Result<Vec<Range<usize>>, GrammarError> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => {
                let close = |other: &u8| *other == byte || *other == b'\n';
                let width = bytes.iter().skip(at + 1).position(close);
                at += 2 + width.unwrap_or(bytes.len());
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let width = text.get(at + 2..).and_then(|rest| rest.find("*/"));
                let Some(width) = width else {
                    let what = "this comment does not end".to_owned();
                    return Err(GrammarError { line: line_at(text, at), what });
                };
                found.push(at..at + width + 4);
                at += width + 4;
            }
            _ => at += 1,
        }
    }
    Ok(found)
}

/// The comments that belong to production `index`, one a line.
fn comment_of(
    text: &str,
    comments: &[Range<usize>],
    spans: &[Range<usize>],
    index: usize,
) -> String {
    let belongs = |comment: &Range<usize>| owner(text, comments, spans, comment) == Some(index);
    comments
        .iter()
        .filter(|comment| belongs(comment))
        .filter_map(|comment| text.get(comment.start + 2..comment.end - 2))
        .map(|inner| inner.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join("\n")
}

fn owner(
    text: &str,
    comments: &[Range<usize>],
    spans: &[Range<usize>],
    comment: &Range<usize>,
) -> Option<usize> {
    let next = spans.iter().position(|span| comment.start < span.start);
    let before = next.unwrap_or(spans.len()).checked_sub(1);
    if let Some(before) = before {
        let end = spans.get(before).map_or(0, |span| span.end);
        if comment.start < end
            || !text.get(end..comment.start).is_some_and(|gap| gap.contains('\n'))
        {
            return Some(before);
        }
    }
    let start = spans.get(next?)?.start;
    let follower = comments.iter().find(|other| comment.end <= other.start && other.end <= start);
    let gap = text.get(comment.end..follower.map_or(start, |other| other.start))?;
    if 1 < gap.matches('\n').count() {
        return None;
    }
    follower.map_or(next, |follower| owner(text, comments, spans, follower))
}

#[cfg(test)]
mod tests {
    use super::{Grammar, fold};
    use crate::grammar::{Expression, Layout};

    #[test]
    fn every_piece_of_notation_is_read() {
        let grammar = Grammar::read(
            "config ::= statement*\n\
             statement ::= \"a\" NAME (\"b\" | 'c')? NL (INDENT x+ DEDENT)?\n\
             x ::= (NAME - \"d\")+ NL | NAME - (\"e\" | \"f\") NL",
        )
        .unwrap();
        assert_eq!(grammar.keywords().into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(grammar.classes().into_iter().collect::<Vec<_>>(), ["NAME"]);
        let config = &grammar.production("config").unwrap().body;
        let statement = Expression::Call("statement".to_owned());
        assert_eq!(*config, Expression::Any(Box::new(statement)));
        let Expression::Sequence(parts) = &grammar.production("statement").unwrap().body else {
            panic!("a sequence");
        };
        assert_eq!(parts[3], Expression::Layout(Layout::Newline));
        let mut excepted = Vec::new();
        grammar.production("x").unwrap().body.visit(&mut |part| {
            if let Expression::Class { except, .. } = part {
                excepted.push(except.join(" "));
            }
        });
        assert_eq!(excepted, ["d", "e f"]);
        assert_eq!(grammar.productions[1].line, 2);
    }

    #[test]
    fn comments_find_their_production() {
        let grammar = Grammar::read(
            "/* the file */\n\n/* above a */\na ::= \"x\" /* inside a */ | \"y\" /* behind a */\n\
             /* above b,\n   two lines */\nb ::= \"z\"\n",
        )
        .unwrap();
        let comment = |name| grammar.production(name).unwrap().comment.as_str();
        assert_eq!(comment("a"), "above a\ninside a\nbehind a");
        assert_eq!(comment("b"), "above b, two lines");
        assert_eq!(grammar.production("a").unwrap().text, "a ::= \"x\" | \"y\"");
        assert_eq!(fold("a ::=\n   \"/*\"   /* gone */ b"), "a ::= \"/*\" b");
    }

    #[test]
    fn errors_name_line_and_want() {
        let table = [
            ("b = \"y\"", 1, "expected `::=`"),
            ("a ::= \"x\"\nb = \"y\"", 2, "expected `|`, another part, or the next production"),
            ("a ::= \"x\" |\nb ::= \"y\"", 2, "expected a part behind `|`"),
            ("a ::= (\"x\"\nb ::= \"y\"", 2, "expected `)`"),
            ("a ::= \"x y\"", 1, "expected a closing quote: a keyword is one word"),
            ("a ::= \"\"", 1, "expected a keyword: one whole word"),
            ("a ::=", 1, "expected something to stand for"),
            ("a ::= \"x\" ]", 1, "expected `|`, another part, or the next production"),
            ("\n/* open", 2, "this comment does not end"),
            ("", 1, "expected a production, `name ::= …`"),
        ];
        for (text, line, what) in table {
            let error = Grammar::read(text).unwrap_err();
            assert_eq!((error.line, error.what.as_str()), (line, what), "{text}");
        }
    }
}
