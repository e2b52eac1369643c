//! Classes of routes against single ones: random policies of each dialect, written as configurations and read by
//! its reader, are evaluated once for all routes and once for each of some routes.
//!
//! The class that holds a route has to say what became of it: verdict and every attribute. Classes are disjoint, and
//! together they are all routes. Whether a class holds a route is told here from what the class says, not asked of the
//! evaluator.

use edgelint_dialects::examine::{Examined, Room, examine};
use edgelint_model::{Community, CommunityText, Direction, ObjectKind};
use edgelint_prefix::{Family, Prefix, PrefixSet};
use edgelint_source::{Arena, FileId};
use proptest::collection;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::as_path::{Path, Terms, decide, decide_list};
use crate::described::Directory;
use crate::evaluate::{AsPath, AttributeLists, Attributes, Known, RouteClass, Test, all_of};
use crate::session::Session;
use crate::trace::export::Came;
use crate::trace::route::Held;
use crate::trace::session::Live;
use crate::trace::{Offer, Peer};
use crate::{Description, DeviceFacts, Network};

mod draw;
mod mended;
mod programs;
mod route_maps;

use draw::{Draw, INSIDE, OUTSIDE};

/// What is known of the dialects, and how many policies of each are tried.
const DIALECTS: [(&str, usize); 7] = [
    ("ios", 250),
    ("asa", 150),
    ("nxos", 150),
    ("eos", 250),
    ("frr", 400),
    ("iosxr", 300),
    ("junos", 300),
];
/// Routes that are followed through each.
const ROUTES: usize = 16;

/// What was compared.
#[derive(Default)]
struct Count {
    routes: usize,
    certain: usize,
    classes: usize,
    permitted: usize,
}

fn text(dialect: &'static str, draw: &mut Draw<'_>) -> String {
    match dialect {
        "iosxr" => programs::iosxr(draw),
        "junos" => programs::junos(draw),
        _ => route_maps::text(dialect, draw),
    }
}

/// Draws a configuration and routes, and compares all that its sessions do with them.
fn compare(dialect: &'static str, numbers: &[u16], count: &mut Count) -> Result<(), String> {
    let mut draw = Draw::new(numbers);
    let text = text(dialect, &mut draw);
    let peers: Vec<Peer> = [OUTSIDE, INSIDE]
        .into_iter()
        .map(|end| peer(end, (0..ROUTES).map(|_| draw.route(end)).collect()))
        .collect();
    with_network(dialect, &text, |network| {
        for peer in &peers {
            for direction in [Direction::In, Direction::Out] {
                let both = Both::of(network, peer, direction);
                let address = peer.address;
                both.compare(count)
                    .map_err(|what| format!("{dialect} {direction:?} {address}: {what}\n{text}"))?;
            }
        }
        Ok(())
    })
}

/// A peer that sends some routes.
fn peer((address, remote_as): (&str, u32), routes: Vec<Offer>) -> Peer {
    Peer {
        name: String::new(),
        address: address.parse().expect("an address"),
        remote_as,
        router_id: None,
        vrf: None,
        routes,
    }
}

/// Reads a configuration, all of which has to be understood, and does something with its network.
fn with_network<R>(dialect: &'static str, text: &str, then: impl FnOnce(&Network<'_>) -> R) -> R {
    let arena = Arena::new();
    let forced = edgelint_dialects::dialect(dialect);
    let mut room = Room::default();
    let examined = examine(FileId(0), ("edge.cfg", text), forced, (&arena, &mut room));
    let Examined::Devices(devices) = examined else { panic!("{text} is not read") };
    let description = Description::default();
    let directory = Directory::of(&description);
    let facts: Vec<DeviceFacts<'_>> = devices
        .into_iter()
        .map(|device| {
            let unknown = &device.coverage.unknown;
            assert!(unknown.is_empty(), "{dialect} does not read all of:\n{text}\n{unknown:?}");
            DeviceFacts::build(device, "edge.cfg", &directory)
        })
        .collect();
    then(&Network::join(facts, Vec::new(), Description::default()))
}

