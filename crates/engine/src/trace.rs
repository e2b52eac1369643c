//! `trace`: one route through the filters of a session, or a device among peers that are given.
//!
//! What is asked comes as text, from the command line or from a file; it is read here, so that the command line
//! needs to know nothing of routes. Every value that cannot be read is named in the error.

use std::net::{IpAddr, Ipv4Addr};

use edgelint_dialects::phrases::{parse_asn, parse_community};
use edgelint_facts::trace::{
    Answer, AsPath, Community, Direction, Offer, OriginCode, Peer, Prefix, Question, Segment,
    Shown, Walk,
};
use edgelint_facts::{DeviceId, Network};
use edgelint_source::view::{Label, Plain, Role, Value};
use serde_json::Value as Json;

use crate::estate::Joined;
use crate::findings::place;

/// A route and the session that it goes over, as it is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked<'a> {
    /// Address of the neighbor.
    pub neighbor: &'a str,
    /// Name of the VRF, where it matters.
    pub vrf: Option<&'a str>,
    /// Whether the route comes in; else it goes out.
    pub inward: bool,
    /// The prefix.
    pub prefix: &'a str,
    /// Communities.
    pub communities: &'a [String],
    /// AS path: numbers with blanks between them.
    pub as_path: &'a str,
    /// Local preference.
    pub local_preference: Option<u32>,
    /// MED.
    pub med: Option<u32>,
}

/// One device's answer about one route.
#[derive(Clone, Debug)]
pub struct Told {
    /// What became of the route: one sentence.
    pub message: Plain,
    /// The lines that had a say, in order.
    pub labels: Vec<Label>,
    /// Attributes behind the filters, and remarks.
    pub notes: Vec<Plain>,
    /// The same as named values.
    pub fields: Vec<(&'static str, Value)>,
}

/// What [`crate::trace()`] is asked.
#[derive(Clone, Debug)]
pub enum Inquiry {
    /// One route.
    Route(Box<Question>),
    /// A device among peers.
    Batch(Vec<Peer>),
}

impl Inquiry {
    /// Reads a question about one route.
    ///
    /// # Errors
    /// The value that cannot be read, and what it should be.
    pub fn route(asked: &Asked<'_>) -> Result<Self, String> {
        let neighbor = asked.neighbor.parse::<IpAddr>();
        let neighbor = neighbor.map_err(|_| format!("`{}` is not an address", asked.neighbor))?;
        let communities: Result<Vec<Community>, String> =
            asked.communities.iter().map(|text| community(text)).collect();
        let numbers: Result<Vec<u32>, String> =
            asked.as_path.split_whitespace().map(as_number).collect();
        let route = Offer {
            prefix: prefix(asked.prefix)?,
            as_path: AsPath::of_numbers(numbers?),
            origin: OriginCode::Igp,
            med: asked.med,
            local_preference: asked.local_preference,
            communities: communities?,
            others: Vec::new(),
        };
        let direction = if asked.inward { Direction::In } else { Direction::Out };
        let vrf = asked.vrf.map(str::to_owned);
        Ok(Self::Route(Box::new(Question { neighbor, vrf, direction, route })))
    }

