//! Sessions between the device and the peers that are given: which of them stand.

use edgelint_model::{BgpInstance, Neighbor, NeighborAddress, NeighborFamily, RemoteAs, Verdict};
use edgelint_prefix::{Family, Prefix};

use crate::device::DeviceFacts;
use crate::draft::{default_preference, without_filters};
use crate::network::{DeviceId, Network};
use crate::session::Session;
use crate::trace::Peer;

/// A session that stands.
pub(super) struct Live<'n, 't> {
    pub(super) device: &'n DeviceFacts<'t>,
    pub(super) session: &'n Session<'t>,
    pub(super) instance: &'n BgpInstance<'t>,
    pub(super) neighbor: &'n Neighbor<'t>,
    /// AS number of the process: inside a confederation, that of the member.
    pub(super) own_as: Option<u32>,
    pub(super) remote_as: u32,
    pub(super) peer: &'n Peer,
}

impl<'n, 't> Live<'n, 't> {
    /// The session with a peer, if the device has one that stands: not shut down, and the AS number of
    /// the other end is the one that is configured.
    pub(super) fn of(network: &'n Network<'t>, device: DeviceId, peer: &'n Peer) -> Option<Self> {
        let device = network.devices.get(device.0 as usize)?;
        let range = device.sessions.start as usize..device.sessions.end as usize;
        let sessions = network.sessions.get(range)?;
        let wanted = |session: &&Session<'t>| {
            let vrf = session.vrf.unwrap_or("default");
            peer.vrf.as_deref().is_none_or(|wanted| wanted == vrf)
        };
        let reaches = |session: &&Session<'t>| is_at(device, session, peer);
        // An address of its own goes before a range that holds it.
        let rank = |session: &&Session<'t>| match session.neighbor {
            NeighborAddress::Address(_) => 0,
            NeighborAddress::Interface(_) => 1,
            NeighborAddress::Range(_) => 2,
        };
        let session = sessions.iter().filter(wanted).filter(reaches).min_by_key(rank)?;
        let live = Self::at(device, session, peer);
        let shown = live.shown_as();
        let expected = match live.neighbor.remote_as.map(|fact| fact.value)? {
            RemoteAs::Number(number) => number == peer.remote_as,
            RemoteAs::External => Some(peer.remote_as) != shown,
            RemoteAs::Internal => Some(peer.remote_as) == shown,
        };
        (!session.shutdown && expected).then_some(live)
    }

    /// A session of the device, whether it stands or not.
    pub(super) fn at(
        device: &'n DeviceFacts<'t>,
        session: &'n Session<'t>,
        peer: &'n Peer,
    ) -> Self {
        let own_as = device.process(session).local_as.map(|fact| fact.value);
        let (instance, neighbor) = (device.instance(session), device.neighbor(session));
        Self { device, session, instance, neighbor, own_as, remote_as: peer.remote_as, peer }
    }

    /// The session's settings in a family, where it exchanges routes of it.
    pub(super) fn family(&self, family: Family) -> Option<&'n NeighborFamily<'t>> {
        let live = self.session.live_family(family)?;
        self.neighbor.families.get(live.index)
    }

    /// AS number that the other end sees.
    pub(super) fn shown_as(&self) -> Option<u32> {
        self.session.local_as.or(self.own_as)
    }

    pub(super) fn is_ebgp(&self) -> bool {
        self.session.is_ebgp
    }

    /// What the session lets through without filters, in and out.
    pub(super) fn without(&self, settings: &NeighborFamily<'t>) -> (Verdict, Verdict) {
        without_filters(self.device.behaviour, self.instance, settings, self.is_ebgp())
    }

    /// Local preference of routes that nothing gives one.
    pub(super) fn default_preference(&self) -> u32 {
        default_preference(self.device.behaviour, self.instance)
    }

    /// Whether the other end is a client of this route reflector.
    pub(super) fn is_client(&self, family: Family) -> bool {
        let client = self.family(family).and_then(|family| family.route_reflector_client);
        client.is_some_and(|fact| fact.value)
    }
}

/// Whether a session of the device is one with this peer.
fn is_at(device: &DeviceFacts<'_>, session: &Session<'_>, peer: &Peer) -> bool {
    let host = Prefix::host(peer.address);
    match session.neighbor {
        NeighborAddress::Address(address) => address == peer.address,
        NeighborAddress::Range(range) => range.contains(&host),
        NeighborAddress::Interface(name) => device.interface(name).is_some_and(|interface| {
            let mut addresses = interface.addresses.iter();
            addresses.any(|one| one.value.subnet.contains(&host))
        }),
    }
}
