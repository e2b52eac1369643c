//! Remedies as IOS-XR is told them: a route policy around the one that a neighbor has, which decides or
//! changes what it is about and applies the other.

use edgelint_model::{
    Arithmetic, Change, Commands, Device, Direction, NeighborAddress, ObjectKind, Policy, Remedy,
    SetAction, Standing, Step, Verdict,
};
use edgelint_prefix::{Family, Prefix, PrefixRange};

use crate::remedies::{Script, family_of, free_name, in_instance, nested};

/// See [`crate::Dialect::remedy`].
pub(super) fn remedy(device: &Device<'_>, remedy: &Remedy) -> Option<Commands> {
    let peers = remedy.standing(device)?;
    let mut script = Script::default();
    let first = peers.first()?;
    match &remedy.change {
        Change::Withhold(ranges) => {
            let lines = dropping(&format!("destination in ({})", set_of(ranges)));
            let around =
                Around { name: free_name(device, "WITHHOLD", first), lines: &lines, set: None };
            around.put(device, &peers, (Direction::Out, Some(ranges)), &mut script)?;
        }
        Change::SendOnly(ranges) => {
            let lines = dropping(&format!("not destination in ({})", set_of(ranges)));
            let around =
                Around { name: free_name(device, "SEND", first), lines: &lines, set: None };
            around.put(device, &peers, (Direction::Out, Some(ranges)), &mut script)?;
        }
        Change::Prefer { value, above } => {
            let lines = [format!("  set local-preference {value}")];
            let set = Some(Some(*above));
            let around = Around { name: free_name(device, "PREFER", first), lines: &lines, set };
            around.put(device, &peers, (Direction::In, None), &mut script)?;
        }
        Change::Prepend { as_number, times } => {
            let lines = [format!("  prepend as-path {as_number} {times}")];
            let set = Some(None);
            let around = Around { name: free_name(device, "PREPEND", first), lines: &lines, set };
            around.put(device, &peers, (Direction::Out, None), &mut script)?;
        }
        // The branches of a policy are not told one by one.
        Change::PreferAt(_) => return None,
        Change::StopDefault => {
            for peer in &peers {
                let statement = peer.family.options.default_originate?;
                if statement.origin.via().is_some() {
                    return None;
                }
                let policy = statement.value.policy;
                let policy = policy.map(|policy| format!(" route-policy {}", policy.value));
                let before = format!("default-originate{}", policy.unwrap_or_default());
                script.step(at(peer, "no default-originate")?, at(peer, &before)?);
            }
        }
        Change::Anchor(prefixes) => {
            for prefix in prefixes {
                let vrf = first.instance.vrf;
                script.step(anchor(vrf, *prefix, ""), anchor(vrf, *prefix, "no "));
            }
        }
        Change::UseTogether => {
            let mut told: Vec<(usize, Family)> = Vec::new();
            for peer in &peers {
                let place = (peer.peer.instance, family_of(peer));
                if !told.contains(&place) {
                    told.push(place);
                    let family = family_line(peer);
                    let set = in_instance(peer, &[&family, "maximum-paths ebgp 2"], " ");
                    script.step(set, in_instance(peer, &[&family, "no maximum-paths ebgp 2"], " "));
                }
            }
        }
    }
    Some(script.finish())
}

/// Drops what a condition holds for.
fn dropping(condition: &str) -> [String; 3] {
    [format!("  if {condition} then"), "    drop".to_owned(), "  endif".to_owned()]
}

/// A set of prefixes in place.
fn set_of(ranges: &[PrefixRange]) -> String {
    ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A policy that does something and then applies another.
struct Around<'a> {
    name: String,
    lines: &'a [String],
    /// Whether the lines change routes, and with that accept what the other policy says nothing about; where they set a
    /// preference, the one that the other policy has to go beyond.
    set: Option<Option<u32>>,
}

