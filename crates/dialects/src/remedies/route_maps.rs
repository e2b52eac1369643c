//! Remedies on systems that filter by prefix lists and route maps: what is to be written where. The
//! statements themselves are each system's own ([`Spelling`]).
//!
//! Outbound, a prefix list is put on the neighbor where it has none; else a list that serves nobody else
//! gets entries in front; else a route map is put on it, or gets a clause in front. All of these have to
//! let a route pass. Attributes are set in the clauses that permit, or in a route map of its own.

use std::collections::BTreeSet;

use edgelint_model::{
    Arithmetic, Change, Clause, ClauseLabel, Commands, Device, Direction, Filter, ObjectKind,
    Policy, PrefixList, Remedy, SetAction, Standing, Step, Verdict,
};
use edgelint_prefix::{Family, Prefix, PrefixRange, PrefixSet};

use edgelint_source::Span;

use super::{Script, default_preference, family_of, free_name, is_own};

/// An entry of a prefix list that is to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    /// The list.
    pub(crate) list: &'a str,
    /// Its number.
    pub(crate) sequence: u32,
    /// Permit or deny.
    pub(crate) permit: bool,
    /// What it matches.
    pub(crate) range: PrefixRange,
}

impl Entry<'_> {
    /// Its action and range, as these systems agree to write them.
    pub(crate) fn words(&self) -> String {
        let action = if self.permit { "permit" } else { "deny" };
        format!("{action} {}", self.range)
    }
}

/// How a system is told. Each function gives whole lines, from the top of the configuration mode.
pub(crate) struct Spelling {
    /// The words in front of a prefix list's name.
    pub(crate) list_words: fn(Family) -> &'static str,
    /// Adds an entry to a prefix list, or takes it back, where that is not [`entry_line`] and `no` in front of it.
    pub(crate) entry: fn(&str, Entry<'_>, bool) -> Vec<String>,
    /// States something about a neighbor in its family (`prefix-list NAME out`), or takes it back.
    pub(crate) neighbor: fn(&Told<'_, '_>, &str, bool) -> Option<Vec<String>>,
    /// States something about the family of an instance (`maximum-paths 2`), or takes it back.
    pub(crate) instance: fn(&Standing<'_, '_>, &str) -> Option<Vec<String>>,
    /// Takes `maximum-paths 2` back.
    pub(crate) no_paths: &'static str,
    /// A static route that drops, in a VRF or none, or takes it back.
    pub(crate) anchor: fn(Option<&str>, Prefix, bool) -> Option<Vec<String>>,
    /// Whether a member of a group may not have outbound filters of its own.
    pub(crate) groups_decide_outbound: bool,
}

/// Who is told: a peer, or the group that all peers of a remedy make up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'a, 't> {
    /// The peer.
    pub(crate) peer: &'a Standing<'a, 't>,
    /// Its group, where that is told instead.
    pub(crate) group: Option<&'t str>,
}

/// Writes a remedy; `None` where it cannot be written for this device.
pub(crate) fn write(
    device: &Device<'_>,
    remedy: &Remedy,
    spelling: &'static Spelling,
) -> Option<Commands> {
    let peers = remedy.standing(device)?;
    let mut writer = Writer {
        device,
        spelling,
        peers: &peers,
        script: Script::default(),
        told: BTreeSet::new(),
    };
    match &remedy.change {
        Change::Withhold(ranges) => writer.filter(ranges, false)?,
        Change::SendOnly(ranges) => writer.filter(ranges, true)?,
        Change::Prefer { value, above } => {
            writer.set(Direction::In, &Set::LocalPreference(*value, *above))?;
        }
        Change::PreferAt(values) => writer.prefer_at(values)?,
        Change::Prepend { as_number, times } => {
            writer.set(Direction::Out, &Set::Prepend(*as_number, *times))?;
        }
        Change::StopDefault => writer.stop_default()?,
        Change::Anchor(prefixes) => writer.anchor(prefixes)?,
        Change::UseTogether => writer.use_together()?,
    }
    Some(writer.script.finish())
}

