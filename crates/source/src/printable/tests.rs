//! What is hidden and what stays, line by line, for all vendors; then the laws.

use proptest::prelude::*;

use super::{Masks, Printable, PrintableLine, is_open};

fn printed(line: &str, masks: &Masks) -> PrintableLine {
    Printable::new(line, masks).line(0, u32::try_from(line.len()).unwrap())
}

/// The printed form of a line of which the parser says nothing.
fn open(line: &str) -> String {
    printed(line, &Masks::default()).as_str().to_owned()
}

/// The printed form of a line nobody understood.
fn blind(line: &str) -> String {
    let masks = Masks::new(vec![], vec![(0, u32::try_from(line.len()).unwrap())]);
    printed(line, &masks).as_str().to_owned()
}

/// Commands with `§` where the secret stands.
const COMMANDS: &[&str] = &[
    "password §",
    " password 7 §",
    "enable secret 5 §",
    "enable secret level 5 9 §",
    "enable password §",
    "username ops privilege 15 secret 9 §",
    "username ops password 0 §",
    "username admin password 5 § role network-admin",
    "snmp-server community § ro 10",
    "snmp-server community § view ALL rw",
    "snmp-server community encrypted § RO",
    "snmp-server host 192.0.2.1 version 2c §",
    "snmp-server host 192.0.2.1 traps version 2c § bgp config",
    "snmp-server host 192.0.2.1 §",
    "snmp-server host 192.0.2.1 vrf MGMT version 2c §",
    "snmp-server host inside 192.0.2.1 community § version 2c",
    "snmp-server user nms ADMINS v3 auth md5 § priv aes 128 §",
    "snmp-server user nms ADMINS v3 auth sha § priv des § access 10",
    " neighbor 192.0.2.1 password §",
    " neighbor 192.0.2.1 password 7 §",
    "  password encrypted §",
    "  key-string 7 §",
    "   key-string password §",
    "pre-shared-key address 192.0.2.1 255.255.255.255 key §",
    "pre-shared-key address 192.0.2.1 key 6 §",
    "  pre-shared-key local §",
    "crypto isakmp key § address 192.0.2.1 255.255.255.255 no-xauth",
    "crypto isakmp key 6 § address 192.0.2.1",
    " authentication local pre-share key §",
    "tacacs-server host 192.0.2.1 key 7 §",
    "tacacs-server key 7 \"§\"",
    "radius-server host 192.0.2.1 auth-port 1812 acct-port 1813 key §",
    " server-private 192.0.2.1 port 49 key 7 §",
    " key 7 §",
    " key §",
    " ip ospf message-digest-key 1 md5 7 §",
    " ip ospf message-digest-key 1 md5 §",
    " ip ospf authentication-key §",
    " standby 1 authentication §",
    " standby 1 authentication md5 key-string 7 §",
    " vrrp 1 authentication text §",
    "ntp authentication-key 1 md5 § 7",
    "ntp authentication-key 10 md5 §",
    " ppp chap password 0 §",
    " ppp pap sent-username isp password 7 §",
    "  wpa-psk ascii 0 §",
    " isis password § level-2",
    " area 1 virtual-link 192.0.2.1 authentication message-digest message-digest-key 1 md5 §",
    "ip ftp password 7 §",
    "ip http client password §",
    "key config-key password-encrypt §",
    "crypto key export rsa edge pem terminal 3des §",
    "failover key §",
    "passwd § encrypted",
    "username ops password § encrypted privilege 15",
    " ikev1 pre-shared-key §",
    " ikev2 remote-authentication pre-shared-key §",
    " ldap-login-password §",
    "        authentication-key \"§\"; ## SECRET-DATA",
    "    encrypted-password \"§\";",
    "set system root-authentication encrypted-password \"§\"",
    "set security ike policy edge pre-shared-key ascii-text \"§\"",
    "set system radius-server 192.0.2.1 secret \"§\"",
    "set snmp community § authorization read-only",
    "set security authentication-key-chains key-chain edge key 1 secret \"§\"",
    "set protocols ospf area 0 interface ge-0/0/0 authentication md5 1 key \"§\"",
    "set snmp v3 usm local-engine user nms authentication-sha authentication-key \"§\"",
    "    secret \"§\" hash2",
    "        set psksecret ENC §",
    "    set password ENC §",
    "    set md5-key \"§\"",
    "set vpn ipsec authentication psk edge secret '§'",
    "set system login user ops authentication plaintext-password '§'",
    "set service snmp community § authorization ro",
    "set protocols bgp neighbor 192.0.2.1 password '§'",
    "/user add name=ops password=§ group=full",
    "add address=192.0.2.1 secret=\"§ and more\" profile=edge",
    "set wpa2-pre-shared-key=\"§\"",
    "/snmp community add name=§ addresses=192.0.2.0/24",
    "/snmp set enabled=yes trap-community=§",
    "trap-target \"a\" address 192.0.2.1 snmpv2c notify-community \"§\"",
    "snmp-agent community read cipher § acl 2000",
    " peer 192.0.2.1 password cipher §",
    " local-user ops password irreversible-cipher §",
    " ospf authentication-mode md5 1 cipher §",
    " radius-server shared-key cipher §",
    "set deviceconfig system snmp-setting version v2c snmp-community-string §",
    "      <pre-shared-key><key>§</key></pre-shared-key>",
    "<phash>§</phash>",
    "\"password\": \"§\",",
    "copy running-config ftp://ops:§@192.0.2.1/edge.cfg",
    "archive-sites \"scp://ops:§@192.0.2.1/\"",
    "! old: password 7 §",
    " --More-- \u{8}\u{8}\u{8}password 7 §",
    "password § § §",
];

