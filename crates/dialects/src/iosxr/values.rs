//! Values of the policy language, read from pieces: elements of sets, numbers with an operator, names.
//!
//! A policy with parameters is read twice: once as it stands, where `$name` may be any value and nothing
//! is known of it, and once for each use, with the values in place.

use edgelint_model::{Community, Fact};
use edgelint_prefix::{Prefix, PrefixRange};
use edgelint_source::{Arena, Span};

use super::pieces::Piece;
use crate::phrases::{lengths, parse_asn, parse_community};

/// Who says that lengths out of order are refused.
pub(super) const REFUSED: &str = "Cisco IOS XR routing configuration guide, `prefix-set`: the minimum length is \
                                  at least the mask length, the maximum at least the minimum";

/// Pieces that are still to be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'p, 't> {
    pieces: &'p [Piece<'t>],
    /// The text of the whole file.
    text: &'t str,
    /// Where texts are kept that parameters made.
    arena: Option<&'t Arena>,
}

impl<'p, 't> Reader<'p, 't> {
    /// All of `pieces`, which stand in `text`.
    pub(super) const fn new(pieces: &'p [Piece<'t>], text: &'t str) -> Self {
        Self { pieces, text, arena: None }
    }

    /// All of `pieces`, some of which parameters may have made.
    pub(super) const fn made(pieces: &'p [Piece<'t>], text: &'t str, arena: &'t Arena) -> Self {
        Self { pieces, text, arena: Some(arena) }
    }

    /// The next piece.
    pub(super) fn peek(&self) -> Option<Piece<'t>> {
        self.pieces.first().copied()
    }

    /// Takes the next piece.
    pub(super) fn next(&mut self) -> Option<Piece<'t>> {
        let (first, rest) = self.pieces.split_first()?;
        self.pieces = rest;
        Some(*first)
    }

    /// Whether the next piece is this keyword.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.peek().is_some_and(|piece| piece.is(keyword))
    }

    /// Takes the next piece if it is this keyword.
    pub(super) fn take(&mut self, keyword: &str) -> bool {
        let is = self.is(keyword);
        if is {
            self.next();
        }
        is
    }

    /// Takes the next piece if it is this keyword; else there is nothing to be read.
    pub(super) fn word(&mut self, keyword: &str) -> Option<()> {
        self.take(keyword).then_some(())
    }

    /// Whether nothing is left.
    pub(super) const fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Where the next piece stands.
    pub(super) fn place(&self) -> Option<Span> {
        self.peek().map(|piece| piece.at)
    }

    /// What was read since `from`: its place and its text as it stands in the file.
    pub(super) fn since(&self, from: &Self) -> Option<Fact<&'t str>> {
        let read = from.pieces.get(..from.pieces.len().checked_sub(self.pieces.len())?)?;
        let at = read.first()?.at.to(read.last()?.at);
        let written = self.text.get(at.start as usize..at.end as usize)?;
        match self.arena.filter(|_| is_parameter(written)) {
            Some(arena) => Some(Fact::new(arena.keep(&joined(read)), at)),
            None => Some(Fact::new(written, at)),
        }
    }

    /// Any one piece that is no mark.
    pub(super) fn name(&mut self) -> Option<Fact<&'t str>> {
        let piece = self.peek().filter(|piece| !piece.is_mark())?;
        self.next();
        Some(Fact::new(piece.text, piece.at))
    }

    /// A text in quotes, or a parameter that stands for one.
    pub(super) fn pattern(&mut self) -> Option<()> {
        self.peek().filter(|piece| piece.quoted || is_parameter(piece.text))?;
        self.next().map(|_| ())
    }

    /// A number of 32 bits; `None` inside where a parameter stands for it.
    pub(super) fn number(&mut self) -> Option<Option<u32>> {
        let piece = self.peek()?;
        let value = if is_parameter(piece.text) { None } else { Some(digits(piece.text)?) };
        self.next();
        Some(value)
    }

    /// A number within bounds.
    pub(super) fn number_to(&mut self, least: u32, most: u32) -> Option<Option<u32>> {
        let before = *self;
        let value = self.number()?;
        if value.is_some_and(|value| value < least || most < value) {
            *self = before;
            return None;
        }
        Some(value)
    }

    /// An AS number; `None` inside where a parameter stands for it.
    pub(super) fn asn(&mut self) -> Option<Option<u32>> {
        let piece = self.peek()?;
        let value = if is_parameter(piece.text) { None } else { Some(parse_asn(piece.text)?) };
        self.next();
        Some(value)
    }
}

