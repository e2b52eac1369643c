//! One way out: what of the routes that arrived gets through an outbound policy, and by which lines.

use edgelint_model::Direction;
use edgelint_prefix::{Family, Prefix, PrefixRange, PrefixSet, special};

use crate::evaluate::{AsPath, Attributes, Cube, RouteClass};
use crate::leak::Target;
use crate::leak::source::{Arrival, behind};
use crate::mark::Mark;
use crate::network::Network;
use crate::role::is_private_as;

/// Routes of one arrival that leave.
pub(super) struct Passage<'a, 't> {
    pub(super) arrival: &'a Arrival<'a, 't>,
    pub(super) space: PrefixSet,
    pub(super) is_wide: bool,
    pub(super) certain: bool,
    pub(super) hides_path: bool,
}

impl Passage<'_, '_> {
    /// A prefix that stands for all: one that is common on the internet, where there is one.
    pub(super) fn witness(&self) -> Option<Prefix> {
        let usual = self.space.intersection(usual());
        usual.witness().or_else(|| self.space.witness())
    }
}

/// Whether a set holds more than any enterprise owns: more than a /6 of IPv4, or a /16 of IPv6.
pub(super) fn is_wide(space: &PrefixSet) -> bool {
    let addresses = space.without_default().addresses();
    1 << 26 < addresses.family(Family::Ipv4).count()
        || 1 << 112 < addresses.family(Family::Ipv6).count()
}

/// Prefixes of public space in the length that is commonest on the internet.
fn usual() -> &'static PrefixSet {
    static SET: std::sync::OnceLock<PrefixSet> = std::sync::OnceLock::new();
    SET.get_or_init(|| {
        let ranges = ["0.0.0.0/0 ge 24 le 24", "2000::/3 ge 48 le 48"];
        let all: PrefixSet = ranges.into_iter().filter_map(PrefixRange::parse).collect();
        all.difference(special::private_or_special()).difference(special::documentation())
    })
}

/// Whether none of the paths that a class leaves with holds an AS number.
fn hides(class: &RouteClass<'_>, paths: &[AsPath], number: u32) -> bool {
    let lists = &class.attributes.lists;
    let gone = |path: &AsPath| {
        let path = class.attributes.path(path);
        path.numbers().is_some_and(|numbers| !numbers.contains(&number))
    };
    let replaced = lists.replaced_all || lists.replaced.contains(&number);
    !lists.prepend.contains(&number) && (replaced || paths.iter().all(gone))
}

impl<'t> Network<'t> {
    /// What of the routes leaves by a target; none where nothing does that should not.
    pub(super) fn leaving<'a>(
        &self,
        arrival: &'a Arrival<'a, 't>,
        target: &Target<'_, 't>,
    ) -> Option<Passage<'a, 't>> {
        let (session, family) = (target.session, target.family);
        let settings = self.neighbor_family(session, family);
        let returned = settings.options.advertise_peer_as.is_some_and(|fact| fact.value);
        let checks = self.device(session.device).behaviour.checks_peer_as;
        let same = session.remote_as.is_some() && session.remote_as == arrival.session.remote_as;
        if arrival.is_held_back(true) || (checks && same && !returned) {
            return None;
        }
        let own = &family.announcements.known;
        let possible = arrival.space.intersection(&family.export.may).difference(own);
        let possible = possible.without_default();
        if possible.is_empty() || !(arrival.is_listed || is_wide(&possible)) {
            return None;
        }
        let cube = Cube::of(possible);
        let classes = behind(self, arrival, (session, family), Direction::Out, cube);
        let space = PrefixSet::union_of(classes.iter().map(|(class, _)| &class.space));
        let wide = is_wide(&space);
        if space.is_empty() || !(arrival.is_listed || wide) {
            return None;
        }
        let all_hide =
            |number: u32| classes.iter().all(|(class, paths)| hides(class, paths, number));
        let removes = settings.options.remove_private_as.is_some_and(|fact| fact.value);
        let overrides = settings.options.as_override.is_some_and(|fact| fact.value);
        let hides_path = session.remote_as.is_some_and(|number| {
            overrides || (removes && is_private_as(number)) || all_hide(number)
        });
        Some(Passage {
            arrival,
            space,
            is_wide: wide,
            certain: arrival.certain && classes.iter().any(|(class, _)| class.certain),
            hides_path: hides_path && same,
        })
    }

    /// The lines that let a prefix of an arrival out.
    pub(super) fn let_out(
        &self,
        arrival: &Arrival<'_, 't>,
        target: &Target<'_, 't>,
        witness: Prefix,
    ) -> Vec<Mark<'t>> {
        let place = (target.session, target.family);
        let cube = Cube::route(witness, Attributes::default());
        let classes = behind(self, arrival, place, Direction::Out, cube);
        classes.into_iter().next().map(|(class, _)| class.trail).unwrap_or_default()
    }

    /// The lines that accept a prefix of an arrival.
    pub(super) fn accepted(&self, arrival: &Arrival<'_, 't>, witness: Prefix) -> Vec<Mark<'t>> {
        let session = arrival.session;
        let Some(family) = session.live_family(witness.family()) else { return Vec::new() };
        let fresh = arrival.fresh();
        let cube = Cube::of(PrefixSet::from_prefix(witness));
        let cube = Cube { single: Some(witness), ..cube };
        let classes = behind(self, &fresh, (session, family), Direction::In, cube);
        classes.into_iter().next().map(|(class, _)| class.trail).unwrap_or_default()
    }
}
