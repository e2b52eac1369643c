//! Sets of AS paths: what an expression, a list, or a class of routes comes to.

use std::sync::{Arc, LazyLock};

use edgelint_model::{AsPathLanguage, AsPathList};

use crate::as_path::automaton::{Automaton, Both, MOST_STEPS, Worked};
use crate::as_path::compile::compile;
use crate::as_path::grammar::{PATHS, SEQUENCES};
use crate::as_path::memo;
use crate::as_path::path::AsPath;
use crate::as_path::pattern::{Patterns, of_length};

/// The most work that one list may be.
const MOST_PER_LIST: u32 = 8 * MOST_STEPS as u32;
/// The longest list that is remembered as a whole, in bytes: most have one entry or two.
const MOST_REMEMBERED: usize = 256;
/// How many expressions over characters are compiled together.
const TOGETHER: usize = 64;

/// How many patterns are compiled together, and as what.
type Together = (usize, fn(&[String]) -> String);

/// A set of AS paths, exact.
///
/// Whether a path is in it, whether there is any, whether all of them are in another set: all of that is
/// decided, never tried out. Expressions that would need more room than is reasonable have no set: functions
/// that make one give `None` then, and who asks has to go on without knowing.
#[derive(Clone)]
pub struct AsPathSet {
    /// A name: of sets with one number all accept the same.
    pub(super) number: u64,
    pub(super) automaton: Arc<Automaton>,
}

impl AsPathSet {
    /// Every path, with sets and confederations.
    pub fn all() -> Self {
        static ALL: LazyLock<AsPathSet> = LazyLock::new(|| memo::set(PATHS.clone()));
        ALL.clone()
    }

    /// Every path of single AS numbers, without sets and confederations.
    pub fn sequences() -> Self {
        static SET: LazyLock<AsPathSet> = LazyLock::new(|| memo::set(SEQUENCES.clone()));
        SET.clone()
    }

    /// Every path but the empty one: those of routes that come from another AS.
    pub fn non_empty() -> Self {
        static SET: LazyLock<AsPathSet> = LazyLock::new(|| {
            AsPathSet::all().difference(&AsPathSet::empty_path()).unwrap_or_else(AsPathSet::all)
        });
        SET.clone()
    }

    /// The empty path alone: that of routes that originate in the own AS.
    pub fn empty_path() -> Self {
        static SET: LazyLock<AsPathSet> =
            LazyLock::new(|| memo::set(compile("", &PATHS).0.unwrap_or_default()));
        SET.clone()
    }

    /// No path.
    pub fn nothing() -> Self {
        static SET: LazyLock<AsPathSet> = LazyLock::new(|| memo::set(Automaton::default()));
        SET.clone()
    }

    /// This path alone.
    pub fn of_path(path: &AsPath) -> Option<Self> {
        let mut text = String::new();
        for char in path.to_string().chars() {
            if char.is_ascii_punctuation() {
                text.push('\\');
            }
            text.push(char);
        }
        compile(&text, &PATHS).0.map(memo::set)
    }

    /// The paths among which an expression of a language tells: in a language of whole AS numbers nobody has shown
    /// what it makes of sets and confederations, so paths with such are left out.
    pub fn of_language(language: AsPathLanguage) -> Self {
        match language {
            AsPathLanguage::Characters | AsPathLanguage::Symbols => Self::all(),
            AsPathLanguage::Numbers | AsPathLanguage::Elements => Self::sequences(),
        }
    }

    /// The paths that an expression matches, of those of its language.
    pub fn of_expression(language: AsPathLanguage, expression: &str) -> Option<Self> {
        Self::by_expression(language, expression).0
    }

    pub(crate) fn by_expression(language: AsPathLanguage, expression: &str) -> Worked<Self> {
        let mut patterns = Patterns::default();
        match patterns.add(language, expression) {
            Some(()) => Self::by_patterns(language, &patterns),
            None => (None, 1),
        }
    }

    /// The paths that a list matches: the first entry that matches decides.
    pub fn of_list(language: AsPathLanguage, list: &AsPathList<'_>) -> Option<Self> {
        Self::by_list(language, list).0
    }

    pub(crate) fn by_list(language: AsPathLanguage, list: &AsPathList<'_>) -> Worked<Self> {
        let length: usize = list.entries.iter().map(|entry| entry.regex.len() + 2).sum();
        if MOST_REMEMBERED < length {
            return Self::by_entries(language, list);
        }
        // Patterns begin with other marks. No line end is part of an expression.
        let mut key = String::with_capacity(length + 1);
        key.push(match language {
            AsPathLanguage::Characters => 'c',
            AsPathLanguage::Symbols => 's',
            AsPathLanguage::Numbers => 'n',
            AsPathLanguage::Elements => 'e',
        });
        for entry in &list.entries {
            key.push(if entry.permit { '+' } else { '-' });
            key.push_str(entry.regex);
            key.push('\n');
        }
        memo::made(&key, || Self::by_entries(language, list))
    }

    fn by_entries(language: AsPathLanguage, list: &AsPathList<'_>) -> Worked<Self> {
        let mut set = Self::nothing();
        let mut cost = list.entries.len() as u32;
        // From behind, so that earlier entries have the last word; neighbors of one mind go together.
        for entries in list.entries.chunk_by(|a, b| a.permit == b.permit).rev() {
            let mut patterns = Patterns::default();
            let added = entries.iter().try_for_each(|entry| patterns.add(language, entry.regex));
            if added.is_none() {
                return (None, cost);
            }
            let (matched, more) = Self::by_patterns(language, &patterns);
            cost = cost.saturating_add(more);
            let Some(matched) = matched else { return (None, cost) };
            let permit = entries.first().is_some_and(|entry| entry.permit);
            let both = if permit { Both::Union } else { Both::Difference };
            let (combined, more) = memo::combined(&set, &matched, both);
            cost = cost.saturating_add(more);
            match combined {
                // A list that goes to and fro without end costs as much as several that do not.
                Some(combined) if cost < MOST_PER_LIST => set = combined,
                _ => return (None, cost),
            }
        }
        (Some(set), cost)
    }

