//! How much of real configurations is understood, where the public corpus is at hand.
//!
//! The corpus is no part of the project; without it the test says so and passes.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use edgelint_model::{Device, Part, State};
use edgelint_source::{Arena, FileId, decode};
use edgelint_syntax::Lines;

/// Parts with the least shares, in hundredths of all their statements: modelled, and modelled or inert.
const TARGETS: [(Part, u32, u32); 6] = [
    (Part::Bgp, 90, 97),
    (Part::PrefixList, 90, 97),
    (Part::Policy, 90, 97),
    (Part::CommunityList, 90, 97),
    (Part::AsPathList, 90, 97),
    (Part::Nat, 90, 97),
];

/// The same for parts where most of what a device has is of no consequence: of what is not inert.
const RELEVANT: [(Part, u32, u32); 2] = [(Part::Interface, 95, 97), (Part::Routing, 95, 97)];

#[derive(Default)]
struct Account {
    counts: BTreeMap<(Part, State), u32>,
    shapes: BTreeMap<(Part, State, String), u32>,
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a test may look at files, if they are there")]
#[allow(clippy::print_stderr, reason = "a test says what it skipped")]
fn most_of_the_public_corpus_is_understood() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let mut files = Vec::new();
    collect(&root.join("corpus-public/ios"), &mut files);
    collect(&root.join("study/samples"), &mut files);
    files.retain(|path| !path.to_string_lossy().contains("samples/") || is_ios_sample(path));
    if files.is_empty() {
        eprintln!("skipped: the public corpus is not there");
        return;
    }
    let mut account = Account::default();
    for path in &files {
        let Ok(bytes) = std::fs::read(path) else { continue };
        let text = decode::decode(bytes).into_text().unwrap_or_default();
        let arena = Arena::new();
        let tree = (super::DIALECT.lay_out)(Lines::split(FileId(0), &text));
        for device in (super::DIALECT.read)(&tree, &arena) {
            account.add(&text, &device);
            let total: u32 = Part::ALL.iter().map(|part| of_part(&device, *part)).sum();
            assert_eq!(total as usize, tree.nodes.len(), "{}", path.display());
        }
    }
    for (part, modelled, known) in TARGETS {
        account.hold(part, modelled, known, true);
    }
    for (part, modelled, known) in RELEVANT {
        account.hold(part, modelled, known, false);
    }
}

impl Account {
    fn add(&mut self, text: &str, device: &Device<'_>) {
        for part in Part::ALL {
            for state in [State::Modelled, State::Inert, State::Unmodelled, State::Opaque] {
                *self.counts.entry((part, state)).or_default() += device.coverage.of(part, state);
            }
        }
        for unknown in &device.coverage.unknown {
            let words = text.get(unknown.at.start as usize..unknown.at.end as usize).unwrap_or("");
            let shape = words.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
            *self.shapes.entry((unknown.part, unknown.state, shape)).or_default() += 1;
        }
    }

    /// Asserts the shares of a part; `strict` counts what is inert among what might be modelled.
    fn hold(&self, part: Part, modelled: u32, known: u32, strict: bool) {
        let of = |state| self.counts.get(&(part, state)).copied().unwrap_or(0);
        let left = of(State::Unmodelled) + of(State::Opaque);
        let all = of(State::Modelled) + of(State::Inert) + left;
        let measured = if strict { all } else { of(State::Modelled) + left };
        assert!(0 < all, "{}: there was something to count", part.name());
        assert!(
            modelled * measured <= 100 * of(State::Modelled)
                && known * all <= 100 * (of(State::Modelled) + of(State::Inert)),
            "{}: {} of {measured} modelled, {} inert\n{}",
            part.name(),
            of(State::Modelled),
            of(State::Inert),
            self.commonest(part)
        );
    }

    /// The twenty commonest shapes that remain.
    fn commonest(&self, part: Part) -> String {
        let mut shapes: Vec<_> = self.shapes.iter().filter(|((it, ..), _)| *it == part).collect();
        shapes.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let mut text = String::new();
        for ((_, state, shape), count) in shapes.iter().take(20) {
            writeln!(text, "{count:5} {state:?} {shape}").unwrap();
        }
        text
    }
}

fn of_part(device: &Device<'_>, part: Part) -> u32 {
    let states = [State::Modelled, State::Inert, State::Unmodelled, State::Opaque];
    states.iter().map(|state| device.coverage.of(part, *state)).sum()
}

fn is_ios_sample(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().contains("cisco-ios"))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
