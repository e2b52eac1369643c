//! An input that should have been a configuration and could not be read as one.

use edgelint_facts::{Input, InputStatus};

use crate::prelude::{Findings, Network, Scope, Severity, Span, rule};

rule! {
    /// ## What it does
    /// Reports an input that is empty, binary, unreadable, or written in a language that cannot be told.
    ///
    /// ## Why it matters
    /// Checks across devices are only as good as the set of devices. A router that is silently left out
    /// makes a shared prefix or a shared NAT address look unique.
    ///
    /// ## When it is not a mistake
    /// A file met while walking a folder raises nothing unless it shows signs of being a device
    /// configuration: a README or a licence is listed among the files and left alone.
    ///
    /// ## Example
    /// An export that was cut off by a full disk is empty:
    ///
    /// ```text
    /// warning[unrecognised-input]: ham-er-1.cfg is empty
    /// ```
    ///
    /// ## What to do
    /// Export the configuration again, name the dialect with `--dialect`, or exclude the file.
    ///
    /// ## Sources
    /// - edgelint's own contract, "Exit codes": an input that cannot be told is a finding, not a footnote.
    RULE: Severity::Warning, Scope::Input, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    for input in &network.inputs {
        if input.named || input.looks_like_configuration || input.status == InputStatus::Unreadable
        {
            report(input, found);
        }
    }
}

fn report(input: &Input, found: &mut Findings) {
    let (what, label, help) = words(&input.status);
    let at = input.at.unwrap_or(Span::new(input.file, 0, 0));
    found
        .presence(at, format!("{} {what}", input.path), label)
        .severity(Severity::Warning)
        .help(help)
        .object(format!("input:{}", input.path));
}

/// What is the matter, what the label says, what to do.
fn words(status: &InputStatus) -> (String, &'static str, &'static str) {
    match status {
        InputStatus::Empty => (
            "is empty".to_owned(),
            "nothing in it",
            "export the configuration again, or exclude the file",
        ),
        InputStatus::Binary => (
            "is not text".to_owned(),
            "binary",
            "export the configuration as text, or exclude the file",
        ),
        InputStatus::Unreadable => {
            ("could not be read".to_owned(), "unreadable", "check the permissions of the file")
        }
        InputStatus::Unrecognised { foreign: Some(system), .. } => (
            format!("looks like {system}, which edgelint does not read"),
            "this line speaks for it",
            "exclude the file, or name a dialect with --dialect if this is wrong",
        ),
        InputStatus::Unrecognised { candidates, .. } if candidates.is_empty() => (
            "is in no language that edgelint reads".to_owned(),
            "no dialect speaks like this",
            "name the dialect with --dialect, or exclude the file",
        ),
        InputStatus::Unrecognised { candidates, .. } => (
            format!("could be {}, and nothing decides between them", candidates.join(" or ")),
            "this line is the strongest sign",
            "name the dialect with --dialect",
        ),
    }
}
