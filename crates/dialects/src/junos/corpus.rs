//! How much of real configurations is understood, where the public corpus is at hand.
//!
//! The corpus is no part of the project; without it the test says so and passes.

use std::path::Path;

use edgelint_syntax::{Paths, Tree};

use crate::share::{self, Account, Measure, Texts};

#[test]
#[allow(clippy::print_stderr, reason = "a test says what it skipped, and what it measured")]
fn most_of_the_public_corpus_is_understood() {
    let folders = ["corpus-public/junos", "corpus-public/junos-set", "study/samples"];
    let mut files = share::files(&folders);
    files.retain(|path| !path.to_string_lossy().contains("samples/") || is_junos_sample(path));
    if files.is_empty() {
        eprintln!("skipped: the public corpus is not there");
        return;
    }
    let account = Account::of_files(&super::DIALECT, &files, texts);
    eprintln!("{}", account.table(&share::TARGETS.map(|(part, ..)| part)));
    share::TARGETS.iter().for_each(|target| account.hold(*target, Measure::Filled));
}

/// The paths of a tree as text.
fn texts(tree: &Tree<'_>) -> Texts {
    let paths = Paths::of(tree);
    let text = |words: edgelint_syntax::Words<'_, '_>| {
        words.tokens().map(|token| token.text).collect::<Vec<_>>().join(" ")
    };
    paths.paths.iter().map(|path| (path.at, text(paths.words(path)))).collect()
}

fn is_junos_sample(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().contains("junos"))
}
