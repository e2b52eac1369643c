//! The device under construction, with what NX-OS keeps until everything is read.

use std::collections::HashMap;

use edgelint_model::{Fact, ObjectKind, Usage};

use super::bgp;

/// A device of NX-OS under construction.
pub(super) type Draft<'t> = crate::draft::Draft<'t, Pending<'t>>;

/// What waits until everything is read.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    /// Processes of BGP whose templates are not settled.
    pub(super) routers: Vec<bgp::Router<'t>>,
    /// Sequence numbers of the entries of lists whose entries do not keep them in the model.
    pub(super) numbers: HashMap<(ObjectKind, &'t str), Vec<u32>>,
}

impl<'t> Draft<'t> {
    /// Records that something belongs to a VRF. The VRF of the management port is always there.
    pub(super) fn use_vrf(&mut self, vrf: Fact<&'t str>) {
        if !vrf.value.eq_ignore_ascii_case("management") {
            self.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
        }
    }
}

impl<'t> Pending<'t> {
    /// Where an entry goes in its list, and whether it takes the place of what stands there. One without
    /// a number goes behind the others.
    pub(super) fn place(
        &mut self,
        kind: ObjectKind,
        name: &'t str,
        number: Option<u32>,
    ) -> (usize, bool) {
        let numbers = self.numbers.entry((kind, name)).or_default();
        let last = numbers.last().copied().unwrap_or(0);
        let number = number.unwrap_or(last.saturating_add(1));
        match numbers.binary_search(&number) {
            Ok(place) => (place, true),
            Err(place) => {
                numbers.insert(place, number);
                (place, false)
            }
        }
    }

    /// Takes the entry of a number out of the account; where it stood.
    pub(super) fn take(&mut self, kind: ObjectKind, name: &'t str, number: u32) -> Option<usize> {
        let numbers = self.numbers.get_mut(&(kind, name))?;
        let place = numbers.binary_search(&number).ok()?;
        numbers.remove(place);
        Some(place)
    }

    /// Takes the number of the entry at a place out of the account.
    pub(super) fn forget(&mut self, kind: ObjectKind, name: &'t str, place: usize) {
        if let Some(numbers) = self.numbers.get_mut(&(kind, name))
            && place < numbers.len()
        {
            numbers.remove(place);
        }
    }
}