    /// The paths of so many AS numbers, as path selection counts them.
    pub fn of_length(least: u32, most: u32) -> Option<Self> {
        Self::by_length(least, most).0
    }

    pub(crate) fn by_length(least: u32, most: u32) -> Worked<Self> {
        let pattern = of_length(least, most);
        memo::compiled(&format!("*{pattern}"), || compile(&pattern, &PATHS))
    }

    /// The paths that any of some patterns match.
    fn by_patterns(language: AsPathLanguage, patterns: &Patterns) -> Worked<Self> {
        let within: Together = (TOGETHER, |some| format!(".*(?:{}).*", some.join("|")));
        let whole: Together = (1, |some| some.join("|"));
        match (patterns.within.as_slice(), patterns.whole.as_slice()) {
            (some, []) => Self::by_any(language, some, within),
            ([], some) => Self::by_any(language, some, whole),
            (some, others) => {
                let one = Self::by_any(language, some, within);
                let other = Self::by_any(language, others, whole);
                Self::joined(one, other)
            }
        }
    }

    /// The paths that any of some patterns match: so many are compiled together where that is not too much,
    /// and of more each half by itself. Wildcards around each of many make states without end where all are
    /// followed at once, and few of what comes of it.
    fn by_any(language: AsPathLanguage, patterns: &[String], together: Together) -> Worked<Self> {
        if patterns.is_empty() {
            return (Some(Self::nothing()), 0);
        }
        let mut cost = 0;
        if patterns.len() <= together.0 {
            let (set, more) = Self::by_pattern(language, &together.1(patterns));
            if set.is_some() || patterns.len() == 1 {
                return (set, more);
            }
            cost = more;
        }
        let (first, last) = patterns.split_at(patterns.len() / 2);
        let one = Self::by_any(language, first, together);
        if one.0.is_none() || MOST_PER_LIST < cost.saturating_add(one.1) {
            return (None, cost.saturating_add(one.1));
        }
        let (set, more) = Self::joined(one, Self::by_any(language, last, together));
        (set.filter(|_| more < MOST_PER_LIST), cost.saturating_add(more))
    }

    fn joined(one: Worked<Self>, other: Worked<Self>) -> Worked<Self> {
        let cost = one.1.saturating_add(other.1);
        let (Some(one), Some(other)) = (one.0, other.0) else { return (None, cost) };
        let (set, more) = memo::combined(&one, &other, Both::Union);
        (set, cost.saturating_add(more))
    }

    fn by_pattern(language: AsPathLanguage, pattern: &str) -> Worked<Self> {
        let (mark, paths) = match language {
            AsPathLanguage::Characters | AsPathLanguage::Symbols => ('*', &PATHS),
            AsPathLanguage::Numbers | AsPathLanguage::Elements => ('+', &SEQUENCES),
        };
        memo::compiled(&format!("{mark}{pattern}"), || compile(pattern, paths))
    }

    /// Whether a path is in it.
    pub fn matches(&self, path: &AsPath) -> bool {
        self.automaton.accepts(&path.to_string())
    }

    /// Whether no path is in it.
    pub fn is_empty(&self) -> bool {
        self.automaton.len() == 0
    }

    /// A path that is in it: of the shortest ones the first.
    pub fn witness(&self) -> Option<AsPath> {
        AsPath::read(&self.automaton.shortest()?)
    }

    /// Whether it has a path in common with another set; `None` where that takes too long to find out.
    pub fn overlaps(&self, other: &Self) -> Option<bool> {
        self.automaton.any(&other.automaton, Both::Intersection)
    }

    /// Whether every path of another set is in it, too; `None` where that takes too long to find out.
    pub fn includes(&self, other: &Self) -> Option<bool> {
        Some(!other.automaton.any(&self.automaton, Both::Difference)?)
    }

    /// The paths that are in both.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        memo::combined(self, other, Both::Intersection).0
    }

    /// The paths that are in one of them at least.
    pub fn union(&self, other: &Self) -> Option<Self> {
        memo::combined(self, other, Both::Union).0
    }

    /// The paths that are in it and not in the other.
    pub fn difference(&self, other: &Self) -> Option<Self> {
        memo::combined(self, other, Both::Difference).0
    }

    /// The paths that are not in it.
    pub fn complement(&self) -> Option<Self> {
        Self::all().difference(self)
    }

    /// The paths that are in it once these AS numbers stand in front of them.
    pub fn before(&self, added: &[u32]) -> Option<Self> {
        if added.is_empty() {
            return Some(self.clone());
        }
        let front = AsPath::of_numbers(added.iter().copied()).to_string();
        self.automaton.without_front(&front).map(memo::set)
    }
}

/// Sets are equal where they have the same paths.
impl PartialEq for AsPathSet {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number || self.automaton == other.automaton
    }
}

impl Eq for AsPathSet {}

impl std::fmt::Debug for AsPathSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.automaton.shortest() {
            Some(text) => {
                write!(f, "AsPathSet({} states, such as \"{text}\")", self.automaton.len())
            }
            None => f.write_str("AsPathSet(nothing)"),
        }
    }
}
