//! Secrets that are known by their looks, wherever they stand.
//!
//! Hashes and reversible encodings have shapes of their own, and a long run of random letters is
//! hardly ever a name. Parsers do not see them in what they did not understand; this does.

use std::ops::Range;

use super::vocabulary::names_secret;
use super::words::Word;

/// Runs at least so long are looked at for being base64.
const BASE64: usize = 40;

/// Runs of hex digits at least so long are taken for keys or hashes.
const HEX: usize = 32;

/// Ranges of the line that look like secrets, in no order.
pub(super) fn find(line: &str, words: &[Word<'_>], hidden: &mut Vec<Range<usize>>) {
    for (index, word) in words.iter().enumerate() {
        let next = words.get(index + 1);
        hidden.extend(within(word));
        if word.text == "ENC" {
            hidden.extend(next.filter(|next| !next.is_scrubbed()).map(|w| w.start..w.end()));
        }
        if word.is("7") {
            hidden.extend(next.filter(|next| is_type_7(next.text)).map(|w| w.start..w.end()));
        }
    }
    elements(line, hidden);
    marked(line, words, hidden);
}

/// Whether a word without marks has none of these looks and lends none to the next.
pub(super) fn is_short(word: &str) -> bool {
    word.len() < HEX.min(BASE64) && !matches!(word, "ENC" | "7")
}

fn within(word: &Word<'_>) -> Vec<Range<usize>> {
    let at = |range: Range<usize>| word.start + range.start..word.start + range.end;
    let whole = crypt(word.text).or_else(|| user_info(word.text));
    let runs = runs(word.text).filter(|run| {
        let run = word.text.get(run.clone()).unwrap_or_default();
        is_long_hex(run) || is_base64(run)
    });
    whole.into_iter().chain(runs).map(at).collect()
}

/// `$5$…`, `$sha512$…`, `$2a$…` and the like up to the end of the word, and the frames that VRP
/// puts around its ciphers (`%^%#…%^%#`, `%$%$…`, `%@%@…`).
fn crypt(text: &str) -> Option<Range<usize>> {
    let frame = |at: usize| {
        let mut bytes = text.as_bytes().get(at..)?.iter();
        let marks = [bytes.next()?, bytes.next()?, bytes.next()?, bytes.next()?];
        let framed = *marks[0] == b'%'
            && matches!(marks[1], b'^' | b'$' | b'@' | b'+')
            && *marks[2] == b'%'
            && matches!(marks[3], b'#' | b'$' | b'@' | b'%');
        framed.then_some(at)
    };
    let dollar = |at: usize| {
        let rest = text.get(at..)?.strip_prefix('$')?;
        let (id, value) = rest.split_once('$')?;
        let known = (1..=8).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric());
        (known && !value.is_empty()).then_some(at)
    };
    let start = memchr::memchr2_iter(b'$', b'%', text.as_bytes())
        .find_map(|at| dollar(at).or_else(|| frame(at)))?;
    let end = text.get(start..)?.find('<').map_or(text.len(), |length| start + length);
    Some(start..end)
}

/// What stands between `scheme://` and `@`: a user and a password, or a token.
fn user_info(text: &str) -> Option<Range<usize>> {
    let start = text.find("://")? + 3;
    let length = text.get(start..)?.rfind('@')?;
    (length > 0).then_some(start..start + length)
}

/// Longest runs of the letters that hex and base64 are written in.
fn runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-');
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(inside)?;
        let rest = text.get(start..)?;
        let end = start + rest.find(|c| !inside(c)).unwrap_or(rest.len());
        at = end;
        Some(start..end)
    })
}

fn is_long_hex(run: &str) -> bool {
    let digits = run.strip_prefix("0x").or_else(|| run.strip_prefix("0X")).unwrap_or(run);
    let longest = digits.split(|c: char| !c.is_ascii_hexdigit()).map(str::len).max();
    longest.is_some_and(|length| length >= HEX)
}

/// Long, of all kinds of letters, and changing kind often: in names that people choose words
/// begin with a capital and end with digits, and nothing changes between.
fn is_base64(run: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| run.as_bytes().iter().any(kind);
    let pairs = run.bytes().zip(run.bytes().skip(1));
    let changes = pairs.filter(|(one, next)| {
        one.is_ascii_lowercase() && next.is_ascii_uppercase()
            || one.is_ascii_digit() && next.is_ascii_alphabetic()
            || one.is_ascii_alphabetic() && next.is_ascii_digit()
    });
    run.len() >= BASE64
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_digit)
        && changes.count() * 5 >= run.len()
}

/// Cisco's type 7: two decimal digits of an offset, then pairs of hex digits.
fn is_type_7(text: &str) -> bool {
    let offset = text.get(..2).is_some_and(|head| head.bytes().all(|b| b.is_ascii_digit()));
    let letters = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    offset
        && text.len().is_multiple_of(2)
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        && (letters && text.len() >= 4 || text.len() >= 12)
}

/// Values of XML elements that are named after secrets.
fn elements(line: &str, hidden: &mut Vec<Range<usize>>) {
    for (at, _) in line.match_indices('<') {
        let rest = line.get(at + 1..).unwrap_or_default();
        let Some((tag, value)) = rest.split_once('>') else { return };
        let name = tag.split_whitespace().next().unwrap_or_default();
        if !(names_secret(name) || name.eq_ignore_ascii_case("key")) || tag.ends_with('/') {
            continue;
        }
        let start = at + 1 + tag.len() + 1;
        let length = match value.find("</") {
            Some(length) => length,
            None if value.starts_with(|c: char| !c.is_whitespace()) => value.len(),
            None => continue,
        };
        if length > 0 && !value.get(..length).is_some_and(|text| text.starts_with('<')) {
            hidden.push(start..start + length);
        }
    }
}

/// Junos marks secrets itself: the quoted words of such a line, or the last one before the mark.
fn marked(line: &str, words: &[Word<'_>], hidden: &mut Vec<Range<usize>>) {
    let mark = line.find("## SECRET-DATA").or_else(|| line.find("/* SECRET-DATA"));
    let Some(mark) = mark else { return };
    let before = || words.iter().filter(|word| word.end() <= mark && !word.is_mark());
    let secret = |word: &&Word<'_>| !word.is_scrubbed();
    let quoted: Vec<Range<usize>> = before()
        .filter(|word| word.quoted && !word.is_scrubbed())
        .map(|word| word.start..word.end())
        .collect();
    if quoted.is_empty() {
        hidden.extend(before().rfind(secret).map(|word| word.start..word.end()));
    } else {
        hidden.extend(quoted);
    }
}

/// Whether `line` is a row of base64, as keys in PEM are written.
pub(super) fn is_pem_row(line: &str) -> bool {
    let row = line.trim_matches(|c: char| c.is_whitespace() || c == '"');
    row.len() >= 4
        && row.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
}
