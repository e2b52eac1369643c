//! Braces, `set` lines and both mixed give the same paths; nothing is lost, nothing fails.

use edgelint_source::FileId;
use proptest::prelude::*;

use crate::braced::{Braced, lay_out};
use crate::lines::{LineKind, Lines};
use crate::paths::Paths;
use crate::tree::Tree;

const RULES: Braced = Braced {
    is_command: |word| {
        matches!(word, "set" | "delete" | "deactivate" | "activate" | "insert" | "edit" | "top")
    },
    shows: &[&["show", "configuration"]],
    messages: &["Entering "],
};

fn tree(text: &str) -> Tree<'_> {
    lay_out(Lines::split(FileId(0), text), &RULES)
}

/// The paths that are in force, one a line; what is switched off ends in `!` and its depth.
fn paths(text: &str) -> Vec<String> {
    let tree = tree(text);
    let paths = Paths::of(&tree);
    let live = paths.paths.iter().filter(|path| !path.deleted);
    live.map(|path| {
        let words: Vec<&str> = paths.words(path).tokens().map(|token| token.text).collect();
        let off = path.inactive.map_or(String::new(), |off| format!(" !{}", off.depth));
        words.join(" ") + &off
    })
    .collect()
}

const BRACES: &str = r#"
## Last commit: 2026-01-01 by ops
version 22.4R1;
protocols {
    bgp {
        group CLOUD {
            type external;
            import [ FIRST SECOND ]; /* two */
            authentication-key "$9$x y"; ## SECRET-DATA
            inactive: neighbor 192.0.2.1 {
                description "one; { two }";
                peer-as 12076;
            }
            replace: neighbor 192.0.2.5;
        }
    }
}
policy-options {
    as-path-group A {
        inactive: as-path a ".* [ 1 2 ]";
    }
    community EMPTY { }
}
"#;

const SET: &str = r#"
set version 22.4R1
set protocols bgp group CLOUD type external
set protocols bgp group CLOUD import FIRST
set protocols bgp group CLOUD import SECOND
set protocols bgp group CLOUD authentication-key "$9$x y"
set protocols bgp group CLOUD neighbor 192.0.2.1 description "one; { two }"
set protocols bgp group CLOUD neighbor 192.0.2.1 peer-as 12076
set protocols bgp group CLOUD neighbor 192.0.2.5
set policy-options as-path-group A as-path a ".* [ 1 2 ]"
set policy-options community EMPTY
deactivate protocols bgp group CLOUD neighbor 192.0.2.1
deactivate policy-options as-path-group A as-path a
"#;

#[test]
fn braces_and_set_lines_are_the_same_paths() {
    let braces: Vec<String> =
        paths(BRACES).iter().map(|path| path.replace("as-path a .* [ 1 2 ] !7", "")).collect();
    let set: Vec<String> =
        paths(SET).iter().map(|path| path.replace("as-path a .* [ 1 2 ] !6", "")).collect();
    assert_eq!(braces.len(), 10, "{braces:#?}");
    for (a, b) in braces.iter().zip(&set) {
        assert_eq!(a.split(" !").next(), b.split(" !").next());
    }
    assert_eq!(
        braces[5],
        "protocols bgp group CLOUD neighbor 192.0.2.1 description one; { two } !6"
    );
    assert_eq!(braces[5..7], set[5..7]);
}

#[test]
fn both_forms_may_stand_in_one_file() {
    let text = "protocols {\n    bgp {\n        group A {\n            peer-as 64500;\n        }\n    }\n}\nset protocols bgp group A type external\nsystem {\n  host-name r1;\n";
    let expected = [
        "protocols bgp group A peer-as 64500",
        "protocols bgp group A type external",
        "system host-name r1",
    ];
    assert_eq!(paths(text), expected);
}

#[test]
fn a_prompt_says_where_its_output_stands() {
    let text = "{master:0}\nops@r1> show configuration protocols bgp | no-more\ngroup A {\n    peer-as 64500;\n}\n\n{master:0}\nops@r1> quit\n";
    assert_eq!(paths(text), ["protocols bgp group A peer-as 64500"]);
    let text = "[edit protocols bgp]\nops@r1# set group A type internal\n[edit]\nops@r1# set system host-name r1\n";
    assert_eq!(paths(text), ["protocols bgp group A type internal", "system host-name r1"]);
    let text = "ops@r1> show configuration protocols\nbgp {\n}\n{master:0}[edit system]\nops@r1# set host-name r1\nEntering x\n{master:0}\nops@r1# set b c";
    assert_eq!(paths(text), ["protocols bgp", "system host-name r1", "b c"]);
    let text = "ops@r1# set protocols bgp group A type internal\nops@r1# set system host-name r1";
    assert_eq!(paths(text), ["protocols bgp group A type internal", "system host-name r1"]);
}

#[test]
fn commands_take_back_and_move() {
    let text = "set a b c\nset a b d\ndelete a b c\nset a b c x\nset a e\ninsert a e before b\nset f\ndelete f\nedit g h\nset i\ntop\nset j\n";
    assert_eq!(paths(text), ["a e", "a b d", "a b c x", "g h i", "j"]);
    let text = "set a b\ndeactivate a b\nset a b c\nactivate a b\n";
    assert_eq!(paths(text), ["a b", "a b c"]);
    assert_eq!(paths("a {\n delete: b;\n c;\n}"), ["a c"]);
}

