//! Lines of blocks as NX-OS has them: how blocks end.

use edgelint_syntax::Words;

pub(super) use crate::phrases::lines::{InertRow, between, listed, lower, polarity, room, whole};

/// What takes a setting back stands in front of a line. This is the end of a block that somebody typed out. (A block that is inert as a whole may hold anything.)
///
/// undo ::= "no" | "default"
/// inert-exit ::= ("exit" | "end") NL
/// inert-block ::= INDENT (REST NL inert-block?)+ DEDENT
pub(super) fn is_exit(words: Words<'_, '_>) -> bool {
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "exit" | "end" => words.len() == 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use edgelint_model::State;
    use edgelint_source::{Arena, FileId};
    use edgelint_syntax::Lines;

    /// Words that steer the parsers into every corner, and some that fit nowhere.
    const WORDS: &str = "no default router bgp neighbor 192.0.2.1 2001:db8::1 64500 remote-as address-family ipv4 ipv6 unicast \
        l2vpn evpn vrf A member context route-map in out inherit peer peer-session template peer-policy network mask \
        255.255.0.0 10.0.0.0/8 10.0.0.0/24 aggregate-address redistribute direct static ospf exit ip nat pool inside \
        outside source list interface Ethernet1/1 overload address netmask prefix-length 24 tcp route Null0 tag name \
        route-target both auto 64500:1 import map export encapsulation dot1q 100 secondary eigrp distribute-list \
        prefix-list seq 5 permit deny eq ge le community-list standard expanded as-path access-list send-community both \
        weight shutdown description password 3 hsrp match set community continue any host addrgroup range \u{fe} \
        99999999999 -1 % fe80::1%x pbr-statistics maximum-prefix dampening 1 timers local-as";

    proptest::proptest! {
        /// Whatever stands in a block: nothing panics, and each statement is counted once.
        #[test]
        fn any_lines_are_counted_once(
            head in 0_usize..12,
            lines in proptest::collection::vec((0_usize..5, proptest::collection::vec(0..110_usize, 0..9)), 0..20)
        ) {
            let heads = [
                "router bgp 64500", "ip nat pool P netmask 255.0.0.0", "ip nat inside source", "interface Ethernet1/1",
                "vrf context A", "ip route", "router eigrp 1", "route-map M permit 10", "ip access-list L",
                "ip prefix-list P", "ip community-list standard C", "ip as-path access-list A",
            ];
            let known: Vec<&str> = WORDS.split_whitespace().collect();
            let head = heads[head];
            let mut text = head.to_owned();
            for (indent, words) in lines {
                let words: Vec<_> = words.iter().map(|at| known[at % known.len()]).collect();
                text.push_str(&format!("\n{:indent$}{}", "", words.join(" ")));
                // The same words behind the head, too.
                text.push_str(&format!("\n{head} {}", words.join(" ")));
            }
            let tree = crate::nxos::layout::lay_out(Lines::split(FileId(0), &text));
            let arena = Arena::new();
            let device = crate::nxos::read(&tree, &arena).remove(0);
            let states = [State::Modelled, State::Inert, State::Unmodelled, State::Opaque];
            let counted: u32 = states.iter().map(|state| device.coverage.total(*state)).sum();
            assert_eq!(counted as usize, tree.nodes.len(), "each statement is counted once:\n{text}");
        }
    }
}
