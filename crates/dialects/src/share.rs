//! How much of many real configurations is understood, part by part: for the tests that hold a
//! dialect to shares of the public corpus.
//!
//! The corpus is no part of the project; where it is not at hand, such a test says so and passes.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use edgelint_model::{Device, Part, State};
use edgelint_source::{Arena, FileId, Span, decode};
use edgelint_syntax::{Lines, Tree};

use crate::Dialect;

/// The parts that bear on policy, each with the least shares it is held to, in hundredths of all its
/// statements: modelled, and modelled or inert.
pub(crate) const TARGETS: [(Part, u32, u32); 6] = [
    (Part::Bgp, 90, 97),
    (Part::PrefixList, 90, 97),
    (Part::Policy, 90, 97),
    (Part::CommunityList, 90, 97),
    (Part::AsPathList, 90, 97),
    (Part::Nat, 90, 97),
];

/// What a share is a share of.
#[derive(Clone, Copy)]
pub(crate) enum Measure {
    /// All statements.
    Literal,
    /// All statements but those that were not understood because a value was never filled in: there is
    /// nothing in them to be understood. The corpus holds templates.
    Filled,
    /// All statements that are not inert.
    Relevant,
}

/// What became of the statements of many files.
#[derive(Default)]
pub(crate) struct Account {
    counts: BTreeMap<(Part, State), u32>,
    /// Statements that were not understood because a value was never filled in, by part.
    unfilled: BTreeMap<Part, u32>,
    shapes: BTreeMap<(Part, State, String), u32>,
}

/// All words of a statement, those of the blocks around it included, by its place: what it is called in
/// messages, and where values are looked for that were never filled in.
pub(crate) type Texts = HashMap<Span, String>;

impl Account {
    /// Reads files as one dialect's, and holds each to the account of every statement.
    #[allow(clippy::disallowed_methods, reason = "a test may look at files, if they are there")]
    pub(crate) fn of_files(
        dialect: &Dialect,
        files: &[PathBuf],
        texts: impl Fn(&Tree<'_>) -> Texts,
    ) -> Self {
        let mut account = Self::default();
        for path in files {
            let Ok(bytes) = std::fs::read(path) else { continue };
            let text = decode::decode(bytes).into_text().unwrap_or_default();
            let arena = Arena::new();
            let tree = (dialect.lay_out)(Lines::split(FileId(0), &text));
            let texts = texts(&tree);
            let mut total = 0;
            for device in (dialect.read)(&tree, &arena) {
                account.add(&text, &device, &texts);
                total += Part::ALL.iter().map(|part| of_part(&device, *part)).sum::<u32>();
            }
            assert_eq!(total as usize, (dialect.statements)(&tree), "{}", path.display());
        }
        account
    }

    fn add(&mut self, text: &str, device: &Device<'_>, texts: &Texts) {
        for part in Part::ALL {
            for state in [State::Modelled, State::Inert, State::Unmodelled, State::Opaque] {
                *self.counts.entry((part, state)).or_default() += device.coverage.of(part, state);
            }
        }
        for unknown in &device.coverage.unknown {
            let own = text.get(unknown.at.start as usize..unknown.at.end as usize).unwrap_or("");
            let words = texts.get(&unknown.at).map_or(own, String::as_str);
            if words.split_whitespace().any(is_unfilled) {
                *self.unfilled.entry(unknown.part).or_default() += 1;
            }
            *self.shapes.entry((unknown.part, unknown.state, words.to_owned())).or_default() += 1;
        }
    }

    /// Asserts the shares of a part.
    pub(crate) fn hold(&self, (part, modelled, known): (Part, u32, u32), measure: Measure) {
        let of = |state| self.counts.get(&(part, state)).copied().unwrap_or(0);
        let unfilled = match measure {
            Measure::Filled => self.unfilled.get(&part).copied().unwrap_or(0),
            Measure::Literal | Measure::Relevant => 0,
        };
        let left = of(State::Unmodelled) + of(State::Opaque) - unfilled;
        let all = of(State::Modelled) + of(State::Inert) + left;
        let measured = match measure {
            Measure::Literal | Measure::Filled => all,
            Measure::Relevant => of(State::Modelled) + left,
        };
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

    /// The shares of some parts and of all of them together, a line each, for people.
    pub(crate) fn table(&self, parts: &[Part]) -> String {
        let sum = |parts: &[Part], state| {
            let counts = parts.iter().filter_map(|part| self.counts.get(&(*part, state)));
            counts.sum::<u32>()
        };
        let mut text = String::new();
        let rows = parts.iter().map(|part| (part.name(), std::slice::from_ref(part)));
        for (name, parts) in rows.chain([("together", parts)]) {
            let modelled = sum(parts, State::Modelled);
            let known = modelled + sum(parts, State::Inert);
            let all = known + sum(parts, State::Unmodelled) + sum(parts, State::Opaque);
            let unfilled = parts.iter().filter_map(|part| self.unfilled.get(part)).sum::<u32>();
            let share = |count: u32, all: u32| f64::from(100 * count) / f64::from(all.max(1));
            writeln!(
                text,
                "{name:15}{all:6} statements: {:5.1} % modelled, {:5.1} % modelled or inert; \
                 {unfilled} never filled in, without them {:5.1} % and {:5.1} %",
                share(modelled, all),
                share(known, all),
                share(modelled, all - unfilled),
                share(known, all - unfilled)
            )
            .unwrap();
        }
        text
    }

    /// The twenty commonest shapes that remain of a part.
    pub(crate) fn commonest(&self, part: Part) -> String {
        let mut shapes: Vec<_> = self.shapes.iter().filter(|((it, ..), _)| *it == part).collect();
        shapes.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let mut text = String::new();
        for ((_, state, shape), count) in shapes.iter().take(20) {
            writeln!(text, "{count:5} {state:?} {shape}").unwrap();
        }
        text
    }
}

/// Whether a word stands for a value that somebody was to fill in: `$PEER_AS`, `<peer-address>`.
fn is_unfilled(word: &str) -> bool {
    let name = word.trim_start_matches(['"', '[', '(']);
    let variable = name
        .strip_prefix('$')
        .is_some_and(|name| name.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase()));
    // `<*>` and `<ge-*>` are wildcards of groups.
    let angled = name.starts_with('<') && !name.contains('*') && 3 < name.len();
    variable || angled
}

fn of_part(device: &Device<'_>, part: Part) -> u32 {
    let states = [State::Modelled, State::Inert, State::Unmodelled, State::Opaque];
    states.iter().map(|state| device.coverage.of(part, *state)).sum()
}

/// The files of some folders of what lies beside the checkout, where it is there.
pub(crate) fn files(folders: &[&str]) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let mut files = Vec::new();
    for folder in folders {
        collect(&root.join(folder), &mut files);
    }
    files
}

#[allow(clippy::disallowed_methods, reason = "a test may look at files, if they are there")]
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
