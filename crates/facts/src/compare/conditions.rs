//! What routes of a class have in common beside their prefixes, in words that two devices share.
//!
//! A device asks its own lists by their own names. Two devices ask the same where their lists say the same:
//! so every question is written out as what it asks, and names are left behind.

use edgelint_model::{AsPathLanguage, Community, CommunityText, Match};

use crate::as_path::AsPathSet;
use crate::compare::meaning::Meanings;
use crate::evaluate::{AttributeLists, RouteClass, Test};

/// A question about a route that prefixes and literal communities do not answer.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// What it asks, in a form that is equal where two questions are.
    key: String,
    /// The same for people.
    words: String,
    pub(super) kind: Kind,
    /// Whether all that it asks is known.
    understood: bool,
}

/// What a question is about.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// The AS path: expressions of a language, the first that matches decides.
    Path(AsPathLanguage, Vec<(bool, String)>),
    /// Communities, by an expression.
    Communities(Option<CommunityText>, String),
    /// Anything else.
    Other,
}

impl Question {
    pub(super) fn path(language: AsPathLanguage, entries: Vec<(bool, String)>) -> Self {
        let say = |(permit, regex): &(bool, String)| match permit {
            true => regex.clone(),
            false => format!("not {regex}"),
        };
        let said: Vec<String> = entries.iter().map(say).collect();
        let said = said.join(", ");
        Self {
            key: format!("as-path {language:?} {said}"),
            words: format!("AS path {said}"),
            kind: Kind::Path(language, entries),
            understood: true,
        }
    }

    fn communities(text: Option<CommunityText>, regex: &str) -> Self {
        let regex = regex.trim_matches('"').to_owned();
        Self {
            key: format!("communities {text:?} {regex}"),
            words: format!("communities matching {regex}"),
            kind: Kind::Communities(text, regex),
            understood: true,
        }
    }

    /// A statement that is not understood: one that is written alike asks alike. What is written is never
    /// printed, but for the words that may be.
    pub(super) fn written(raw: &str, words: String) -> Self {
        Self { key: format!("written {raw}"), words, kind: Kind::Other, understood: false }
    }

    /// What an earlier clause may have changed is asked.
    pub(super) fn changed(self) -> Self {
        Self {
            key: format!("changed {}", self.key),
            words: format!("{} as changed before", self.words),
            kind: Kind::Other,
            understood: self.understood,
        }
    }

    /// The same, asked behind edits that are known.
    fn after(self, edits: &AttributeLists) -> Self {
        Self { key: format!("after {edits:?} {}", self.key), ..self.changed() }
    }

    /// A question that is told by its words.
    pub(super) fn other(words: String, understood: bool) -> Self {
        Self { key: format!("other {words}"), words, kind: Kind::Other, understood }
    }
}

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Question {}

impl PartialOrd for Question {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Question {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

/// What a test asks.
fn asked<'t>(test: &Test<'t>, meanings: &Meanings<'_, 't>) -> Question {
    match test {
        Test::CommunityRegex(regex) => {
            Question::communities(meanings.behaviour().community_text, regex)
        }
        Test::AsPathList(name) => meanings.as_path_list(name),
        Test::AsPathRegex(regex) => Question::path(
            meanings.behaviour().as_path_language,
            vec![(true, regex.trim().trim_matches('"').to_owned())],
        ),
        Test::CommunitiesWithin(all) => {
            let all: Vec<String> = all.iter().map(ToString::to_string).collect();
            Question::other(format!("no communities but {}", all.join(", ")), true)
        }
        Test::After(after) => asked(&after.0, meanings).after(&after.1),
        Test::AsPathLength(least, most) => meanings.matched(&Match::AsPathLength(*least, *most)),
        Test::Tag(tag) => meanings.matched(&Match::Tags(vec![*tag])),
        Test::Med(med) => meanings.matched(&Match::Metric(*med)),
        Test::LocalPreference(value) => meanings.matched(&Match::LocalPreference(*value)),
        Test::Origin(origin) => meanings.matched(&Match::Origin(*origin)),
        Test::Neighbor(neighbor) => meanings.matched(&Match::Neighbors(vec![*neighbor])),
        Test::Protocol(name) => meanings.matched(&Match::Protocols(vec![name])),
        Test::NextHopList(kind, name) => meanings.next_hop(*kind, name),
        Test::Attribute(at) => meanings.question(*at),
        Test::NotUnderstood(at) => meanings.not_understood(*at),
    }
}

/// What routes have in common beside their prefixes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conditions {
    /// Communities they carry, sorted.
    pub communities: Vec<Community>,
    /// Communities they do not carry, sorted.
    pub without: Vec<Community>,
    /// Questions with their answers, sorted, each once.
    pub(super) questions: Vec<(Question, bool)>,
}

