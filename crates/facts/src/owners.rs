//! Owners: which interfaces of a run have an address.
//!
//! Sessions are told their other ends by it, packets the router beside, and addresses that several devices have
//! are found in it, so it is made once.

use std::net::IpAddr;

use crate::device::DeviceFacts;
use crate::network::DeviceId;

/// An interface that has an address: its device, and its place there.
pub(crate) type Owner = (DeviceId, u32);

/// All addresses of a run with their owners, in order.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    v4: Vec<(u32, Owner)>,
    v6: Vec<(u128, Owner)>,
}

impl Owners {
    /// The owners of all addresses of these devices.
    pub(crate) fn of(devices: &[DeviceFacts<'_>]) -> Self {
        let mut all = Self::default();
        for (id, facts) in (0..).map(DeviceId).zip(devices) {
            for (place, interface) in (0..).zip(&facts.device.interfaces) {
                for one in &interface.addresses {
                    match one.value.address {
                        IpAddr::V4(address) => all.v4.push((address.to_bits(), (id, place))),
                        IpAddr::V6(address) => all.v6.push((address.to_bits(), (id, place))),
                    }
                }
            }
        }
        in_order(&mut all.v4);
        in_order(&mut all.v6);
        all
    }

    /// The owners of an address, in order.
    pub(crate) fn of_address(&self, address: IpAddr) -> impl Iterator<Item = Owner> + Clone {
        let (v4, v6) = match address {
            IpAddr::V4(address) => (Some(among(&self.v4, address.to_bits())), None),
            IpAddr::V6(address) => (None, Some(among(&self.v6, address.to_bits()))),
        };
        v4.into_iter().flatten().chain(v6.into_iter().flatten())
    }

    /// Whether several devices have an address.
    pub(crate) fn is_shared(&self, address: IpAddr) -> bool {
        let mut owners = self.of_address(address).map(|(device, _)| device);
        let first = owners.next();
        owners.any(|device| Some(device) != first)
    }
}

fn in_order<A: Ord>(owners: &mut Vec<(A, Owner)>) {
    owners.sort_unstable();
    owners.dedup();
    owners.shrink_to_fit();
}

/// The owners of one address in their list.
fn among<A: Ord + Copy>(
    owners: &[(A, Owner)],
    address: A,
) -> impl Iterator<Item = Owner> + Clone + '_ {
    let start = owners.partition_point(|one| one.0 < address);
    let rest = owners.get(start..).unwrap_or_default().iter();
    rest.take_while(move |one| one.0 == address).map(|one| one.1)
}
