//! A small notation for devices: one statement a line, words in a fixed order, nothing optional but the
//! pairs at a line's end. It has no dialect's words on purpose.

use std::net::IpAddr;

use edgelint_model::{
    AddressFamily, Aggregate, Arithmetic, AsPathEntry, AsPathList, Behaviour, BgpInstance,
    BgpProcess, Clause, ClauseLabel, Community, CommunityEdit, CommunityEntry, CommunityList,
    CommunityMatch, Condition, DefaultOriginate, Definition, Device, Effect, Fact, Filter, Flow,
    IgpProcess, Interface, InterfaceAddress, Match, Nat, NatDirection, NatPool, NatRule,
    NatSelector, NatSide, Neighbor, NeighborAddress, NeighborFamily, Network, NextHop, ObjectKind,
    Outcome, Policy, PolicyForm, PrefixEntry, PrefixList, Rare, Redistribution, RemoteAs,
    RouteSource, SetAction, StaticRoute, Step, Translation, Usage, Use, Verdict,
};
use edgelint_prefix::{Family, Interval, Prefix, PrefixRange};
use edgelint_source::{FileId, Files, SourceText, Span};

use crate::{DeviceFacts, Network as Joined};

const fn shown(outcome: Outcome) -> Effect {
    Effect::new(outcome, "the tests")
}

/// A system that does what most do.
pub(crate) static BEHAVIOUR: Behaviour = behaviour();

/// The same, to be changed.
pub(crate) const fn behaviour() -> Behaviour {
    Behaviour {
        dialect: "test",
        product: "Test",
        policy_word: "policy",
        undefined_neighbor_policy: shown(Outcome::DenyAll),
        undefined_neighbor_prefix_list: shown(Outcome::PermitAll),
        undefined_neighbor_acl: shown(Outcome::PermitAll),
        undefined_neighbor_as_path_list: Effect::UNKNOWN,
        undefined_match_prefix_list: Effect::UNKNOWN,
        undefined_match_acl: shown(Outcome::MatchAll),
        undefined_match_community_list: shown(Outcome::MatchNone),
        undefined_match_as_path_list: shown(Outcome::MatchNone),
        undefined_redistribute_policy: shown(Outcome::DenyAll),
        undefined_network_policy: Effect::UNKNOWN,
        empty_prefix_list: shown(Outcome::PermitAll),
        ebgp_without_import: Verdict::Permit,
        ebgp_without_export: Verdict::Permit,
        policy_end: Verdict::Deny,
        export_from_table: None,
        as_path_language: edgelint_model::AsPathLanguage::Characters,
        community_text: None,
        continued_end: Verdict::Permit,
        later_clauses_see_sets: Some(true),
        default_local_preference: 100,
        path_distance: None,
        local_weight: 32768,
        sends_communities_ebgp: false,
        sends_communities_ibgp: false,
        network_needs_route: true,
        network_finds_own_address: false,
        network_med: Some(0),
        prepends_left_of_own: false,
        checks_peer_as: false,
        returns_routes: false,
        compares_own_routes: false,
        default_originate_unfiltered: true,
        uses_equal_paths: false,
        filters_packets: true,
        joins_own_vrfs: true,
        vrf_policies: edgelint_model::VrfPolicies::Filter,
        details: edgelint_model::Details::NONE,
    }
}

/// One whose export policies pick routes from the table, and whose policies form chains.
pub(crate) static TABLE: Behaviour = Behaviour {
    policy_end: Verdict::Permit,
    export_from_table: Some(Verdict::Deny),
    as_path_language: edgelint_model::AsPathLanguage::Numbers,
    ..behaviour()
};

