//! Matches on AS paths: a class of routes is divided only where some of its paths match and others do not.
//!
//! About a path that is known a match is answered at once. For all others, what a policy asked of the
//! path so far is a set of paths, and so is what it asks now; where one lies within the other, or they have nothing
//! in common, the answer is known and no class comes of it. The first plain question needs no set: it has
//! both answers, as anybody can see.

use std::sync::Arc;

use edgelint_model::{AsPathLanguage, AsPathList, Device, Effect, Fact};
use edgelint_source::Span;

use crate::as_path::{AsPath, AsPathSet, Expressions, Path, Plain, decide, decide_list, plain};
use crate::evaluate::attributes::Attributes;
use crate::evaluate::class::{RouteClass, Test};
use crate::evaluate::condition::Split;
use crate::evaluate::cube::{AsPathKnown, Cube};
use crate::evaluate::flow::Evaluator;
use crate::lists::Lists;

#[cfg(test)]
mod tests;

/// What a match asks of a path.
enum Asked<'a, 't> {
    /// That a list matches.
    List(&'a AsPathList<'t>),
    /// That an expression matches.
    Expression(&'t str),
    /// That it is of some length, at least and at most.
    Length(u32, u32),
}

impl<'t> Asked<'_, 't> {
    /// The question by which a class is divided.
    fn test(&self) -> Test<'t> {
        match self {
            Self::List(list) => Test::AsPathList(list.name),
            Self::Expression(regex) => Test::AsPathRegex(regex),
            Self::Length(least, most) => Test::AsPathLength(*least, *most),
        }
    }

    /// The paths of which it holds.
    fn paths(&self, device: &Device<'t>, lists: &Lists<'t>) -> Option<AsPathSet> {
        let language = device.behaviour.as_path_language;
        match self {
            Self::List(list) => lists.as_paths(device, list.name),
            Self::Expression(regex) => lists.purse.expression(language, regex),
            Self::Length(least, most) => lists.purse.length(*least, *most),
        }
    }

    /// Whether anybody can see that it holds of some paths and not of others.
    fn is_plain(&self, device: &Device<'t>, lists: &Lists<'t>) -> bool {
        match self {
            Self::List(list) => lists.is_plain(device, list.name),
            Self::Expression(regex) => {
                are_plain(device.behaviour.as_path_language, [(true, *regex)])
            }
            Self::Length(..) => false,
        }
    }
}

/// Whether anybody can see that entries, of which the first that matches decides, permit some paths and not
/// others: what the first entry matches, and a path of one digit that meets none of them.
pub(crate) fn are_plain<'r>(
    language: AsPathLanguage,
    entries: impl IntoIterator<Item = (bool, &'r str)>,
) -> bool {
    let (mut first, mut digits, mut otherwise) = (None, 0, false);
    for (permit, regex) in entries {
        if decide(language, regex, &Path::Unknown, &Expressions::default()) == Some(true) {
            otherwise = permit;
            break;
        }
        let Some(Plain { digits: more }) = plain(language, regex) else { return false };
        first.get_or_insert(permit);
        digits |= more;
    }
    first.is_some_and(|first| first != otherwise) && digits != Plain::ALL
}

/// The paths that answer a question with yes: the inner `None` where there is no set of them; `None` for a question
/// about something else, or about what became of a path in a way that no set tells.
fn asked_paths<'t>(
    test: &Test<'t>,
    (device, lists): (&Device<'t>, &Lists<'t>),
) -> Option<Option<AsPathSet>> {
    match test {
        Test::AsPathList(name) => Some(lists.as_paths(device, name)),
        Test::AsPathRegex(regex) => Some(Asked::Expression(regex).paths(device, lists)),
        Test::AsPathLength(least, most) => Some(lists.purse.length(*least, *most)),
        Test::After(after) if after.1.excluded.is_empty() => {
            let asked = asked_paths(&after.0, (device, lists))?;
            Some(asked.and_then(|paths| paths.before(&after.1.prepend)))
        }
        _ => None,
    }
}

