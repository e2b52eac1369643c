//! What a device has in each of its VRFs.
//!
//! The edge of a provider has tens of thousands of VRFs, each with an interface and a session. Whoever went through
//! all interfaces for each of them would be at it for minutes; so places are sorted by VRF, once a device.

use std::cell::OnceCell;

use edgelint_model::{Device, IgpProcess, Interface, StaticRoute, Vrf};

/// A device, and where in it the things of each VRF stand.
pub(crate) struct Vrfs<'d, 't> {
    pub(crate) device: &'d Device<'t>,
    interfaces: Places<Option<&'t str>>,
    static_routes: Places<Option<&'t str>>,
    igps: Places<Option<&'t str>>,
    definitions: Places<&'t str>,
    leaks: Places<Option<&'t str>>,
    /// Interfaces by name, once somebody asked.
    names: OnceCell<Places<&'t str>>,
}

/// Places of things by what they are asked for, sorted.
type Places<K> = Vec<(K, usize)>;

impl<'d, 't> Vrfs<'d, 't> {
    pub(crate) fn of(device: &'d Device<'t>) -> Self {
        let interfaces = device.interfaces.iter().map(|one| one.vrf.map(|vrf| vrf.value));
        Self {
            device,
            interfaces: placed(interfaces),
            static_routes: placed(device.static_routes.iter().map(|route| route.vrf)),
            igps: placed(device.igps.iter().map(|igp| igp.vrf)),
            definitions: placed(device.vrfs.iter().map(|vrf| vrf.name)),
            leaks: placed(device.leaks.iter().map(|leak| leak.into)),
            names: OnceCell::new(),
        }
    }

    /// The interfaces of a VRF with their places, in the order of the device.
    pub(crate) fn interfaces(
        &self,
        vrf: Option<&'t str>,
    ) -> impl Iterator<Item = (usize, &'d Interface<'t>)> {
        let all = &self.device.interfaces;
        of(&self.interfaces, vrf).filter_map(|place| Some((place, all.get(place)?)))
    }

    /// The static routes of a VRF, in the order of the device.
    pub(crate) fn static_routes(
        &self,
        vrf: Option<&'t str>,
    ) -> impl Iterator<Item = &'d StaticRoute<'t>> {
        of(&self.static_routes, vrf).filter_map(|place| self.device.static_routes.get(place))
    }

    /// The interior protocols of a VRF, in the order of the device.
    pub(crate) fn igps(&self, vrf: Option<&'t str>) -> impl Iterator<Item = &'d IgpProcess<'t>> {
        of(&self.igps, vrf).filter_map(|place| self.device.igps.get(place))
    }

    /// Whether routes of other VRFs are imported into one, by targets or by policies.
    pub(crate) fn imports(&self, vrf: &'t str) -> bool {
        let definitions = of(&self.definitions, vrf);
        definitions
            .filter_map(|place| self.device.vrfs.get(place))
            .any(|vrf: &Vrf<'t>| !(vrf.import_targets.is_empty() && vrf.import_policies.is_empty()))
    }

    /// Whether a statement puts routes of another VRF into one.
    pub(crate) fn leaks_into(&self, vrf: Option<&'t str>) -> bool {
        of(&self.leaks, vrf).next().is_some()
    }

    /// The interface of exactly that name.
    pub(crate) fn interface(&self, name: &'t str) -> Option<&'d Interface<'t>> {
        let all = &self.device.interfaces;
        let names = self.names.get_or_init(|| placed(all.iter().map(|one| one.name)));
        all.get(of(names, name).next()?)
    }
}

fn placed<K: Ord>(keys: impl Iterator<Item = K>) -> Places<K> {
    let mut places: Places<K> = keys.zip(0..).collect();
    places.sort_unstable();
    places
}

/// Where the things of one key stand, ascending.
fn of<K: Ord + Copy>(places: &[(K, usize)], key: K) -> impl Iterator<Item = usize> {
    let start = places.partition_point(|(one, _)| *one < key);
    let own = places.iter().skip(start).take_while(move |(one, _)| *one == key);
    own.map(|(_, place)| *place)
}