#[test]
fn plain_words_are_open() {
    for text in ["ExpressRoute er-00012 link 0", "Microsoft peering er-00012 primary", ""] {
        assert!(is_open(text), "{text}");
    }
    for text in
        ["key er-oslo", "er-oslo: primary", "psk1 er-oslo", "community er-oslo", "7 070C285F"]
    {
        assert!(!is_open(text), "{text}");
    }
}

#[test]
fn known_commands_hide_their_secret() {
    for command in COMMANDS {
        let line = command.replace('§', "hunter2Canary");
        let shown = open(&line);
        assert!(!shown.contains("hunter2Canary"), "{shown}");
        assert!(shown.contains("<secret>"), "{shown}");
    }
}

#[test]
fn what_is_no_secret_stays() {
    let table = [
        (" neighbor 192.0.2.1 password 7 0822455D0A16", " neighbor 192.0.2.1 password 7 <secret>"),
        (
            "snmp-server community abc view ALL ro 10",
            "snmp-server community <secret> view ALL ro 10",
        ),
        (
            "snmp-server user nms ADMINS v3 auth md5 abc priv aes 128 def access 10",
            "snmp-server user nms ADMINS v3 auth md5 <secret> priv aes 128 <secret> access 10",
        ),
        (
            "snmp-server host 192.0.2.1 traps version 2c abc bgp",
            "snmp-server host 192.0.2.1 traps version 2c <secret> bgp",
        ),
        (
            "snmp-server host inside 192.0.2.1 community abc version 2c",
            "snmp-server host inside 192.0.2.1 community <secret> version 2c",
        ),
        (
            "crypto isakmp key abc address 192.0.2.1 255.255.255.255 no-xauth",
            "crypto isakmp key <secret> address 192.0.2.1 255.255.255.255 no-xauth",
        ),
        (
            "username admin password 5 abc role network-admin",
            "username admin password 5 <secret> role network-admin",
        ),
        (
            "username ops password abc encrypted privilege 15",
            "username ops password <secret> encrypted privilege 15",
        ),
        ("ntp authentication-key 10 md5 abc 7", "ntp authentication-key 10 md5 <secret> 7"),
        (
            "authentication-key \"abc\"; local-as 64500; ## SECRET-DATA",
            "authentication-key \"<secret>\"; local-as 64500; ## SECRET-DATA",
        ),
        (
            "/user add name=ops password=abc group=full",
            "/user add name=ops password=<secret> group=full",
        ),
        ("url ftp://ops:abc@192.0.2.1/x", "url ftp://<secret>@192.0.2.1/x"),
        ("<key>abc</key>", "<key><secret></key>"),
        ("password two words", "password <secret>"),
        ("password encrypted", "password <secret>"),
        ("    set passwd ENC abc=", "    set passwd ENC <secret>"),
    ];
    for (line, expected) in table {
        assert_eq!(open(line), expected);
    }
}