impl Around<'_> {
    /// Puts it around the policies of the peers.
    fn put(
        &self,
        device: &Device<'_>,
        peers: &[Standing<'_, '_>],
        (direction, ranges): (Direction, Option<&[PrefixRange]>),
        script: &mut Script,
    ) -> Option<()> {
        let family = ranges.and_then(|ranges| ranges.first()).map(|range| range.prefix.family());
        let mut applied: Option<&str> = None;
        for peer in peers {
            if family.is_some_and(|family| family != family_of(peer)) {
                return None;
            }
            // A session without policy passes nothing.
            let [filter] = peer.family.filters(direction) else { return None };
            let name = filter.name.value;
            if filter.kind != ObjectKind::Policy || applied.is_some_and(|applied| applied != name) {
                return None;
            }
            if applied.is_none() {
                applied = Some(name);
                self.write(device, name, script)?;
            }
            let way = match direction {
                Direction::In => "in",
                Direction::Out => "out",
            };
            let set = at(peer, &format!("route-policy {} {way}", self.name))?;
            let undo = match filter.name.origin.via() {
                Some(_) => at(peer, &format!("no route-policy {} {way}", self.name))?,
                None => at(peer, &format!("route-policy {name} {way}"))?,
            };
            script.step(set, undo);
        }
        Some(())
    }

    fn write(&self, device: &Device<'_>, applied: &str, script: &mut Script) -> Option<()> {
        if let Some(set) = self.set {
            // A policy with values for its parameters stands among the others with these.
            let policy = device.policies.iter().find(|policy| policy.name == applied)?;
            if !decides_everything(policy) || set.is_some_and(|value| !keeps(policy, value)) {
                return None;
            }
        }
        let mut lines = vec![format!("route-policy {}", self.name)];
        lines.extend(self.lines.iter().cloned());
        lines.push(format!("  apply {applied}"));
        lines.push("end-policy".to_owned());
        script.step(lines, vec![format!("no route-policy {}", self.name)]);
        Some(())
    }
}

/// Whether a policy decides about every route by itself: where it does not, a route that was changed before is
/// accepted, and one that was not is dropped (Cisco, "Implementing Routing Policy", default drop).
fn decides_everything(policy: &Policy<'_>) -> bool {
    policy.blind.is_empty() && policy.clauses.iter().any(|clause| decide(&clause.steps))
}

fn decide(steps: &[Step<'_>]) -> bool {
    steps.iter().any(|step| match step {
        Step::Pass(_) | Step::End(_) => true,
        Step::Set(set) => !matches!(set.value, SetAction::Irrelevant | SetAction::Unknown),
        Step::Branch(arms) => {
            let last = arms.last();
            let otherwise = |arm: &edgelint_model::Arm<'_>| {
                matches!(arm.condition, edgelint_model::Condition::Always)
            };
            last.is_some_and(otherwise) && arms.iter().all(|arm| decide(&arm.steps))
        }
        Step::Call(_) => false,
    })
}

/// Whether every preference that a policy sets is above a value.
fn keeps(policy: &Policy<'_>, above: u32) -> bool {
    fn all(steps: &[Step<'_>], above: u32) -> bool {
        steps.iter().all(|step| match step {
            Step::Set(set) => match set.value {
                SetAction::LocalPreference(Arithmetic::Set(known)) => above < known,
                SetAction::LocalPreference(_) | SetAction::Unknown => false,
                _ => true,
            },
            Step::Branch(arms) => arms.iter().all(|arm| all(&arm.steps, above)),
            Step::Pass(_) | Step::End(_) => true,
            Step::Call(_) => false,
        })
    }
    let refuses = |verdict: Option<Verdict>| verdict == Some(Verdict::Deny);
    policy.clauses.iter().all(|clause| refuses(clause.verdict) || all(&clause.steps, above))
}

fn family_line(peer: &Standing<'_, '_>) -> String {
    format!("address-family {} unicast", peer.family.family.name())
}

/// A statement about a neighbor in its family.
fn at(peer: &Standing<'_, '_>, statement: &str) -> Option<Vec<String>> {
    let NeighborAddress::Address(address) = peer.neighbor.address else { return None };
    let neighbor = format!("neighbor {address}");
    Some(in_instance(peer, &[&neighbor, &family_line(peer), statement], " "))
}

fn anchor(vrf: Option<&str>, prefix: Prefix, no: &str) -> Vec<String> {
    let family = match prefix.family() {
        Family::Ipv4 => "address-family ipv4 unicast",
        Family::Ipv6 => "address-family ipv6 unicast",
    };
    let (vrf, route) = (vrf.map(|vrf| format!("vrf {vrf}")), format!("{no}{prefix} Null0"));
    let lines = ["router static"].into_iter().chain(vrf.as_deref()).chain([family, &route]);
    nested(&lines.collect::<Vec<_>>(), " ")
}