impl Conditions {
    /// Those of a class; nothing where no route can fulfil them.
    pub(super) fn of<'t>(class: &RouteClass<'t>, meanings: &Meanings<'_, 't>) -> Option<Self> {
        let given = &*class.given;
        let mut own = Self {
            communities: given.required.clone(),
            without: given.forbidden.clone(),
            questions: Vec::with_capacity(given.tests.len()),
        };
        for (test, answer) in &given.tests {
            own.ask(asked(test, meanings), *answer).then_some(())?;
        }
        Some(own)
    }

    /// Adds an answer; whether it goes with what is there.
    fn ask(&mut self, question: Question, answer: bool) -> bool {
        match self.questions.binary_search_by(|(known, _)| known.cmp(&question)) {
            Ok(at) => self.questions.get(at).is_some_and(|(_, known)| *known == answer),
            Err(at) => {
                self.questions.insert(at, (question, answer));
                true
            }
        }
    }

    /// What routes have in common that fulfil both; nothing where none can.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        let mut both = self.clone();
        for (mine, theirs) in
            [(&mut both.communities, &other.communities), (&mut both.without, &other.without)]
        {
            mine.extend(theirs);
            mine.sort_unstable();
            mine.dedup();
        }
        let excluded = |one: &Community| both.without.binary_search(one).is_ok();
        if both.communities.iter().any(excluded) {
            return None;
        }
        for (question, answer) in &other.questions {
            both.ask(question.clone(), *answer).then_some(())?;
        }
        Some(both)
    }

    /// Both together, where they differ in one answer only, as one.
    pub(super) fn joined(&self, other: &Self) -> Option<Self> {
        let (mine, theirs) = (self.literals(), other.literals());
        let same = mine.len() == theirs.len() && mine.iter().zip(&theirs).all(|(a, b)| a.0 == b.0);
        let mut differing = mine.iter().zip(&theirs).filter(|(a, b)| a.1 != b.1);
        let (Some((turned, _)), None) = (differing.next(), differing.next()) else { return None };
        same.then(|| Self::of_literals(mine.iter().filter(|one| *one != turned).cloned()))
    }

    /// Without an answer that the other turns around, where the other asks nothing beyond that this does not: what
    /// is in either stays the same. Routes with one community, and those with another but without the first, are
    /// those with the one and those with the other.
    pub(super) fn beside(&self, other: &Self) -> Option<Self> {
        let (mine, theirs) = (self.literals(), other.literals());
        let mut turned = None;
        for (literal, answer) in &theirs {
            let (_, own) = mine.iter().find(|(known, _)| known == literal)?;
            if own != answer && turned.replace(literal).is_some() {
                return None;
            }
        }
        let turned = turned?;
        Some(Self::of_literals(mine.iter().filter(|(literal, _)| literal != turned).cloned()))
    }

    /// Everything that is asked, with the answers, sorted.
    fn literals(&self) -> Vec<(Literal, bool)> {
        let of = |all: &[Community], carried: bool| -> Vec<(Literal, bool)> {
            all.iter().map(|&one| (Literal::Community(one), carried)).collect()
        };
        let asked = self.questions.iter();
        let asked = asked.map(|(question, answer)| (Literal::Question(question.clone()), *answer));
        let mut all = of(&self.communities, true);
        all.extend(of(&self.without, false));
        all.extend(asked);
        all.sort_unstable();
        all
    }

    fn of_literals(literals: impl IntoIterator<Item = (Literal, bool)>) -> Self {
        let mut all = Self::default();
        for (literal, answer) in literals {
            match (literal, answer) {
                (Literal::Community(one), true) => all.communities.push(one),
                (Literal::Community(one), false) => all.without.push(one),
                (Literal::Question(question), answer) => all.questions.push((question, answer)),
            }
        }
        all
    }

    /// Whether a question is among them.
    pub(super) fn asks(&self, question: &Question) -> bool {
        self.questions.binary_search_by(|(known, _)| known.cmp(question)).is_ok()
    }

    /// Whether the AS path is asked for.
    pub(super) fn asks_path(&self) -> bool {
        self.questions.iter().any(|(question, _)| matches!(question.kind, Kind::Path(..)))
    }

    /// The AS paths that fulfil what they ask; `None` where an expression is not understood or too large.
    pub(crate) fn paths(&self) -> Option<AsPathSet> {
        let mut paths = AsPathSet::all();
        for (question, answer) in &self.questions {
            let Kind::Path(language, entries) = &question.kind else { continue };
            let mut asked = AsPathSet::nothing();
            // From behind, so that earlier entries have the last word.
            for (permit, regex) in entries.iter().rev() {
                let matched = AsPathSet::of_expression(*language, regex)?;
                asked = match permit {
                    true => asked.union(&matched)?,
                    false => asked.difference(&matched)?,
                };
            }
            paths = match answer {
                true => paths.intersection(&asked)?,
                false => {
                    paths.intersection(&AsPathSet::of_language(*language))?.difference(&asked)?
                }
            };
        }
        Some(paths)
    }

    /// Whether everything they ask is known.
    pub(super) fn understood(&self) -> bool {
        self.questions.iter().all(|(question, _)| question.understood)
    }

    /// The further conditions in words: `AS path _64500_`, `not AS path ^$`.
    pub fn words(&self) -> Vec<String> {
        let say = |(question, answer): &(Question, bool)| match answer {
            true => question.words.clone(),
            false => format!("not {}", question.words),
        };
        self.questions.iter().map(say).collect()
    }

    /// All of it in words; empty where there is nothing to say.
    pub fn describe(&self) -> String {
        let names =
            |all: &[Community]| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let mut parts = Vec::new();
        if !self.communities.is_empty() {
            parts.push(format!("with {}", names(&self.communities)));
        }
        if !self.without.is_empty() {
            parts.push(format!("without {}", names(&self.without)));
        }
        for (wanted, word) in [(true, "with"), (false, "not with")] {
            let asked = self.questions.iter().filter(|(_, answer)| *answer == wanted);
            parts.extend(asked.map(|(question, _)| format!("{word} {}", question.words)));
        }
        parts.join(", ")
    }
}

/// One thing that is asked of a route.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Literal {
    Community(Community),
    Question(Question),
}