#[test]
fn tags_say_what_commands_say() {
    // What is replaced is gone, also where the tag has a line of its own.
    assert_eq!(
        paths("a { b { c; } d; }\na {\n  replace:\n  b {\n    e;\n  }\n}"),
        ["a d", "a b e"]
    );
    assert_eq!(paths("a { b { c; } d; }\na { delete: b; }"), ["a d"]);
    // A tag speaks of a whole list.
    assert_eq!(paths("a { inactive: b [ c d ]; }"), ["a b c !2", "a b d !2"]);
    // What was switched off further in stays so when the outer part is switched on.
    let inner = "a { inactive: b { inactive: c; d; } }\nactivate a b\n";
    let lines = "set a b c\nset a b d\ndeactivate a b\ndeactivate a b c\nactivate a b\n";
    assert_eq!(paths(inner), ["a b c !3", "a b d"]);
    assert_eq!(paths(lines), paths(inner));
}

#[test]
fn quoted_texts_and_comments_may_take_several_lines() {
    let text = "system {\n    login {\n        message \"one\n  two { three\n\";\n    }\n    /* a {\n   b; */ host-name r1;\n}\n";
    assert_eq!(paths(text)[1..], ["system host-name r1"]);
    assert!(paths(text)[0].starts_with("system login message one\n"));
    // A quote that is never closed ends with its line.
    let text = "a {\n    b \"c;\n    d e;\n}\nf \"g\";\n";
    assert_eq!(paths(text), ["a b c", "a d e", "f g"]);
}

#[test]
fn a_missing_semicolon_costs_one_line() {
    assert_eq!(paths("a {\n b c\n d;\n}\ne\n{\n f;\n}"), ["a b c", "a d", "e f"]);
    // A deeper line goes on with the statement.
    assert_eq!(paths("a {\n b\n   c;\n d;\n}"), ["a b c", "a d"]);
    assert_eq!(paths("a [ b\n c ];\nd [ ];"), ["a b", "a c", "d"]);
    assert_eq!(
        paths("p ( A && !B );\nq [ ( A || B ) C ];"),
        ["p ( A && !B )", "q ( A || B )", "q C"]
    );
}

#[test]
fn deep_nesting_is_flattened() {
    let text = format!("{}x;{}", "a {\n".repeat(5000), "}\n".repeat(5000));
    let found = paths(&text);
    assert!(found.last().is_some_and(|path| path.ends_with(" x") && path.len() < 300));
    assert_eq!(paths(&format!("{text}b;")).last().map(String::as_str), Some("b"));
}

#[test]
fn every_word_of_a_line_stands_in_that_line() {
    for text in [BRACES, SET] {
        let tree = tree(text);
        for line in &tree.lines.lines {
            for token in tree.lines.words_of(line).tokens() {
                assert!(line.start <= token.span.start && token.span.end <= line.end);
            }
        }
    }
}

#[test]
fn a_file_cut_anywhere_is_read() {
    for text in [BRACES, SET] {
        for cut in (0..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            paths(&text[..cut]);
        }
    }
}

proptest! {
    #[test]
    fn any_text_gives_paths(text in "(set |delete |deactivate |insert |[a-c{};\\[\\]\"#/* \n@>é-]|before ){0,200}") {
        let tree = tree(&text);
        let paths = Paths::of(&tree);
        // Every word that is not part of a comment or dressing stands in a node.
        let n_words: u32 = tree.nodes.iter().map(|node| node.word_count).sum();
        let dressing = tree.lines.lines.iter().filter(|line| line.kind == LineKind::Dressing);
        let dressed: u32 = dressing.map(|line| line.word_count).sum();
        let on_lines: u32 = tree.lines.lines.iter().map(|line| line.word_count).sum();
        prop_assert!(n_words <= tree.lines.words.len() as u32);
        prop_assert!(on_lines <= n_words + dressed);
        for path in &paths.paths {
            prop_assert_eq!(paths.words(path).len(), path.len());
        }
    }

    /// Most lines are read by the words between blanks; a blank at the end makes a line one that is read
    /// byte by byte. Both ways give the same paths.
    #[test]
    fn plain_lines_are_read_as_all_lines_are(
        lines in proptest::collection::vec("( {0,2})(set |delete |inactive: |[a-c]{1,2} ){0,3}([a-c]{1,2})?(;| ;| \\{|\\{|\\}|\\};|)", 0..24)
    ) {
        let texts = |text: &str| {
            let tree = tree(text);
            let paths = Paths::of(&tree);
            let shown: Vec<(String, bool, bool)> = paths.paths.iter().map(|path| {
                let words: Vec<&str> = paths.words(path).tokens().map(|token| token.text).collect();
                (words.join(" "), path.inactive.is_some(), path.deleted)
            }).collect();
            (shown, paths.commands.len())
        };
        prop_assert_eq!(texts(&lines.join("\n")), texts(&(lines.join(" \n") + " ")));
    }
}