/// The two ways to evaluate what one session does in one direction.
struct Both<'n, 't> {
    device: &'n DeviceFacts<'t>,
    session: &'n Session<'t>,
    peer: &'n Peer,
    direction: Direction,
}

impl<'n, 't> Both<'n, 't> {
    fn of(network: &'n Network<'t>, peer: &'n Peer, direction: Direction) -> Self {
        let found = network.sessions.iter().find(|one| one.address() == Some(peer.address));
        let session = found.expect("the session is there");
        Self { device: &network.devices[0], session, peer, direction }
    }

    fn classes(&self) -> &'n [RouteClass<'t>] {
        let family = self.session.families.first().expect("a family");
        match self.direction {
            Direction::In => &family.import.classes,
            Direction::Out => &family.export.classes,
        }
    }

    fn compare(&self, count: &mut Count) -> Result<(), String> {
        let classes = self.classes();
        count.classes += classes.len();
        let all = PrefixSet::union_of(classes.iter().map(|class| &class.space));
        if all != PrefixSet::universe_of(Family::Ipv4) {
            return Err("the classes are not all routes".to_owned());
        }
        for (place, class) in classes.iter().enumerate() {
            if let Some(other) = classes[..place].iter().find(|other| !are_apart(class, other)) {
                return Err(format!("two classes overlap:\n{class:?}\n{other:?}"));
            }
        }
        for offer in &self.peer.routes {
            self.compare_route(classes, offer, count)?;
        }
        Ok(())
    }

    fn compare_route(
        &self,
        classes: &[RouteClass<'t>],
        offer: &Offer,
        count: &mut Count,
    ) -> Result<(), String> {
        let (known, single) = self.follow(offer);
        count.routes += 1;
        for one in &single {
            let given = &one.given;
            let fits: Vec<&RouteClass<'t>> = classes
                .iter()
                .filter(|class| self.holds(class, &known, offer.prefix) != Some(false))
                .filter(|class| !contradict(&class.given.tests, &given.tests))
                .collect();
            let sure =
                fits.iter().filter(|class| self.holds(class, &known, offer.prefix) == Some(true));
            if 1 < sure.count() || fits.is_empty() {
                return Err(format!(
                    "{} classes hold {offer:?}:\n{fits:?}\nalone {one:?}",
                    fits.len()
                ));
            }
            for class in fits.into_iter().filter(|class| class.certain) {
                count.certain += 1;
                count.permitted += usize::from(class.is_permitted());
                let told = [outcome(class, &known), outcome(one, &known)];
                let path_is_known = !class.attributes.path_rewritten;
                let same = told[0].0 == told[1].0 && (!path_is_known || told[0].1 == told[1].1);
                if !same || !one.certain {
                    return Err(format!(
                        "{offer:?}\nof all   {:?}\n{class:?}\nalone {:?}\n{one:?}",
                        told[0], told[1]
                    ));
                }
            }
        }
        Ok(())
    }

    /// What is known of a route where the filters begin, and the classes that they divide it into.
    fn follow(&self, offer: &Offer) -> (Known<'t>, Vec<RouteClass<'t>>) {
        let live = Live::at(self.device, self.session, self.peer);
        let settings = live.family(Family::Ipv4).expect("the session is live");
        match self.direction {
            Direction::In => {
                let known = live.arriving(offer);
                let classes = live.imported(settings, offer, &known, false);
                (known, classes)
            }
            Direction::Out => {
                let known = Known {
                    path: Some(offer.as_path.clone()),
                    protocol: Some("bgp"),
                    communities: Some(offer.communities.clone()),
                    tag: Some(0),
                    next_hop: Some("192.0.2.9".parse().expect("an address")),
                    med: offer.med,
                    local_preference: Some(200),
                    origin: Some(offer.origin),
                    ..Known::default()
                };
                let held = Held::fresh(offer.prefix, known, 200);
                live.judged(settings, &held, Came::Outside, false)
            }
        }
    }

    /// Whether a class holds a route, as far as the route answers what the class asks.
    fn holds(&self, class: &RouteClass<'t>, known: &Known<'t>, prefix: Prefix) -> Option<bool> {
        let carried = known.communities.as_deref().unwrap_or_default();
        let given = &class.given;
        if !class.space.contains(&prefix)
            || given.required.iter().any(|one| !carried.contains(one))
            || given.forbidden.iter().any(|one| carried.contains(one))
        {
            return Some(false);
        }
        let path = known.path.clone().unwrap_or_default();
        if given.as_path.as_ref().is_some_and(|paths| !paths.matches(&path)) {
            return Some(false);
        }
        let answers =
            given.tests.iter().map(|(test, answer)| Some(self.answer(test, known)? == *answer));
        let mut all = Some(true);
        for answer in answers {
            match answer {
                Some(true) => {}
                Some(false) => return Some(false),
                None => all = None,
            }
        }
        all
    }

    /// What a route answers to a question; nothing where nobody knows.
    fn answer(&self, test: &Test<'t>, known: &Known<'t>) -> Option<bool> {
        let (behaviour, lists) = (self.device.behaviour, &self.device.lists);
        let path = known.path.clone().unwrap_or_default();
        let carried = known.communities.as_deref().unwrap_or_default();
        match test {
            Test::AsPathList(name) => {
                let list = lists.as_path_list(&self.device.device, name)?;
                let path = Path::Exactly(path);
                decide_list(behaviour.as_path_language, list, &path, &lists.expressions)
            }
            Test::AsPathRegex(regex) => {
                let path = Path::Exactly(path);
                decide(behaviour.as_path_language, regex, &path, &lists.expressions)
            }
            Test::AsPathLength(least, most) => {
                Some((*least as usize..=*most as usize).contains(&path.length()))
            }
            Test::CommunityRegex(regex) => self.any_matches(regex, carried),
            Test::CommunitiesWithin(all) => Some(carried.iter().all(|one| all.contains(one))),
            Test::Tag(tag) => known.tag.map(|own| own == *tag),
            Test::Med(med) => match known.med {
                Some(own) => Some(own == *med),
                None => (![0, u32::MAX].contains(med)).then_some(false),
            },
            Test::LocalPreference(value) => known.local_preference.map(|own| own == *value),
            Test::Origin(origin) => known.origin.map(|own| own == *origin),
            Test::Neighbor(neighbor) => known.neighbor.map(|own| own == *neighbor),
            Test::NextHopList(ObjectKind::PrefixList, name) => {
                let list = lists.prefix_list(ObjectKind::PrefixList, name)?;
                let hop = Prefix::host(known.next_hop?);
                let mut entries = list.entries(&self.device.device);
                entries.next()?;
                Some(list.permitted(&self.device.device).contains(&hop))
            }
            Test::Protocol(name) => known.protocol.map(|own| own == *name),
            Test::After(after) => {
                let (test, edits) = &**after;
                let state = Attributes { lists: rare(edits), ..Attributes::default() };
                let edited = Known {
                    path: Some(state.path(&path)),
                    communities: all_of(known, &edits.communities),
                    ..known.clone()
                };
                self.answer(test, &edited)
            }
            Test::NextHopList(..) | Test::Attribute(_) | Test::NotUnderstood(_) => None,
        }
    }

    fn any_matches(&self, regex: &str, carried: &[Community]) -> Option<bool> {
        let texts: Vec<String> = carried.iter().map(ToString::to_string).collect();
        let matches = |text: &str| {
            let regex = regex.trim_matches('"');
            self.device.lists.expressions.matches(Terms::Characters, regex, text)
        };
        let whole = matches(&texts.join(" "))?;
        let each = texts.iter().any(|text| matches(text) == Some(true));
        match self.device.behaviour.community_text {
            Some(CommunityText::Whole) => Some(whole),
            Some(CommunityText::Each) => Some(each),
            None if texts.is_empty() => Some(false),
            None => (whole == each).then_some(whole),
        }
    }
}