/// What clauses are to set.
enum Set {
    /// The value, for routes that have no more than another.
    LocalPreference(u32, u32),
    Prepend(u32, u32),
}

impl Set {
    fn line(&self) -> String {
        match self {
            Self::LocalPreference(value, _) => format!(" set local-preference {value}"),
            Self::Prepend(number, times) => {
                let numbers = vec![number.to_string(); *times as usize];
                format!(" set as-path prepend {}", numbers.join(" "))
            }
        }
    }

    const fn purpose(&self) -> &'static str {
        match self {
            Self::LocalPreference(..) => "PREFER",
            Self::Prepend(..) => "PREPEND",
        }
    }
}

struct Writer<'a, 't> {
    device: &'a Device<'t>,
    spelling: &'static Spelling,
    peers: &'a [Standing<'a, 't>],
    script: Script,
    /// Lists and policies that were written or changed already, and groups that were told.
    told: BTreeSet<String>,
}

/// Opens a clause of a route map. What route maps say is the same on all of these systems.
fn clause_line(name: &str, action: &str, sequence: u32) -> String {
    format!("route-map {name} {action} {sequence}")
}

/// A condition of a clause: the prefix list has to permit the route.
fn match_line(family: Family, list: &str) -> String {
    format!(" match {} address prefix-list {list}", version(family))
}

/// How a family is called in front of `route`, `prefix-list` and the like.
pub(crate) const fn version(family: Family) -> &'static str {
    match family {
        Family::Ipv4 => "ip",
        Family::Ipv6 => "ipv6",
    }
}

/// The words in front of a prefix list's name, as most systems write them.
pub(crate) const fn list_words(family: Family) -> &'static str {
    match family {
        Family::Ipv4 => "ip prefix-list",
        Family::Ipv6 => "ipv6 prefix-list",
    }
}

/// An entry in one line, as most systems write it.
pub(crate) fn entry_line(words: &str, entry: Entry<'_>, taken_back: bool) -> Vec<String> {
    let (list, sequence, rest) = (entry.list, entry.sequence, entry.words());
    vec![format!("{}{words} {list} seq {sequence} {rest}", no(taken_back))]
}

/// The word that takes a statement back.
pub(crate) const fn no(taken_back: bool) -> &'static str {
    if taken_back { "no " } else { "" }
}

impl<'a, 't> Writer<'a, 't> {
    /// An entry of a prefix list, or what takes it back.
    fn entry(&self, entry: Entry<'_>, taken_back: bool) -> Vec<String> {
        let words = (self.spelling.list_words)(entry.range.prefix.family());
        (self.spelling.entry)(words, entry, taken_back)
    }

    /// Lets only the ranges pass, or all but them.
    fn filter(&mut self, ranges: &[PrefixRange], only: bool) -> Option<()> {
        let family = ranges.first()?.prefix.family();
        let peers = self.peers;
        let lists = [
            ObjectKind::PrefixList,
            ObjectKind::Ipv6PrefixList,
            ObjectKind::Acl,
            ObjectKind::Ipv6Acl,
        ];
        for peer in peers {
            if family_of(peer) != family {
                return None;
            }
            let export = &peer.family.export;
            let list = export.iter().find(|filter| lists.contains(&filter.kind));
            let policy = export.iter().find(|filter| filter.kind == ObjectKind::Policy);
            match (list, policy) {
                (None, _) => {
                    let name = self.list("SEND", ranges, (only, true))?;
                    self.tell(peer, Direction::Out, &format!("prefix-list {name} out"))?;
                }
                (Some(list), policy) => {
                    let inserted = if only { None } else { self.insert(list, ranges) };
                    if inserted.is_none() {
                        self.filter_by_policy(peer, policy, (ranges, only))?;
                    }
                }
            }
        }
        Some(())
    }

