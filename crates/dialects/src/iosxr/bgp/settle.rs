//! Who inherits what.
//!
//! What a neighbor says itself wins; then what its session group and the groups of its families say, with what
//! these use in turn; then its neighbor group (Cisco IOS XR routing configuration guide, "BGP Configuration" on the
//! order of inheritance). A family that only a neighbor group has is active for its neighbors too.

use edgelint_model::{Fact, Neighbor, NeighborFamily};
use edgelint_source::Span;

use super::{GroupKind, Level, Router};
use crate::iosxr::draft::Draft;

/// Groups may use groups; a circle of them ends here.
const MOST: u32 = 8;

/// Settles a process and puts it into the device.
pub(super) fn settle<'t>(draft: &mut Draft<'t>, router: Router<'t>) {
    let groups = Groups { groups: &router.groups };
    let mut process = router.process;
    for (index, level) in &router.neighbors {
        let mut neighbor = groups.settle(level, MOST);
        let timers = |wanted| router.timers.iter().rev().find(|it| it.0 == wanted);
        let general = timers(*index).or_else(|| timers(0)).map(|it| it.1);
        neighbor.timers = neighbor.timers.or(general);
        neighbor.families.sort_by_key(|family| (family.family, family.name));
        if let Some(instance) = process.instances.get_mut(*index) {
            instance.neighbors.push(neighbor);
        }
    }
    // What the process says of sessions without policies and of the default preference holds in its VRFs.
    let general = process.instances.first();
    let general = general.map(|it| (it.requires_policy, it.default_local_preference));
    if let Some((requires_policy, preference)) = general {
        for instance in &mut process.instances {
            instance.requires_policy = instance.requires_policy.or(requires_policy);
            instance.default_local_preference = instance.default_local_preference.or(preference);
        }
    }
    draft.device.bgp.push(process);
}

struct Groups<'g, 't> {
    groups: &'g [(GroupKind, Fact<&'t str>, Level<'t>)],
}

impl<'t> Groups<'_, 't> {
    fn find(&self, kind: GroupKind, name: &str) -> Option<&Level<'t>> {
        let mut groups = self.groups.iter();
        groups.find(|it| it.0 == kind && it.1.value == name).map(|it| &it.2)
    }

    /// A block with what it inherits in place.
    fn settle(&self, level: &Level<'t>, left: u32) -> Neighbor<'t> {
        let mut settled = level.own.clone();
        settled.group = level.neighbor_group.or(level.session_group);
        if left == 0 {
            return settled;
        }
        for (place, used) in &level.family_groups {
            let Some(group) = self.find(GroupKind::Family, used.value) else { continue };
            let inherited = self.settle(group, left - 1);
            settled.blind.extend(inherited.blind);
            if let Some(family) = settled.families.get_mut(*place)
                && let Some(other) = inherited.families.first()
            {
                inherit_family(family, other, used.at());
            }
        }
        if let Some(used) = level.session_group
            && let Some(group) = self.find(GroupKind::Session, used.value)
        {
            inherit(&mut settled, self.settle(group, left - 1), used.at());
        }
        if let Some(used) = level.neighbor_group
            && let Some(group) = self.find(GroupKind::Neighbor, used.value)
        {
            inherit(&mut settled, self.settle(group, left - 1), used.at());
        }
        settled
    }
}

/// Takes what is not said yet; each value knows the line that made it apply.
macro_rules! take {
    ($own:expr, $other:expr, $via:expr; $($field:ident).+) => {
        $own.$($field).+ = $own.$($field).+.or($other.$($field).+.map(|it| it.applied_by($via)))
    };
}

fn inherit<'t>(own: &mut Neighbor<'t>, other: Neighbor<'t>, via: Span) {
    take!(own, other, via; remote_as);
    take!(own, other, via; local_as);
    take!(own, other, via; description);
    take!(own, other, via; shutdown);
    take!(own, other, via; update_source);
    take!(own, other, via; ebgp_multihop);
    take!(own, other, via; ttl_security);
    take!(own, other, via; bfd);
    take!(own, other, via; timers);
    take!(own, other, via; password);
    own.blind.extend(other.blind);
    for family in other.families {
        let same =
            |it: &&mut NeighborFamily<'_>| it.family == family.family && it.name == family.name;
        match own.families.iter_mut().find(same) {
            Some(known) => inherit_family(known, &family, via),
            None => {
                let mut fresh =
                    NeighborFamily { name: family.name, ..NeighborFamily::new(family.family) };
                (fresh.active, fresh.activation) = (family.active, family.activation);
                inherit_family(&mut fresh, &family, via);
                own.families.push(fresh);
            }
        }
    }
}

fn inherit_family<'t>(own: &mut NeighborFamily<'t>, other: &NeighborFamily<'t>, via: Span) {
    for (own, other) in [(&mut own.import, &other.import), (&mut own.export, &other.export)] {
        if own.is_empty() {
            own.extend(other.iter().map(|filter| edgelint_model::Filter {
                name: filter.name.applied_by(via),
                ..*filter
            }));
        }
    }
    take!(own, other, via; weight);
    take!(own, other, via; maximum_prefix);
    take!(own, other, via; send_community);
    take!(own, other, via; send_extended_community);
    take!(own, other, via; next_hop_self);
    take!(own, other, via; route_reflector_client);
    let rare = &other.options;
    if **rare == edgelint_model::NeighborFamilyOptions::default() {
        return;
    }
    take!(own, other, via; options.default_originate);
    take!(own, other, via; options.remove_private_as);
    take!(own, other, via; options.allowas_in);
    take!(own, other, via; options.as_override);
    take!(own, other, via; options.soft_reconfiguration);
    take!(own, other, via; options.multipath);
    take!(own, other, via; options.outbound_filtering);
}