fn rare(lists: &AttributeLists) -> edgelint_model::Rare<AttributeLists> {
    edgelint_model::Rare::of(lists.clone())
}

/// Verdict and attributes of routes that pass, and their path.
fn outcome(class: &RouteClass<'_>, known: &Known<'_>) -> (String, AsPath) {
    if !class.is_permitted() {
        return ("refused".to_owned(), AsPath::default());
    }
    let set = &class.attributes;
    let communities = all_of(known, &set.lists.communities);
    let numbers = (set.local_preference, set.weight, set.distance, set.med, set.tag, set.origin);
    let path = set.path(&known.path.clone().unwrap_or_default());
    (format!("{numbers:?} {:?} {communities:?}", set.lists.next_hop), path)
}

fn contradict(ours: &[(Test<'_>, bool)], theirs: &[(Test<'_>, bool)]) -> bool {
    ours.iter().any(|(test, answer)| {
        theirs.iter().any(|(other, said)| test.implies(*answer, other) == Some(!said))
    })
}

/// Whether no route is in both classes, by what they say.
fn are_apart(a: &RouteClass<'_>, b: &RouteClass<'_>) -> bool {
    let excludes = |a: &RouteClass<'_>, b: &RouteClass<'_>| {
        let within = |(test, answer): &(Test<'_>, bool)| match test {
            Test::CommunitiesWithin(all) => {
                *answer && a.given.required.iter().any(|one| !all.contains(one))
            }
            _ => false,
        };
        a.given.required.iter().any(|one| b.given.forbidden.contains(one))
            || b.given.tests.iter().any(within)
    };
    let paths = match (&a.given.as_path, &b.given.as_path) {
        (Some(ours), Some(theirs)) => ours.overlaps(theirs) == Some(false),
        _ => false,
    };
    !a.space.overlaps(&b.space)
        || paths
        || excludes(a, b)
        || excludes(b, a)
        || contradict(&a.given.tests, &b.given.tests)
        || contradict(&b.given.tests, &a.given.tests)
}

