//! The network: names resolved, sessions with roles and circuits, policies evaluated, what is
//! announced, preferred and translated.
//!
//! Rules decide what is worth saying; everything they ask about is worked out here, once. A run has
//! two stages, so that the first can go on all cores: [`DeviceFacts::build`] looks at one device
//! alone, [`Network::join`] then puts devices together: circuits, iBGP domains, NAT edges.
//!
//! # Invariants
//! - Nothing here knows a dialect; what systems do differently is read from the device's `Behaviour`.
//! - Order never depends on hashing: everything is a `Vec` in the order of files, or sorted.
//! - What was not understood lowers certainty and is never guessed away.

mod account;
mod announce;
pub mod as_path;
mod backup;
mod circuit;
mod compact;
pub mod compare;
mod contest;
pub mod described;
mod device;
mod direction;
mod domain;
mod draft;
mod estate;
pub mod evaluate;
pub mod inspect;
mod leak;
mod lean;
mod link_subnets;
mod links;
mod lists;
mod loops;
pub mod mark;
mod names;
mod nat;
mod network;
mod origin;
mod outbound;
mod overlap;
mod own_prefix;
mod owners;
mod preference;
mod remedy;
mod rivals;
mod role;
mod session;
mod shared;
pub mod trace;
pub mod vocabulary;
mod vrfs;
mod world;

#[cfg(test)]
mod tests;

pub use announce::{Announced, Announcements, Certainty};
pub use backup::{Detour, LongerBackup, ReturnedRange, StandBy, StaticDetour};
pub use circuit::{Circuit, Link, LinkRole, Redundancy};
pub use contest::{Contest, Defeat};
pub use described::{Description, Provider, Sku};
pub use device::DeviceFacts;
pub use direction::{Direction, Divergence};
pub use domain::Reach;
pub use estate::{Copies, DuplicateAddress, DuplicateRouterId, Duplicates};
pub use evaluate::RouteClass;
pub use leak::{Crossing, Leak, LeakKind, Lines, Meeting};
pub use lean::Measure;
pub use link_subnets::AnnouncedLink;
pub use links::{LinkPreference, PreferredBy};
pub use lists::{CompiledList, Lists};
pub use loops::PolicyRing;
pub use mark::{Mark, Note};
pub use names::{Names, Object};
pub use nat::{Edge, EdgeUse, NatAstray, NatShared, NatSplit, NatUnannounced, NatUse, SharedState};
pub use network::{CircuitId, DeviceId, Input, InputStatus, Network, SessionId};
pub use origin::{OriginSource, Originated, Unbacked};
pub use outbound::Open;
pub use overlap::{OnInternet, Overlap};
pub use own_prefix::CrowdedPrefixes;
pub use preference::PreferenceClass;
pub use role::is_private_as;
pub use session::{Evidence, Peering, Role, Session, SessionFamily};
pub use shared::{SharedAnnouncement, SharedMember};
