//! A device's lists by name, compiled to exact sets when somebody first asks.
//!
//! Most lists of an export filter management access or are used by nobody, and compiling is the
//! dearest thing that is done with a list: so it is done once, and only for lists that a policy
//! or a filter in BGP consults.

use std::sync::OnceLock;

use edgelint_model::{
    AccessList, AsPathList, CommunityList, Device, ObjectKind, Policy, PrefixEntry,
};
use edgelint_prefix::{Entry, Family, Matcher, Prefix, PrefixSet, first_match};
use edgelint_source::Span;

use crate::as_path::{AsPathSet, Purse};
use crate::evaluate::{AccessRoutes, Expressions, access_routes, are_plain};

/// A prefix list, and what it comes to.
#[derive(Debug)]
pub struct CompiledList<'t> {
    /// [`ObjectKind::PrefixList`] or [`ObjectKind::Ipv6PrefixList`].
    pub kind: ObjectKind,
    /// Its name.
    pub name: &'t str,
    /// Its first statement.
    pub at: Span,
    /// Whether all its statements were understood.
    pub understood: bool,
    /// Where it stands among the device's lists.
    place: u32,
    /// Where the others of that name stand, if lists of both families are one.
    others: Vec<u32>,
    permitted: OnceLock<PrefixSet>,
}

impl<'t> CompiledList<'t> {
    /// Its entries in the order of evaluation; `device` is the one it belongs to.
    pub fn entries<'d>(&self, device: &'d Device<'t>) -> impl Iterator<Item = &'d PrefixEntry> {
        let places = std::iter::once(&self.place).chain(&self.others);
        let lists = places.filter_map(|&place| device.prefix_lists.get(place as usize));
        lists.flat_map(|list| &list.entries)
    }

    /// The prefixes that the list permits.
    pub fn permitted(&self, device: &Device<'t>) -> &PrefixSet {
        self.permitted.get_or_init(|| {
            // Most lists only permit: then it does not matter which entry decides.
            if self.entries(device).all(|entry| entry.permit) {
                return self.entries(device).map(|entry| entry.range).collect();
            }
            let entries: Vec<Entry> = self
                .entries(device)
                .map(|entry| Entry { permit: entry.permit, set: Matcher::Range(entry.range) })
                .collect();
            first_match(&entries).permitted
        })
    }

    /// The entry that decides about a prefix.
    pub fn entry_for<'d>(
        &self,
        device: &'d Device<'t>,
        prefix: &Prefix,
    ) -> Option<&'d PrefixEntry> {
        self.entries(device).find(|entry| entry.range.contains(prefix))
    }
}

/// What an AS-path list comes to, once somebody asked.
#[derive(Debug, Default)]
struct CompiledPaths {
    paths: OnceLock<Option<AsPathSet>>,
    is_plain: OnceLock<bool>,
}

