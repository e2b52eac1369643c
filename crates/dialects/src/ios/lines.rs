//! Lines of blocks as IOS has them: how blocks end; and what tests of handlers need.

use edgelint_model::State;
use edgelint_syntax::Words;

pub(super) use crate::phrases::lines::{
    InertRow, between, listed, long_name, lower, polarity, room, whole,
};

/// The end of a block that somebody typed out. (A block that is inert as a whole may hold anything.)
///
/// inert-exit ::= ("exit" | "end") NL
/// inert-block ::= INDENT (REST NL inert-block?)+ DEDENT
pub(crate) fn is_exit(words: Words<'_, '_>) -> bool {
    words.len() == 1 && (words.is(0, "exit") || words.is(0, "end"))
}

/// The end of a block as exports write it.
///
/// block-end ::= ("exit-address-family" | "exit-peer-session" | "exit-peer-policy" | "exit-af-topology") NL
pub(crate) fn is_block_end(words: Words<'_, '_>) -> bool {
    let is = |word: &str| words.is(0, word);
    words.len() == 1
        && (is("exit-address-family")
            || is("exit-peer-session")
            || is("exit-peer-policy")
            || is("exit-af-topology"))
}

/// The state of a line that ends a block, if it is one.
pub(crate) fn end_state(words: Words<'_, '_>) -> Option<State> {
    if is_exit(words) {
        return Some(State::Inert);
    }
    is_block_end(words).then_some(State::Modelled)
}

#[cfg(test)]
pub(crate) mod tests {
    use edgelint_model::{Device, Part, State};
    use edgelint_source::{Arena, FileId, Span};
    use edgelint_syntax::indented::{Indented, lay_out};
    use edgelint_syntax::{Lines, Statement, Tree};

    use crate::ios::draft::Draft;

    /// How tests tell a handler what to do.
    pub(crate) type Handler = for<'w, 't> fn(&mut Draft<'t>, Statement<'w, 't>);

    /// The tree of a text, laid out by indentation alone.
    pub(crate) fn tree(text: &str) -> Tree<'_> {
        lay_out(Lines::split(FileId(0), text), &Indented::PLAIN)
    }

    /// Reads every top statement of a tree with `handler`, then finishes BGP.
    pub(crate) fn read<'t>(tree: &Tree<'t>, _arena: &'t Arena, handler: Handler) -> Device<'t> {
        let at = Span::new(FileId(0), 0, 0);
        let mut draft = Draft::new(&crate::ios::behaviour::IOS, at);
        for statement in tree.top() {
            handler(&mut draft, statement);
        }
        crate::ios::bgp::finish(&mut draft);
        draft.settle_names();
        let counted: u32 = [State::Modelled, State::Inert, State::Unmodelled, State::Opaque]
            .map(|state| draft.device.coverage.total(state))
            .iter()
            .sum();
        assert_eq!(counted as usize, tree.nodes.len(), "each statement is counted once");
        draft.device
    }

    /// Reads a text and prints what `show` makes of the device.
    pub(crate) fn shown(text: &str, handler: Handler, show: fn(&Device<'_>) -> String) -> String {
        let tree = tree(text);
        let arena = Arena::new();
        show(&read(&tree, &arena, handler))
    }

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
    const WORDS: &[&str] = &[
        "no",
        "router",
        "bgp",
        "neighbor",
        "192.0.2.1",
        "2001:db8::1",
        "64500",
        "peer-group",
        "G",
        "remote-as",
        "address-family",
        "ipv4",
        "ipv6",
        "vrf",
        "A",
        "route-map",
        "in",
        "out",
        "inherit",
        "peer-session",
        "template",
        "peer-policy",
        "network",
        "mask",
        "255.255.0.0",
        "10.0.0.0/8",
        "aggregate-address",
        "redistribute",
        "ospf",
        "metric",
        "match",
        "external",
        "exit-address-family",
        "exit",
        "ip",
        "nat",
        "pool",
        "inside",
        "source",
        "static",
        "list",
        "interface",
        "Gi0/0",
        "overload",
        "address",
        "netmask",
        "prefix-length",
        "24",
        "tcp",
        "route",
        "Null0",
        "tag",
        "name",
        "definition",
        "route-target",
        "64500:1",
        "import",
        "map",
        "export",
        "encapsulation",
        "dot1q",
        "second-dot1q",
        "eigrp",
        "distribute-list",
        "prefix",
        "topology",
        "listen",
        "range",
        "send-community",
        "both",
        "weight",
        "activate",
        "default",
        "\u{fe}",
        "99999999999",
        "-1",
        "description",
        "password",
        "standby",
        "l2vpn",
        "evpn",
        "%",
        "fe80::1%x",
    ];

    proptest::proptest! {
        /// Whatever stands in a block: nothing panics, and `read` sees each statement counted once.
        #[test]
        fn any_lines_are_counted_once(
            head in 0_usize..9,
            lines in proptest::collection::vec((1_usize..4, proptest::collection::vec(0..WORDS.len(), 0..9)), 0..20)
        ) {
            let heads: [(&str, Handler); 9] = [
                ("router bgp 64500", crate::ios::bgp::router_bgp),
                ("ip nat pool P netmask 255.0.0.0", crate::ios::nat::ip_nat),
                ("ip nat inside source", crate::ios::nat::ip_nat),
                ("interface Gi0/0", crate::ios::interface::interface),
                ("ip vrf A", crate::ios::vrf::ip_vrf),
                ("vrf definition A", crate::ios::vrf::vrf_definition),
                ("ip route", crate::ios::route::ip_route),
                ("ipv6 route vrf A", crate::ios::route::ipv6_route),
                ("router eigrp 1", crate::ios::igp::router_igp),
            ];
            let (head, handler) = heads.get(head).copied().unwrap();
            let mut text = head.to_owned();
            for (indent, words) in lines {
                let words: Vec<_> = words.iter().filter_map(|at| WORDS.get(*at).copied()).collect();
                text.push_str(&format!("\n{:indent$}{}", "", words.join(" ")));
                // The same words behind the head, too.
                text.push_str(&format!("\n{head} {}", words.join(" ")));
            }
            let tree = tree(&text);
            let arena = Arena::new();
            read(&tree, &arena, handler);
        }
    }
}
