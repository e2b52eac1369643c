//! A part of a network: some of its devices in a row.
//!
//! What most rules say follows from one device, and an estate is larger than what a processor keeps at hand. So
//! these rules are asked about a few devices at a time, all of them about the same few, instead of each about all.

use std::ops::Range;

use edgelint_facts::{DeviceFacts, DeviceId, Network, Session};

/// Some devices of a network, in order.
#[derive(Clone, Debug)]
pub struct Part<'n, 't> {
    /// The whole network.
    pub network: &'n Network<'t>,
    devices: Range<u32>,
}

impl<'n, 't> Part<'n, 't> {
    /// The parts of a network, of so many devices each, in order.
    pub fn all(network: &'n Network<'t>, size: u32) -> Vec<Self> {
        let n_devices = u32::try_from(network.devices.len()).unwrap_or(u32::MAX);
        let size = size.max(1);
        let starts = (0..n_devices).step_by(size as usize);
        let part = |start: u32| Self { network, devices: start..n_devices.min(start + size) };
        starts.map(part).collect()
    }

    /// Its devices, in the order of the network.
    pub(crate) fn devices(&self) -> impl Iterator<Item = (DeviceId, &'n DeviceFacts<'t>)> {
        let network = self.network;
        self.devices.clone().map(DeviceId).map(|id| (id, network.device(id)))
    }

    /// Their sessions, in the order of the network.
    pub(crate) fn sessions(&self) -> impl Iterator<Item = &'n Session<'t>> + use<'n, 't> {
        let network = self.network;
        self.devices.clone().map(DeviceId).flat_map(|id| network.sessions_of(id))
    }
}

#[cfg(test)]
mod tests {
    use edgelint_facts::{Description, Network};

    use super::Part;

    #[test]
    fn an_empty_network_has_no_part() {
        let network = Network::join(Vec::new(), Vec::new(), Description::default());
        assert!(Part::all(&network, 32).is_empty());
        assert!(Part::all(&network, 0).is_empty());
    }
}
