//! How much of real configurations is understood, where the public corpus is at hand.
//!
//! The corpus is no part of the project; without it the test says so and passes.

use edgelint_model::Part;

use crate::share::{self, Account, Measure, Texts};

/// Parts that occur in the corpus; it has neither prefix lists nor AS-path lists of this system.
const TARGETS: [(Part, u32, u32); 4] = [
    (Part::Bgp, 90, 97),
    (Part::Policy, 90, 97),
    (Part::CommunityList, 90, 97),
    (Part::Nat, 90, 97),
];

/// Parts of which most is of consequence here, too.
const OTHERS: [(Part, u32, u32); 3] =
    [(Part::Acl, 95, 97), (Part::Interface, 80, 97), (Part::Routing, 95, 97)];

#[test]
#[allow(clippy::print_stderr, reason = "a test says what it skipped")]
fn most_of_the_public_corpus_is_understood() {
    let files = share::files(&["corpus-public/asa"]);
    if files.is_empty() {
        eprintln!("skipped: the public corpus is not there");
        return;
    }
    let account = Account::of_files(&super::DIALECT, &files, |_| Texts::new());
    eprintln!("{}", account.table(&Part::ALL));
    Part::ALL.iter().for_each(|part| eprint!("{}", account.commonest(*part)));
    TARGETS.iter().chain(&OTHERS).for_each(|target| account.hold(*target, Measure::Literal));
}
