//! Devices without spare room.
//!
//! Vectors grow by doubling while a file is read, and some of the model's values are large: a
//! third of what an estate keeps in memory would be room that nothing ever fills.

use edgelint_model::{BgpProcess, Device, Interface, Policy};

/// Gives back the room that no value of the device needs.
pub(crate) fn compact(device: &mut Device<'_>) {
    device.interfaces.shrink_to_fit();
    device.interfaces.iter_mut().for_each(interface);
    device.prefix_lists.shrink_to_fit();
    device.prefix_lists.iter_mut().for_each(|list| list.entries.shrink_to_fit());
    device.access_lists.shrink_to_fit();
    device.access_lists.iter_mut().for_each(|list| list.entries.shrink_to_fit());
    device.community_lists.shrink_to_fit();
    device.community_lists.iter_mut().for_each(|list| list.entries.shrink_to_fit());
    device.as_path_lists.shrink_to_fit();
    device.as_path_lists.iter_mut().for_each(|list| list.entries.shrink_to_fit());
    device.policies.shrink_to_fit();
    device.policies.iter_mut().for_each(policy);
    device.bgp.shrink_to_fit();
    device.bgp.iter_mut().for_each(process);
    device.vrfs.shrink_to_fit();
    device.static_routes.shrink_to_fit();
    device.igps.shrink_to_fit();
    device.nat.pools.shrink_to_fit();
    device.nat.pools.iter_mut().for_each(|pool| pool.ranges.shrink_to_fit());
    device.nat.rules.shrink_to_fit();
    device.secrets.shrink_to_fit();
    device.free_text.shrink_to_fit();
    device.coverage.unknown.shrink_to_fit();
}

fn interface(interface: &mut Interface<'_>) {
    interface.addresses.shrink_to_fit();
    interface.blind.shrink_to_fit();
}

fn policy(policy: &mut Policy<'_>) {
    policy.clauses.shrink_to_fit();
    for clause in &mut policy.clauses {
        clause.steps.shrink_to_fit();
        clause.blind.shrink_to_fit();
    }
}

fn process(process: &mut BgpProcess<'_>) {
    process.instances.shrink_to_fit();
    for instance in &mut process.instances {
        instance.networks.shrink_to_fit();
        instance.aggregates.shrink_to_fit();
        instance.redistributions.shrink_to_fit();
        instance.neighbors.shrink_to_fit();
        for neighbor in &mut instance.neighbors {
            neighbor.families.shrink_to_fit();
            for family in &mut neighbor.families {
                family.import.shrink_to_fit();
                family.export.shrink_to_fit();
            }
        }
    }
}
