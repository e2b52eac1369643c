//! The device under construction, with what ASA keeps until everything is read.

use edgelint_model::Fact;
use edgelint_source::Span;

use super::lines::Names;
use super::{interface, nat, object};

/// A device of ASA under construction.
pub(super) type Draft<'t> = crate::draft::Draft<'t, Pending<'t>>;

/// What waits until everything is read: translations name objects and interfaces that may follow.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    /// Addresses by the words that `name` gave them.
    pub(super) names: Names<'t>,
    /// Objects and groups of addresses.
    pub(super) objects: object::Objects<'t>,
    /// Translations as written.
    pub(super) nat: nat::Pending<'t>,
    /// Filters on interfaces: name of the interface (none: all), whether it filters what comes in, list.
    pub(super) filters: Vec<(Option<&'t str>, bool, Fact<&'t str>)>,
    /// Addresses by the names of interfaces, before release 7.0.
    pub(super) addresses: Vec<(&'t str, Span, interface::Said<'t>)>,
    /// Keepalive and hold time of sessions that have none of their own.
    pub(super) timers: Option<Fact<(u32, u32)>>,
    /// Whether the line that states the release was read.
    pub(super) has_version: bool,
    /// Whether a statement of the device was read: what stands around contexts makes none.
    pub(super) begun: bool,
}