    /// Reads the peers of a batch: `{"peers": [...]}`. Keys that are not known are ignored.
    ///
    /// # Errors
    /// What is wrong with the text, and where.
    pub fn batch(text: &str) -> Result<Self, String> {
        let document: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let peers = document.get("peers").and_then(Json::as_array);
        let peers = peers.ok_or("there is no list `peers`")?;
        let peers: Result<Vec<Peer>, String> = peers.iter().map(peer).collect();
        Ok(Self::Batch(peers?))
    }
}

fn peer(json: &Json) -> Result<Peer, String> {
    let text = |key: &str| json.get(key).and_then(Json::as_str);
    let address = text("address").ok_or("a peer has no `address`")?;
    let name = text("name").unwrap_or(address).to_owned();
    let within = |what: String| format!("peer {name}: {what}");
    let remote_as = json.get("remote_as").and_then(Json::as_u64).map(u32::try_from);
    let remote_as = remote_as.and_then(Result::ok);
    let routes = json.get("routes").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let routes: Result<Vec<Offer>, String> = routes.iter().map(offer).collect();
    Ok(Peer {
        address: address.parse().map_err(|_| within(format!("`{address}` is not an address")))?,
        remote_as: remote_as.ok_or_else(|| within("`remote_as` is no AS number".to_owned()))?,
        router_id: text("router_id").and_then(|id| id.parse::<Ipv4Addr>().ok()),
        vrf: text("vrf").map(str::to_owned),
        routes: routes.map_err(within)?,
        name,
    })
}

fn offer(json: &Json) -> Result<Offer, String> {
    let text = json.get("prefix").and_then(Json::as_str).ok_or("a route has no `prefix`")?;
    let number = |key: &str| match json.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(value) => {
            let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
            number.map(Some).ok_or_else(|| format!("{text}: `{key}` is no number of 32 bits"))
        }
    };
    let segments = json.get("as_path").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let segments: Result<Vec<Segment>, String> = segments.iter().map(segment).collect();
    let carried = json.get("communities").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let large = json.get("large_communities").and_then(Json::as_array);
    let large = large.map_or(&[][..], Vec::as_slice);
    let carried = carried.iter().chain(large).filter_map(Json::as_str);
    // What is no community of 32 bits is one of another type.
    let (carried, others): (Vec<&str>, Vec<&str>) =
        carried.partition(|text| community(text).is_ok());
    let origin = json.get("origin").and_then(Json::as_str).unwrap_or("igp");
    Ok(Offer {
        prefix: prefix(text)?,
        as_path: AsPath { segments: segments.map_err(|what| format!("{text}: {what}"))? },
        origin: match origin.to_ascii_lowercase().as_str() {
            "igp" | "i" => OriginCode::Igp,
            "egp" | "e" => OriginCode::Egp,
            "incomplete" | "?" => OriginCode::Incomplete,
            _ => return Err(format!("{text}: `{origin}` is no origin")),
        },
        med: number("med")?,
        local_preference: number("local_pref")?,
        communities: carried.into_iter().filter_map(|text| community(text).ok()).collect(),
        others: others.into_iter().map(str::to_owned).collect(),
    })
}

/// A number, a set as a list of numbers, or a confederation as a text in parentheses.
fn segment(json: &Json) -> Result<Segment, String> {
    let number = |json: &Json| json.as_u64().and_then(|number| u32::try_from(number).ok());
    let found = match json {
        Json::Array(set) => set.iter().map(number).collect::<Option<Vec<u32>>>().map(Segment::Set),
        Json::String(text) => {
            let inner = text.trim_matches(['(', ')']);
            let numbers = inner.split_whitespace().map(|word| as_number(word).ok());
            let numbers = numbers.collect::<Option<Vec<u32>>>();
            match numbers {
                Some(numbers) if text.starts_with('(') => Some(Segment::Confederation(numbers)),
                Some(numbers) => numbers.first().copied().map(Segment::Number),
                None => None,
            }
        }
        other => number(other).map(Segment::Number),
    };
    found.ok_or_else(|| "`as_path` holds what is no AS number".to_owned())
}

fn prefix(text: &str) -> Result<Prefix, String> {
    Prefix::parse(text).map(|(prefix, _)| prefix).ok_or(format!("`{text}` is not a prefix"))
}

fn as_number(text: &str) -> Result<u32, String> {
    parse_asn(text).ok_or_else(|| format!("`{text}` is not an AS number"))
}

/// A community as `high:low`, as one number, or by its name.
///
/// # Errors
/// What is no community, said in a few words.
pub fn community(text: &str) -> Result<Community, String> {
    let named = match text.to_ascii_lowercase().as_str() {
        "no-export" => Some(Community::NO_EXPORT),
        "no-advertise" => Some(Community::NO_ADVERTISE),
        "local-as" | "no-export-subconfed" => Some(Community::LOCAL_AS),
        "graceful-shutdown" | "gshut" => Some(Community::GRACEFUL_SHUTDOWN),
        "internet" => Some(Community(0)),
        _ => None,
    };
    named.or_else(|| parse_community(text)).ok_or_else(|| format!("`{text}` is not a community"))
}

/// The answer to a batch: that of the first device of the run that speaks BGP; none where none does.
pub(crate) fn batch(network: &Network<'_>, peers: &[Peer]) -> Option<Answer> {
    let place = network.devices.iter().position(|device| !device.device.bgp.is_empty())?;
    let device = DeviceId(u32::try_from(place).ok()?);
    Some(edgelint_facts::trace::trace(network, device, peers))
}

/// What each device with such a session does with a route.
pub(crate) fn route(joined: &Joined<'_, '_>, question: &Question) -> Vec<Told> {
    let walks = edgelint_facts::trace::walk(joined.network, question);
    walks.iter().map(|walk| told(joined, question, walk)).collect()
}

