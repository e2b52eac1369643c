//! Lines of blocks as EOS has them: how they begin and end; and what tests of handlers need.

use edgelint_model::State;
use edgelint_syntax::Words;

use crate::phrases::is_word;
pub(super) use crate::phrases::lines::{InertRow, between, listed, lower, polarity, room, whole};

/// The end of a block that somebody typed out. (A block that is inert as a whole may hold anything.)
///
/// inert-exit ::= ("exit" | "end") NL
/// inert-block ::= INDENT (REST NL inert-block?)+ DEDENT
pub(crate) fn is_exit(words: Words<'_, '_>) -> bool {
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "exit" | "end" => words.len() == 1,
        _ => false,
    }
}

/// The end of an address family as older releases write it.
///
/// block-end ::= "exit-address-family" NL
pub(crate) fn is_block_end(words: Words<'_, '_>) -> bool {
    is_word(words, 0, "exit-address-family") && words.len() == 1
}

/// A comment that somebody left in a mode: its text stands below it and is cut out before.
///
/// inert-comment ::= "comment" NL
pub(crate) fn is_comment(words: Words<'_, '_>) -> bool {
    is_word(words, 0, "comment") && words.len() == 1
}

/// The state of a line that ends a block, if it is one.
pub(crate) fn exit_state(words: Words<'_, '_>) -> Option<State> {
    is_exit(words).then_some(State::Inert)
}

/// The state of a line that ends or explains a block, if it is one.
pub(crate) fn end_state(words: Words<'_, '_>) -> Option<State> {
    (is_exit(words) || is_comment(words)).then_some(State::Inert)
}

/// The same in a process, where address families have ends of their own.
pub(crate) fn process_end_state(words: Words<'_, '_>) -> Option<State> {
    end_state(words).or_else(|| is_block_end(words).then_some(State::Modelled))
}

/// How a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sense {
    /// It sets something.
    Set,
    /// `no`: it switches something off.
    Off,
    /// `default`: it gives something back to what is inherited or built in.
    Default,
}

/// How a line begins, and the words behind.
pub(crate) fn sense<'w, 't>(words: Words<'w, 't>) -> (Sense, Words<'w, 't>) {
    if 1 < words.len() && is_word(words, 0, "no") {
        (Sense::Off, words.skip(1))
    } else if 1 < words.len() && is_word(words, 0, "default") {
        (Sense::Default, words.skip(1))
    } else {
        (Sense::Set, words)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use edgelint_model::{Device, Part, State};

    /// The four counts of a part, as `modelled/inert/unmodelled/opaque`.
    pub(crate) fn counts(device: &Device<'_>, part: Part) -> String {
        let of = |state| device.coverage.of(part, state);
        format!(
            "{}/{}/{}/{}",
            of(State::Modelled),
            of(State::Inert),
            of(State::Unmodelled),
            of(State::Opaque)
        )
    }

    /// Words that steer the parsers into every corner, and some that fit nowhere.
    #[rustfmt::skip]
    const WORDS: &[&str] = &[
        "no", "default", "router", "bgp", "neighbor", "interface", "192.0.2.1", "2001:db8::1", "64500",
        "peer-group", "peer", "group", "G", "remote-as", "address-family", "ipv4", "ipv6", "vrf", "A",
        "route-map", "in", "out", "rcf", "F()", "network", "mask", "255.255.0.0", "10.0.0.0/8",
        "aggregate-address", "redistribute", "ospf", "metric", "match", "external", "exit", "ip", "nat",
        "pool", "source", "static", "dynamic", "access-list", "Et1", "overload", "address",
        "prefix-length", "24", "tcp", "route", "Null0", "tag", "name", "instance", "route-target",
        "64500:1", "import", "export", "encapsulation", "dot1q", "vlan", "listen", "range",
        "send-community", "standard", "weight", "activate", "seq", "permit", "deny", "eq", "ge",
        "community", "community-list", "additive", "delete", "as-path", "prepend", "continue",
        "sub-route-map", "\u{fe}", "99999999999", "-1", "description", "password", "evpn", "%", "fe80::1%x",
    ];

    proptest::proptest! {
        /// Whatever stands in a block: nothing panics, and each statement is counted once.
        #[test]
        fn any_lines_are_counted_once(
            head in 0_usize..12,
            lines in proptest::collection::vec((1_usize..4, proptest::collection::vec(0..WORDS.len(), 0..9)), 0..20)
        ) {
            let heads = [
                "router bgp 64500", "ip nat pool P prefix-length 24", "ip nat profile P", "interface Et1",
                "vrf instance A", "ip route", "ipv6 route vrf A", "router ospf 1", "route-map M permit 10",
                "ip prefix-list P", "ip access-list A", "ip community-list C",
            ];
            let head = heads[head];
            let mut text = head.to_owned();
            for (indent, words) in lines {
                let words: Vec<_> = words.iter().map(|at| WORDS[*at]).collect();
                text.push_str(&format!("\n{:indent$}{}", "", words.join(" ")));
                // The same words behind the head, too.
                text.push_str(&format!("\n{head} {}", words.join(" ")));
            }
            let tree = crate::eos::layout::lay_out(edgelint_syntax::Lines::split(
                edgelint_source::FileId(0),
                &text,
            ));
            let arena = edgelint_source::Arena::new();
            let devices = crate::eos::read(&tree, &arena);
            let counted: u32 = [State::Modelled, State::Inert, State::Unmodelled, State::Opaque]
                .map(|state| devices[0].coverage.total(state))
                .iter()
                .sum();
            assert_eq!(counted as usize, tree.nodes.len(), "{text}");
        }
    }
}