    /// The list that permits the ranges, or all but them (or the other way round, where it is to pick what is
    /// refused); written once.
    fn list(
        &mut self,
        purpose: &str,
        ranges: &[PrefixRange],
        (only, for_passing): (bool, bool),
    ) -> Option<String> {
        let first = self.peers.first()?;
        let name = free_name(self.device, purpose, first);
        if !self.told.insert(name.clone()) {
            return Some(name);
        }
        let family = ranges.first()?.prefix.family();
        let permit = only == for_passing;
        let rest = PrefixSet::universe_of(family).ranges();
        let others: &[PrefixRange] = if permit { &[] } else { &rest };
        let entries = ranges.iter().map(|range| (permit, range));
        let entries = entries.chain(others.iter().map(|range| (true, range)));
        let lines = (1..).zip(entries).flat_map(|(place, (permit, range))| {
            self.entry(Entry { list: &name, sequence: place * 5, permit, range: *range }, false)
        });
        self.script.step(
            lines.collect(),
            vec![format!("no {} {name}", (self.spelling.list_words)(family))],
        );
        Some(name)
    }

    /// Puts entries that refuse the ranges in front of a list; `None` where others hang on it or no numbers are free.
    fn insert(&mut self, filter: &Filter<'t>, ranges: &[PrefixRange]) -> Option<()> {
        let name = filter.name.value;
        let list = self.prefix_list(filter)?;
        if !is_own(self.device, (filter.kind, name), Direction::Out, self.peers) {
            return None;
        }
        let first = list.entries.iter().map(|entry| entry.sequence).min()??;
        let count = u32::try_from(ranges.len()).ok()?;
        let start = first.checked_sub(count).filter(|start| 0 < *start)?;
        if !self.told.insert(format!("list {name}")) {
            return Some(());
        }
        let entry = |(sequence, range): (u32, &PrefixRange)| Entry {
            list: name,
            sequence,
            permit: false,
            range: *range,
        };
        let entries: Vec<Entry<'_>> = (start..).zip(ranges).map(entry).collect();
        let lines = entries.iter().flat_map(|entry| self.entry(*entry, false)).collect();
        let undo = entries.iter().flat_map(|entry| self.entry(*entry, true)).collect();
        self.script.step(lines, undo);
        Some(())
    }

    fn prefix_list(&self, filter: &Filter<'_>) -> Option<&'a PrefixList<'t>> {
        let family = match filter.kind {
            ObjectKind::PrefixList => Family::Ipv4,
            ObjectKind::Ipv6PrefixList => Family::Ipv6,
            _ => return None,
        };
        let mut lists = self.device.prefix_lists.iter();
        lists.find(|list| list.name == filter.name.value && list.family == family)
    }

    /// Filters by a route map: a new one where there is none, else by a clause in front of it.
    fn filter_by_policy(
        &mut self,
        peer: &Standing<'_, 't>,
        policy: Option<&Filter<'t>>,
        (ranges, only): (&[PrefixRange], bool),
    ) -> Option<()> {
        let family = family_of(peer);
        let Some(policy) = policy else {
            let list = self.list("SEND", ranges, (only, true))?;
            let name = free_name(self.device, "SEND", self.peers.first()?);
            if self.told.insert(format!("policy {name}")) {
                let clause = clause_line(&name, "permit", 10);
                let lines = vec![clause, match_line(family, &list)];
                self.script.step(lines, vec![format!("no route-map {name}")]);
            }
            return self.tell(peer, Direction::Out, &format!("route-map {name} out"));
        };
        let policy = self.own_policy(policy, Direction::Out)?;
        let ClauseLabel::Sequence(first) = policy.clauses.first()?.label else { return None };
        let sequence = first.checked_sub(1).filter(|sequence| 0 < *sequence)?;
        let list = self.list("WITHHOLD", ranges, (only, false))?;
        if self.told.insert(format!("policy {}", policy.name)) {
            let clause = clause_line(policy.name, "deny", sequence);
            let undo = vec![format!("no {clause}")];
            self.script.step(vec![clause, match_line(family, &list)], undo);
        }
        Some(())
    }

