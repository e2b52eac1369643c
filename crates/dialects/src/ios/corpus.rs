//! How much of real configurations is understood, where the public corpus is at hand.
//!
//! The corpus is no part of the project; without it the test says so and passes.

use std::path::Path;

use edgelint_model::Part;

use crate::share::{self, Account, Measure, Texts};

/// Shares for parts where most of what a device has is of no consequence: of what is not inert.
const RELEVANT: [(Part, u32, u32); 2] = [(Part::Interface, 95, 97), (Part::Routing, 95, 97)];

#[test]
#[allow(clippy::print_stderr, reason = "a test says what it skipped")]
fn most_of_the_public_corpus_is_understood() {
    let mut files = share::files(&["corpus-public/ios", "study/samples"]);
    files.retain(|path| !path.to_string_lossy().contains("samples/") || is_ios_sample(path));
    if files.is_empty() {
        eprintln!("skipped: the public corpus is not there");
        return;
    }
    let account = Account::of_files(&super::DIALECT, &files, |_| Texts::new());
    eprintln!("{}", account.table(&share::TARGETS.map(|(part, ..)| part)));
    share::TARGETS.iter().for_each(|target| account.hold(*target, Measure::Literal));
    RELEVANT.iter().for_each(|target| account.hold(*target, Measure::Relevant));
}

fn is_ios_sample(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().contains("cisco-ios"))
}
