//! Samples: whether a class of routes holds one that a neighbor can well send.
//!
//! A class may depend on questions that the configuration does not answer: whether a path is matched, whether a
//! tag is there. A route from a neighbor in AS 12076 has a path that begins with 12076 and, from some
//! clouds, communities of their own. Where such a route answers all questions of a class the way the
//! class wants it, the class is no mere possibility.

use edgelint_model::{Community, Device};

use crate::as_path::{AsPath, Expressions, Path, Terms, decide, decide_list};
use crate::evaluate::class::{Given, RouteClass, Test};
use crate::evaluate::paths::asks_for_path;
use crate::lists::Lists;

/// What is usual of routes that a neighbor sends.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// Paths with which they may come to the device.
    pub(crate) paths: Vec<AsPath>,
    /// The AS that tags them, where it is one that does.
    pub(crate) tagger: Option<u32>,
    /// Communities they may carry, as text.
    pub(crate) tags: &'static [&'static str],
}

impl Sample {
    /// Whether a community is one of those that the neighbor puts on its routes.
    fn is_tag(&self, community: Community) -> bool {
        self.tagger.is_some_and(|tagger| community.0 >> 16 == tagger)
    }
}

/// Answers questions for samples, on one device.
pub(crate) struct Asked<'d, 't> {
    pub(crate) device: &'d Device<'t>,
    pub(crate) lists: &'d Lists<'t>,
    /// Expressions that were compiled so far: devices of one estate write the same ones.
    pub(crate) expressions: &'d Expressions,
}

impl<'t> Asked<'_, 't> {
    /// The paths of a sample with which a route can be in a class; none where it cannot. `before` is what was
    /// known of the routes already.
    pub(crate) fn paths(
        &self,
        class: &RouteClass<'t>,
        before: &Given<'t>,
        sample: &Sample,
    ) -> Vec<AsPath> {
        let given = &class.given;
        let fresh = |list: &[Community], known: &[Community]| -> Vec<Community> {
            list.iter().copied().filter(|one| known.binary_search(one).is_err()).collect()
        };
        // A community that only an own route carries keeps others out; what the neighbor may put on
        // its routes does not keep them in for certain.
        let required = fresh(&given.required, &before.required);
        let forbidden = fresh(&given.forbidden, &before.forbidden);
        if required.iter().any(|one| !sample.is_tag(*one))
            || forbidden.iter().any(|one| sample.is_tag(*one))
        {
            return Vec::new();
        }
        let open = given.tests.iter().all(|asked| match asked {
            (Test::AsPathList(_) | Test::AsPathRegex(_) | Test::AsPathLength(..), _) => true,
            (Test::After(after), _) if asks_for_path(&after.0) && given.as_path.is_some() => true,
            _ if before.tests.contains(asked) => true,
            (Test::CommunityRegex(regex), answer) => !answer && self.misses_all(regex, sample),
            (Test::NotUnderstood(_), _) => false,
            (_, answer) => !answer,
        });
        if !open {
            return Vec::new();
        }
        let fits = |path: &&AsPath| {
            let in_set = given.as_path.as_ref().is_none_or(|paths| paths.matches(path));
            in_set
                && given.tests.iter().all(|(test, answer)| {
                    self.path_answer(test, path).is_none_or(|found| found == Some(*answer))
                })
        };
        sample.paths.iter().filter(fits).cloned().collect()
    }

    /// The answer to a question about the path, where it can be given; the outer `None` for other questions.
    fn path_answer(&self, test: &Test<'t>, path: &AsPath) -> Option<Option<bool>> {
        let language = self.device.behaviour.as_path_language;
        let expressions = self.expressions;
        let path = Path::Exactly(path.clone());
        match test {
            Test::AsPathList(name) => {
                let list = self.lists.as_path_list(self.device, name);
                Some(list.and_then(|list| decide_list(language, list, &path, expressions)))
            }
            Test::AsPathRegex(regex) => Some(decide(language, regex, &path, expressions)),
            Test::AsPathLength(least, most) => {
                let Path::Exactly(path) = &path else { return Some(None) };
                Some(Some((*least as usize..=*most as usize).contains(&path.length())))
            }
            _ => None,
        }
    }

    /// Whether an expression matches none of the communities that the neighbor puts on its routes.
    fn misses_all(&self, regex: &str, sample: &Sample) -> bool {
        let regex = regex.trim_matches('"');
        let matches = |text: &&str| self.expressions.matches(Terms::Characters, regex, text);
        sample.tags.iter().all(|text| matches(text) == Some(false))
    }
}
