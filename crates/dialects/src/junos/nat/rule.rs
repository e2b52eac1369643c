//! Rule sets: between which sides, which packets, and what becomes of their addresses.

use edgelint_model::{Fact, State, Translation};
use edgelint_prefix::Interval;
use edgelint_source::Span;
use edgelint_syntax::Token;

use super::{Draft, Kind, Leaf, ObjectKind, Usage, Words, addresses, heading, interval, number};

/// A rule set.
#[derive(Debug)]
pub(super) struct RuleSet<'t> {
    pub(super) kind: Kind,
    pub(super) from: Vec<(&'t str, Fact<&'t str>)>,
    pub(super) to: Vec<(&'t str, Fact<&'t str>)>,
    pub(super) rules: Vec<Rule<'t>>,
}

/// A rule.
#[derive(Debug)]
pub(super) struct Rule<'t> {
    pub(super) at: Span,
    pub(super) sources: Vec<Interval>,
    pub(super) destinations: Vec<Fact<Interval>>,
    /// Names of the address book that were matched, for either side.
    pub(super) source_names: Vec<Fact<&'t str>>,
    pub(super) destination_names: Vec<Fact<&'t str>>,
    /// Ranges whose last address comes before the first.
    pub(super) backwards: Vec<Span>,
    pub(super) port: bool,
    pub(super) narrowed: bool,
    /// What becomes of the addresses.
    pub(super) translation: Option<Result<'t>>,
}

/// What becomes of the addresses of a packet.
#[derive(Clone, Debug)]
pub(super) enum Result<'t> {
    /// In the model's words already.
    Known(Translation<'t>),
    /// Addresses by a name of the address book.
    Named(Fact<&'t str>),
}

impl<'t> Rule<'t> {
    fn new(at: Span) -> Self {
        Self {
            at,
            sources: Vec::new(),
            destinations: Vec::new(),
            source_names: Vec::new(),
            destination_names: Vec::new(),
            backwards: Vec::new(),
            port: false,
            narrowed: false,
            translation: None,
        }
    }
}

/// A rule set: between which sides, or one of its rules.
///
/// source-set ::= "rule-set" NAME (("from" | "to") side | "rule" NAME (rule-match | source-then))
/// destination-set ::= "rule-set" NAME ("from" side | "rule" NAME (rule-match | destination-then))
/// static-set ::= "rule-set" NAME ("from" side | "rule" NAME (rule-match | static-then))
/// inert-rule-set ::= "rule-set" NAME ("rule" NAME)? ("description" WORD)?
/// side ::= ("zone" | "interface" | "routing-instance" | "routing-group") NAME
pub(super) fn rule_set<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>, kind: Kind) -> State {
    let words = leaf.words;
    let Some(name) = words.token(4) else { return State::Unmodelled };
    let name = name.text;
    let sets = &mut draft.nat.sets;
    let place = *draft.nat.set_places.entry((kind, name)).or_insert_with(|| {
        let (from, to, rules) = (Vec::new(), Vec::new(), Vec::new());
        sets.push(RuleSet { kind, from, to, rules });
        sets.len() - 1
    });
    let Some(set) = sets.get_mut(place) else { return State::Unmodelled };
    match (words.peek(5), words.peek(6), words.token(7)) {
        (
            side @ ("from" | "to"),
            what @ ("zone" | "interface" | "routing-instance" | "routing-group"),
            Some(value),
        ) if words.len() == 8 && (side == "from" || kind == Kind::Source) => {
            let sides = if side == "from" { &mut set.from } else { &mut set.to };
            sides.push((what, leaf.name(value)));
            State::Modelled
        }
        ("rule", "", _) => State::Unmodelled,
        ("rule", name, _) => {
            let known = *draft.nat.rule_places.entry((place, name)).or_insert_with(|| {
                set.rules.push(Rule::new(heading(words, 7)));
                set.rules.len() - 1
            });
            let Some(rule) = set.rules.get_mut(known) else { return State::Unmodelled };
            let (state, used) = part((rule, kind), leaf, words.skip(7));
            if let Some(pool) = used {
                draft.use_name(ObjectKind::NatPool, pool, Usage::NatPool);
            }
            state
        }
        ("description", ..) if words.len() == 7 => State::Inert,
        // A name without anything that is said of it.
        ("", ..) => State::Inert,
        _ => State::Unmodelled,
    }
}

