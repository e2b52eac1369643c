//! Remedies as Junos is told them: a policy of its own in front of a neighbor's chain, which decides or
//! changes what it is about and leaves the rest to the policies behind it.

use std::collections::BTreeSet;

use edgelint_model::{
    Arithmetic, Change, ClauseLabel, Commands, Device, Direction, Filter, NeighborAddress,
    ObjectKind, Policy, PolicyForm, Remedy, SetAction, Standing, Step, Verdict,
};
use edgelint_prefix::{Family, Prefix, PrefixRange};
use edgelint_source::Span;

use crate::remedies::{Script, default_preference, family_of, free_name, is_own, is_their_group};

/// See [`crate::Dialect::remedy`].
pub(super) fn remedy(device: &Device<'_>, remedy: &Remedy) -> Option<Commands> {
    let peers = remedy.standing(device)?;
    let mut script = Script::default();
    let first = peers.first()?;
    match &remedy.change {
        Change::Withhold(ranges) => {
            let name = free_name(device, "WITHHOLD", first);
            let term = format!("set policy-options policy-statement {name} term withheld");
            let mut lines = route_filters(&term, ranges);
            lines.push(format!("{term} then reject"));
            script.step(lines, vec![removed(&name)]);
            in_front(&peers, (Direction::Out, &name), Some(ranges), &mut script)?;
        }
        Change::SendOnly(ranges) => {
            let name = free_name(device, "SEND", first);
            let policy = format!("set policy-options policy-statement {name}");
            let mut lines = route_filters(&format!("{policy} term own"), ranges);
            lines.push(format!("{policy} term own then next policy"));
            lines.push(format!("{policy} term rest then reject"));
            script.step(lines, vec![removed(&name)]);
            in_front(&peers, (Direction::Out, &name), Some(ranges), &mut script)?;
        }
        Change::Prefer { value, above } => prefer(device, &peers, (*value, *above), &mut script)?,
        Change::PreferAt(values) => prefer_at(device, &peers, values, &mut script)?,
        Change::Prepend { as_number, times } => {
            let name = free_name(device, "PREPEND", first);
            let numbers = vec![as_number.to_string(); *times as usize].join(" ");
            let line = format!(
                "set policy-options policy-statement {name} then as-path-prepend \"{numbers}\""
            );
            script.step(vec![line], vec![removed(&name)]);
            in_front(&peers, (Direction::Out, &name), None, &mut script)?;
        }
        Change::Anchor(prefixes) => {
            for prefix in prefixes {
                let route = static_route(first.instance.vrf, *prefix);
                script.step(vec![format!("set {route} discard")], vec![format!("delete {route}")]);
            }
        }
        Change::UseTogether => {
            let mut told: BTreeSet<String> = BTreeSet::new();
            for peer in &peers {
                let path = neighbor(peer)?;
                let (group, _) = path.rsplit_once(" neighbor ")?;
                if !told.insert(group.to_owned()) {
                    continue;
                }
                // There is no such statement for a neighbor alone.
                if !is_their_group(device, peer.neighbor.group?.value, &peers) {
                    return None;
                }
                let line = format!("set {group} multipath");
                script.step(vec![line], vec![format!("delete {group} multipath")]);
            }
        }
        // Junos announces a default route by policy only.
        Change::StopDefault => return None,
    }
    let written = script.finish();
    Some(match logical_system(device) {
        Some(name) => Commands {
            commands: written.commands.iter().map(|line| inside(name, line)).collect(),
            rollback: written.rollback.iter().map(|line| inside(name, line)).collect(),
        },
        None => written,
    })
}

/// The name of the logical system that a device is: it stands in the text of another one.
fn logical_system<'t>(device: &Device<'t>) -> Option<&'t str> {
    let hostname = device.hostname.filter(|_| device.at.start != 0)?.value;
    Some(hostname.rsplit_once(':').map_or(hostname, |(_, name)| name))
}

/// A command about a logical system.
fn inside(system: &str, line: &str) -> String {
    match line.split_once(' ') {
        Some((verb, path)) => format!("{verb} logical-systems {system} {path}"),
        None => line.to_owned(),
    }
}

