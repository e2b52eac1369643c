//! Generated IOS exports: a circuit edge and an internet edge a site.

use std::fmt::Write as _;

use super::{Edge, REFLECTOR, Random, dotted};

/// A circuit edge or an internet edge of a site.
pub(super) fn export(text: &mut String, name: &str, edge: &Edge, random: &mut Random) {
    head(text, name, edge, random);
    if edge.circuit {
        circuit_edge(text, edge, random);
    } else {
        internet_edge(text, edge, random);
    }
    tail(text, random);
}

fn head(text: &mut String, name: &str, edge: &Edge, random: &mut Random) {
    let _ = write!(
        text,
        "!\n! Last configuration change at 04:12:51 UTC\n!\nversion 17.9\nservice timestamps log datetime msec\n\
         service password-encryption\n!\nhostname {name}\n!\nboot-start-marker\nboot-end-marker\n!\n\
         aaa new-model\naaa authentication login default group tacacs+ local\n!\nip domain name edge.example\n!\n\
         username admin privilege 15 secret 9 $9${:016x}\n!\nip cef\nno ip http server\n!\n\
         class-map match-any VOICE\n match dscp ef\n!\npolicy-map WAN\n class VOICE\n  priority percent 20\n!\n",
        random.next()
    );
    let _ = write!(
        text,
        "interface Loopback0\n description router id\n ip address {} 255.255.255.255\n!\n",
        edge.loopback()
    );
    for loopback in 1..3 {
        let _ = write!(
            text,
            "interface Loopback{loopback}\n description number {loopback}\n ip address 10.{}.{}.{} 255.255.255.255\n!\n",
            random.below(200),
            random.below(250),
            random.below(250)
        );
    }
}

fn tail(text: &mut String, random: &mut Random) {
    for line in 0..8 {
        let _ = writeln!(text, "ntp server 10.255.{}.{}", line, random.below(250));
        let _ = writeln!(text, "logging host 10.254.{}.{}", line, random.below(250));
    }
    for entry in 0..20 {
        let _ =
            writeln!(text, "access-list 10 permit 10.{}.{entry}.0 0.0.0.255", random.below(200));
    }
    text.push_str("!\nline con 0\n stopbits 1\nline vty 0 4\n access-class 10 in\n transport input ssh\n!\nend\n");
}

fn inside_list(text: &mut String, random: &mut Random) {
    for entry in 1..=40 {
        let _ = writeln!(
            text,
            "ip prefix-list INSIDE seq {} permit 10.{}.{}.0/24 ge 25 le 28",
            entry * 5,
            random.below(200),
            random.below(250)
        );
    }
    text.push_str("!\n");
}

/// The session that joins the AS.
fn interior(text: &mut String, edge: &Edge) {
    if edge.interior {
        let _ = write!(
            text,
            " neighbor {REFLECTOR} remote-as 64500\n neighbor {REFLECTOR} description route reflector\n \
             neighbor {REFLECTOR} update-source Loopback0\n"
        );
    }
}