/// The lists and policies of a device by name.
#[derive(Debug, Default)]
pub struct Lists<'t> {
    /// Prefix lists, sorted by kind and name.
    pub prefix_lists: Vec<CompiledList<'t>>,
    access_lists: Vec<(Family, &'t str, usize, OnceLock<Box<AccessRoutes>>)>,
    community_lists: Vec<(&'t str, usize)>,
    as_path_lists: Vec<(&'t str, usize)>,
    /// What AS-path lists come to, in the order of the device.
    as_paths: Vec<CompiledPaths>,
    policies: Vec<(&'t str, usize)>,
    /// What sets of AS paths cost so far.
    pub(crate) purse: Purse,
    /// Expressions that were compiled for single routes.
    pub(crate) expressions: Expressions,
}

impl<'t> Lists<'t> {
    pub(crate) fn of(device: &Device<'t>) -> Self {
        let mut access_lists: Vec<_> = (0..)
            .zip(&device.access_lists)
            .map(|(place, list)| (list.family, list.name, place, OnceLock::new()))
            .collect();
        access_lists.sort_by_key(|&(family, name, place, _)| (family, name, place));
        Self {
            prefix_lists: prefix_lists(device),
            access_lists,
            community_lists: by_name(device.community_lists.iter().map(|list| list.name)),
            as_path_lists: by_name(device.as_path_lists.iter().map(|list| list.name)),
            as_paths: device.as_path_lists.iter().map(|_| CompiledPaths::default()).collect(),
            policies: by_name(device.policies.iter().map(|policy| policy.name)),
            purse: Purse::default(),
            expressions: Expressions::default(),
        }
    }

    /// The prefix list of that kind and name.
    pub fn prefix_list(&self, kind: ObjectKind, name: &str) -> Option<&CompiledList<'t>> {
        let key = (kind, name);
        let at = self.prefix_lists.binary_search_by(|list| (list.kind, list.name).cmp(&key));
        self.prefix_lists.get(at.ok()?)
    }

    /// The access list of that family and name, with the routes it matches as a route filter.
    pub(crate) fn access_list<'d>(
        &self,
        device: &'d Device<'t>,
        family: Family,
        name: &str,
    ) -> Option<(&'d AccessList<'t>, &AccessRoutes)> {
        let at = self.access_lists.partition_point(|one| (one.0, one.1) < (family, name));
        let one = self.access_lists.get(at).filter(|one| (one.0, one.1) == (family, name))?;
        let list = device.access_lists.get(one.2)?;
        Some((list, one.3.get_or_init(|| Box::new(access_routes(list)))))
    }

    pub(crate) fn community_list<'d>(
        &self,
        device: &'d Device<'t>,
        name: &str,
    ) -> Option<&'d CommunityList<'t>> {
        device.community_lists.get(find(&self.community_lists, name)?)
    }

    pub(crate) fn as_path_list<'d>(
        &self,
        device: &'d Device<'t>,
        name: &str,
    ) -> Option<&'d AsPathList<'t>> {
        device.as_path_lists.get(find(&self.as_path_lists, name)?)
    }

    /// The AS paths that the list of that name matches; `None` where there is none, or an expression in it is
    /// not understood or too large.
    pub fn as_paths(&self, device: &Device<'t>, name: &str) -> Option<AsPathSet> {
        let place = find(&self.as_path_lists, name)?;
        let list = device.as_path_lists.get(place)?;
        let language = device.behaviour.as_path_language;
        let compiled = &self.as_paths.get(place)?.paths;
        compiled.get_or_init(|| self.purse.list(language, list)).clone()
    }

    /// Whether anybody can see that the AS-path list of that name matches some paths, and not others.
    pub(crate) fn is_plain(&self, device: &Device<'t>, name: &str) -> bool {
        let place = find(&self.as_path_lists, name);
        let list = place.and_then(|place| device.as_path_lists.get(place));
        let (Some(list), Some(compiled)) = (list, place.and_then(|at| self.as_paths.get(at)))
        else {
            return false;
        };
        let language = device.behaviour.as_path_language;
        *compiled.is_plain.get_or_init(|| {
            are_plain(language, list.entries.iter().map(|entry| (entry.permit, entry.regex)))
        })
    }

    /// Whether an object that filters is defined.
    pub(crate) fn defines(&self, device: &Device<'t>, kind: ObjectKind, name: &str) -> bool {
        match kind {
            ObjectKind::Policy => self.policy(device, name).is_some(),
            ObjectKind::PrefixList | ObjectKind::Ipv6PrefixList => {
                self.prefix_list(kind, name).is_some()
            }
            ObjectKind::Acl => self.access_list(device, Family::Ipv4, name).is_some(),
            ObjectKind::Ipv6Acl => self.access_list(device, Family::Ipv6, name).is_some(),
            ObjectKind::AsPathList => self.as_path_list(device, name).is_some(),
            _ => false,
        }
    }

    pub(crate) fn policy<'d>(&self, device: &'d Device<'t>, name: &str) -> Option<&'d Policy<'t>> {
        device.policies.get(self.policy_place(name)?)
    }

    /// Where the policy of that name stands among the device's.
    pub(crate) fn policy_place(&self, name: &str) -> Option<usize> {
        find(&self.policies, name)
    }
}

/// Prefix lists under the kind by which they are looked up. Where a dialect has one name space for both
/// families, the lists of one name are joined.
fn prefix_lists<'t>(device: &Device<'t>) -> Vec<CompiledList<'t>> {
    let mut definitions: Vec<(ObjectKind, &str)> = Vec::new();
    // A list is defined entry by entry: only the first of a row is looked at.
    for one in device.definitions.chunk_by(|a, b| (a.kind, a.name) == (b.kind, b.name)) {
        let kinds = [ObjectKind::PrefixList, ObjectKind::Ipv6PrefixList];
        let one = one.first().filter(|one| kinds.contains(&one.kind));
        definitions.extend(one.map(|one| (one.kind, one.name)));
    }
    definitions.sort_unstable();
    let is_defined = |kind, name| definitions.binary_search(&(kind, name)).is_ok();
    let mut lists: Vec<CompiledList<'t>> = Vec::with_capacity(device.prefix_lists.len());
    for (place, list) in (0..).zip(&device.prefix_lists) {
        let apart = is_defined(ObjectKind::Ipv6PrefixList, list.name)
            || !is_defined(ObjectKind::PrefixList, list.name);
        let kind = match list.family {
            Family::Ipv6 if apart => ObjectKind::Ipv6PrefixList,
            _ => ObjectKind::PrefixList,
        };
        lists.push(CompiledList {
            kind,
            name: list.name,
            at: list.at,
            understood: list.blind.is_empty(),
            place,
            others: Vec::new(),
            permitted: OnceLock::new(),
        });
    }
    lists.sort_by_key(|list| (list.kind, list.name, list.at));
    lists.dedup_by(|later, earlier| {
        let same = (later.kind, later.name) == (earlier.kind, earlier.name);
        if same {
            earlier.others.push(later.place);
            earlier.others.append(&mut later.others);
            earlier.understood &= later.understood;
        }
        same
    });
    lists
}

fn by_name<'t>(names: impl Iterator<Item = &'t str>) -> Vec<(&'t str, usize)> {
    let mut places: Vec<_> = names.zip(0..).collect();
    places.sort_unstable();
    places
}

/// The first object of that name.
fn find(places: &[(&str, usize)], name: &str) -> Option<usize> {
    let at = places.partition_point(|&(one, _)| one < name);
    places.get(at).filter(|&&(one, _)| one == name).map(|&(_, place)| place)
}