#[test]
fn policy_and_scrubbed_lines_are_left_alone() {
    let lines = [
        " match community AZURE-PRIVATE",
        " set community 12076:5010 additive",
        "ip community-list standard KEY permit 12076:5010",
        "ip prefix-list SECRET seq 5 permit 10.0.0.0/8 le 24",
        " neighbor 192.0.2.1 send-community both",
        "key chain EDGE",
        " key 1",
        "crypto key generate rsa modulus 2048",
        "ip ssh version 2",
        "ip ssh pubkey-chain",
        "authentication-algorithm sha-256;",
        "community AZURE members [ 12076:5010 12076:5020 ];",
        "set policy-options community AZURE members 12076:5010",
        "from community AZURE;",
        "community add AZURE;",
        " ip ospf authentication message-digest",
        " authentication pre-share",
        " authentication mode md5",
        " ip ospf authentication key-chain EDGE",
        "aaa authentication login default group tacacs+ local",
        " authentication-mode aaa",
        "ntp server 192.0.2.1 key 1 prefer",
        "ntp trusted-key 1",
        "no password strength-check",
        "service password-encryption",
        "enable secret 5 <removed>",
        "snmp-server community <secret hidden> ro",
        " neighbor 192.0.2.1 password 7 netconanRemoved3",
        " ikev1 pre-shared-key *****",
        "    key 1 {",
        "route-map AzureExpressRoute-Import-From-12076-Primary-IPv4 permit 10",
        "timers 7 1000",
        "ipv6 route 2001:db8:1234:5678:9abc:def0:1234:5678/128 Null0",
        "interface GigabitEthernet0/0/0",
        "match application CRITICAL-SECRET-DATA",
        "secret <removed>; ## SECRET-DATA",
    ];
    for line in lines {
        assert_eq!(open(line), line);
    }
}

#[test]
fn shapes_are_hidden_wherever_they_stand() {
    let secrets = [
        "$1$abcd$0123456789",
        "$5$salt$value",
        "$6$salt$value",
        "$8$abc$def",
        "$9$abcdefgh",
        "$14$abc$def",
        "$sha512$5000$abc==$def==",
        "$2a$10$abcdefgh",
        "%^%#abc def%^%#",
        "0123456789abcdef0123456789ABCDEF",
        "0x0123456789abcdef0123456789abcdef01",
        "AAAAB3NzaC1yc2EAAAADAQABAAABgQC7vbqajDhA9x0Kz1",
    ];
    for secret in secrets {
        let line = format!("foo {secret} bar");
        assert!(!open(&line).contains(secret.split(' ').next().unwrap()), "{line}");
        assert!(open(&line).starts_with("foo <secret>"), "{line}");
        assert_eq!(open(&format!("foo \"{secret}\"; bar")), "foo \"<secret>\"; bar");
    }
    assert_eq!(open("foo 7 0822455D0A16"), "foo 7 <secret>");
}

#[test]
fn free_text_fails_closed() {
    let table = [
        ("the auth for peer is hunter2", "the auth for <secret> is <secret>"),
        ("PSK for the other side is hunter2", "PSK <secret>"),
        ("wifi-password=hunter2 site B", "wifi-password=<secret>"),
        ("login (key:hunter2)", "login (key:<secret>"),
        ("snmp_community hunter2, 5", "snmp_community <secret> 5"),
        ("uplink to Frankfurt", "uplink to Frankfurt"),
        ("api tokens: a1 b2", "api tokens: <secret>"),
        ("authentication md5 hunter2", "authentication md5 <secret>"),
        ("password !#%&", "password <secret>"),
    ];
    for (line, expected) in table {
        assert_eq!(blind(line), expected);
    }
}

