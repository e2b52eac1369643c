//! Which section a path stands in, by its first two words.
//!
//! Sections stand in one piece, so what was found for the path before is looked at first.

use edgelint_syntax::{Word, Words};

use super::inert;

/// A section as its readers are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// `policy-options`.
    Policies,
    /// `protocols bgp`.
    Bgp,
    /// All other protocols.
    Protocols,
    /// `routing-options`.
    RoutingOptions,
    /// `routing-instances`.
    Instances,
    /// `interfaces`.
    Interfaces,
    /// `firewall`.
    Firewall,
    /// `security nat`.
    Nat,
    /// `security address-book`.
    AddressBook,
    /// `security zones`.
    Zones,
    /// `switch-options`: inert but for the policies.
    SwitchOptions,
    /// `vlans` and `bridge-domains`: inert but for the interfaces.
    Vlans,
    /// `system host-name`.
    HostName,
    /// `services nat`.
    ServiceNat,
    /// What [`inert::INERT`] holds besides.
    Inert,
    /// Everything else.
    Unknown,
}

/// What is known of a section.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// The section.
    pub(super) section: Section,
    /// Whether whole exports hold it.
    pub(super) is_sign_of_whole: bool,
}

/// The section of the path before: its first two words, and what was found.
#[derive(Debug, Default)]
pub(super) struct Sections<'t> {
    before: Option<([&'t str; 2], Found)>,
    /// Where those two words stand: in braces, often at the same place.
    places: Option<[Word; 2]>,
}

impl<'t> Sections<'t> {
    /// The section that a path stands in.
    pub(super) fn of(&mut self, words: Words<'_, 't>) -> Found {
        let places = words.places().first_chunk().copied();
        if let Some((before, found)) = self.before
            && (places.is_some() && places == self.places
                || words.reads(0, before[0]) && words.reads(1, before[1]))
        {
            return found;
        }
        self.places = places;
        let heads = [words.peek(0), words.peek(1)];
        let is_sign_of_whole = inert::is_sign_of_whole(words);
        let found = Found { section: section(heads), is_sign_of_whole };
        self.before = Some((heads, found));
        found
    }
}

fn section(heads: [&str; 2]) -> Section {
    match (heads[0], heads[1]) {
        ("policy-options", _) => Section::Policies,
        ("protocols", "bgp") => Section::Bgp,
        ("protocols", _) => Section::Protocols,
        ("routing-options", _) => Section::RoutingOptions,
        ("routing-instances", _) => Section::Instances,
        ("interfaces", _) => Section::Interfaces,
        ("firewall", _) => Section::Firewall,
        ("security", "nat") => Section::Nat,
        ("security", "address-book") => Section::AddressBook,
        ("security", "zones") => Section::Zones,
        ("switch-options", _) => Section::SwitchOptions,
        ("vlans" | "bridge-domains", _) => Section::Vlans,
        ("system", "host-name") => Section::HostName,
        ("services", "nat") => Section::ServiceNat,
        (head, _) if inert::is_inert(head) => Section::Inert,
        _ => Section::Unknown,
    }
}
