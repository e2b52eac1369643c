//! How much of real configurations is understood, where the public corpus is at hand.
//!
//! The corpus is no part of the project; without it the test says so and passes.

use std::path::Path;

use crate::share::{self, Account};

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
    let account = Account::of_files(&super::DIALECT, &files, 12);
    eprintln!("{}", account.table(&share::TARGETS.map(|(part, ..)| part)));
    if std::env::var_os("EDGELINT_SHAPES").is_some() {
        for part in edgelint_model::Part::ALL {
            eprintln!("== {}\n{}", part.name(), account.commonest(part));
        }
    }
    share::TARGETS.iter().for_each(|target| account.hold(*target, true));
}

fn is_junos_sample(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().contains("junos"))
}
