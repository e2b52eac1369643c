//! The answer as plain values, in the form that scripts rely on.

use edgelint_source::view::{Plain, Value};

use crate::evaluate::{AsPath, Segment};
use crate::trace::route::{Held, communities};
use crate::trace::{Answer, Shown};

/// What a device holds of a peer's routes.
pub(super) fn accepted(held: &[Held<'_>]) -> Vec<Shown> {
    held.iter().map(shown).collect()
}

/// A route as a device holds it.
pub(super) fn shown(route: &Held<'_>) -> Shown {
    Shown {
        prefix: route.prefix,
        as_path: route.path(),
        local_preference: route.preference_is_set.then_some(route.local_preference),
        weight: Some(route.weight),
        med: route.med(),
        communities: communities(&route.known, &route.attributes),
        others: route.others.clone(),
        certain: route.certain,
    }
}

impl Shown {
    /// The route as named values: as a device holds it.
    pub fn value(&self) -> Value {
        held(self)
    }
}

impl Answer {
    /// The fields of the answer, in their order.
    pub fn fields(&self) -> Vec<(&'static str, Value)> {
        let by_peer = |peers: &[(String, Vec<Shown>)], show: fn(&Shown) -> Value| {
            let one = |(name, routes): &(String, Vec<Shown>)| {
                (Plain::new(name), Value::List(routes.iter().map(show).collect()))
            };
            Value::Entries(peers.iter().map(one).collect())
        };
        let best = self.best.iter().map(|(prefix, peer)| {
            (Plain::new(prefix.to_string()), Value::text(peer.as_deref().unwrap_or("local")))
        });
        vec![
            ("accepted", by_peer(&self.accepted, held)),
            ("best", Value::Entries(best.collect())),
            ("advertised", by_peer(&self.advertised, sent)),
        ]
    }
}

fn held(route: &Shown) -> Value {
    Value::Map(vec![
        ("prefix", Value::text(route.prefix.to_string())),
        ("local_pref", number(route.local_preference)),
        ("weight", number(route.weight)),
        ("med", number(route.med)),
        ("as_path", path(&route.as_path)),
        ("communities", texts(route)),
        ("certain", Value::from(route.certain)),
    ])
}

fn sent(route: &Shown) -> Value {
    Value::Map(vec![
        ("prefix", Value::text(route.prefix.to_string())),
        ("med", number(route.med)),
        ("as_path", path(&route.as_path)),
        ("communities", texts(route)),
        ("local_pref", number(route.local_preference)),
        ("certain", Value::from(route.certain)),
    ])
}

fn texts(route: &Shown) -> Value {
    Value::texts(route.communities.iter().map(ToString::to_string).chain(route.others.clone()))
}

fn number(value: Option<u32>) -> Value {
    value.map_or(Value::Null, Value::from)
}

fn path(path: &AsPath) -> Value {
    let numbers = |numbers: &[u32]| numbers.iter().copied().map(Value::from).collect();
    let segment = |segment: &Segment| match segment {
        Segment::Number(number) => Value::from(*number),
        Segment::Set(set) => Value::List(numbers(set)),
        confederation @ Segment::Confederation(_) => {
            let path = AsPath { segments: vec![confederation.clone()] };
            Value::text(path.to_string())
        }
    };
    Value::List(path.segments.iter().map(segment).collect())
}