fn part<'t>(
    (rule, kind): (&mut Rule<'t>, Kind),
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> (State, Option<Token<'t>>) {
    let state = match words.peek(0) {
        "match" => condition(rule, leaf, words.skip(1)),
        "then" => return result((rule, kind), leaf, words.skip(1)),
        "" => State::Inert,
        "description" if words.len() == 2 => State::Inert,
        _ => State::Unmodelled,
    };
    (state, None)
}

/// Which packets a rule takes.
///
/// rule-match ::= "match" (("source-address" | "destination-address") addresses
///     | ("source-address-name" | "destination-address-name") NAME
///     | ("source-port" | "destination-port") UINT16 ("to" UINT16)? | ("protocol" | "application") NAME)?
fn condition<'t>(rule: &mut Rule<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> State {
    let value = words.token(1);
    let single = value.filter(|_| words.len() == 2);
    match (words.peek(0), single) {
        (side @ ("source-address" | "destination-address"), _) => {
            let Some(found) = addresses(words.skip(1)) else { return State::Unmodelled };
            if words.len() != 1 + found.n_words {
                return State::Unmodelled;
            }
            match found.interval {
                None => rule.backwards.push(found.at),
                Some(interval) if side == "source-address" => rule.sources.push(interval),
                Some(interval) => rule.destinations.push(leaf.fact(interval, found.at)),
            }
        }
        ("source-address-name", Some(name)) => rule.source_names.push(leaf.name(name)),
        ("destination-address-name", Some(name)) => rule.destination_names.push(leaf.name(name)),
        (side @ ("source-port" | "destination-port"), _) => {
            let port = |at: usize| number::<u16>(words.peek(at)).is_some();
            let range = words.len() == 4 && words.peek(2) == "to" && port(3);
            if !port(1) || !(words.len() == 2 || range) {
                return State::Unmodelled;
            }
            rule.port |= side == "destination-port";
            rule.narrowed = true;
        }
        ("application", Some(name)) => rule.narrowed |= name.text != "any",
        ("protocol", Some(_)) => rule.narrowed = true,
        ("", _) => {}
        _ => return State::Unmodelled,
    }
    State::Modelled
}

/// What becomes of their addresses. How long a translation lasts and who may answer it is said behind
/// it.
///
/// source-then ::= "then" ("source-nat" ("pool" NAME | "interface" | "off" | inert-source-then)?)?
/// destination-then ::= "then" ("destination-nat" ("pool" NAME | "off" | inert-then)?)?
/// static-then ::= "then" ("static-nat" ("prefix" prefix | "prefix-name" NAME | inert-static-then)?)?
/// inert-source-then ::= ("pool" | "interface") "persistent-nat" REST? | inert-then
/// inert-static-then ::= "inet" REST? | ("prefix" | "prefix-name") ("mapped-port" | "routing-instance") REST? | "nptv6-prefix" REST?
///     | inert-then
/// inert-then ::= "rule-session-count-alarm" REST?
fn result<'t>(
    (rule, kind): (&mut Rule<'t>, Kind),
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> (State, Option<Token<'t>>) {
    match (words.peek(0), kind) {
        ("static-nat", Kind::Static)
        | ("source-nat", Kind::Source)
        | ("destination-nat", Kind::Destination) => {}
        ("", _) => return (State::Modelled, None),
        _ => return (State::Unmodelled, None),
    }
    let (is_static, is_source) = (kind == Kind::Static, kind == Kind::Source);
    let head = words.token(1);
    let value = words.token(2);
    let n_words = words.len();
    let (translation, used) = match (words.peek(1), head, value) {
        ("", ..) => return (State::Modelled, None),
        ("rule-session-count-alarm", ..) => return (State::Inert, None),
        ("pool" | "interface", _, Some(value))
            if is_source && matches!(value.text, "persistent-nat") =>
        {
            return (State::Inert, None);
        }
        ("pool", _, Some(pool)) if !is_static && n_words == 3 => {
            (Translation::Pool(leaf.name(pool)), Some(pool))
        }
        ("interface", Some(head), None) if is_source => {
            (Translation::Egress(leaf.fact((), head.span)), None)
        }
        ("off", _, None) if !is_static => (Translation::Identity, None),
        ("prefix" | "prefix-name", _, Some(value))
            if is_static && matches!(value.text, "routing-instance" | "mapped-port") =>
        {
            return (State::Inert, None);
        }
        ("prefix", _, Some(value)) if is_static && n_words == 3 => match interval(value.text) {
            Some(interval) => (Translation::Addresses(leaf.fact(interval, value.span)), None),
            None => return (State::Unmodelled, None),
        },
        ("prefix-name", _, Some(value)) if is_static && n_words == 3 => {
            rule.translation = Some(Result::Named(leaf.name(value)));
            return (State::Modelled, None);
        }
        // Between families: no address of the one becomes an address of the other that is known here.
        ("inet" | "nptv6-prefix", ..) if is_static => return (State::Inert, None),
        _ => return (State::Unmodelled, None),
    };
    rule.translation = Some(Result::Known(translation));
    (State::Modelled, used)
}