/// The paths, of `all`, about which these answers were given; `None` where a question has no set.
fn answered<'t>(
    tests: &[(Test<'t>, bool)],
    all: AsPathSet,
    (device, lists): (&Device<'t>, &Lists<'t>),
) -> Option<AsPathSet> {
    tests.iter().try_fold(all, |paths, (test, answer)| {
        let Some(asked) = asked_paths(test, (device, lists)) else { return Some(paths) };
        match answer {
            true => lists.purse.intersection(&paths, &asked?),
            false => lists.purse.difference(&paths, &asked?),
        }
    })
}

/// Whether a question is about the path.
pub(super) fn asks_for_path(test: &Test<'_>) -> bool {
    match test {
        Test::AsPathList(_) | Test::AsPathRegex(_) | Test::AsPathLength(..) => true,
        Test::After(after) => asks_for_path(&after.0),
        _ => false,
    }
}

impl<'t> RouteClass<'t> {
    /// The AS paths with which its routes arrive, as far as the policy asked for them; `None` where an
    /// expression is not understood or too large. `device` is the one whose policy made the class.
    ///
    /// Where the dialect's expressions are about whole AS numbers, paths with sets and confederations are left
    /// out: see [`AsPathSet::of_language`].
    pub fn as_paths(&self, device: &Device<'t>, lists: &Lists<'t>) -> Option<AsPathSet> {
        let all = AsPathSet::of_language(device.behaviour.as_path_language);
        let asked = answered(&self.given.tests, all, (device, lists))?;
        Some(self.given.as_path.clone().unwrap_or(asked))
    }
}

impl<'t> Evaluator<'_, 't> {
    /// Divides by an AS-path list.
    pub(super) fn by_as_path_list(
        &self,
        cube: Cube<'t>,
        name: &Fact<&'t str>,
        undefined: Effect,
    ) -> Split<'t> {
        let Some(list) = self.lists.as_path_list(self.device, name.value) else {
            return self.by_undefined(cube, name, undefined);
        };
        let (language, expressions) = (self.behaviour.as_path_language, &self.lists.expressions);
        let mut split = match decide_list(language, list, &self.path_of(&cube), expressions) {
            Some(holds) => Split::decided(cube, holds),
            None => self.ask_path(cube, &Asked::List(list), name.at()),
        };
        split.doubt_if(!list.blind.is_empty());
        split
    }

    /// Divides by an AS-path expression.
    pub(super) fn by_as_path_expression(
        &self,
        cube: Cube<'t>,
        regex: &'t str,
        at: Span,
    ) -> Split<'t> {
        let (language, expressions) = (self.behaviour.as_path_language, &self.lists.expressions);
        match decide(language, regex, &self.path_of(&cube), expressions) {
            Some(holds) => Split::decided(cube, holds),
            None => self.ask_path(cube, &Asked::Expression(regex), at),
        }
    }

    /// Divides by the length of the AS path.
    pub(super) fn by_as_path_length(
        &self,
        cube: Cube<'t>,
        (least, most): (u32, u32),
        at: Span,
    ) -> Split<'t> {
        match self.path_of(&cube) {
            Path::Exactly(path) => {
                let length = u32::try_from(path.length()).unwrap_or(u32::MAX);
                Split::decided(cube, (least..=most).contains(&length))
            }
            Path::NonEmpty | Path::Unknown => self.ask_path(cube, &Asked::Length(least, most), at),
        }
    }

    /// Divides by a question about a path of which not all is known.
    fn ask_path(&self, mut cube: Cube<'t>, asked: &Asked<'_, 't>, at: Span) -> Split<'t> {
        let attributes = self.seen_path(&cube);
        let edited = attributes.lists.edits_path();
        // What became of the path on the way cannot be told, or nobody has shown whether matches see it.
        if attributes.path_rewritten || (edited && self.behaviour.later_clauses_see_sets.is_none())
        {
            return self.ask(cube, Test::NotUnderstood(at));
        }
        let test = match edited {
            false => asked.test(),
            true => Test::After(Arc::new((asked.test(), attributes.lists.of_path()))),
        };
        if let Some(answer) = cube.answer(&test) {
            return Split::decided(cube, answer);
        }
        if !attributes.lists.excluded.is_empty() {
            return self.ask(cube, test);
        }
        let mut tests = cube.given.tests.iter().map(|(test, _)| test);
        let first = cube.given.as_path.is_none() && !tests.any(asks_for_path);
        if first && !edited && asked.is_plain(self.device, self.lists) {
            return self.ask(cube, test);
        }
        let added = attributes.lists.prepend.clone();
        let added = added.as_slice();
        let Some((yes, no)) = self.divided(&cube, asked, added) else {
            cube.certain = false;
            return self.ask(cube, test);
        };
        if yes.is_empty() || no.is_empty() {
            return Split::decided(cube, no.is_empty());
        }
        if !self.may_divide() {
            cube.certain = false;
            return Split::yes(cube);
        }
        Split {
            yes: vec![cube.clone().with_paths(yes).with_answer(test.clone(), true)],
            no: vec![cube.with_paths(no).with_answer(test, false)],
        }
    }

    /// The paths of a cube's routes that fulfil what is asked once some numbers stand in front, and those
    /// that do not; `None` where that is not known.
    fn divided(
        &self,
        cube: &Cube<'t>,
        asked: &Asked<'_, 't>,
        added: &[u32],
    ) -> Option<(AsPathSet, AsPathSet)> {
        let purse = &self.lists.purse;
        let wanted = asked.paths(self.device, self.lists)?.before(added)?;
        let paths = match &cube.given.as_path {
            Some(paths) => paths.clone(),
            None => {
                let all = AsPathSet::of_language(self.behaviour.as_path_language);
                let all = match self.known.as_path {
                    AsPathKnown::NonEmpty => purse.intersection(&all, &AsPathSet::non_empty())?,
                    AsPathKnown::Empty | AsPathKnown::Unknown => all,
                };
                answered(&cube.given.tests, all, (self.device, self.lists))?
            }
        };
        Some((purse.intersection(&paths, &wanted)?, purse.difference(&paths, &wanted)?))
    }

    /// What matches see of what was done to the path.
    fn seen_path<'c>(&self, cube: &'c Cube<'t>) -> &'c Attributes {
        match self.behaviour.later_clauses_see_sets {
            Some(false) => &cube.entry,
            _ => &cube.attributes,
        }
    }

    /// What is known of the path of routes on their way.
    fn path_of(&self, cube: &Cube<'t>) -> Path {
        let attributes = self.seen_path(cube);
        let edited = attributes.lists.edits_path();
        // Whatever was done to it, it is not what it was; and what is added may not be seen yet.
        if attributes.path_rewritten || (edited && self.behaviour.later_clauses_see_sets.is_none())
        {
            return Path::Unknown;
        }
        let added = attributes.lists.prepend.as_slice();
        if let Some(path) = &self.known.path {
            return Path::Exactly(attributes.path(path));
        }
        match self.known.as_path {
            AsPathKnown::Empty => Path::Exactly(AsPath::of_numbers(added.iter().copied())),
            AsPathKnown::NonEmpty if attributes.lists.excluded.is_empty() => Path::NonEmpty,
            AsPathKnown::NonEmpty if added.is_empty() => Path::Unknown,
            AsPathKnown::NonEmpty => Path::NonEmpty,
            AsPathKnown::Unknown if added.is_empty() => Path::Unknown,
            AsPathKnown::Unknown => Path::NonEmpty,
        }
    }
}
