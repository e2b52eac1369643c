//! The guide: every command in it is run, and prints what stands below it.
//!
//! A block of `GUIDE.md` that begins with `$ edgelint` is a command and its output. `BLESS=1` writes what is printed
//! today into the page.

use crate::support::{edgelint, root, stdout};

/// What a line begins with that is a command.
const PROMPT: &str = "$ edgelint ";

/// The page with the output of every command in place.
fn played(page: &str) -> (String, usize) {
    let mut written = String::with_capacity(page.len());
    let mut commands = 0;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        written.push_str(line);
        written.push('\n');
        let Some(command) = line.strip_prefix(PROMPT) else { continue };
        commands += 1;
        let mut all = command.to_owned();
        // A command may go on on the next line.
        while let Some(start) = all.strip_suffix('\\').map(str::to_owned) {
            let next = lines.next().expect("a command that goes on does so");
            written.push_str(next);
            written.push('\n');
            all = format!("{start}{}", next.trim_start());
        }
        let arguments: Vec<String> = words(&all);
        let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        arguments.extend(["--no-progress", "--color", "never"]);
        let output = edgelint(&root(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{command}: {output:?}");
        written.push_str(stdout(&output).trim_end());
        written.push('\n');
        // What stood there goes.
        for line in lines.by_ref() {
            if line == "```" {
                written.push_str("```\n");
                break;
            }
        }
    }
    (written, commands)
}

/// Words of a command, quoted ones as one.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (place, part) in command.split('"').enumerate() {
        match place % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

#[test]
fn the_guide_prints_what_the_commands_print() {
    let path = root().join("GUIDE.md");
    let page = std::fs::read_to_string(&path).expect("the guide is there");
    let (written, commands) = played(&page);
    assert!(8 <= commands, "the guide has commands: {commands}");
    if page != written && std::env::var("BLESS").is_ok_and(|value| value == "1") {
        std::fs::write(&path, written).expect("the guide can be written");
        return;
    }
    assert_eq!(page, written, "the guide tells what is printed today");
}
