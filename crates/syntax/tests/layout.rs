//! Lines, bodies, dressing and the indented layout: text in, an outline out.

use edgelint_source::FileId;
use edgelint_syntax::body::{BodyEnd, BodyRule, cut_bodies};
use edgelint_syntax::dressing::{is_prompt, mark_dressing};
use edgelint_syntax::indented::{Indented, MAX_DEPTH, lay_out};
use edgelint_syntax::{LineKind, Lines, Tree};
use proptest::prelude::{any, prop, proptest};

const BODIES: &[BodyRule] = &[
    BodyRule { head: &["banner", "*"], end: BodyEnd::Delimiter },
    BodyRule { head: &["certificate"], end: BodyEnd::HexUntil("quit") },
    BodyRule { head: &["script"], end: BodyEnd::Line("EOF") },
];

const RULES: Indented = Indented {
    adopts: |header, line, _| header.peek(0) == "interface" && line.peek(0) == "description",
    is_closer: |line| line.peek(0) == "exit-address-family",
    closes: |header, _| header.peek(0) == "address-family",
};

fn tree(text: &str) -> Tree<'_> {
    let mut lines = Lines::split(FileId(0), text);
    mark_dressing(&mut lines);
    cut_bodies(&mut lines, BODIES);
    lay_out(lines, &RULES)
}

/// Every statement on a line, one dot a level in front of it.
fn outline(text: &str) -> String {
    let tree = tree(text);
    let line = |statement: edgelint_syntax::Statement<'_, '_>| {
        format!("{}{}\n", ".".repeat(statement.depth() as usize), statement.words().line_text())
    };
    tree.statements().map(line).collect()
}

#[test]
fn blocks_follow_indentation() {
    let text = "router bgp 1\n neighbor X\n address-family ipv4\n  network N\n exit-address-family\n bgp y\nend z\n";
    let expected = "router bgp 1\n.neighbor X\n.address-family ipv4\n..network N\n..exit-address-family\n.bgp y\nend z\n";
    assert_eq!(outline(text), expected);
}

#[test]
fn a_closing_word_belongs_to_the_block_it_closes() {
    // The closer stands as far left as its block's header, as exports print it.
    let text = "a\n address-family x\n  b\n exit-address-family\n c\n";
    assert!(outline(text).ends_with(".c\n"), "{}", outline(text));
}

#[test]
fn a_comment_does_not_end_a_block_but_stops_adoption() {
    assert_eq!(outline("interface A\n!\n ip address\n"), "interface A\n.ip address\n");
    assert_eq!(
        outline("interface A\ndescription B\n ip x\n"),
        "interface A\n.description B\n.ip x\n"
    );
    assert_eq!(outline("interface A\n!\ndescription B\n"), "interface A\ndescription B\n");
    assert_eq!(outline("a x\n b x\n ! note\n  c x\n"), "a x\n.b x\n..c x\n");
}

#[test]
fn tabs_and_deep_nesting() {
    assert_eq!(outline("a\n\tb\n        c\n"), "a\n.b\n.c\n");
    let deep: String = (0..200).map(|level| format!("{}x\n", " ".repeat(level))).collect();
    let tree = tree(&deep);
    assert_eq!(tree.nodes.len(), 200);
    assert!(tree.statements().all(|statement| statement.depth() <= MAX_DEPTH));
}

#[test]
fn line_ends_of_all_kinds() {
    for text in ["a\n b\nc\n", "a\r\n b\r\nc\r\n", "a\r b\rc\r", "a\n b\r\nc"] {
        assert_eq!(outline(text), "a\n.b\nc\n", "{text:?}");
    }
}

#[test]
fn bodies_are_no_statements() {
    let banner = "banner motd ^C\nrouter bgp 1\n neighbor X\n^C\nafter x\n";
    assert_eq!(outline(banner), "banner motd ^C\nafter x\n");
    assert_eq!(outline("banner motd ^Chello^C\nafter x\n"), "banner motd ^Chello^C\nafter x\n");
    assert_eq!(outline("banner exec #\ntext\n#\nafter x\n"), "banner exec #\nafter x\n");
    assert_eq!(
        outline("banner motd \u{3}\ntext\n\u{3}\nafter x\n"),
        "banner motd\ntext\nafter x\n"
    );
    assert_eq!(
        outline("certificate 01\n  3082 0001\n  quit\nafter x\n"),
        "certificate 01\nafter x\n"
    );
    assert_eq!(outline("certificate 01\nafter x\n"), "certificate 01\nafter x\n");
    assert_eq!(outline("script y\nrouter bgp 1\nEOF\nafter x\n"), "script y\nafter x\n");
    assert_eq!(outline("banner motd ^C\nnever closed\n"), "banner motd ^C\n");
}

#[test]
fn dressing_is_no_statement() {
    let text = "name#show running-config\nBuilding configuration...\n\nCurrent configuration : 9 bytes\na x\nname#\n";
    assert_eq!(outline(text), "a x\n");
    assert!(is_prompt("RP/0/RSP0/CPU0:name#show run"));
    assert!(!is_prompt("description #1 link"));
    assert!(!is_prompt("name(config)#router bgp 1"), "a prompt with a statement is a statement");
}

#[test]
fn the_span_of_a_block_ends_with_its_last_statement() {
    let tree = tree("a x\n b y\n  c z\nd\n");
    let block = tree.top().next().map(|statement| statement.block_span());
    assert_eq!(block.map(|span| (span.start, span.end)), Some((0, 14)));
    assert_eq!(tree.top().count(), 2);
}

proptest! {
    #[test]
    fn nothing_of_a_text_is_lost(parts in prop::collection::vec(any::<String>(), 0..20)) {
        let text = parts.join("\n ");
        let tree = tree(&text);
        let mut at = 0;
        for line in &tree.lines.lines {
            let between = &text[at as usize..line.start as usize];
            assert!(between.chars().all(|c| c == '\n' || c == '\r'), "{between:?}");
            at = line.end;
        }
        assert!(text[at as usize..].chars().all(|c| c == '\n' || c == '\r'));
        let statements = tree.lines.lines.iter().filter(|line| line.kind == LineKind::Statement);
        assert_eq!(statements.count(), tree.nodes.len());
        for (index, node) in (0_u32..).zip(&tree.nodes) {
            assert!(node.end > index && node.end as usize <= tree.nodes.len());
            assert!(node.word_count > 0 && node.depth <= MAX_DEPTH);
        }
    }
}
