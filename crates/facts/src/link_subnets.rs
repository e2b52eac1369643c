//! Link subnets among what is announced: the addresses of peerings belong to the peering.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_prefix::Prefix;

use crate::network::{Network, SessionId};
use crate::session::{Role, Session};

/// A route that a session to a cloud is sent, and the link whose subnet it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnnouncedLink {
    /// The session that is sent the route.
    pub session: SessionId,
    /// The route.
    pub prefix: Prefix,
    /// A session over the link.
    pub link: SessionId,
}

impl<'t> Network<'t> {
    /// Routes to link subnets, or to parts of them, that sessions to clouds are known to be sent: links of
    /// circuits and to the internet. Private link subnets count within the VRF and among devices
    /// that iBGP joins; others are the same everywhere.
    pub fn announced_links(&self) -> Vec<AnnouncedLink> {
        let mut links: BTreeMap<Prefix, Vec<SessionId>> = BTreeMap::new();
        for session in &self.sessions {
            if session.role.is_cloud() || session.role == Role::Internet {
                for subnet in self.link_subnet(session) {
                    links.entry(subnet).or_default().push(session.id);
                }
            }
        }
        let lengths: BTreeSet<u8> = links.keys().map(Prefix::length).collect();
        let mut found = Vec::new();
        for session in self.sessions.iter().filter(|session| session.role.is_cloud()) {
            for route in session.live_families().flat_map(|one| &one.announcements.routes) {
                let shorter = lengths.range(..=route.prefix.length());
                let subnets =
                    shorter.filter_map(|length| Prefix::new(route.prefix.address(), *length));
                let owners = subnets.filter_map(|subnet| links.get(&subnet)).flatten();
                // The own link first: of several owners the one that explains most is told.
                let own = |id: &&SessionId| {
                    let link = self.session(**id);
                    (link.id != session.id, link.circuit != session.circuit, link.id)
                };
                let near =
                    owners.filter(|id| self.is_near(session, self.session(**id), route.prefix));
                if let Some(link) = near.min_by_key(own) {
                    found.push(AnnouncedLink {
                        session: session.id,
                        prefix: route.prefix,
                        link: *link,
                    });
                }
            }
        }
        found
    }

    /// The subnets of a session's interface that its neighbor is in.
    fn link_subnet(&self, session: &Session<'t>) -> impl Iterator<Item = Prefix> {
        let address = session.address().map(Prefix::host);
        let own = self.interface(session).map(|interface| interface.addresses.as_slice());
        let subnets = own.unwrap_or_default().iter().map(|one| one.value.subnet);
        subnets.filter(move |subnet| {
            // A port of an exchange or a LAN is not a link: whole networks may be announced.
            address.is_some_and(|address| subnet.contains(&address))
                && subnet.family().width() - subnet.length() <= LINK_BITS
        })
    }

    fn is_near(&self, session: &Session<'t>, link: &Session<'t>, prefix: Prefix) -> bool {
        let private = self.description.is_private(prefix.first());
        let joined = session.device == link.device || self.joined(session, link);
        !private || (joined && session.vrf == link.vrf)
    }
}

/// Host bits of the largest subnet that is taken for a link between two routers (a /29, a /125).
const LINK_BITS: u8 = 3;
