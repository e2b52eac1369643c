//! `router bgp`: neighbors, address families, what is put into BGP.
//!
//! ASA has one process, no peer groups, no templates and no VRFs, and says everything about a neighbor in
//! the family that it carries. So nothing is inherited, and each line is put into the model as it is read; a
//! later line takes the place of an earlier one. Source of the syntax: Cisco ASA Series Command Reference,
//! `router bgp`, `address-family`, `neighbor`.

mod neighbor;
mod statement;
#[cfg(test)]
mod tests;

use edgelint_model::{AddressFamily, BgpInstance, BgpProcess, Fact, Part, Rare, State};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::igp::is_family_end;
use super::lines::{is_exit, listed, lower, polarity, room, whole};
use crate::phrases::{asn, is_word, word};
use crate::secrets;

/// The process with its block.
///
/// router-bgp ::= "router" "bgp" ASN NL (INDENT bgp-line* (bgp-line | family-end | inert-exit) DEDENT)?
///     | "no" "router" "bgp" ASN NL
pub(super) fn router_bgp<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let number = whole(asn(words.skip(2)));
    let state = if number.is_some() { State::Modelled } else { State::Unmodelled };
    draft.account(Part::Bgp, statement, state);
    let at = statement.span();
    let same = |it: &BgpProcess<'_>| it.local_as.map(|it| it.value) == number.map(|it| it.value);
    let known = draft.device.bgp.iter().position(same);
    if negated {
        if let Some(place) = known {
            draft.device.bgp.remove(place);
        }
        return draft.stray(statement);
    }
    let mut process = match known {
        Some(place) => draft.device.bgp.remove(place),
        None => BgpProcess {
            at,
            local_as: number,
            confederation: None,
            confederation_peers: Vec::new(),
            instances: vec![instance(at)],
            other_families: Vec::new(),
        },
    };
    if let Some(instance) = process.instances.first_mut() {
        for child in statement.children() {
            bgp_line(draft, instance, child);
        }
    }
    draft.device.bgp.push(process);
}

/// Gives sessions the timers of the process, and the interfaces that they speak from their own names in place
/// of those that `nameif` gave them; called once, after the last statement.
pub(super) fn finish(draft: &mut Draft<'_>) {
    let timers = draft.pending.timers;
    let device = &mut draft.device;
    let instances = device.bgp.iter_mut().flat_map(|process| &mut process.instances);
    for neighbor in instances.flat_map(|instance| &mut instance.neighbors) {
        neighbor.timers = neighbor.timers.or(timers);
        let Some(source) = &mut neighbor.update_source else { continue };
        let named = |zone: Option<Fact<&str>>| zone.is_some_and(|zone| zone.value == source.value);
        let interface = device.interfaces.iter().find(|one| named(one.options.zone));
        if let Some(interface) = interface {
            source.value = interface.name;
        }
    }
}

fn instance<'t>(at: Span) -> BgpInstance<'t> {
    BgpInstance {
        vrf: None,
        at,
        router_id: None,
        default_local_preference: None,
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
    }
}

/// bgp-line ::= address-family | family-line
/// address-family ::= "address-family" family-name NL (INDENT family-line* (family-line | family-end | inert-exit) DEDENT)?
fn bgp_line<'t>(draft: &mut Draft<'t>, instance: &mut BgpInstance<'t>, line: Statement<'_, 't>) {
    let (negated, words) = polarity(line.words());
    if !is_word(words, 0, "address-family") {
        return family_line(draft, (instance, AddressFamily::Ipv4), line);
    }
    let family = whole(family_name(words)).filter(|_| !negated);
    let Some(family) = family else {
        draft.account_block(Part::Bgp, line, State::Unmodelled);
        instance.blind.push(line.block_span());
        return secrets::in_block(draft, line);
    };
    draft.account(Part::Bgp, line, State::Modelled);
    for child in line.children() {
        family_line(draft, (instance, family), child);
    }
}

/// family-name ::= ("ipv4" | "ipv6") "unicast"?
fn family_name<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, AddressFamily> {
    let (left, _) = word("address-family")(input)?;
    let mut low = room();
    let family = match lower(left.peek(0), &mut low) {
        "ipv4" => AddressFamily::Ipv4,
        "ipv6" => AddressFamily::Ipv6,
        _ => return left.expected("ipv4 or ipv6"),
    };
    let left = left.skip(1);
    Ok((word("unicast")(left).map_or(left, |(left, _)| left), family))
}

/// What may stand in the process and in its address families.
///
/// family-line ::= neighbor | "no"? bgp-statement NL | "no" bgp-unset NL | "no" old-default NL | inert-bgp
fn family_line<'t>(
    draft: &mut Draft<'t>,
    (instance, family): (&mut BgpInstance<'t>, AddressFamily),
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    if is_word(words, 0, "neighbor") {
        neighbor::neighbor(draft, instance, family, line);
        return draft.stray(line);
    }
    let unset = || if negated { whole(statement::bgp_unset(words)) } else { None };
    let state = match whole(statement::bgp_statement(words)).or_else(unset) {
        Some(said) => {
            let place = (line.span(), family);
            statement::apply(draft, instance, place, (said, negated));
            State::Modelled
        }
        None if is_family_end(line.words()) => State::Modelled,
        None if is_exit(line.words()) || listed(statement::INERT, words) => State::Inert,
        None if statement::is_known(words) => State::Unmodelled,
        None => State::Opaque,
    };
    draft.account(Part::Bgp, line, state);
    draft.stray(line);
    if matches!(state, State::Unmodelled | State::Opaque) {
        instance.blind.push(line.span());
    }
    if state != State::Modelled {
        secrets::in_block(draft, line);
    }
}
