//! Devices without spare room.
//!
//! Vectors grow by doubling while a file is read, and some of the model's values are large: a
//! third of what an estate keeps in memory would be room that nothing ever fills. Asking for less room is not enough:
//! allocators that keep blocks of some sizes leave a block where it is until half of it is free. So
//! what stays moves to a block of its size, and the next device fills the one it leaves.

use edgelint_model::{BgpProcess, Device, Interface, Policy};

/// Gives back the room that no item needs.
pub(crate) fn fit<T>(items: &mut Vec<T>) {
    if items.len() < items.capacity() {
        let mut exact = Vec::with_capacity(items.len());
        exact.append(items);
        *items = exact;
    }
}

/// Gives back the room that no value of the device needs.
pub(crate) fn compact(device: &mut Device<'_>) {
    fit(&mut device.interfaces);
    device.interfaces.iter_mut().for_each(interface);
    fit(&mut device.prefix_lists);
    device.prefix_lists.iter_mut().for_each(|list| fit(&mut list.entries));
    fit(&mut device.access_lists);
    device.access_lists.iter_mut().for_each(|list| fit(&mut list.entries));
    fit(&mut device.community_lists);
    device.community_lists.iter_mut().for_each(|list| fit(&mut list.entries));
    fit(&mut device.as_path_lists);
    device.as_path_lists.iter_mut().for_each(|list| fit(&mut list.entries));
    fit(&mut device.policies);
    device.policies.iter_mut().for_each(policy);
    fit(&mut device.bgp);
    device.bgp.iter_mut().for_each(process);
    fit(&mut device.vrfs);
    fit(&mut device.static_routes);
    fit(&mut device.igps);
    fit(&mut device.nat.pools);
    device.nat.pools.iter_mut().for_each(|pool| fit(&mut pool.ranges));
    fit(&mut device.nat.rules);
    fit(&mut device.secrets);
    fit(&mut device.free_text);
    fit(&mut device.coverage.unknown);
}

fn interface(interface: &mut Interface<'_>) {
    fit(&mut interface.addresses);
    fit(&mut interface.blind);
}

fn policy(policy: &mut Policy<'_>) {
    fit(&mut policy.clauses);
    for clause in &mut policy.clauses {
        fit(&mut clause.steps);
        fit(&mut clause.blind);
    }
}

fn process(process: &mut BgpProcess<'_>) {
    fit(&mut process.instances);
    for instance in &mut process.instances {
        fit(&mut instance.networks);
        fit(&mut instance.aggregates);
        fit(&mut instance.redistributions);
        fit(&mut instance.neighbors);
        for neighbor in &mut instance.neighbors {
            fit(&mut neighbor.families);
            for family in &mut neighbor.families {
                fit(&mut family.import);
                fit(&mut family.export);
            }
        }
    }
}
