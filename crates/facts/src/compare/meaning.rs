//! What the statements of a device's policies ask and do, by their places.
//!
//! The evaluator remembers a question it cannot answer, or a change it does not follow, by its statement. Here
//! statements are looked up again and written out, with the contents of the lists they name.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use edgelint_model::{
    AsPathList, Behaviour, CommunityEdit, CommunityEntry, CommunityList, CommunityMatch, Condition,
    Fact, Match, ObjectKind, SetAction, Step,
};
use edgelint_prefix::{Family, PrefixSet};
use edgelint_source::{Files, Span};

use crate::compare::conditions::Question;
use crate::device::DeviceFacts;
use crate::inspect::text::{match_text, set_text};

/// Deeper nesting than anybody writes.
const DEEPEST: u8 = 32;

/// The statements of a device, looked up when somebody first asks.
pub(super) struct Meanings<'n, 't> {
    device: &'n DeviceFacts<'t>,
    texts: Option<&'n Files>,
    places: OnceCell<BTreeMap<Span, Meaning<'n, 't>>>,
}

#[derive(Clone, Copy)]
enum Meaning<'n, 't> {
    Match(&'n Match<'t>),
    Set(&'n SetAction<'t>),
    Entry(&'n CommunityEntry<'t>),
    PathList(&'n str),
    State(&'n Match<'t>),
}

impl<'n, 't> Meanings<'n, 't> {
    pub(super) fn new(device: &'n DeviceFacts<'t>, texts: Option<&'n Files>) -> Self {
        Self { device, texts, places: OnceCell::new() }
    }

    pub(super) fn behaviour(&self) -> &'static Behaviour {
        self.device.behaviour
    }

    /// What an AS-path list asks.
    pub(super) fn as_path_list(&self, name: &str) -> Question {
        let list = self.device.lists.as_path_list(&self.device.device, name);
        let entries = |list: &AsPathList<'t>| {
            let entry = |regex: &str| regex.trim().trim_matches('"').to_owned();
            list.entries.iter().map(|one| (one.permit, entry(one.regex))).collect()
        };
        match list {
            Some(list) => Question::path(self.behaviour().as_path_language, entries(list)),
            None => Question::other(format!("AS-path list {name}"), false),
        }
    }

    /// What a statement asks that was not answered.
    pub(super) fn question(&self, at: Span) -> Question {
        match self.places().get(&at) {
            Some(Meaning::Match(what) | Meaning::State(what)) => {
                let (words, known) = self.match_words(what);
                Question::other(words, known)
            }
            Some(Meaning::Entry(entry)) => {
                Question::other(format!("communities {}", entry_words(entry)), true).changed()
            }
            Some(Meaning::PathList(name)) => self.as_path_list(name).changed(),
            Some(Meaning::Set(_)) | None => self.not_understood(at),
        }
    }

    /// What a match asks.
    pub(super) fn matched(&self, what: &Match<'t>) -> Question {
        let (words, known) = self.match_words(what);
        Question::other(words, known)
    }

    /// Whether the next hop is in a list.
    pub(super) fn next_hop(&self, kind: ObjectKind, name: &'t str) -> Question {
        let names = vec![Fact::new(name, self.device.device.at)];
        self.matched(&match kind {
            ObjectKind::Acl => Match::NextHopAccessLists(names),
            _ => Match::NextHopPrefixLists(names),
        })
    }

    /// A statement that is only known by what is written there.
    pub(super) fn not_understood(&self, at: Span) -> Question {
        Question::written(&self.raw(at), self.written(at))
    }

    /// What a change does that the evaluator did not follow; nothing where nothing depends on it.
    pub(super) fn change(&self, at: Span) -> Option<String> {
        match self.places().get(&at) {
            Some(Meaning::Set(
                SetAction::Irrelevant | SetAction::RouteTargets(_) | SetAction::Unknown,
            ))
            | None => self.texts.map(|_| self.written(at)),
            Some(Meaning::Set(SetAction::Community(
                edit @ (CommunityEdit::RemoveMatching(name) | CommunityEdit::KeepMatching(name)),
            ))) => {
                let verb =
                    if matches!(edit, CommunityEdit::KeepMatching(_)) { "kept" } else { "deleted" };
                let list = self.device.lists.community_list(&self.device.device, name.value);
                let content = list.map_or_else(|| name.value.to_owned(), list_words);
                Some(format!("communities {verb}: {content}"))
            }
            Some(Meaning::Set(action)) => Some(set_text(action)),
            Some(_) => None,
        }
    }

    /// What is written there, or where that is.
    fn raw(&self, at: Span) -> String {
        let file = self.texts.and_then(|files| files.file(at.file));
        let text = file.and_then(|file| file.text().get(at.start as usize..at.end as usize));
        match text {
            Some(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            None => format!("{}:{}", at.file.0, at.start),
        }
    }

    /// The words of a statement that may be printed, or where they stand.
    fn written(&self, at: Span) -> String {
        match self.texts {
            Some(files) => {
                let text = files.printable(at);
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            }
            None => "a statement that is not understood".to_owned(),
        }
    }

    fn match_words(&self, what: &Match<'t>) -> (String, bool) {
        let lists = |names: &[Fact<&'t str>]| {
            let mut all = Some(PrefixSet::default());
            for name in names {
                let set = [ObjectKind::PrefixList, ObjectKind::Ipv6PrefixList]
                    .into_iter()
                    .find_map(|kind| self.device.lists.prefix_list(kind, name.value))
                    .filter(|list| list.understood)
                    .map(|list| list.permitted(&self.device.device));
                all = all.zip(set).map(|(all, set)| all.union(set));
            }
            all.map(|set| set.to_string())
        };
        let access = |names: &[Fact<&'t str>]| {
            let mut all = Some(PrefixSet::default());
            for name in names {
                let found = [Family::Ipv4, Family::Ipv6].into_iter().find_map(|family| {
                    self.device.lists.access_list(&self.device.device, family, name.value)
                });
                let set = found.filter(|(_, routes)| routes.certain);
                let set = set.map(|(_, routes)| &routes.compiled.permitted);
                all = all.zip(set).map(|(all, set)| all.union(set));
            }
            all.map(|set| set.to_string())
        };
        let (word, content) = match what {
            Match::NextHopPrefixLists(names) => ("next hop in", lists(names)),
            Match::NextHopAccessLists(names) => ("next hop in", access(names)),
            Match::RouteSourcePrefixLists(names) => ("route source in", lists(names)),
            Match::RouteSourceAccessLists(names) => ("route source in", access(names)),
            Match::CommunityLists { lists, exact: true } => {
                ("exactly the communities", self.community_lists(lists))
            }
            Match::ExtendedCommunityLists(names) => {
                ("extended communities", self.value_sets(names))
            }
            Match::LargeCommunityLists(names) => ("large communities", self.value_sets(names)),
            Match::Unknown => return (match_text(what), false),
            other => return (match_text(other), true),
        };
        match content {
            Some(content) => (format!("{word} {content}"), true),
            None => (match_text(what), false),
        }
    }

    fn community_lists(&self, names: &[Fact<&'t str>]) -> Option<String> {
        let list = |name: &Fact<&'t str>| {
            self.device.lists.community_list(&self.device.device, name.value).map(list_words)
        };
        names.iter().map(list).collect::<Option<Vec<_>>>().map(|all| all.join(" or "))
    }

    fn value_sets(&self, names: &[Fact<&'t str>]) -> Option<String> {
        let device = &self.device.device;
        let set = |name: &Fact<&'t str>| {
            let mut sets = device.value_sets.iter().filter(|set| set.name == name.value);
            let set = sets.next().filter(|set| set.blind.is_empty())?;
            Some(set.values.iter().map(|value| value.value).collect::<Vec<_>>().join(" "))
        };
        names.iter().map(set).collect::<Option<Vec<_>>>().map(|all| all.join(" or "))
    }

    fn places(&self) -> &BTreeMap<Span, Meaning<'n, 't>> {
        self.places.get_or_init(|| {
            let mut places = BTreeMap::new();
            let device = &self.device.device;
            for list in &device.community_lists {
                places.extend(list.entries.iter().map(|entry| (entry.at, Meaning::Entry(entry))));
            }
            for clause in device.policies.iter().flat_map(|policy| &policy.clauses) {
                conditions(&clause.condition, 0, &mut places);
                steps(&clause.steps, 0, &mut places);
            }
            places
        })
    }
}

