//! Circuit names in free text.
//!
//! People write the circuit's name into descriptions, among words that say nothing about it. A name has a
//! letter and a digit or a hyphen (`er-oslo`, `ER1`, a service key); what remains of it without the words
//! for the link and the peering is the token that both links share.

use edgelint_source::printable::{Masks, Printable};

use crate::circuit::LinkRole;

/// Parts of words that say what a link is and not which circuit it belongs to.
const COMMON: &[&str] = &[
    "primary",
    "prim",
    "pri",
    "secondary",
    "second",
    "sec",
    "backup",
    "microsoft",
    "msft",
    "ms",
    "private",
    "priv",
    "public",
    "pub",
    "peering",
    "peer",
    "expressroute",
    "azure",
    "msee",
    "12076",
    "link",
    "port",
    "circuit",
    "connect",
    "cross",
    "x",
    "m365",
    "o365",
    "office365",
    "ipv4",
    "ipv6",
    "v4",
    "v6",
    "to",
    "via",
    "bgp",
    "ebgp",
    "l2",
    "l3",
    "dx",
    "vif",
    "direct",
    "interconnect",
    "fastconnect",
    "aws",
    "gcp",
    "oci",
    "service",
    "key",
];

/// The first circuit name in a description, lower case. `is_device` tells names of devices, which circuits
/// are not called by.
pub(super) fn token(text: &str, is_device: impl Fn(&str) -> bool) -> Option<String> {
    // What must not be printed cannot be a name either: people write keys into descriptions.
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let text = Printable::new(text, &Masks::new(Vec::new(), vec![(0, end)])).span(0, end);
    let words = text.split(|c: char| c.is_whitespace() || ",;:()[]<>\"'".contains(c));
    words.filter(|word| !word.contains('/')).find_map(|word| {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase();
        if is_device(&word) || is_measure(&word) {
            return None;
        }
        let parts: Vec<&str> = word
            .split(['-', '_', '.'])
            .filter(|part| !part.is_empty() && !COMMON.contains(part))
            .collect();
        let rest = parts.join("-");
        let letter = rest.bytes().any(|byte| byte.is_ascii_alphabetic());
        let telling = 1 < parts.len() || rest.bytes().any(|byte| byte.is_ascii_digit());
        (letter && telling && !is_measure(&rest)).then_some(rest)
    })
}

/// Numbers with a unit or a kind in front: `10G`, `AS64496`, `VLAN310`.
fn is_measure(word: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let heads = ["as", "asn", "vlan", "vl", "mtu", "vrf"];
    let tails = ["g", "m", "gb", "mb", "gbe", "ge", "gbps", "mbps", "gbit", "mbit"];
    let head = heads.iter().any(|head| word.strip_prefix(head).is_some_and(number));
    head || tails.iter().any(|tail| word.strip_suffix(tail).is_some_and(number))
}

/// The link that a description names.
pub(super) fn link_role(text: &str) -> LinkRole {
    let lower = text.to_ascii_lowercase();
    let has = |wanted: &[&str]| {
        lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| wanted.contains(&word))
    };
    let primary = has(&["primary", "prim", "pri"]);
    let secondary = has(&["secondary", "second", "sec", "backup"]);
    match (primary, secondary) {
        (true, false) => LinkRole::Primary,
        (false, true) => LinkRole::Secondary,
        _ => LinkRole::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::{link_role, token};
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
        ];
        for (text, wanted) in cases {
            assert_eq!(token(text, |word| word == "edge-oslo").as_deref(), wanted, "{text}");
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
