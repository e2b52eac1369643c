//! The words of IOS XR's policy language: finer than blanks tell.
//!
//! In sets and policies parentheses and commas stand against the words they part
//! (`(64500:1, 64500:2)`), and an expression in quotes may hold blanks. A piece is what the language
//! calls a token, with its place.

use edgelint_source::Span;
use edgelint_syntax::Words;

/// A token of the policy language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece<'t> {
    /// Its text; without the quotes where it had some.
    pub(super) text: &'t str,
    /// Where it stands, quotes included.
    pub(super) at: Span,
    /// Whether it stood in quotes.
    pub(super) quoted: bool,
}

impl Piece<'_> {
    /// Whether it is this keyword, in any case.
    pub(super) fn is(&self, keyword: &str) -> bool {
        !self.quoted && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it is a mark: a parenthesis or a comma.
    pub(super) fn is_mark(&self) -> bool {
        !self.quoted && matches!(self.text, "(" | ")" | ",")
    }
}

/// The pieces of some words.
pub(super) fn pieces<'t>(words: Words<'_, 't>) -> Vec<Piece<'t>> {
    let mut found = Vec::with_capacity(words.len() + 4);
    let mut index = 0;
    while let Some(token) = words.token(index) {
        index += 1;
        let mut rest = token.text;
        let mut start = token.span.start;
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '(' | ')' | ',' => 1,
                '\'' | '"' => {
                    index += quoted(words, (index, token.span.end), start, &mut found);
                    break;
                }
                _ => rest.find(['(', ')', ',']).unwrap_or(rest.len()),
            };
            let (text, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
            let end = start + u32::try_from(length).unwrap_or(0);
            let at = Span::new(token.span.file, start, end);
            found.push(Piece { text, at, quoted: false });
            (rest, start) = (behind, end);
        }
    }
    found
}

/// Reads a text in quotes that begins at byte `start` in the word before `index`; what is behind the
/// quotes in their last word is read as marks. Returns how many further words it took.
fn quoted<'t>(
    words: Words<'_, 't>,
    (index, end): (usize, u32),
    start: u32,
    found: &mut Vec<Piece<'t>>,
) -> usize {
    let from = words.skip(index - 1);
    let Some(first) = from.token(0) else { return 0 };
    let inside = (start - first.span.start) as usize;
    for count in 1..=from.len() {
        let text = from.first(count).line_text().get(inside..).unwrap_or("");
        let mut chars = text.chars();
        let Some(quote) = chars.next() else { break };
        let body = chars.as_str();
        let Some(length) = body.find(quote) else { continue };
        let text = body.get(..length).unwrap_or("");
        let close = start + u32::try_from(length + 2).unwrap_or(0);
        found.push(Piece { text, at: Span::new(first.span.file, start, close), quoted: true });
        marks(body.get(length + 1..).unwrap_or(""), close, first.span, found);
        return count - 1;
    }
    // It is never closed: the word as it stands.
    let text = first.text.get(inside..).unwrap_or("");
    found.push(Piece { text, at: Span::new(first.span.file, start, end), quoted: false });
    0
}

/// What stands against closing quotes: marks, or a piece that nobody expects.
fn marks<'t>(text: &'t str, start: u32, file: Span, found: &mut Vec<Piece<'t>>) {
    let mut at = start;
    for part in text.split_inclusive(['(', ')', ',']) {
        let cut = part.find(['(', ')', ',']).filter(|cut| 0 < *cut).unwrap_or(part.len());
        let (one, two) = part.split_at_checked(cut).unwrap_or((part, ""));
        for text in [one, two] {
            let end = at + u32::try_from(text.len()).unwrap_or(0);
            if !text.is_empty() {
                found.push(Piece { text, at: Span::new(file.file, at, end), quoted: false });
            }
            at = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use edgelint_source::FileId;
    use edgelint_syntax::Lines;

    fn read(text: &str) -> String {
        let lines = Lines::split(FileId(0), text);
        let pieces = super::pieces(lines.words_of(&lines.lines[0]));
        for piece in &pieces {
            let place = &text[piece.at.start as usize..piece.at.end as usize];
            let inside = if piece.quoted { &place[1..place.len() - 1] } else { place };
            assert_eq!(inside, piece.text, "{text}");
        }
        pieces.iter().map(|piece| piece.text).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn marks_and_quotes_part_words() {
        let table = [
            (
                "set community (64500:1, 64500:[2..3]) additive",
                "set|community|(|64500:1|,|64500:[2..3]|)|additive",
            ),
            ("ios-regex '^64500 .*$',", "ios-regex|^64500 .*$|,"),
            ("(ios-regex '_1_',ios-regex \"_2_\")", "(|ios-regex|_1_|,|ios-regex|_2_|)"),
            ("apply P($a,20)", "apply|P|(|$a|,|20|)"),
            ("((a)or(b))", "(|(|a|)|or|(|b|)|)"),
            ("passes-through 'never closed", "passes-through|'never|closed"),
            ("'' x", "|x"),
        ];
        for (text, expected) in table {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