    /// The route map that a filter names, where it serves nobody but the peers.
    fn own_policy(&self, filter: &Filter<'t>, direction: Direction) -> Option<&'a Policy<'t>> {
        let name = filter.name.value;
        let policy = self.device.policies.iter().find(|policy| policy.name == name)?;
        let own = is_own(self.device, (ObjectKind::Policy, name), direction, self.peers);
        (own && policy.blind.is_empty()).then_some(policy)
    }

    /// Sets an attribute of all routes that pass.
    fn set(&mut self, direction: Direction, set: &Set) -> Option<()> {
        let peers = self.peers;
        for peer in peers {
            let filters = peer.family.filters(direction);
            let mut policies = filters.iter().filter(|filter| filter.kind == ObjectKind::Policy);
            let way = match direction {
                Direction::In => "in",
                Direction::Out => "out",
            };
            match (policies.next(), policies.next()) {
                (None, _) => {
                    let name = free_name(self.device, set.purpose(), self.peers.first()?);
                    if self.told.insert(format!("policy {name}")) {
                        let clause = clause_line(&name, "permit", 10);
                        let undo = vec![format!("no route-map {name}")];
                        self.script.step(vec![clause, set.line()], undo);
                    }
                    self.tell(peer, direction, &format!("route-map {name} {way}"))?;
                }
                (Some(policy), None) => {
                    let policy = self.own_policy(policy, direction)?;
                    if self.told.insert(format!("policy {}", policy.name)) {
                        self.set_in(policy, set)?;
                    }
                }
                _ => return None,
            }
        }
        Some(())
    }

    /// Sets an attribute in the clauses of a route map that permit.
    fn set_in(&mut self, policy: &Policy<'t>, set: &Set) -> Option<()> {
        let mut before: BTreeSet<Option<u32>> = BTreeSet::new();
        let permits = |clause: &&Clause<'_>| clause.verdict == Some(Verdict::Permit);
        let default = self.peers.first().map_or(0, |peer| default_preference(self.device, peer));
        for clause in policy.clauses.iter().filter(permits) {
            let ClauseLabel::Sequence(sequence) = clause.label else { return None };
            let known = match set {
                Set::LocalPreference(_, above) => {
                    let known = preference(&clause.steps)?;
                    if *above < known.unwrap_or(default) {
                        continue;
                    }
                    known
                }
                Set::Prepend(..) => is_plain(&clause.steps).then_some(None)?,
            };
            before.insert(known);
            self.set_at((policy.name, sequence), set, known);
        }
        // Preferences among the neighbor's own routes would be lost.
        let ranks = before.into_iter().flatten().count();
        (ranks <= 1).then_some(())
    }

    /// Sets an attribute in one clause.
    fn set_at(&mut self, (policy, sequence): (&str, u32), set: &Set, known: Option<u32>) {
        let header = clause_line(policy, "permit", sequence);
        let undo = match known {
            Some(known) => format!(" set local-preference {known}"),
            None => format!(" no{}", set.line()),
        };
        self.script.step(vec![header.clone(), set.line()], vec![header, undo]);
    }

    /// Sets a preference each in some clauses of the peers' own route maps.
    fn prefer_at(&mut self, values: &[(Span, u32)]) -> Option<()> {
        let own = |(at, _): &&(Span, u32)| at.file == self.device.at.file;
        let mut wanted = values.iter().filter(own).count();
        if wanted == 0 {
            return Some(());
        }
        let filters = self.peers.iter().flat_map(|peer| &peer.family.import);
        let policies = filters.filter(|filter| filter.kind == ObjectKind::Policy);
        let names: BTreeSet<&str> = policies.clone().map(|filter| filter.name.value).collect();
        let first = |name: &&str| policies.clone().find(|filter| filter.name.value == *name);
        for filter in names.iter().filter_map(first) {
            let policy = self.own_policy(filter, Direction::In)?;
            for clause in &policy.clauses {
                let Some((_, value)) = values.iter().find(|(at, _)| *at == clause.at) else {
                    continue;
                };
                let ClauseLabel::Sequence(sequence) = clause.label else { return None };
                let known = preference(&clause.steps)?;
                self.set_at((policy.name, sequence), &Set::LocalPreference(*value, 0), known);
                wanted = wanted.checked_sub(1)?;
            }
        }
        (wanted == 0).then_some(())
    }

