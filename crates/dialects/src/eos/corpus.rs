//! How much of real configurations is understood, where the public corpus is at hand.
//!
//! The corpus is no part of the project; without it the test says so and passes.

use edgelint_model::Part;

use crate::share::{self, Account, Measure, Texts};

#[test]
#[allow(clippy::print_stderr, reason = "a test says what it skipped")]
fn most_of_the_public_corpus_is_understood() {
    let files = share::files(&["corpus-public/eos"]);
    if files.is_empty() {
        eprintln!("skipped: the public corpus is not there");
        return;
    }
    let account = Account::of_files(&super::DIALECT, &files, |_| Texts::new());
    eprintln!("{}", account.table(&share::TARGETS.map(|(part, ..)| part)));
    for target in share::TARGETS {
        // Extended communities, and timeouts and alarms of translation, are of no consequence; in the
        // few files that have either they are many.
        let measure = match target.0 {
            Part::CommunityList | Part::Nat => Measure::Relevant,
            _ => Measure::Literal,
        };
        account.hold(target, measure);
    }
}