fn removed(policy: &str) -> String {
    format!("delete policy-options policy-statement {policy}")
}

/// The path to a neighbor; `None` where it is not stated as one.
fn neighbor(peer: &Standing<'_, '_>) -> Option<String> {
    let NeighborAddress::Address(address) = peer.neighbor.address else { return None };
    let group = peer.neighbor.group?.value;
    let plain = |text: &str| !text.contains(|letter: char| letter.is_whitespace() || letter == '"');
    let instance = match peer.instance.vrf {
        Some(vrf) if plain(vrf) => format!("routing-instances {vrf} "),
        Some(_) => return None,
        None => String::new(),
    };
    plain(group).then(|| format!("{instance}protocols bgp group {group} neighbor {address}"))
}

/// Conditions on prefixes.
fn route_filters(term: &str, ranges: &[PrefixRange]) -> Vec<String> {
    let filter = |range: &PrefixRange| {
        let (prefix, own, width) =
            (range.prefix, range.prefix.length(), range.prefix.family().width());
        let lengths = match (range.min_length, range.max_length) {
            (shortest, longest) if shortest == own && longest == own => "exact".to_owned(),
            (shortest, longest) if shortest == own && longest == width => "orlonger".to_owned(),
            (shortest, longest) if shortest == own => format!("upto /{longest}"),
            (shortest, longest) => format!("prefix-length-range /{shortest}-/{longest}"),
        };
        format!("{term} from route-filter {prefix} {lengths}")
    };
    ranges.iter().map(filter).collect()
}

fn static_route(vrf: Option<&str>, prefix: Prefix) -> String {
    let table = match (vrf, prefix.family()) {
        (None, Family::Ipv4) => "routing-options".to_owned(),
        (None, Family::Ipv6) => "routing-options rib inet6.0".to_owned(),
        (Some(vrf), Family::Ipv4) => format!("routing-instances {vrf} routing-options"),
        (Some(vrf), Family::Ipv6) => {
            format!("routing-instances {vrf} routing-options rib {vrf}.inet6.0")
        }
    };
    format!("{table} static route {prefix}")
}

/// Puts a policy in front of the chains of the peers.
fn in_front(
    peers: &[Standing<'_, '_>],
    (direction, name): (Direction, &str),
    ranges: Option<&[PrefixRange]>,
    script: &mut Script,
) -> Option<()> {
    for peer in peers {
        let family = ranges.and_then(|ranges| ranges.first()).map(|range| range.prefix.family());
        if family.is_some_and(|family| family != family_of(peer)) {
            return None;
        }
        let word = match direction {
            Direction::In => "import",
            Direction::Out => "export",
        };
        let path = format!("{} {word}", neighbor(peer)?);
        let chain = peer.family.filters(direction);
        // The chain of a group gives way to that of its member.
        let own = chain.iter().any(|filter| filter.name.origin.via().is_none());
        let delete = format!("delete {path}");
        let before: Vec<&str> = chain.iter().map(plain_name).collect::<Option<_>>()?;
        let mut lines = Vec::new();
        let mut undo = vec![delete.clone()];
        if own {
            lines.push(delete);
            undo.push(format!("set {path} {}", list_of(&before)));
        }
        let after: Vec<&str> = std::iter::once(name).chain(before).collect();
        lines.push(format!("set {path} {}", list_of(&after)));
        script.step(lines, undo);
    }
    Some(())
}

/// Names as a list is typed.
fn list_of(names: &[&str]) -> String {
    match names {
        [one] => (*one).to_owned(),
        _ => format!("[ {} ]", names.join(" ")),
    }
}

/// The name of a policy in a chain; `None` for an expression.
fn plain_name<'t>(filter: &Filter<'t>) -> Option<&'t str> {
    let name = filter.name.value;
    let plain = name.chars().all(|one| one.is_ascii_alphanumeric() || "-_.".contains(one));
    (filter.kind == ObjectKind::Policy && plain).then_some(name)
}