#[test]
fn a_statement_over_several_lines_stays_open() {
    let text = "banner motd ^C\nThe password is\nhunter2 today\n^C\nhostname hunter3\n";
    let masks = Masks::new(vec![], vec![(0, 46)]);
    let printable = Printable::new(text, &masks);
    assert_eq!(printable.line(31, 44).as_str(), "<secret>");
    assert_eq!(printable.line(48, 64).as_str(), "hostname hunter3");
}

#[test]
fn blocks_around_a_line_are_looked_at() {
    let table = [
        ("snmp {\n    community abc {\n        x;\n", "    community <secret> {"),
        ("snmp {\n    community \"abc\" {\n        x;\n", "    community \"<secret>\" {"),
        ("policy-options {\n    community abc {\n", "    community abc {"),
        (
            "config system snmp community\n    edit 1\n        set name \"abc\"\n",
            "        set name \"<secret>\"",
        ),
        ("/snmp community\nadd name=abc\n", "add name=<secret>"),
        ("/interface bridge\nadd name=abc\n", "add name=abc"),
        ("-----BEGIN PRIVATE KEY-----\nMIIBVgIB\nabc=\n", "<secret>"),
    ];
    for (text, expected) in table {
        let masks = Masks::default();
        let at = text.find("abc").unwrap();
        let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
        let end = at + text[at..].find('\n').unwrap();
        let line = Printable::new(text, &masks)
            .line(u32::try_from(start).unwrap(), u32::try_from(end).unwrap());
        assert_eq!(line.as_str(), expected);
    }
}

#[test]
fn what_the_parser_knows_is_hidden() {
    let masks = Masks::new(vec![(12, 17), (4, 7)], vec![]);
    let line = printed("foo abc bar \"def\" ghi", &masks);
    assert_eq!(line.as_str(), "foo <secret> bar \"<secret>\" ghi");
    let offsets = [0, 4, 5, 7, 12, 13, 16, 17, 21, 99].map(|byte| line.offset(byte));
    assert_eq!(offsets, [0, 4, 4, 12, 17, 18, 26, 27, 31, 31]);
}

#[test]
fn a_span_is_masked_by_its_lines() {
    let text = "x\n neighbor 192.0.2.1 password 7 abcdef\r\n remark a\n";
    let masks = Masks::default();
    let printable = Printable::new(text, &masks);
    assert_eq!(printable.span(36, 39), "<secret>");
    assert_eq!(printable.span(3, 51), "neighbor 192.0.2.1 password 7 <secret> remark a");
    assert_eq!(printable.span(0, 0), "");
    assert_eq!(printable.span(90, 99), "");
}

#[test]
fn long_lines_are_cut_around_the_span() {
    let line = format!("{} here password abc {}", "a ".repeat(200), "b ".repeat(200));
    let at = u32::try_from(line.find("here").unwrap()).unwrap();
    let cut = printed(&line, &Masks::default()).trimmed_around(at, at + 4, 40);
    let text = cut.as_str();
    assert!(text.starts_with('…') && text.chars().count() <= 48, "{text}");
    assert_eq!(text.get(cut.offset(at)..cut.offset(at + 4)), Some("here"));
    assert!(!text.contains("abc"));
    let short = printed("short", &Masks::default());
    assert_eq!(short.clone().trimmed_around(0, 5, 40), short);
}

#[test]
fn orders_to_build_agents_are_broken_and_carets_stay() {
    let line = printed("description ##vso[task.x]y", &Masks::default());
    assert_eq!(line.as_str(), "description ## vso[task.x]y");
    assert_eq!((line.offset(14), line.offset(17)), (15, 18));
}

/// Text as hostile as it gets, with the words that masking looks for.
fn hostile() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        prop::sample::select(vec![
            "password",
            "key",
            "7",
            "community",
            "snmp-server",
            "host",
            "user",
            "auth",
            "{",
            "}",
            ";",
            "\"",
            "'",
            "##vso[",
            "::error",
            "<removed>",
            "$1$",
            "://",
            "@",
            "ENC",
            "=",
            "SECRET-DATA",
            "<key>",
            "address",
            "\u{202e}",
            "\u{1b}",
            "\u{e9}",
            "name=",
            "level",
        ])
        .prop_map(String::from),
        "\\PC{0,6}",
        "[a-z0-9]{1,45}",
    ];
    prop::collection::vec((word, "[ \t]{0,1}"), 0..14)
        .prop_map(|words| words.into_iter().map(|(word, blank)| word + &blank).collect())
}