fn circuit_edge(text: &mut String, edge: &Edge, random: &mut Random) {
    let &Edge { site, own, link, .. } = edge;
    let vlan = 100 + site % 3000;
    for (port, address) in [(0, link), (1, link + 4)] {
        let _ = write!(
            text,
            "interface TenGigabitEthernet0/0/{port}.{vlan}\n description ExpressRoute er-{site:05} link {port}\n \
             encapsulation dot1Q {vlan}\n ip address {} 255.255.255.252\n ip nat outside\n \
             bfd interval 300 min_rx 300 multiplier 3\n!\n",
            dotted(address + 1)
        );
    }
    let _ = write!(
        text,
        "interface GigabitEthernet0/1\n description campus\n ip address 10.250.{}.1 255.255.255.0\n ip nat inside\n!\n",
        site % 250
    );
    let _ =
        write!(text, "router bgp 64500\n bgp log-neighbor-changes\n no bgp default ipv4-unicast\n");
    for (name, address) in [("primary", link + 2), ("secondary", link + 6)] {
        let peer = dotted(address);
        let _ = write!(
            text,
            " neighbor {peer} remote-as 12076\n neighbor {peer} description Microsoft peering er-{site:05} {name}\n \
             neighbor {peer} fall-over bfd\n"
        );
    }
    interior(text, edge);
    let _ =
        write!(text, " !\n address-family ipv4\n  network {} mask 255.255.255.248\n", dotted(own));
    for address in [link + 2, link + 6] {
        let peer = dotted(address);
        let _ = write!(
            text,
            "  neighbor {peer} activate\n  neighbor {peer} send-community both\n  \
             neighbor {peer} route-map MS-IN in\n  neighbor {peer} maximum-prefix 1500 80 warning-only\n"
        );
        if edge.filtered {
            let _ = writeln!(text, "  neighbor {peer} route-map MS-OUT out");
        }
    }
    if edge.interior {
        let _ = writeln!(text, "  neighbor {REFLECTOR} activate");
    }
    let _ = write!(
        text,
        " exit-address-family\n!\nip route {own} 255.255.255.248 Null0\n!\n\
         ip nat pool ER {first} {last} prefix-length 29\nip nat inside source list 10 pool ER overload\n!\n\
         ip community-list standard REGION permit 12076:51004\nip as-path access-list 1 permit ^12076(_12076)*$\n!\n\
         ip prefix-list OWN seq 5 permit {own}/29\n",
        own = dotted(own),
        first = dotted(edge.pool.0),
        last = dotted(edge.pool.1),
    );
    inside_list(text, random);
    let set = |by| {
        edge.preference()
            .map_or_else(String::new, |value| format!(" set local-preference {}\n", value + by))
    };
    let _ = write!(
        text,
        "route-map MS-IN permit 10\n match community REGION\n match as-path 1\n{}!\n\
         route-map MS-IN permit 20\n match as-path 1\n{}!\n\
         route-map MS-OUT permit 10\n match ip address prefix-list OWN\n!\n",
        set(20),
        set(0)
    );
}

fn internet_edge(text: &mut String, edge: &Edge, random: &mut Random) {
    let &Edge { site, own, uplink, .. } = edge;
    let peer = dotted(uplink + 2);
    let _ = write!(
        text,
        "interface GigabitEthernet0/0\n description internet uplink\n ip address {} 255.255.255.252\n \
         ip nat outside\n ip access-group FROM-INTERNET in\n!\n\
         interface GigabitEthernet0/1\n description campus\n ip address 10.251.{}.1 255.255.255.0\n ip nat inside\n!\n\
         ip access-list extended FROM-INTERNET\n",
        dotted(uplink + 1),
        site % 250
    );
    for _ in 0..25 {
        let _ = writeln!(
            text,
            " permit tcp any host {} eq {}",
            dotted(own + u32::try_from(random.below(8)).expect("small")),
            random.below(60000) + 1
        );
    }
    let _ = write!(
        text,
        " deny ip any any log\n!\nrouter bgp 64500\n bgp log-neighbor-changes\n network {own} mask 255.255.255.248\n \
         neighbor {peer} remote-as 64497\n neighbor {peer} description internet provider\n \
         neighbor {peer} route-map NET-IN in\n",
        own = dotted(own),
    );
    if edge.filtered {
        let _ = writeln!(text, " neighbor {peer} prefix-list NET-OUT out");
    }
    interior(text, edge);
    let _ = write!(
        text,
        "!\nip route {own} 255.255.255.248 Null0\nip nat pool NET {first} {last} prefix-length 29\n\
         ip nat inside source list 10 pool NET overload\n!\nip prefix-list NET-OUT seq 5 permit {own}/29\n\
         ip prefix-list DEFAULT seq 5 permit 0.0.0.0/0\n",
        own = dotted(own),
        first = dotted(edge.pool.0),
        last = dotted(edge.pool.1),
    );
    inside_list(text, random);
    let set = edge
        .preference()
        .map_or_else(String::new, |value| format!(" set local-preference {value}\n"));
    let _ = write!(
        text,
        "route-map NET-IN deny 10\n match ip address prefix-list INSIDE\n!\nroute-map NET-IN permit 20\n{set}!\n"
    );
}
