//! The device under construction, with what IOS keeps until everything is read.

use super::bgp;

/// A device of IOS under construction.
pub(super) type Draft<'t> = crate::draft::Draft<'t, bgp::Pending<'t>>;