/// Builds the network of some devices, each a text.
pub(crate) fn network(texts: &[&'static str]) -> (Joined<'static>, Files) {
    described_network(texts, crate::Description::default())
}

/// The same, of an estate that is described.
pub(crate) fn described_network(
    texts: &[&'static str],
    description: crate::Description,
) -> (Joined<'static>, Files) {
    let directory = crate::described::Directory::of(&description);
    let mut sources = Vec::new();
    let mut devices = Vec::new();
    for (number, text) in (0..).zip(texts) {
        let path = format!("{number}.cfg");
        sources.push(SourceText::new(path.clone(), *text));
        devices.push(DeviceFacts::build(device(FileId(number), text), path, &directory));
    }
    (Joined::join(devices, Vec::new(), description), Files::new(sources))
}

/// Reads one device.
pub(crate) fn device(file: FileId, text: &'static str) -> Device<'static> {
    let whole = Span::new(file, 0, u32::try_from(text.len()).unwrap());
    let mut reader = Reader { device: Device::new(&BEHAVIOUR, whole), file, at: whole };
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset + (line.len() - line.trim_start().len());
        let end = (offset + line.trim_end().len()).max(start);
        offset += line.len();
        let words: Vec<&'static str> = line.split_whitespace().collect();
        reader.at = Span::new(file, u32::try_from(start).unwrap(), u32::try_from(end).unwrap());
        if !words.is_empty() {
            reader.read(&words);
        }
    }
    reader.device
}

struct Reader {
    device: Device<'static>,
    file: FileId,
    at: Span,
}

/// The word behind `key`, where it is there.
fn after(words: &[&'static str], key: &str) -> Option<&'static str> {
    words.iter().position(|word| *word == key).map(|at| words[at + 1])
}

fn prefix(text: &str) -> Prefix {
    Prefix::parse(text).unwrap().0
}

pub(crate) fn community(text: &str) -> Community {
    let (high, low) = text.split_once(':').unwrap();
    Community::new(high.parse().unwrap(), low.parse().unwrap())
}

impl Reader {
    fn fact<T>(&self, value: T) -> Fact<T> {
        Fact::new(value, self.at)
    }

    fn define(&mut self, kind: ObjectKind, name: &'static str) {
        self.device.definitions.push(Definition { kind, name, at: self.at });
    }

    fn names(&mut self, kind: ObjectKind, name: &'static str, usage: Usage) -> Fact<&'static str> {
        self.device.uses.push(Use { kind, name, at: self.at, usage });
        self.fact(name)
    }

    fn read(&mut self, words: &[&'static str]) {
        match words[0] {
            "device" => {
                self.device.hostname = Some(self.fact(words[1]));
                self.device.whole = true;
            }
            "table" => self.device.behaviour = &TABLE,
            "interface" => self.interface(words),
            "static" => self.static_route(words),
            "igp" => self.device.igps.push(IgpProcess {
                at: self.at,
                protocol: words[1],
                vrf: after(words, "vrf"),
                redistributions: Vec::new(),
            }),
            "list" => self.prefix_entry(words),
            "communities" => self.community_entry(words),
            "paths" => self.path_entry(words),
            "policy" => self.clause(words),
            "bgp" => self.bgp(words),
            "network" | "aggregate" | "redistribute" => self.origin(words),
            "neighbor" => self.neighbor(words),
            "pool" => {
                self.define(ObjectKind::NatPool, words[1]);
                let range = Interval::new(words[2].parse().unwrap(), words[3].parse().unwrap());
                let ranges = vec![self.fact(range.unwrap())];
                self.device.nat.pools.push(NatPool {
                    name: words[1],
                    at: self.at,
                    ranges,
                    details: None,
                });
            }
            "nat" => self.nat_rule(words),
            other => panic!("no statement begins with {other}"),
        }
    }

    fn interface(&mut self, words: &[&'static str]) {
        let mut interface = Interface::new(words[1], self.at);
        for word in words.iter().skip(2).filter(|word| word.contains('/')) {
            let (address, _) = word.split_once('/').unwrap();
            let (address, subnet) = (address.parse().unwrap(), prefix(word));
            let address = InterfaceAddress { address, subnet, secondary: false, shared: false };
            interface.addresses.push(self.fact(address));
        }
        interface.vrf = after(words, "vrf").map(|name| self.fact(name));
        interface.vlan = after(words, "vlan").map(|number| self.fact(number.parse().unwrap()));
        interface.description = after(words, "text").map(|text| self.fact(text));
        interface.nat = after(words, "nat").map(|side| match side {
            "outside" => self.fact(NatSide::Outside),
            _ => self.fact(NatSide::Inside),
        });
        interface.shutdown = words.contains(&"down").then(|| self.fact(true));
        interface.tunnel = words.contains(&"tunnel");
        self.device.interfaces.push(interface);
    }

    fn static_route(&mut self, words: &[&'static str]) {
        let next_hop = match words[2] {
            "discard" => NextHop::Discard,
            word => match word.parse::<IpAddr>() {
                Ok(address) => NextHop::Address(address),
                Err(_) => NextHop::Interface(word, None),
            },
        };
        self.device.static_routes.push(StaticRoute {
            at: self.at,
            vrf: after(words, "vrf"),
            prefix: prefix(words[1]),
            next_hop,
            distance: None,
            tag: after(words, "tag").map(|tag| tag.parse().unwrap()),
            tracked: false,
            aggregate: words.contains(&"aggregate"),
            name: None,
            attributes: None,
        });
    }

    /// `list NAME permit|deny PREFIX [ge N] [le N]`
    fn prefix_entry(&mut self, words: &[&'static str]) {
        let range = PrefixRange::parse(&words[3..].join(" ")).unwrap();
        let family = range.prefix.family();
        let kind = match family {
            Family::Ipv4 => ObjectKind::PrefixList,
            Family::Ipv6 => ObjectKind::Ipv6PrefixList,
        };
        self.define(kind, words[1]);
        let entry =
            PrefixEntry { at: self.at, sequence: None, permit: words[2] == "permit", range };
        let lists = &mut self.device.prefix_lists;
        match lists.iter_mut().find(|list| (list.name, list.family) == (words[1], family)) {
            Some(list) => list.entries.push(entry),
            None => lists.push(PrefixList {
                name: words[1],
                family,
                at: self.at,
                entries: vec![entry],
                blind: Vec::new(),
            }),
        }
    }

    /// `communities NAME permit|deny COMMUNITY...|any|regex EXPRESSION`
    fn community_entry(&mut self, words: &[&'static str]) {
        self.define(ObjectKind::CommunityList, words[1]);
        let matches = match words[3] {
            "any" => CommunityMatch::Any,
            "regex" => CommunityMatch::Regex(words[4]),
            _ => CommunityMatch::All(words[3..].iter().map(|word| community(word)).collect()),
        };
        let entry = CommunityEntry { at: self.at, permit: words[2] == "permit", matches };
        let lists = &mut self.device.community_lists;
        match lists.iter_mut().find(|list| list.name == words[1]) {
            Some(list) => list.entries.push(entry),
            None => lists.push(CommunityList {
                name: words[1],
                at: self.at,
                entries: vec![entry],
                blind: Vec::new(),
            }),
        }
    }

    /// `paths NAME permit|deny EXPRESSION`
    fn path_entry(&mut self, words: &[&'static str]) {
        self.define(ObjectKind::AsPathList, words[1]);
        let entry = AsPathEntry { at: self.at, permit: words[2] == "permit", regex: words[3] };
        let lists = &mut self.device.as_path_lists;
        match lists.iter_mut().find(|list| list.name == words[1]) {
            Some(list) => list.entries.push(entry),
            None => lists.push(AsPathList {
                name: words[1],
                at: self.at,
                entries: vec![entry],
                blind: Vec::new(),
            }),
        }
    }

    /// `policy NAME SEQUENCE permit|deny|none [KEY VALUE]... [next|goto N] [blind]`
    fn clause(&mut self, words: &[&'static str]) {
        self.define(ObjectKind::Policy, words[1]);
        let (mut conditions, mut steps) = (Vec::new(), Vec::new());
        let mut flow = Flow::Stop;
        let mut blind = Vec::new();
        let mut rest = words[4..].iter();
        while let Some(key) = rest.next() {
            let mut value = || *rest.next().unwrap();
            match *key {
                "next" => flow = Flow::NextClause,
                "next-policy" => flow = Flow::NextPolicy,
                "goto" => flow = Flow::GoTo(value().parse().unwrap()),
                "blind" => blind.push(self.at),
                "call" => {
                    let name = self.names(ObjectKind::Policy, value(), Usage::Call);
                    steps.push(Step::Call(name));
                }
                key => match self.set(key, &mut value) {
                    Some(action) => steps.push(Step::Set(self.fact(action))),
                    None => {
                        let what = self.matches(key, value());
                        conditions.push(Condition::Match(self.fact(what)));
                    }
                },
            }
        }
        let clause = Clause {
            label: ClauseLabel::Sequence(words[2].parse().unwrap()),
            at: self.at,
            condition: Condition::All(conditions),
            steps,
            verdict: match words[3] {
                "permit" => Some(Verdict::Permit),
                "deny" => Some(Verdict::Deny),
                _ => None,
            },
            flow: self.fact(flow),
            blind,
        };
        let form = match self.device.behaviour.export_from_table {
            Some(_) => PolicyForm::PolicyStatement,
            None => PolicyForm::RouteMap,
        };
        let policies = &mut self.device.policies;
        match policies.iter_mut().find(|policy| policy.name == words[1]) {
            Some(policy) => policy.clauses.push(clause),
            None => policies.push(Policy {
                name: words[1],
                form,
                at: self.at,
                clauses: vec![clause],
                blind: Vec::new(),
            }),
        }
    }

    fn set(
        &self,
        key: &str,
        value: &mut impl FnMut() -> &'static str,
    ) -> Option<SetAction<'static>> {
        Some(match key {
            "preference" => SetAction::LocalPreference(Arithmetic::Set(value().parse().unwrap())),
            "raise" => SetAction::LocalPreference(Arithmetic::Add(value().parse().unwrap())),
            "weight" => SetAction::Weight(value().parse().unwrap()),
            "med" => SetAction::Med(Arithmetic::Set(value().parse().unwrap())),
            "prepend" => SetAction::Prepend(vec![value().parse().unwrap()]),
            "add" => SetAction::Community(CommunityEdit::Add(vec![community(value())])),
            "replace" => SetAction::Community(CommunityEdit::Replace(vec![community(value())])),
            "remove" => SetAction::Community(CommunityEdit::Remove(vec![community(value())])),
            _ => return None,
        })
    }

    fn matches(&mut self, key: &str, value: &'static str) -> Match<'static> {
        let kind = match key {
            "list" => ObjectKind::PrefixList,
            "list6" => ObjectKind::Ipv6PrefixList,
            "communities" => ObjectKind::CommunityList,
            "paths" => ObjectKind::AsPathList,
            "asks" => {
                return Match::Policies(vec![self.names(ObjectKind::Policy, value, Usage::Call)]);
            }
            "from" => return Match::Neighbors(vec![value.parse().unwrap()]),
            // `PREFIX` alone is exact, `PREFIX+` any longer one too.
            "longest" => {
                let range = |one: &str| match one.strip_suffix('+') {
                    Some(one) => PrefixRange::or_longer(prefix(one)),
                    None => PrefixRange::exact(prefix(one)),
                };
                let ranges = value.split(',').map(|one| self.fact(range(one)));
                return Match::LongestPrefix(ranges.collect());
            }
            "interface" => return Match::Interfaces(vec![self.fact(value)]),
            "tag" => return Match::Tags(vec![value.parse().unwrap()]),
            "protocol" => return Match::Protocols(vec![value]),
            "strange" => return Match::Unknown,
            other => panic!("nothing matches {other}"),
        };
        let name = vec![self.names(kind, value, Usage::Match)];
        match kind {
            ObjectKind::PrefixList => Match::PrefixLists(name),
            ObjectKind::Ipv6PrefixList => Match::Ipv6PrefixLists(name),
            ObjectKind::CommunityList => Match::CommunityLists { lists: name, exact: false },
            _ => Match::AsPathLists(name),
        }
    }

    /// `bgp AS [vrf NAME] [default-preference N]`: what follows belongs to it.
    fn bgp(&mut self, words: &[&'static str]) {
        let vrf = after(words, "vrf");
        let instance = BgpInstance {
            vrf,
            at: self.at,
            router_id: None,
            default_local_preference: after(words, "default-preference")
                .map(|value| self.fact(value.parse().unwrap())),
            default_metric: None,
            default_information: None,
            requires_policy: None,
            ignores_as_path_length: None,
            maximum_paths: None,
            networks: Vec::new(),
            aggregates: Vec::new(),
            redistributions: Vec::new(),
            logs_neighbor_changes: None,
            tuning: Rare::default(),
            neighbors: Vec::new(),
            blind: Vec::new(),
        };
        match self.device.bgp.first_mut() {
            Some(process) => process.instances.push(instance),
            None => {
                let process = BgpProcess {
                    at: self.at,
                    local_as: Some(self.fact(words[1].parse().unwrap())),
                    confederation: None,
                    confederation_peers: Vec::new(),
                    instances: vec![instance],
                    other_families: Vec::new(),
                };
                self.device.bgp.push(process);
            }
        }
    }

    fn instance(&mut self) -> &mut BgpInstance<'static> {
        self.device.bgp.last_mut().unwrap().instances.last_mut().unwrap()
    }

    /// `network PREFIX [policy NAME]`, `aggregate PREFIX [summary-only]`,
    /// `redistribute static|connected|igp [policy NAME]`
    fn origin(&mut self, words: &[&'static str]) {
        let policy =
            after(words, "policy").map(|name| self.names(ObjectKind::Policy, name, Usage::Network));
        let at = self.at;
        match words[0] {
            "network" => {
                let prefix = prefix(words[1]);
                self.instance().networks.push(Network { at, prefix, policy, backdoor: false });
            }
            "aggregate" => self.instance().aggregates.push(Aggregate {
                at,
                prefix: prefix(words[1]),
                summary_only: words.contains(&"summary-only"),
                as_set: false,
                attribute_policy: policy,
                suppress_policy: None,
                advertise_policy: None,
            }),
            _ => {
                let source = match words[1] {
                    "static" => RouteSource::Static,
                    "connected" => RouteSource::Connected,
                    _ => RouteSource::Igp,
                };
                let family = AddressFamily::Ipv4;
                let redistribution =
                    Redistribution { at, source, protocol: words[1], family, policy, metric: None };
                self.instance().redistributions.push(redistribution);
            }
        }
    }

    /// `neighbor ADDRESS AS [in NAMES] [out NAMES] [inlist NAME] [outlist NAME] [text WORD] [weight N] [sends N] [default]
    /// [communities] [down]`
    fn neighbor(&mut self, words: &[&'static str]) {
        let address: IpAddr = words[1].parse().unwrap();
        let (family, list) = match Family::of(address) {
            Family::Ipv4 => (AddressFamily::Ipv4, ObjectKind::PrefixList),
            Family::Ipv6 => (AddressFamily::Ipv6, ObjectKind::Ipv6PrefixList),
        };
        let mut settings = NeighborFamily::new(family);
        settings.active = true;
        for (key, kind, usage) in [
            ("in", ObjectKind::Policy, Usage::NeighborImport),
            ("inlist", list, Usage::NeighborImport),
            ("out", ObjectKind::Policy, Usage::NeighborExport),
            ("outlist", list, Usage::NeighborExport),
        ] {
            for name in after(words, key).into_iter().flat_map(|names| names.split(',')) {
                let filter = Filter { kind, name: self.names(kind, name, usage) };
                let import = usage == Usage::NeighborImport;
                if import { &mut settings.import } else { &mut settings.export }.push(filter);
            }
        }
        settings.options.sent_local_preference =
            after(words, "sends").map(|value| self.fact(value.parse().unwrap()));
        settings.weight = after(words, "weight").map(|value| self.fact(value.parse().unwrap()));
        settings.send_community = words.contains(&"communities").then(|| self.fact(true));
        settings.options.default_originate =
            words.contains(&"default").then(|| self.fact(DefaultOriginate { policy: None }));
        let neighbor = Neighbor {
            address: NeighborAddress::Address(address),
            at: self.at,
            local_as_mode: edgelint_model::LocalAsMode::default(),
            remote_as: Some(self.fact(RemoteAs::Number(words[2].parse().unwrap()))),
            local_as: None,
            description: after(words, "text").map(|text| self.fact(text)),
            group: None,
            shutdown: words.contains(&"down").then(|| self.fact(true)),
            update_source: None,
            ebgp_multihop: None,
            ttl_security: None,
            bfd: None,
            timers: None,
            password: None,
            families: vec![settings],
            blind: Vec::new(),
        };
        self.instance().neighbors.push(neighbor);
    }

    /// `nat source|outside any|policy NAME|address ADDRESS to pool NAME|interface NAME|ADDRESS`
    fn nat_rule(&mut self, words: &[&'static str]) {
        let selector = match words[2] {
            "policy" => {
                NatSelector::Policy(self.names(ObjectKind::Policy, words[3], Usage::NatSelector))
            }
            "address" => NatSelector::Addresses(Interval::host(words[3].parse().unwrap())),
            _ => NatSelector::Any,
        };
        let to = words.iter().position(|word| *word == "to").unwrap();
        let translation = match words[to + 1] {
            "pool" => {
                Translation::Pool(self.names(ObjectKind::NatPool, words[to + 2], Usage::NatPool))
            }
            "interface" => Translation::Interface(self.fact(words[to + 2])),
            address => Translation::Addresses(self.fact(Interval::host(address.parse().unwrap()))),
        };
        let direction = match words[1] {
            "source" => NatDirection::InsideSource,
            _ => NatDirection::OutsideSource,
        };
        let rule = NatRule {
            at: self.at,
            direction,
            is_static: matches!(selector, NatSelector::Addresses(_)),
            selector,
            translation,
            overload: true,
            narrowed: false,
            inactive: false,
            everywhere: false,
            ingress: Vec::new(),
            port: false,
            vrf: after(words, "vrf").map(|name| self.fact(name)),
            egress: Vec::new(),
            condition: None,
            next_hop: None,
            mirrored: None,
        };
        let Nat { rules, .. } = &mut self.device.nat;
        rules.push(rule);
        debug_assert_eq!(self.at.file, self.file);
    }
}
