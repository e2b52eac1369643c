//! The account of every statement: what was understood, what was left, and what that may hide.

use edgelint_prefix::Prefix;
use edgelint_source::Span;

/// What became of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Understood, and part of the model.
    Modelled,
    /// Known, and of no consequence for anything that is decided here.
    Inert,
    /// Known head, but its meaning is not (wholly) in the model.
    Unmodelled,
    /// Unknown.
    Opaque,
}

/// The part of a configuration that a statement belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// BGP.
    Bgp,
    /// Prefix lists.
    PrefixList,
    /// Route maps and other policies.
    Policy,
    /// Community lists.
    CommunityList,
    /// AS-path lists.
    AsPathList,
    /// Address translation.
    Nat,
    /// Access lists.
    Acl,
    /// Interfaces.
    Interface,
    /// Static routes, VRFs, interior protocols.
    Routing,
    /// Everything else.
    Other,
}

impl Part {
    /// All parts, in the order of output.
    pub const ALL: [Self; 10] = [
        Self::Bgp,
        Self::PrefixList,
        Self::Policy,
        Self::CommunityList,
        Self::AsPathList,
        Self::Nat,
        Self::Acl,
        Self::Interface,
        Self::Routing,
        Self::Other,
    ];

    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bgp => "bgp",
            Self::PrefixList => "prefix-list",
            Self::Policy => "policy",
            Self::CommunityList => "community-list",
            Self::AsPathList => "as-path-list",
            Self::Nat => "nat",
            Self::Acl => "acl",
            Self::Interface => "interface",
            Self::Routing => "routing",
            Self::Other => "other",
        }
    }
}

/// A statement that was not (wholly) understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The statement.
    pub at: Span,
    /// [`State::Unmodelled`] or [`State::Opaque`].
    pub state: State,
    /// Where in the configuration it stands.
    pub part: Part,
}

/// A value that the device would refuse or that cannot be meant: the statement was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The word.
    pub at: Span,
    /// What is wrong with it, as a sentence without a full stop.
    pub what: &'static str,
    /// Who says that the device refuses it: a lab, a manual; empty where nobody has shown it.
    pub source: &'static str,
    /// The prefix that the word stands for, where it is one written in a way that is refused.
    pub prefix: Option<Prefix>,
}

/// The account of one device.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    counts: [[u32; 4]; 10],
    /// Statements that were not (wholly) understood, in the order of the file.
    pub unknown: Vec<Unknown>,
    /// Values that cannot be right, in the order of the file.
    pub complaints: Vec<Complaint>,
}

impl Coverage {
    /// Counts one statement.
    pub fn count(&mut self, part: Part, state: State, at: Span) {
        if let Some(count) =
            self.counts.get_mut(part as usize).and_then(|row| row.get_mut(state as usize))
        {
            *count += 1;
        }
        if matches!(state, State::Unmodelled | State::Opaque) {
            self.unknown.push(Unknown { at, state, part });
        }
    }

    /// Records a value that cannot be right.
    pub fn complain(&mut self, at: Span, what: &'static str) {
        self.complaints.push(Complaint { at, what, source: "", prefix: None });
    }

    /// Records a value that the device refuses, as `source` says.
    pub fn refuse(&mut self, at: Span, what: &'static str, source: &'static str) {
        self.complaints.push(Complaint { at, what, source, prefix: None });
    }

    /// Records a prefix that the device refuses as it is written, as `source` says.
    pub fn refuse_prefix(
        &mut self,
        at: Span,
        prefix: Prefix,
        (what, source): (&'static str, &'static str),
    ) {
        self.complaints.push(Complaint { at, what, source, prefix: Some(prefix) });
    }

    /// Number of statements of a part in a state.
    pub fn of(&self, part: Part, state: State) -> u32 {
        self.counts.get(part as usize).and_then(|row| row.get(state as usize)).copied().unwrap_or(0)
    }

    /// Number of statements in a state, over all parts.
    pub fn total(&self, state: State) -> u32 {
        Part::ALL.iter().map(|part| self.of(*part, state)).sum()
    }
}
