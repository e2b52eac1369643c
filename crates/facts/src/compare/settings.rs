//! Settings of a session that no policy shows: limits, timers, how it is watched and secured.

use edgelint_model::{NeighborFamily, NeighborFamilyOptions, RemoteAs};
use edgelint_source::Span;

use crate::network::Network;
use crate::session::Session;

/// A setting as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What is set.
    pub name: &'static str,
    /// The value in words; none where nothing sets it.
    pub value: Option<String>,
    /// The statement.
    pub at: Option<Span>,
}

impl Setting {
    fn new(name: &'static str, found: Option<(String, Span)>) -> Self {
        let (value, at) = found.unzip();
        Self { name, value, at }
    }

    /// A switch: off is as good as not there.
    fn switch(name: &'static str, found: Option<(bool, Span)>) -> Self {
        Self::new(name, found.filter(|one| one.0).map(|one| ("on".to_owned(), one.1)))
    }
}

/// Settings that both links of a circuit should share: what makes a session fall, and how fast.
pub(crate) fn of_link(network: &Network<'_>, session: &Session<'_>) -> Vec<Setting> {
    let neighbor = network.neighbor(session);
    let timers = neighbor.timers.map(|fact| {
        let (keepalive, hold) = fact.value;
        (format!("{keepalive} {hold}"), fact.at())
    });
    let password = neighbor.password.map(|fact| (true, fact.at()));
    let mut settings = vec![
        Setting::switch("BFD", neighbor.bfd.map(|fact| (fact.value, fact.at()))),
        Setting::new("timers", timers),
        Setting::switch("authentication", password),
    ];
    let limits = session.families.iter().filter(|family| family.active).map(|family| {
        let settings = network.neighbor_family(session, family);
        let limit = settings.maximum_prefix.map(|fact| {
            let only = if fact.value.warning_only { ", only warned of" } else { "" };
            (format!("{}{only}", fact.value.limit), fact.at())
        });
        let name = match family.routes {
            Some(edgelint_prefix::Family::Ipv6) => "maximum prefixes of IPv6",
            _ => "maximum prefixes",
        };
        Setting::new(name, limit)
    });
    settings.extend(limits.collect::<Vec<_>>());
    settings
}

/// All settings that decide whether a session stands and what it carries.
pub(crate) fn of_session(network: &Network<'_>, session: &Session<'_>) -> Vec<Setting> {
    let neighbor = network.neighbor(session);
    let remote = neighbor.remote_as.map(|fact| {
        let text = match fact.value {
            RemoteAs::Number(number) => number.to_string(),
            RemoteAs::External => "any other".to_owned(),
            RemoteAs::Internal => "the own one".to_owned(),
        };
        (text, fact.at())
    });
    let own = session.local_as.map(|number| {
        let at = neighbor.local_as.map_or(session.at, |fact| fact.at());
        (number.to_string(), at)
    });
    let number = |found: Option<edgelint_model::Fact<u32>>| {
        found.map(|fact| (fact.value.to_string(), fact.at()))
    };
    let source = neighbor.update_source.map(|fact| (fact.value.to_owned(), fact.at()));
    let mut settings = vec![
        Setting::new("remote AS", remote),
        Setting::new("own AS", own),
        Setting::new("multihop", number(neighbor.ebgp_multihop)),
        Setting::new("TTL security", number(neighbor.ttl_security)),
        Setting::new("update source", source),
    ];
    settings.extend(of_link(network, session));
    for family in session.families.iter().filter(|family| family.active) {
        settings.extend(of_family(network.neighbor_family(session, family)));
    }
    settings
}

fn of_family(settings: &NeighborFamily<'_>) -> Vec<Setting> {
    let NeighborFamilyOptions {
        remove_private_as,
        allowas_in,
        as_override,
        advertise_policy,
        unsuppress_policy,
        ..
    } = &*settings.options;
    let switch = |name, found: Option<edgelint_model::Fact<bool>>| {
        Setting::switch(name, found.map(|fact| (fact.value, fact.at())))
    };
    let named = |found: &Option<edgelint_model::Fact<&str>>| {
        found.map(|fact| (fact.value.to_owned(), fact.at()))
    };
    vec![
        switch("next-hop self", settings.next_hop_self),
        switch("route reflector client", settings.route_reflector_client),
        switch("remove private AS", *remove_private_as),
        switch("AS override", *as_override),
        Setting::new(
            "own AS allowed in",
            allowas_in.map(|fact| (fact.value.to_string(), fact.at())),
        ),
        Setting::new("advertise under a condition", named(advertise_policy)),
        Setting::new("unsuppress", named(unsuppress_policy)),
    ]
}

/// Settings that differ, each with both sides.
pub(crate) fn differing(old: Vec<Setting>, new: Vec<Setting>) -> Vec<[Setting; 2]> {
    let mut found = Vec::new();
    let mut rest = new;
    for one in old {
        let other = match rest.iter().position(|other| other.name == one.name) {
            Some(at) => rest.remove(at),
            None => Setting::new(one.name, None),
        };
        if one.value != other.value {
            found.push([one, other]);
        }
    }
    let fresh = rest.into_iter().filter(|other| other.value.is_some());
    found.extend(fresh.map(|other| [Setting::new(other.name, None), other]));
    found
}