    fn stop_default(&mut self) -> Option<()> {
        let peers = self.peers;
        for peer in peers {
            let statement = peer.family.options.default_originate?;
            if statement.origin.via().is_some() {
                return None;
            }
            let told = Told { peer, group: None };
            let policy = statement.value.policy;
            let before = policy.map_or_else(
                || "default-originate".to_owned(),
                |policy| format!("default-originate route-map {}", policy.value),
            );
            let lines = (self.spelling.neighbor)(&told, &before, true)?;
            self.script.step(lines, (self.spelling.neighbor)(&told, &before, false)?);
        }
        Some(())
    }

    fn anchor(&mut self, prefixes: &[Prefix]) -> Option<()> {
        let vrf = self.peers.first()?.instance.vrf;
        for prefix in prefixes {
            let lines = (self.spelling.anchor)(vrf, *prefix, false)?;
            self.script.step(lines, (self.spelling.anchor)(vrf, *prefix, true)?);
        }
        Some(())
    }

    fn use_together(&mut self) -> Option<()> {
        let peers = self.peers;
        for peer in peers {
            let family = peer.family.family.name();
            if self.told.insert(format!("instance {} {family}", peer.peer.instance)) {
                let lines = (self.spelling.instance)(peer, "maximum-paths 2")?;
                self.script.step(lines, (self.spelling.instance)(peer, self.spelling.no_paths)?);
            }
        }
        Some(())
    }

    /// States something about a peer, or about its group where only that can be told.
    fn tell(
        &mut self,
        peer: &Standing<'_, 't>,
        direction: Direction,
        statement: &str,
    ) -> Option<()> {
        let member = peer
            .neighbor
            .group
            .filter(|_| direction == Direction::Out && self.spelling.groups_decide_outbound);
        let group = member.map(|group| group.value);
        if let Some(group) = group {
            let mut defined = self.device.definitions.iter();
            let is_group =
                defined.any(|one| one.kind == ObjectKind::PeerGroup && one.name == group);
            if !is_group || !super::is_their_group(self.device, group, self.peers) {
                return None;
            }
            if !self.told.insert(format!("group {group}")) {
                return Some(());
            }
        }
        let told = Told { peer, group };
        let lines = (self.spelling.neighbor)(&told, statement, false)?;
        self.script.step(lines, (self.spelling.neighbor)(&told, statement, true)?);
        Some(())
    }
}

/// The local preference that steps set, if any; `None` where it cannot be told, or other policies have a say.
fn preference(steps: &[Step<'_>]) -> Option<Option<u32>> {
    let mut known = None;
    for step in steps {
        match step {
            Step::Set(set) => match &set.value {
                SetAction::LocalPreference(Arithmetic::Set(value)) => known = Some(*value),
                SetAction::LocalPreference(_) | SetAction::Unknown => return None,
                _ => {}
            },
            Step::Pass(_) | Step::End(_) => {}
            Step::Call(_) | Step::Branch(_) => return None,
        }
    }
    Some(known)
}

/// Whether steps leave the AS path alone.
fn is_plain(steps: &[Step<'_>]) -> bool {
    steps.iter().all(|step| match step {
        Step::Set(set) => !matches!(
            set.value,
            SetAction::Prepend(_)
                | SetAction::PrependLastAs(_)
                | SetAction::PrependOwnAs(_)
                | SetAction::ExcludeAs(_)
                | SetAction::RewritePath(_)
                | SetAction::ReplaceAs(_)
                | SetAction::Unknown
        ),
        Step::Pass(_) | Step::End(_) => true,
        Step::Call(_) | Step::Branch(_) => false,
    })
}
