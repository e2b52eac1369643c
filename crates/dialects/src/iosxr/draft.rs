//! The device under construction, with what IOS XR keeps until everything is read.

use super::{bgp, policy};

/// A device of IOS XR under construction.
pub(super) type Draft<'t> = crate::draft::Draft<'t, Pending<'t>>;

/// What waits for the end of the file: sessions whose groups may follow, and policies whose
/// parameters are known only where somebody attaches them.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    /// BGP processes.
    pub(super) bgp: bgp::Pending<'t>,
    /// Route policies as they were written.
    pub(super) policies: policy::Pending<'t>,
}
