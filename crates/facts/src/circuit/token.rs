//! Circuit names in free text.
//!
//! People write the circuit's name into descriptions, among words that say nothing about it. A name has a
//! letter and a digit or a hyphen (`er-oslo`, `ER1`, a service key); what remains of it without the words
//! for the link and the peering is the token that both links share.

use edgelint_source::printable::{Masks, Printable, is_open};

use crate::circuit::LinkRole;

/// Whether a part of a word, in small letters, says what a link is and not which circuit it belongs to.
fn is_common(part: &str) -> bool {
    matches!(
        part,
        "primary"
            | "prim"
            | "pri"
            | "secondary"
            | "second"
            | "sec"
            | "backup"
            | "microsoft"
            | "msft"
            | "ms"
            | "private"
            | "priv"
            | "public"
            | "pub"
            | "peering"
            | "peer"
            | "expressroute"
            | "azure"
            | "msee"
            | "12076"
            | "link"
            | "port"
            | "circuit"
            | "connect"
            | "cross"
            | "x"
            | "m365"
            | "o365"
            | "office365"
            | "ipv4"
            | "ipv6"
            | "v4"
            | "v6"
            | "to"
            | "via"
            | "bgp"
            | "ebgp"
            | "l2"
            | "l3"
            | "dx"
            | "vif"
            | "direct"
            | "interconnect"
            | "fastconnect"
            | "aws"
            | "gcp"
            | "oci"
            | "service"
            | "key"
    )
}

/// What may be a circuit's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// The word, lower case: no circuit's name where a device is called so.
    pub(super) word: String,
    /// The word without what says nothing about the circuit.
    pub(super) name: String,
}

/// What descriptions say about the circuit of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// The link that a description names first.
    pub(super) role: Option<LinkRole>,
    /// The words that may name the circuit, in the order of the descriptions.
    pub(super) tokens: Vec<Token>,
}

impl Said {
    /// What these descriptions say.
    pub(crate) fn by<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut said = Self::default();
        for text in texts {
            let role = Some(link_role(text)).filter(|role| *role != LinkRole::Unknown);
            said.role = said.role.or(role);
            said.tokens.extend(tokens(text));
        }
        said
    }
}

/// The words of a description that may name a circuit.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = words(text).filter_map(token).collect();
    if !tokens.is_empty() && !is_open(text) {
        // What must not be printed cannot be a name either: people write keys into descriptions.
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let shown = Printable::new(text, &Masks::new(Vec::new(), vec![(0, end)])).span(0, end);
        tokens.retain(|token| words(&shown).any(|word| word.eq_ignore_ascii_case(&token.word)));
    }
    tokens
}

/// The words of free text, without what stands around them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(c, ',' | ';' | ':' | '(' | ')' | '[' | ']' | '<' | '>' | '"' | '\'')
    };
    let words = text.split(ends);
    let words = words.filter(|word| !word.is_empty() && !word.contains('/'));
    words.map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()))
}

fn token(word: &str) -> Option<Token> {
    // A name has a digit, or a mark within.
    if !word.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.')) {
        return None;
    }
    let word = word.to_ascii_lowercase();
    if is_measure(&word) {
        return None;
    }
    let parts: Vec<&str> =
        word.split(['-', '_', '.']).filter(|part| !part.is_empty() && !is_common(part)).collect();
    let name = parts.join("-");
    let letter = name.bytes().any(|byte| byte.is_ascii_alphabetic());
    let telling = 1 < parts.len() || name.bytes().any(|byte| byte.is_ascii_digit());
    (letter && telling && !is_measure(&name)).then_some(Token { word, name })
}

/// Numbers with a unit or a kind in front: `10G`, `AS64496`, `VLAN310`.
fn is_measure(word: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let heads = ["as", "asn", "vlan", "vl", "mtu", "vrf"];
    let tails = ["g", "m", "gb", "mb", "gbe", "ge", "gbps", "mbps", "gbit", "mbit"];
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    // A digit stands at the other end of the word.
    (is_digit(word.as_bytes().last())
        && heads.iter().any(|head| word.strip_prefix(head).is_some_and(number)))
        || (is_digit(word.as_bytes().first())
            && tails.iter().any(|tail| word.strip_suffix(tail).is_some_and(number)))
}

/// The link that a description names.
fn link_role(text: &str) -> LinkRole {
    let (mut primary, mut secondary) = (false, false);
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        let is_any = |wanted: &[&str]| wanted.iter().any(|it| it.eq_ignore_ascii_case(word));
        match word.as_bytes().first() {
            Some(b'p' | b'P') => primary |= is_any(&["primary", "prim", "pri"]),
            Some(b's' | b'S' | b'b' | b'B') => {
                secondary |= is_any(&["secondary", "second", "sec", "backup"]);
            }
            _ => {}
        }
    }
    match (primary, secondary) {
        (true, false) => LinkRole::Primary,
        (false, true) => LinkRole::Secondary,
        _ => LinkRole::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, link_role};
    use crate::circuit::LinkRole;

    #[test]
    fn names_stand_among_other_words() {
        let cases = [
            ("er-oslo primary Microsoft peering", Some("er-oslo")),
            ("Microsoft peering ER1, primary", Some("er1")),
            ("ER-LON-PRI", Some("er-lon")),
            ("primary port, cross-connect in hall 2", None),
            ("ExpressRoute private peering 10G AS12076 VLAN310", None),
            ("edge-oslo to MSEE", None),
            ("", None),
            ("password hunter2-er", None),
            ("key: s3cr3t-link, er-oslo", None),
        ];
        for (text, wanted) in cases {
            let said = Said::by([text].into_iter());
            let mut tokens = said.tokens.iter().filter(|token| token.word != "edge-oslo");
            assert_eq!(tokens.next().map(|token| token.name.as_str()), wanted, "{text}");
        }
    }

    #[test]
    fn links_are_named() {
        assert_eq!(link_role("ER1-SEC"), LinkRole::Secondary);
        assert_eq!(link_role("er-oslo primary"), LinkRole::Primary);
        assert_eq!(link_role("primary and secondary"), LinkRole::Unknown);
        assert_eq!(link_role("second thoughts are no secret"), LinkRole::Secondary);
        assert_eq!(link_role("privacy"), LinkRole::Unknown);
    }
}