fn conditions<'n, 't>(
    condition: &'n Condition<'t>,
    depth: u8,
    places: &mut BTreeMap<Span, Meaning<'n, 't>>,
) {
    match condition {
        Condition::Match(fact) => {
            match &fact.value {
                Match::AsPathLists(names) => {
                    let place = |name: &Fact<&'t str>| (name.at(), Meaning::PathList(name.value));
                    places.extend(names.iter().map(place));
                }
                Match::State(state) => {
                    places.insert(state.at, Meaning::State(&fact.value));
                }
                _ => {}
            }
            places.insert(fact.at(), Meaning::Match(&fact.value));
        }
        Condition::All(parts) | Condition::Any(parts) if depth < DEEPEST => {
            parts.iter().for_each(|part| conditions(part, depth + 1, places));
        }
        Condition::Not(inner) if depth < DEEPEST => conditions(inner, depth + 1, places),
        _ => {}
    }
}

fn steps<'n, 't>(all: &'n [Step<'t>], depth: u8, places: &mut BTreeMap<Span, Meaning<'n, 't>>) {
    for step in all {
        match step {
            Step::Set(action) => {
                places.insert(action.at(), Meaning::Set(&action.value));
            }
            Step::Branch(arms) if depth < DEEPEST => {
                for arm in arms {
                    conditions(&arm.condition, depth + 1, places);
                    steps(&arm.steps, depth + 1, places);
                }
            }
            _ => {}
        }
    }
}

fn list_words(list: &CommunityList<'_>) -> String {
    list.entries.iter().map(entry_words).collect::<Vec<_>>().join(", ")
}

fn entry_words(entry: &CommunityEntry<'_>) -> String {
    let what = match &entry.matches {
        CommunityMatch::Any => "any".to_owned(),
        CommunityMatch::All(values) => {
            values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        }
        CommunityMatch::Regex(regex) => regex.trim_matches('"').to_owned(),
    };
    if entry.permit { what } else { format!("not {what}") }
}