fn told(joined: &Joined<'_, '_>, question: &Question, walk: &Walk) -> Told {
    let device = joined.network.device(walk.device);
    let (verb, towards) = match (question.direction, walk.after.is_some() && !walk.silent) {
        (Direction::In, true) => ("accepted", "from"),
        (Direction::In, false) => ("not accepted", "from"),
        (Direction::Out, true) => ("sent", "to"),
        (Direction::Out, false) => ("not sent", "to"),
    };
    let (prefix, neighbor) = (question.route.prefix, question.neighbor);
    let doubt = if walk.certain { "" } else { ", as far as it is understood" };
    let message = format!("{} {prefix}: {verb} {towards} {neighbor}{doubt}", device.identity);
    let mut labels: Vec<Label> = Vec::new();
    let steps = walk.filters.iter().map(|(at, name)| (*at, format!("filter {name}")));
    let steps: Vec<_> =
        steps.chain(walk.stops.iter().map(|stop| (stop.at, stop.what.clone()))).collect();
    for (number, (at, what)) in (1..).zip(&steps) {
        let role = if number == steps.len() { Role::Primary } else { Role::Context };
        labels.push(place((*at, role), Plain::new(format!("{number}. {what}")), joined));
    }
    let silent = walk.silent.then_some("the session exchanges no routes of this family");
    let remarks: Vec<Plain> = silent.into_iter().chain(walk.remark).map(Plain::new).collect();
    let mut notes = remarks.clone();
    notes.extend(walk.after.as_ref().map(|after| Plain::new(attributes(after))));
    let shown = steps.iter().zip(&labels).map(|((_, what), label)| {
        Value::Map(vec![
            ("path", Value::Text(label.path.clone())),
            ("line", Value::from(label.start.line)),
            ("what", Value::text(what)),
        ])
    });
    let fields = vec![
        ("device", Value::text(&device.identity)),
        ("neighbor", Value::text(neighbor.to_string())),
        ("direction", Value::text(if towards == "from" { "in" } else { "out" })),
        ("prefix", Value::text(prefix.to_string())),
        ("permitted", Value::from(walk.after.is_some() && !walk.silent)),
        ("certain", Value::from(walk.certain)),
        ("steps", Value::List(shown.collect())),
        ("remarks", Value::List(remarks.into_iter().map(Value::Text).collect())),
        ("route", walk.after.as_ref().map_or(Value::Null, Shown::value)),
    ];
    Told { message: Plain::new(message), labels, notes, fields }
}

/// The attributes of a route in one line.
fn attributes(route: &Shown) -> String {
    let mut parts = Vec::new();
    let number = |name: &str, value: Option<u32>| value.map(|value| format!("{name} {value}"));
    let path = route.as_path.to_string();
    parts.push(format!("AS path {}", if path.is_empty() { "(empty)" } else { &path }));
    parts.extend(number("local preference", route.local_preference));
    parts.extend(number("weight", route.weight.filter(|weight| *weight != 0)));
    parts.extend(number("MED", route.med));
    if !route.communities.is_empty() {
        let texts: Vec<String> = route.communities.iter().map(ToString::to_string).collect();
        parts.push(format!("communities {}", texts.join(" ")));
    }
    format!("behind the filters: {}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{Asked, Inquiry};

    #[test]
    fn what_cannot_be_read_is_named() {
        let good = Asked { neighbor: "192.0.2.1", prefix: "10.0.0.0/8", ..Asked::default() };
        assert!(Inquiry::route(&good).is_ok());
        let communities = ["x".to_owned()];
        let bad = [
            (Asked { neighbor: "x", ..good.clone() }, "`x` is not an address"),
            (Asked { prefix: "10.0.0.0", ..good.clone() }, "`10.0.0.0` is not a prefix"),
            (Asked { as_path: "1 y", ..good.clone() }, "`y` is not an AS number"),
            (Asked { communities: &communities, ..good }, "`x` is not a community"),
        ];
        for (asked, expected) in bad {
            assert_eq!(Inquiry::route(&asked).err().as_deref(), Some(expected));
        }
        let batches = [
            ("[]", "there is no list `peers`"),
            (r#"{"peers":[{}]}"#, "a peer has no `address`"),
            (
                r#"{"peers":[{"address":"192.0.2.1"}]}"#,
                "peer 192.0.2.1: `remote_as` is no AS number",
            ),
            (
                r#"{"peers":[{"address":"192.0.2.1","remote_as":1,"routes":[{"prefix":"1/2"}]}]}"#,
                "peer 192.0.2.1: `1/2` is not a prefix",
            ),
        ];
        for (text, expected) in batches {
            assert_eq!(Inquiry::batch(text).err().as_deref(), Some(expected), "{text}");
        }
    }
}
