//! One device: what can be worked out without looking at any other.

use std::ops::Range;
use std::sync::OnceLock;

use edgelint_model::{
    Behaviour, BgpInstance, BgpProcess, Device, Interface, Neighbor, NextHop, StaticRoute,
};
use edgelint_prefix::Prefix;
use edgelint_source::view::Plain;
use edgelint_source::{FileId, Span};

use crate::compact::compact;
use crate::described::Directory;
use crate::draft;
use crate::lists::Lists;
use crate::loops::{self, PolicyRing};
use crate::names::{Names, Object};
use crate::origin::{Originated, Unbacked, originate, unbacked};
use crate::session::Session;
use crate::vrfs::Vrfs;

/// A device and what was worked out about it.
#[derive(Debug)]
pub struct DeviceFacts<'t> {
    /// The file it was read from.
    pub file: FileId,
    /// Path of the file, as given.
    pub path: String,
    /// Its name in output: unique in a network.
    pub identity: String,
    /// Name of its dialect.
    pub dialect: &'static str,
    /// What its system does where the configuration is silent.
    pub behaviour: &'static Behaviour,
    /// Whether the text is a whole export.
    pub whole: bool,
    /// What was read; definitions and uses went to `names`, but for those that entries of lists are.
    pub device: Device<'t>,
    /// Its sessions: ids in the network.
    pub sessions: Range<u32>,
    /// Its named objects.
    pub names: Names<'t>,
    /// Its lists, compiled.
    pub lists: Lists<'t>,
    /// The routes it puts into BGP, by VRF and prefix.
    pub originated: Vec<Originated<'t>>,
    /// The prefixes that it is told to put into BGP and has no route to.
    pub unbacked: Vec<Unbacked<'t>>,
    /// Its name as it is printed, once somebody asked.
    shown: OnceLock<Plain>,
    /// Its sessions, until they are joined.
    pub(crate) drafts: Vec<Session<'t>>,
}

impl<'t> DeviceFacts<'t> {
    /// Works out what one device shows: names, lists, sessions with their roles, what its policies let
    /// through, what it announces. Its identity is its name in the description, where it has one there;
    /// else its hostname, else `path`.
    pub fn build(
        mut device: Device<'t>,
        path: impl Into<String>,
        directory: &Directory<'_>,
    ) -> Self {
        let path = path.into();
        let own = || device.hostname.map(|name| name.value);
        let identity = directory.name(&path).or_else(own).unwrap_or(&path).to_owned();
        let told = directory.told(&device, &identity, &path);
        let lists = Lists::of(&device);
        let vrfs = Vrfs::of(&device);
        let originated = originate(&vrfs, &lists);
        let unbacked = unbacked(&vrfs, &lists, &originated);
        let drafts = draft::sessions(&vrfs, &lists, &originated, &told);
        let names = Names::of(&mut device);
        compact(&mut device);
        Self {
            file: device.at.file,
            path,
            identity,
            shown: OnceLock::new(),
            dialect: device.behaviour.dialect,
            behaviour: device.behaviour,
            whole: device.whole,
            sessions: 0..0,
            names,
            lists,
            originated,
            unbacked,
            drafts,
            device,
        }
    }

    /// Its name as it is printed: one text, however many findings are about it.
    pub fn shown(&self) -> Plain {
        self.shown.get_or_init(|| Plain::new(&self.identity)).clone()
    }

    /// The statements that define one of its named objects, in the order of the file; none where it is not defined.
    pub fn definitions(&self, object: &Object<'t>) -> impl Iterator<Item = Span> {
        self.names.definitions(&self.device, object)
    }

    /// Policies that ask each other in a ring.
    pub fn policy_rings(&self) -> Vec<PolicyRing<'t>> {
        loops::rings(&self.device, &self.lists)
    }

    /// The interface of that name; case does not count.
    pub fn interface(&self, name: &str) -> Option<&Interface<'t>> {
        self.device.interfaces.iter().find(|one| one.name.eq_ignore_ascii_case(name))
    }

    /// Interfaces with an address in the prefix, in the order of the file.
    pub fn interfaces_in(&self, prefix: Prefix) -> impl Iterator<Item = &Interface<'t>> {
        self.device.interfaces.iter().filter(move |interface| {
            let mut addresses = interface.addresses.iter();
            addresses.any(|one| prefix.contains(&Prefix::host(one.value.address)))
        })
    }

    /// The routes it puts into BGP in a VRF, by prefix.
    pub fn originated_in(&self, vrf: Option<&str>) -> &[Originated<'t>] {
        let start = self.originated.partition_point(|route| route.vrf < vrf);
        let end = self.originated.partition_point(|route| route.vrf <= vrf);
        self.originated.get(start..end).unwrap_or(&[])
    }

    /// The static routes to nowhere that nothing ever withdraws, in the order of the text.
    pub fn discard_routes(&self) -> Vec<Span> {
        let stands = |one: &&StaticRoute<'t>| {
            matches!(one.next_hop, NextHop::Discard) && !one.tracked && !one.aggregate
        };
        let mut places: Vec<Span> =
            self.device.static_routes.iter().filter(stands).map(|one| one.at).collect();
        places.sort_unstable();
        places
    }

    /// The hostname.
    pub fn hostname(&self) -> Option<&'t str> {
        self.device.hostname.map(|name| name.value)
    }

    pub(crate) fn process(&self, session: &Session<'t>) -> &BgpProcess<'t> {
        &self.device.bgp[session.place.0]
    }

    pub(crate) fn instance(&self, session: &Session<'t>) -> &BgpInstance<'t> {
        &self.process(session).instances[session.place.1]
    }

    pub(crate) fn neighbor(&self, session: &Session<'t>) -> &Neighbor<'t> {
        &self.instance(session).neighbors[session.place.2]
    }
}

/// Gives devices of one name their path behind it, and devices of one file a number.
pub(crate) fn tell_apart(devices: &mut [DeviceFacts<'_>]) {
    let mut order: Vec<usize> = (0..devices.len()).collect();
    let key = |place: &usize| devices.get(*place).map(|one| (&one.identity, &one.path));
    order.sort_unstable_by(|a, b| (key(a), a).cmp(&(key(b), b)));
    let mut renamed: Vec<(usize, String)> = Vec::new();
    let same_name = |a: &usize, b: &usize| {
        devices.get(*a).map(|one| &one.identity) == devices.get(*b).map(|one| &one.identity)
    };
    for group in order.chunk_by(same_name).filter(|group| 1 < group.len()) {
        let mut number = 0;
        for (index, &place) in group.iter().enumerate() {
            let Some(device) = devices.get(place) else { continue };
            let before = index.checked_sub(1).and_then(|before| group.get(before));
            let again = before.and_then(|&before| devices.get(before));
            number = if again.is_some_and(|one| one.path == device.path) { number + 1 } else { 1 };
            let base = match device.identity == device.path {
                true => device.identity.clone(),
                false => format!("{} ({})", device.identity, device.path),
            };
            renamed.push((place, if number == 1 { base } else { format!("{base} #{number}") }));
        }
    }
    for (place, name) in renamed {
        if let Some(device) = devices.get_mut(place) {
            device.identity = name;
        }
    }
}
