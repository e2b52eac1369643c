//! One address on two devices.

use edgelint_facts::{Copies, DuplicateAddress, Duplicates};

use crate::prelude::{Confidence, Draft, Findings, Network, Scope, Severity, rule};
use crate::words::{list, some_of};

rule! {
    /// ## What it does
    /// Reports an address that interfaces of exactly two devices of one estate have in the same VRF. Where the
    /// input holds one device twice, it says that instead, once.
    ///
    /// ## Why it matters
    /// Packets and sessions to the address reach one device or the other, and which one changes with the
    /// routes. A session that leads to it comes up with the wrong router, or flaps.
    ///
    /// ## When it is not a mistake
    /// Devices count as one estate only where something joins them: BGP sessions that meet, the links of a
    /// circuit, or sessions to clouds from one registered AS. What three or more devices share is taken for
    /// anycast, and so is a host address that no session leads to and the gateway of an overlay. Interfaces that
    /// are shut down do not count.
    ///
    /// ## Example
    /// ```text
    /// hostname edge-1
    /// interface TenGigabitEthernet0/0/1
    ///  ip address 10.1.0.1 255.255.255.252
    /// hostname edge-2
    /// interface TenGigabitEthernet0/0/1
    ///  ip address 10.1.0.1 255.255.255.252
    /// ```
    ///
    /// ## What to do
    /// Correct the address on the device that was numbered by mistake. Of one device give one export.
    ///
    /// ## Severity
    /// Error where a BGP session leads to the address; warning otherwise, info in a VRF, whose name may stand for
    /// several networks. Info where the input holds one device twice.
    ///
    /// ## Sources
    /// - RFC 1122, section 3.2.1.3: an address names one interface.
    /// - RFC 4786, section 3: what anycast is.
    RULE: Severity::Error, Scope::CrossDevice, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    for copies in network.copies() {
        report_copies(network, &copies, found);
    }
    for duplicates in network.duplicate_addresses() {
        let (wanted, others): (Vec<_>, Vec<_>) =
            duplicates.addresses.iter().partition(|one| one.wanted_by.is_some());
        for addresses in [wanted, others] {
            report(network, &duplicates, &addresses, found);
        }
    }
}

/// Beyond this many addresses the frames stop helping; the witnesses name all of them.
const MOST_SHOWN: usize = 8;

fn report(
    network: &Network<'_>,
    duplicates: &Duplicates<'_>,
    addresses: &[&DuplicateAddress<'_>],
    found: &mut Findings,
) {
    let Some(first) = addresses.first() else { return };
    let [a, b] = duplicates.devices.map(|device| &network.device(device).identity);
    let mut values: Vec<_> = addresses.iter().map(|one| one.address).collect();
    values.sort_unstable();
    values.dedup();
    let verb = if values.len() == 1 { "is" } else { "are" };
    let message = format!("{} {verb} configured on both {a} and {b}", some_of(&values, 4));
    let draft = found.presence(first.at[0], message, "here");
    for one in addresses.iter().take(MOST_SHOWN) {
        for (at, name) in one.at.into_iter().zip([a, b]) {
            draft.primary(at, format!("{} on {name}", one.address));
        }
        if let Some(session) = one.wanted_by.map(|id| network.session(id)) {
            draft.context(session.at, "a session that leads to it").device(session.device);
        }
    }
    name_first(draft, format!("{} on {a}", first.address));
    duplicates.devices.iter().for_each(|device| {
        draft.device(*device);
    });
    if addresses.iter().all(|one| one.wanted_by.is_none()) {
        draft.severity(Severity::Warning).at_most(Confidence::Likely);
        if addresses.iter().all(|one| one.vrf.is_some()) {
            draft.lowered("a VRF of one name may be a network of its own on each device");
        }
    }
    let vrf = first.vrf.unwrap_or("default");
    draft
        .object(format!("vrf:{vrf}/address:{}", first.address))
        .witnesses(values)
        .help("give one of the two devices an address of its own");
}

/// The first label is made before the others: it says the same.
fn name_first(draft: &mut Draft, text: String) {
    if let Some(label) = draft.labels.first_mut() {
        label.text = text.into();
    }
}

fn report_copies(network: &Network<'_>, copies: &Copies, found: &mut Findings) {
    let Some((_, first)) = copies.devices.first() else { return };
    let paths: Vec<&str> =
        copies.devices.iter().map(|(device, _)| network.device(*device).path.as_str()).collect();
    let shown = match paths.as_slice() {
        [] | [_] | [_, _] | [_, _, _] => list(&paths),
        [a, b, others @ ..] => list(&[a, b, &format!("{} more inputs", others.len())]),
    };
    let number = match copies.shared {
        1 => "an address is the same".to_owned(),
        shared => format!("{shared} addresses are the same"),
    };
    let message = format!("{shown} seem to hold one device: {number}");
    let draft = found.presence(*first, message, "an address of this input");
    draft.severity(Severity::Info).at_most(Confidence::Likely);
    for (device, at) in copies.devices.iter().take(MOST_SHOWN) {
        draft.primary(*at, "an address of this input").device(*device);
    }
    draft.note("rules that compare devices take each input for a device of its own");
    draft
        .object("copies")
        .help("give one export of each device; of a failover pair, that of one unit");
}
