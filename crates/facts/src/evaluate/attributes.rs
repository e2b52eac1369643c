//! Attributes as a policy leaves them: what was set, as far as it is known.

use edgelint_model::{
    Arithmetic, Behaviour, Blank, Community, CommunityEdit, NextHopSet, OriginCode, Rare, SetAction,
};

use edgelint_source::Span;

use crate::as_path::AsPath;

/// What happened to a route's communities.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Communities {
    /// Whether those it came with are gone.
    pub cleared: bool,
    /// Those it carries now for certain because a policy set them, sorted.
    pub added: Vec<Community>,
    /// Those it does not carry now because a policy removed them, sorted.
    pub removed: Vec<Community>,
    /// Whether an edit was not understood or depends on an expression.
    pub unclear: bool,
}

impl Communities {
    /// Those of a route that no policy touched.
    const UNTOUCHED: Self =
        Self { cleared: false, added: Vec::new(), removed: Vec::new(), unclear: false };

    /// Applies an edit that needs no list.
    pub(crate) fn edit(&mut self, edit: &CommunityEdit<'_>) {
        match edit {
            CommunityEdit::Replace(values) => {
                *self = Self { cleared: true, ..Self::default() };
                values.iter().for_each(|&value| self.add(value));
            }
            CommunityEdit::Add(values) => values.iter().for_each(|&value| self.add(value)),
            CommunityEdit::RemoveAll => *self = Self { cleared: true, ..Self::default() },
            CommunityEdit::Remove(values) => values.iter().for_each(|&value| self.remove(value)),
            CommunityEdit::RemoveMatching(_) | CommunityEdit::KeepMatching(_) => {
                self.unclear = true;
            }
        }
    }

    fn add(&mut self, value: Community) {
        self.removed.retain(|&removed| removed != value);
        if let Err(at) = self.added.binary_search(&value) {
            self.added.insert(at, value);
        }
    }

    pub(crate) fn remove(&mut self, value: Community) {
        self.added.retain(|&added| added != value);
        if let Err(at) = self.removed.binary_search(&value) {
            self.removed.insert(at, value);
        }
    }
}

/// What policies set on a route. `None` and empty mean: not touched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// LOCAL_PREF.
    pub local_preference: Option<u32>,
    /// Weight.
    pub weight: Option<u32>,
    /// Distance on this router.
    pub distance: Option<u32>,
    /// MULTI_EXIT_DISC.
    pub med: Option<u32>,
    /// Tag.
    pub tag: Option<u32>,
    /// ORIGIN.
    pub origin: Option<OriginCode>,
    /// Whether the AS path was changed in a way that prepending does not show.
    pub path_rewritten: bool,
    /// Whether one of the above was changed in a way that is not known.
    pub unclear: bool,
    /// The attributes that are lists, and what else few policies set.
    pub lists: Rare<AttributeLists>,
}

/// Attributes that are lists of numbers, and the next hop. `Default` means: not touched.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributeLists {
    /// AS numbers put in front of the path, leftmost first.
    pub prepend: Vec<u32>,
    /// AS numbers taken out of the path that the route came with.
    pub excluded: Vec<u32>,
    /// AS numbers in whose place another one stands now, wherever they were in the path.
    pub replaced: Vec<u32>,
    /// Whether that is so of all of them.
    pub replaced_all: bool,
    /// Communities.
    pub communities: Communities,
    /// Changes whose effect is not followed here (next hop, rewritten paths, edits by expressions):
    /// their statements, in order.
    pub unfollowed: Vec<Span>,
    /// Next hop.
    pub next_hop: Option<NextHopSet>,
}

impl AttributeLists {
    /// What happened to the AS path alone.
    pub(crate) fn of_path(&self) -> Self {
        Self { prepend: self.prepend.clone(), excluded: self.excluded.clone(), ..Self::default() }
    }

    /// What happened to communities alone.
    pub(crate) fn of_communities(communities: &Communities) -> Self {
        Self { communities: communities.clone(), ..Self::default() }
    }

    /// Whether the AS path was touched.
    pub(crate) fn edits_path(&self) -> bool {
        !self.prepend.is_empty() || !self.excluded.is_empty()
    }
}

impl Blank for AttributeLists {
    fn blank<'b>() -> &'b Self
    where
        Self: 'b,
    {
        static BLANK: AttributeLists = AttributeLists {
            prepend: Vec::new(),
            excluded: Vec::new(),
            replaced: Vec::new(),
            replaced_all: false,
            communities: Communities::UNTOUCHED,
            unfollowed: Vec::new(),
            next_hop: None,
        };
        &BLANK
    }
}

