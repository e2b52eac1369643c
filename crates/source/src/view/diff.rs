//! What `diff` prints, as plain values: devices and sessions that are not what they were, each change with the lines
//! on both sides that cause it.

use crate::view::{Plain, Value};

/// Whether something came, went, or became something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// It is there now and was not.
    Added,
    /// It was there and is not now.
    Removed,
    /// It is there still, and different.
    Changed,
}

impl Change {
    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A setting of the session.
    Setting,
    /// A route that the neighbor is known to be sent.
    Announced,
    /// Routes that outbound policy lets through, whatever their origin.
    Exportable,
    /// Routes that are accepted.
    Accepted,
    /// Routes that are preferred differently.
    Preferred,
    /// Addresses that are translated to.
    Translated,
    /// A statement that was not understood.
    NotUnderstood,
}

impl Subject {
    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Setting => "setting",
            Self::Announced => "announced",
            Self::Exportable => "exportable",
            Self::Accepted => "accepted",
            Self::Preferred => "preferred",
            Self::Translated => "translated",
            Self::NotUnderstood => "not-understood",
        }
    }
}

/// A line that causes a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CauseLine {
    /// The file's path.
    pub path: Plain,
    /// Counted from 1.
    pub line: u32,
    /// What stands there, cleaned and cut to a width.
    pub text: Plain,
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is about.
    pub subject: Subject,
    /// Whether it came, went or became something else.
    pub change: Change,
    /// It in a few words.
    pub text: Plain,
    /// Whether everything that leads to it was understood.
    pub certain: bool,
    /// It as named values.
    pub fields: Vec<(&'static str, Value)>,
    /// The lines that cause it, before and after.
    pub lines: [Vec<CauseLine>; 2],
}

/// A session that is not what it was.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionDiff {
    /// Whether it came, went or became something else.
    pub change: Change,
    /// Its VRF.
    pub vrf: Plain,
    /// The other end.
    pub neighbor: Plain,
    /// What it is for.
    pub role: Plain,
    /// The circuit it is a link of.
    pub circuit: Option<Plain>,
    /// Where it stands, before and after.
    pub lines: [Vec<CauseLine>; 2],
    /// What changed, in the order of the subjects.
    pub entries: Vec<Entry>,
}

/// A device that is not what it was.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceDiff {
    /// Whether it came, went or became something else.
    pub change: Change,
    /// Its name.
    pub name: Plain,
    /// Its files before and after.
    pub paths: [Option<Plain>; 2],
    /// Number of its sessions, where it came or went.
    pub n_sessions: usize,
    /// Changes beside its sessions.
    pub entries: Vec<Entry>,
    /// Its sessions that changed, by VRF and neighbor.
    pub sessions: Vec<SessionDiff>,
}

/// An input of which nothing could be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its path.
    pub path: Plain,
    /// What is the matter with it.
    pub status: &'static str,
}

/// Two states of an estate held against each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Number of devices before and after.
    pub n_devices: [usize; 2],
    /// Devices that are not what they were, by name.
    pub devices: Vec<DeviceDiff>,
    /// Inputs that look like configurations and could not be read as such, before and after.
    pub unread: [Vec<Unread>; 2],
}