/// Raises the local preference in front of the chains; terms behind it that set a lower one are raised themselves.
fn prefer(
    device: &Device<'_>,
    peers: &[Standing<'_, '_>],
    (value, above): (u32, u32),
    script: &mut Script,
) -> Option<()> {
    // A preference of the group or the neighbor may stand for the default.
    let unset = |peer: &Standing<'_, '_>| {
        let said = peer.family.local_preference.map(|said| said.value);
        said.unwrap_or_else(|| default_preference(device, peer)) <= above
    };
    if peers.iter().all(unset) {
        let name = free_name(device, "PREFER", peers.first()?);
        let line =
            format!("set policy-options policy-statement {name} then local-preference {value}");
        script.step(vec![line], vec![removed(&name)]);
        in_front(peers, (Direction::In, &name), None, script)?;
    }
    let mut raised: Vec<&str> = Vec::new();
    for filter in peers.iter().flat_map(|peer| &peer.family.import) {
        let name = plain_name(filter)?;
        if raised.contains(&name) {
            continue;
        }
        raised.push(name);
        let policy = device
            .policies
            .iter()
            .find(|policy| policy.name == name && policy.form == PolicyForm::PolicyStatement)?;
        let steps = raise(policy, (value, above))?;
        if !steps.is_empty() && !is_own(device, (filter.kind, name), Direction::In, peers) {
            return None;
        }
        for (lines, undo) in steps {
            script.step(lines, undo);
        }
    }
    Some(())
}

/// Terms set a preference each.
fn prefer_at(
    device: &Device<'_>,
    peers: &[Standing<'_, '_>],
    values: &[(Span, u32)],
    script: &mut Script,
) -> Option<()> {
    let own = |(at, _): &&(Span, u32)| at.file == device.at.file;
    let mut wanted = values.iter().filter(own).count();
    let names: BTreeSet<&str> =
        peers.iter().flat_map(|peer| &peer.family.import).filter_map(plain_name).collect();
    for policy in device.policies.iter().filter(|policy| names.contains(policy.name)) {
        for clause in &policy.clauses {
            let Some((_, value)) = values.iter().find(|(at, _)| *at == clause.at) else { continue };
            if !is_own(device, (ObjectKind::Policy, policy.name), Direction::In, peers) {
                return None;
            }
            let ClauseLabel::Name(term) = clause.label else { return None };
            let path = format!("policy-options policy-statement {} term {term} then", policy.name);
            let mut known = clause.steps.iter().filter_map(|step| match step {
                Step::Set(set) => match &set.value {
                    SetAction::LocalPreference(arithmetic) => Some(*arithmetic),
                    _ => None,
                },
                _ => None,
            });
            let undo = match known.next() {
                Some(Arithmetic::Set(known)) => format!("set {path} local-preference {known}"),
                Some(_) => return None,
                None => format!("delete {path} local-preference"),
            };
            script.step(vec![format!("set {path} local-preference {value}")], vec![undo]);
            wanted = wanted.checked_sub(1)?;
        }
    }
    (wanted == 0).then_some(())
}

/// Terms of a policy that set a lower preference, raised; `None` where they differ among themselves, or calculate.
fn raise(
    policy: &Policy<'_>,
    (value, above): (u32, u32),
) -> Option<Vec<(Vec<String>, Vec<String>)>> {
    let mut found = Vec::new();
    let mut before: Option<u32> = None;
    for clause in &policy.clauses {
        if clause.verdict == Some(Verdict::Deny) {
            continue;
        }
        for step in &clause.steps {
            let Step::Set(set) = step else { continue };
            let SetAction::LocalPreference(arithmetic) = &set.value else { continue };
            let Arithmetic::Set(known) = *arithmetic else { return None };
            if above < known {
                continue;
            }
            if before.is_some_and(|before| before != known) {
                return None;
            }
            before = Some(known);
            let term = match clause.label {
                ClauseLabel::Name(term) => format!(" term {term}"),
                _ => return None,
            };
            let path = format!("set policy-options policy-statement {}{term} then", policy.name);
            let set = |value: u32| vec![format!("{path} local-preference {value}")];
            found.push((set(value), set(known)));
        }
    }
    Some(found)
}