/// What sets start from, where they add or subtract, and who prepends.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Base {
    /// Local preference of a route nothing was set on, where it is known.
    pub(crate) local_preference: Option<u32>,
    /// MED, likewise.
    pub(crate) med: Option<u32>,
    /// Distance of a route nothing was set on, likewise.
    pub(crate) distance: Option<u32>,
    /// The last AS number of the path, for `prepend last-as`.
    pub(crate) last_as: Option<u32>,
}

impl Base {
    /// The MED that additions to a route on its way to a neighbor start from, where the lab shows it:
    /// routes taken from the table go to another AS without the MED they came with, and adding to none
    /// is adding to zero (Junos, `junos_rmw_localpref` and the labs' tables).
    pub(crate) fn fresh_med(behaviour: &Behaviour, is_ebgp: bool) -> Option<u32> {
        (behaviour.export_from_table.is_some() && is_ebgp).then_some(0)
    }
}

impl Attributes {
    /// Applies a set, community edits by lists excepted.
    pub(crate) fn set(&mut self, action: &SetAction<'_>, base: Base) {
        match action {
            SetAction::LocalPreference(change) => {
                let before = self.local_preference.or(base.local_preference);
                self.local_preference = self.change(*change, before);
            }
            SetAction::Weight(value) => self.weight = Some(*value),
            SetAction::Distance(change) => {
                self.distance = self.change(*change, self.distance.or(base.distance));
            }
            SetAction::Med(change) => {
                let before = self.med.or(base.med);
                self.med = self.change(*change, before);
            }
            SetAction::Community(edit) => self.lists.communities.edit(edit),
            SetAction::Prepend(path) => {
                self.lists.prepend.splice(0..0, path.iter().copied());
            }
            SetAction::PrependLastAs(times) => match self.last_as(base) {
                Some(last) => {
                    let times = (*times as usize).min(MOST_PREPENDS);
                    self.lists.prepend.splice(0..0, std::iter::repeat_n(last, times));
                }
                None => self.path_rewritten = true,
            },
            SetAction::ExcludeAs(numbers) => {
                self.lists.prepend.retain(|number| !numbers.contains(number));
                self.lists.excluded.extend(numbers);
            }
            SetAction::ReplaceAs(numbers) => {
                self.path_rewritten = true;
                match numbers.as_slice() {
                    [] => self.lists.replaced_all = true,
                    // More of them are one sequence: which paths hold it, is not followed.
                    [number] => self.lists.replaced.push(*number),
                    _ => {}
                }
            }
            SetAction::PrependOwnAs(_) | SetAction::RewritePath(_) => self.path_rewritten = true,
            SetAction::Origin(origin) => self.origin = Some(*origin),
            SetAction::Tag(tag) => self.tag = Some(*tag),
            SetAction::NextHop(next_hop) => self.lists.next_hop = Some(*next_hop),
            SetAction::Irrelevant | SetAction::RouteTargets(_) => {}
            SetAction::Unknown => self.unclear = true,
        }
    }

    /// The AS number that a route's path begins with now, where that can be told.
    fn last_as(&self, base: Base) -> Option<u32> {
        let came = base.last_as.filter(|number| !self.lists.excluded.contains(number));
        self.lists.prepend.first().copied().or(came)
    }

    /// The path of a route that came with another.
    pub(crate) fn path(&self, came: &AsPath) -> AsPath {
        came.without(&self.lists.excluded).behind(&self.lists.prepend)
    }

    fn change(&mut self, change: Arithmetic, before: Option<u32>) -> Option<u32> {
        let result = match (change, before) {
            (Arithmetic::Set(value), _) => Some(value),
            (Arithmetic::Add(value), Some(before)) => Some(before.saturating_add(value)),
            (Arithmetic::Subtract(value), Some(before)) => Some(before.saturating_sub(value)),
            (Arithmetic::Multiply(value), Some(before)) => Some(before.saturating_mul(value)),
            (Arithmetic::Add(_) | Arithmetic::Subtract(_) | Arithmetic::Multiply(_), None) => None,
        };
        self.unclear |= result.is_none();
        result
    }
}

/// More than any device prepends in one step: a number read from hostile text must not fill memory.
const MOST_PREPENDS: usize = 64;
