//! The dressing of exports: lines that a tool or a terminal put around the configuration.
//!
//! RANCID and oxidized write headers, a terminal echoes prompts and progress, a device announces
//! what it is about to print. None of it configures anything; some of it is evidence of what the
//! file is, which detection reads before it is marked here.

use crate::lines::{LineKind, Lines};

/// Marks lines that are no part of the configuration as [`LineKind::Dressing`].
pub fn mark_dressing(lines: &mut Lines<'_>) {
    let (text, marks) = (lines.text, lines.has_marks);
    let mut before = None;
    for line in &mut lines.lines {
        if line.kind != LineKind::Statement || line.indent != 0 {
            before = None;
            continue;
        }
        // A line that repeats the one before is what that one is.
        let text = text.get(line.start as usize..line.end as usize).unwrap_or("");
        let dressing = before.filter(|_| line.repeats).unwrap_or_else(|| is_dressing(text, marks));
        before = Some(dressing);
        if dressing {
            line.kind = LineKind::Dressing;
            line.word_count = 0;
        }
    }
}

/// Whether a line is dressing, whatever the dialect; there are prompts only where there are marks that end them.
fn is_dressing(line: &str, marks: bool) -> bool {
    let Some(first) = line.as_bytes().first() else { return false };
    // Most lines are decided by their first letter; this runs for every line of every file.
    match first {
        b'B' => line.starts_with("Building configuration"),
        b'C' => line.starts_with("Current configuration") || line.starts_with("Configuration last"),
        b'L' => line.starts_with("Load for ") || line.starts_with("Last configuration change"),
        b'N' => line.starts_with("NVRAM config last"),
        b'T' => line.starts_with("Time source is "),
        b'U' => line.starts_with("Using ") && line.contains("bytes"),
        b'-' => line.starts_with("--More--") || line.starts_with("-- More --"),
        b' ' => line.trim_start().starts_with("--More--"),
        _ => marks && is_prompt(line),
    }
}

/// Whether a line is a terminal prompt with or without a command behind it: `name#show run`,
/// `name>enable`, `RP/0/RSP0/CPU0:name#`, `name(config)#router bgp 1` without a command.
pub fn is_prompt(line: &str) -> bool {
    let Some(at) = line.bytes().position(|byte| matches!(byte, b'#' | b'>' | b' ')) else {
        return false;
    };
    let (name, rest) = line.split_at(at);
    let mut rest = rest.chars();
    if name.is_empty() || !matches!(rest.next(), Some('#' | '>')) {
        return false;
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':');
    let command = rest.as_str().trim();
    let known = ["sh", "term", "en", "exit", "quit", "wr", "copy", "more", "logout", "conf"];
    name.chars().all(plain)
        && (command.is_empty() || known.iter().any(|word| command.starts_with(word)))
}