/// Tries random policies of a dialect, always the same ones; the first that fails is made simpler.
fn try_all(dialect: &'static str, cases: usize) {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let numbers = collection::vec(0..1000_u16, 300..700);
    let mut count = Count::default();
    for _ in 0..cases {
        let mut tree = numbers.new_tree(&mut runner).expect("numbers");
        let Err(mut failure) = compare(dialect, &tree.current(), &mut count) else { continue };
        for _ in 0..3000 {
            if !tree.simplify() {
                break;
            }
            loop {
                match compare(dialect, &tree.current(), &mut Count::default()) {
                    Err(smaller) => {
                        failure = smaller;
                        break;
                    }
                    Ok(()) if tree.complicate() => {}
                    Ok(()) => panic!("{failure}"),
                }
            }
        }
        panic!("{failure}");
    }
    let Count { routes, certain, classes, permitted } = count;
    println!(
        "{dialect}: {routes} routes, {certain} in certain classes of {classes}, {permitted} permitted"
    );
    assert!(routes / 2 < certain, "{dialect}: most classes are certain: {certain} of {routes}");
    assert!(certain / 10 < permitted, "{dialect}: routes pass: {permitted} of {certain}");
}

#[test]
fn the_class_of_a_route_says_what_becomes_of_it() {
    std::thread::scope(|scope| {
        let threads: Vec<_> = DIALECTS
            .into_iter()
            .map(|(dialect, cases)| (dialect, scope.spawn(move || try_all(dialect, cases))))
            .collect();
        let failed: Vec<&str> = threads
            .into_iter()
            .filter_map(|(dialect, thread)| thread.join().is_err().then_some(dialect))
            .collect();
        assert!(failed.is_empty(), "{failed:?}");
    });
}
