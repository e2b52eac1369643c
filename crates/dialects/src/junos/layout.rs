//! The form of a file: braces, lines of commands, or both, and what an export adds around them.

use edgelint_syntax::braced::{self, Braced};
use edgelint_syntax::{Lines, Tree};

/// Builds the tree of a file in either form.
pub(super) fn lay_out(lines: Lines<'_>) -> Tree<'_> {
    let is_command = |word: &str| {
        matches!(
            word,
            "set"
                | "delete"
                | "deactivate"
                | "activate"
                | "annotate"
                | "protect"
                | "unprotect"
                | "insert"
                | "edit"
                | "top"
                | "up"
                | "exit"
                | "rename"
                | "copy"
                | "replace"
        )
    };
    let shows: &[&[&str]] = &[&["show", "configuration"]];
    let messages = &[
        "Entering configuration mode",
        "Exiting configuration mode",
        "commit complete",
        "load complete",
        "configuration check succeeds",
        "Users currently editing",
        "commit confirmed",
    ];
    braced::lay_out(lines, &Braced { is_command, shows, messages })
}