proptest! {
    #[test]
    fn open_text_is_printed_as_it_stands(
        text in "(([a-zA-Z0-9]{1,9}|[0-9a-f]{28,36}|key|name|sha-1|community|xcommunity-string|7|ENC|er-oslo\
            |snmp|primary|Microsoft|peering|mypassword2|psks|ENC|05080F1C2243|x_secret|phash|to)[ -_.,/]){0,8}",
    ) {
        let line = text.trim();
        if is_open(line) {
            prop_assert_eq!(blind(line), line);
            let masks = Masks::new(vec![], vec![(0, 400)]);
            let all = Printable::new(line, &masks).span(0, u32::try_from(line.len()).unwrap());
            prop_assert_eq!(all, line);
        }
    }

    #[test]
    fn planted_secrets_never_show(
        index in 0..COMMANDS.len(),
        canary in "[a-zA-Z0-9]{3}Zq9[a-zA-Z0-9]{0,12}",
    ) {
        let line = COMMANDS[index].replace('§', &canary);
        prop_assert!(!open(&line).contains(&canary), "{}", open(&line));
        prop_assert!(!blind(&line).contains(&canary), "{}", blind(&line));
        let masks = Masks::default();
        let all = Printable::new(&line, &masks).span(0, u32::try_from(line.len()).unwrap());
        prop_assert!(!all.contains(&canary));
    }

    #[test]
    fn blind_text_never_shows_what_follows_a_smell(
        before in "[a-f ]{0,10}",
        smell in prop::sample::select(vec![
            "password", "Passphrase:", "secret", "KEY", "snmp-community", "psk", "token=",
            "credential", "auth", "sha256", "encrypted", "hash", "passwd/", "my_keys",
        ]),
        middle in "( [a-z]{1,8}){0,3}",
        canary in "[a-zA-Z0-9!#%&+]{2}Zq9[a-zA-Z0-9!#%&+]{0,12}",
    ) {
        let shown = blind(&format!("{before} {smell}{middle} {canary} end"));
        prop_assert!(!shown.contains("Zq9"), "{shown}");
    }

    #[test]
    fn known_secrets_never_show(before in "\\PC{0,20}", canary in "[a-z]{3}Zq9", after in "\\PC{0,20}") {
        let line = format!("{before}{canary}{after}");
        let start = u32::try_from(before.len()).unwrap();
        let masks = Masks::new(vec![(start, start + 6)], vec![]);
        prop_assert!(!printed(&line, &masks).as_str().contains(&canary));
    }

    #[test]
    fn lines_are_harmless_and_offsets_rise(
        line in hostile(),
        secrets in prop::collection::vec((0u32..120, 0u32..120), 0..3),
        holes in prop::collection::vec((0u32..120, 0u32..120), 0..3),
        (from, to, width) in (0u32..120, 0u32..120, 0usize..60),
    ) {
        let masks = Masks::new(secrets, holes);
        let whole = printed(&line, &masks);
        let cut = whole.clone().trimmed_around(from, to, width);
        for shown in [whole, cut] {
            let text = shown.as_str();
            let acts = text.chars().any(|c| c.is_control() || c == '\u{202e}');
            prop_assert!(!acts);
            prop_assert!(!text.contains("##vso["));
            let mut last = 0;
            for byte in 0..=u32::try_from(line.len()).unwrap() + 2 {
                let at = shown.offset(byte);
                prop_assert!(at >= last && text.is_char_boundary(at));
                last = at;
            }
            prop_assert_eq!(last, text.len());
        }
    }

    #[test]
    fn no_range_panics(text in "\\PC{0,30}[\r\n]{0,2}\\PC{0,30}", start in 0u32..99, end in 0u32..99) {
        let masks = Masks::new(vec![(start, end)], vec![(end, start)]);
        let printable = Printable::new(&text, &masks);
        let _ = printable.line(start, end);
        let span = printable.span(start, end);
        prop_assert!(!span.contains(['\n', '\r']));
    }
}
