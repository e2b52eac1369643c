//! The device under construction, with what EOS keeps until everything is read.

use super::{bgp, nat, route_map};

/// What waits until everything is read.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    /// BGP processes, whose groups are not settled yet.
    pub(super) bgp: bgp::Pending<'t>,
    /// Profiles of translation, and the interfaces that use them.
    pub(super) nat: nat::Pending<'t>,
    /// Lines of route maps that take communities from lists.
    pub(super) from_lists: Vec<route_map::FromLists<'t>>,
    /// Whether expressions over AS paths are made of characters, not of whole numbers.
    pub(super) path_by_characters: bool,
    /// Whether some statement says that a missing policy lets nothing through.
    pub(super) guards_missing_policies: bool,
}

/// A device of EOS under construction.
pub(super) type Draft<'t> = crate::draft::Draft<'t, Pending<'t>>;
