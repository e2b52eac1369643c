//! The device under construction, with what FRR keeps until everything is read.

use edgelint_model::{Fact, ObjectKind};

use super::bgp;

/// A device of FRR under construction.
pub(super) type Draft<'t> = crate::draft::Draft<'t, Pending<'t>>;

/// What waits until everything is read.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    /// BGP, before its groups are settled.
    pub(super) bgp: bgp::Pending<'t>,
    /// The profile `datacenter`, where the file names it.
    pub(super) datacenter: Option<Fact<()>>,
    /// A release before 7.4, where the file names one.
    pub(super) old: Option<Fact<()>>,
    /// Sequence numbers of the entries of lists for which the model has none.
    sequences: Vec<(ObjectKind, &'t str, Vec<u32>)>,
}

impl<'t> Pending<'t> {
    /// Where an entry of a list goes among those that are there, and whether it takes the place of the one
    /// there. One without a number goes behind all others, at the next multiple of 5.
    pub(super) fn place(
        &mut self,
        kind: ObjectKind,
        list: &'t str,
        number: Option<u32>,
    ) -> (usize, bool) {
        let at = match self.sequences.iter().rposition(|it| it.0 == kind && it.1 == list) {
            Some(at) => at,
            None => {
                self.sequences.push((kind, list, Vec::new()));
                self.sequences.len() - 1
            }
        };
        let Some((_, _, numbers)) = self.sequences.get_mut(at) else { return (0, false) };
        let last = numbers.last().copied().unwrap_or(0);
        let number = number.unwrap_or((last / 5).saturating_add(1).saturating_mul(5));
        match numbers.binary_search(&number) {
            Ok(place) => (place, true),
            Err(place) => {
                numbers.insert(place, number);
                (place, false)
            }
        }
    }

    /// Forgets the entries of a list for which `gone` holds, by their places.
    pub(super) fn remove(
        &mut self,
        kind: ObjectKind,
        list: &str,
        mut gone: impl FnMut(usize) -> bool,
    ) {
        for (_, _, numbers) in self.sequences.iter_mut().filter(|it| it.0 == kind && it.1 == list) {
            let mut place = 0;
            numbers.retain(|_| {
                place += 1;
                !gone(place - 1)
            });
        }
    }
}