/// Pieces as one text, as somebody would have written them.
fn joined(pieces: &[Piece<'_>]) -> String {
    let mut text = String::new();
    let mut open = true;
    for piece in pieces {
        if !open && piece.text != "," && piece.text != ")" {
            text.push(' ');
        }
        open = piece.text == "(";
        match piece.quoted {
            true => text.extend(["'", piece.text, "'"]),
            false => text.push_str(piece.text),
        }
    }
    text
}

/// Whether a value is, or holds, a parameter: at the end of an expression the dollar sign is none.
pub(super) fn is_parameter(text: &str) -> bool {
    let names = text.as_bytes().windows(2);
    names.into_iter().any(|two| two.first() == Some(&b'$') && two.get(1).is_some_and(is_letter))
}

fn is_letter(byte: &u8) -> bool {
    byte.is_ascii_alphabetic() || *byte == b'_'
}

/// Whether a word is a value where a set's name may stand: a number and a colon.
pub(super) fn is_value(text: &str) -> bool {
    text.contains(':') && text.as_bytes().first().is_some_and(u8::is_ascii_digit)
}

/// Digits only.
pub(super) fn digits(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// An element of a prefix set: the prefix with the lengths that it states.
#[derive(Clone, Copy, Debug)]
pub(super) struct PrefixElement {
    prefix: Fact<Prefix>,
    least: Option<Fact<u32>>,
    most: Option<Fact<u32>>,
}

impl PrefixElement {
    /// The range of lengths, or what is wrong with it and where.
    pub(super) fn range(&self) -> Result<PrefixRange, (Span, &'static str)> {
        lengths(self.prefix, self.least, self.most)
    }
}

/// An element of a prefix set; an address alone is the route to that host.
///
/// prefix-element ::= (PREFIX4 | ADDR4) bounds4? | (PREFIX6 | ADDR6) bounds6?
/// bounds4 ::= "eq" LEN4 | "ge" LEN4 ("le" LEN4)? | "le" LEN4
/// bounds6 ::= "eq" LEN6 | "ge" LEN6 ("le" LEN6)? | "le" LEN6
pub(super) fn prefix_element(reader: &mut Reader<'_, '_>) -> Option<PrefixElement> {
    let piece = reader.next()?;
    let prefix = match piece.text.parse() {
        Ok(address) => Prefix::host(address),
        Err(_) => Prefix::parse(piece.text)?.0,
    };
    let prefix = Fact::new(prefix, piece.at);
    let width = u32::from(prefix.value.family().width());
    let length = |reader: &mut Reader<'_, '_>| {
        let at = reader.place()?;
        let value = reader.number_to(0, width)??;
        Some(Fact::new(value, at))
    };
    let (mut least, mut most) = (None, None);
    if reader.take("eq") {
        let exact = length(reader)?;
        (least, most) = (Some(exact), Some(exact));
    } else {
        if reader.take("ge") {
            least = Some(length(reader)?);
        }
        if reader.take("le") {
            most = Some(length(reader)?);
        }
    }
    Some(PrefixElement { prefix, least, most })
}

/// An element of a community set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CommunityElement<'t> {
    /// One community.
    Value(Community),
    /// Several that stand in a range.
    Values(Vec<Community>),
    /// Every community.
    Any,
    /// Those that a pattern or an expression matches; as written.
    Pattern(Fact<&'t str>),
    /// Nobody knows: a parameter stands in it.
    Open,
}

/// Communities in a range that are written out: more are kept as the pattern that they are.
const MOST_LISTED: u32 = 64;

/// An element of a community set.
///
/// community-element ::= COMMUNITY_PAIR | well-known | "*" | ("ios-regex" | "dfa-regex") PATTERN
/// well-known ::= "internet" | "local-as" | "no-advertise" | "no-export" | "graceful-shutdown" | "accept-own"
pub(super) fn community_element<'t>(reader: &mut Reader<'_, 't>) -> Option<CommunityElement<'t>> {
    let from = *reader;
    let piece = reader.next()?;
    if piece.is("ios-regex") || piece.is("dfa-regex") {
        reader.pattern()?;
        return reader.since(&from).map(CommunityElement::Pattern);
    }
    if is_parameter(piece.text) {
        return Some(CommunityElement::Open);
    }
    if piece.text == "*" {
        return Some(CommunityElement::Any);
    }
    if let Some(value) = well_known(piece.text) {
        return Some(CommunityElement::Value(value));
    }
    let (high, low) = piece.text.split_once(':')?;
    if let Some(value) = parse_community(piece.text) {
        return Some(CommunityElement::Value(value));
    }
    let (high, low) = (half(high)?, half(low)?);
    let listed = high.count().zip(low.count()).map(|(high, low)| high.saturating_mul(low));
    if listed.is_none_or(|listed| MOST_LISTED < listed) {
        return Some(CommunityElement::Pattern(Fact::new(piece.text, piece.at)));
    }
    let mut values = Vec::new();
    for high in high.first..=high.last {
        values.extend((low.first..=low.last).map(|low| Community::new(high, low)));
    }
    Some(CommunityElement::Values(values))
}

/// A community that has a name (the guide's `community-set`; RFC 8326, RFC 7611).
fn well_known(name: &str) -> Option<Community> {
    let mut low = super::lines::room();
    let value = match super::lines::lower(name, &mut low) {
        "internet" => Community(0),
        "local-as" => Community::LOCAL_AS,
        "no-advertise" => Community::NO_ADVERTISE,
        "no-export" => Community::NO_EXPORT,
        "graceful-shutdown" => Community::GRACEFUL_SHUTDOWN,
        "accept-own" => Community::new(65535, 1),
        _ => return None,
    };
    Some(value)
}

/// The values that one half of a pattern stands for.
#[derive(Clone, Copy)]
struct Half {
    first: u16,
    last: u16,
    /// Whether the values are known: `peeras` is the neighbor's.
    known: bool,
}

impl Half {
    fn count(self) -> Option<u32> {
        self.known.then(|| u32::from(self.last) - u32::from(self.first) + 1)
    }
}

/// One half of a pattern: a number, `*`, `[1..9]`, `peeras`, `private-as`.
fn half(text: &str) -> Option<Half> {
    if let Some(number) = digits(text) {
        let number = u16::try_from(number).ok()?;
        return Some(Half { first: number, last: number, known: true });
    }
    if let Some(inner) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        let (first, last) = inner.split_once("..")?;
        let (first, last) = (digits(first)?, digits(last)?);
        let (first, last) = (u16::try_from(first).ok()?, u16::try_from(last).ok()?);
        return (first <= last).then_some(Half { first, last, known: true });
    }
    match text {
        "*" => Some(Half { first: 0, last: u16::MAX, known: true }),
        // RFC 6996.
        "private-as" => Some(Half { first: 64512, last: 65534, known: true }),
        other if other == "peeras" || other == "not-private-as" => {
            Some(Half { first: 0, last: u16::MAX, known: false })
        }
        _ => None,
    }
}

/// An element of an AS-path set, or what a condition asks of the AS path; as written, or that a parameter
/// stands in it.
///
/// path-element ::= ("ios-regex" | "dfa-regex") PATTERN | ("passes-through" | "originates-from" | "neighbor-is") PATTERN "exact"?
///     | ("length" | "unique-length") comparison RANGE_0_2047 "all"? | "is-local"
/// comparison ::= "eq" | "is" | "ge" | "le"
pub(super) fn path_element<'t>(reader: &mut Reader<'_, 't>) -> Option<Fact<&'t str>> {
    let from = *reader;
    let head = reader.next()?;
    let mut low = super::lines::room();
    match super::lines::lower(head.text, &mut low) {
        "ios-regex" | "dfa-regex" => reader.pattern()?,
        "passes-through" | "originates-from" | "neighbor-is" => {
            reader.pattern()?;
            reader.take("exact");
        }
        "length" | "unique-length" => {
            comparison(reader)?;
            reader.number_to(0, 2047)?;
            reader.take("all");
        }
        "is-local" => {}
        _ => return None,
    }
    reader.since(&from)
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    AtLeast,
    AtMost,
}

/// The operator of a comparison.
pub(super) fn comparison(reader: &mut Reader<'_, '_>) -> Option<Comparison> {
    let piece = reader.next()?;
    let mut low = super::lines::room();
    match super::lines::lower(piece.text, &mut low) {
        "eq" | "is" => Some(Comparison::Equal),
        "ge" => Some(Comparison::AtLeast),
        "le" => Some(Comparison::AtMost),
        _ => None,
    }
}

/// Whether a word, of which `is` tells whether it is a keyword, is a kind of extended communities.
///
/// extended-kind ::= "rt" | "soo" | "cost" | "bandwidth" | "opaque" | "color"
pub(super) fn is_extended_kind(is: impl Fn(&str) -> bool) -> bool {
    is("rt") || is("soo") || is("cost") || is("bandwidth") || is("opaque") || is("color")
}
