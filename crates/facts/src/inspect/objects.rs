//! Tables of single devices: what was defined, used, and left over.

use edgelint_model::{
    Clause, ClauseLabel, Flow, ObjectKind, Part, Policy, PolicyForm, State, Use, Verdict,
};
use edgelint_prefix::Family;
use edgelint_source::view::Value;

use crate::inspect::{Rows, text};

pub(super) fn devices(rows: &mut Rows<'_, '_>) {
    let network = rows.network;
    for device in &network.devices {
        let at = device.device.hostname.map_or(device.device.at, |name| name.at());
        let local_as = device.device.bgp.iter().find_map(|process| process.local_as);
        let item = vec![
            ("dialect", Value::text(device.dialect)),
            ("hostname", Value::optional(device.hostname())),
            ("local_as", Value::from(local_as.map(|fact| fact.value))),
        ];
        rows.push(device, at, item);
    }
}

pub(super) fn prefix_lists(rows: &mut Rows<'_, '_>) {
    let network = rows.network;
    for device in &network.devices {
        for list in &device.device.prefix_lists {
            let entries = list.entries.iter().map(|entry| {
                let action = if entry.permit { "permit" } else { "deny" };
                Value::Map(vec![
                    ("line", rows.line(entry.at)),
                    ("seq", Value::from(entry.sequence)),
                    ("action", Value::text(action)),
                    ("prefix", Value::text(entry.range.prefix.to_string())),
                    ("min_length", Value::from(u32::from(entry.range.min_length))),
                    ("max_length", Value::from(u32::from(entry.range.max_length))),
                ])
            });
            let family = match list.family {
                Family::Ipv4 => "ipv4",
                Family::Ipv6 => "ipv6",
            };
            let item = vec![
                ("name", Value::text(list.name)),
                ("family", Value::text(family)),
                ("entries", Value::List(entries.collect())),
            ];
            rows.push(device, list.at, item);
        }
    }
}

pub(super) fn policies(rows: &mut Rows<'_, '_>) {
    let network = rows.network;
    for device in &network.devices {
        let declared = |policy: &&Policy<'_>| policy.form != PolicyForm::Expression;
        for policy in device.device.policies.iter().filter(declared) {
            let clauses = policy.clauses.iter().map(|one| clause(rows, one)).collect();
            let item = vec![
                ("name", Value::text(policy.name)),
                ("form", Value::text(policy.form.name())),
                ("clauses", Value::List(clauses)),
            ];
            rows.push(device, policy.at, item);
        }
    }
}

fn clause(rows: &Rows<'_, '_>, clause: &Clause<'_>) -> Value {
    let seq = match clause.label {
        ClauseLabel::Sequence(number) | ClauseLabel::Ordinal(number) => Value::from(number),
        ClauseLabel::Name(name) => Value::text(name),
        ClauseLabel::Here => Value::from(1_u32),
    };
    let action = match (clause.verdict, clause.flow.value) {
        (Some(Verdict::Permit), _) => "permit",
        (Some(Verdict::Deny), _) => "deny",
        (None, Flow::Stop) => "none",
        (None, Flow::NextClause | Flow::GoTo(_) | Flow::NextPolicy | Flow::AsAsked) => "next",
    };
    Value::Map(vec![
        ("line", rows.line(clause.at)),
        ("seq", seq),
        ("action", Value::text(action)),
        ("matches", Value::texts(text::matches(&clause.condition))),
        ("sets", Value::texts(text::sets(&clause.steps))),
    ])
}

pub(super) fn references(rows: &mut Rows<'_, '_>) {
    let network = rows.network;
    for device in &network.devices {
        let names = &device.names;
        for object in &names.objects {
            let first_use = names.uses(object).first().map(|one| one.at);
            let Some(at) = device.definitions(object).next().or(first_use) else {
                continue;
            };
            let kind = match object.kind {
                ObjectKind::Policy => device.behaviour.policy_word,
                kind => kind.name(),
            };
            let definitions = device.definitions(object).map(|at| rows.line(at)).collect();
            let item = vec![
                ("kind", Value::text(kind)),
                ("name", Value::text(object.name)),
                ("definitions", Value::List(definitions)),
                ("uses", uses(rows, names.uses(object))),
            ];
            rows.push(device, at, item);
        }
    }
}

fn uses(rows: &Rows<'_, '_>, uses: &[Use<'_>]) -> Value {
    let one = |used: &Use<'_>| {
        Value::Map(vec![
            ("line", rows.line(used.at)),
            ("context", Value::text(used.usage.describe())),
        ])
    };
    Value::List(uses.iter().map(one).collect())
}

pub(super) fn coverage(rows: &mut Rows<'_, '_>) {
    const STATES: [(&str, State); 4] = [
        ("modelled", State::Modelled),
        ("inert", State::Inert),
        ("unmodelled", State::Unmodelled),
        ("opaque", State::Opaque),
    ];
    let network = rows.network;
    for device in &network.devices {
        let coverage = &device.device.coverage;
        let counts = |of: &dyn Fn(State) -> u32| {
            Value::Map(STATES.iter().map(|&(name, state)| (name, Value::from(of(state)))).collect())
        };
        let by_part =
            Part::ALL.iter().map(|&part| (part.name(), counts(&|state| coverage.of(part, state))));
        let unknown = coverage.unknown.iter().map(|one| {
            let state = if one.state == State::Opaque { "opaque" } else { "unmodelled" };
            let line = rows.files.line(one.at);
            let file = rows.files.file(one.at.file);
            let text = file.map(|file| file.printable_line(line).as_str().to_owned());
            Value::Map(vec![
                ("line", Value::from(line)),
                ("state", Value::text(state)),
                ("text", Value::optional(text)),
            ])
        });
        let item = vec![
            ("statements", counts(&|state| coverage.total(state))),
            ("by_part", Value::Map(by_part.collect())),
            ("unknown", Value::List(unknown.collect())),
        ];
        rows.push(device, device.device.at, item);
    }
}
