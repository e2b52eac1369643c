//! What a device's routing policy and address translation *are*, in no vendor's words.
//!
//! Every dialect lowers its own syntax to these types; everything behind them (facts, rules) reads
//! nothing else. A value that a finding may point at is a [`Fact`]: it knows the words it was read
//! from and, where it was inherited, the line that made it apply.
//!
//! # Invariants
//! - No fact without an origin: [`Fact`] has no default and no constructor without a span.
//! - Order is never lost: where a device has a list, so has the model.
//! - What was not understood stays visible: blocks list their blind spots, [`Coverage`] counts all.

pub mod behaviour;
pub mod bgp;
pub mod coverage;
pub mod device;
pub mod fact;
pub mod interface;
pub mod lists;
pub mod names;
pub mod nat;
pub mod policy;
pub mod rare;
pub mod remedy;
pub mod routing;
pub mod tuning;

pub use behaviour::{
    AsPathLanguage, Behaviour, CommunityText, Details, Effect, Outcome, VrfPolicies,
};
pub use bgp::{
    AddressFamily, Aggregate, BgpInstance, BgpProcess, DefaultOriginate, Direction, Filter,
    LocalAsMode, MaximumPrefix, Neighbor, NeighborAddress, NeighborFamily, NeighborFamilyOptions,
    Network, OtherFamily, PrivateAs, Redistribution, RemoteAs, RouteSource,
};
pub use coverage::{Complaint, Coverage, Part, State, Unknown};
pub use device::Device;
pub use fact::{Fact, Origin};
pub use interface::{Interface, InterfaceAddress, InterfaceOptions, NatSide};
pub use lists::{
    AccessEntry, AccessList, AccessMatch, AsPathEntry, AsPathList, Community, CommunityEntry,
    CommunityList, CommunityMatch, PrefixEntry, PrefixList, ValueSet,
};
pub use names::{Definition, ObjectKind, Usage, Use};
pub use nat::{
    Mirror, Nat, NatDirection, NatPool, NatRule, NatSelector, Overflow, PoolDetails, Translation,
};
pub use policy::{
    Arithmetic, Arm, Clause, ClauseLabel, CommunityEdit, Condition, Flow, Match, NextHopSet,
    OriginCode, Policy, PolicyForm, SetAction, StateCondition, Step, Verdict,
};
pub use rare::{Blank, Rare};
pub use remedy::{Change, Commands, Peer, Remedy, Standing};
pub use routing::{IgpProcess, Leak, LeakSource, NextHop, RouteAttributes, StaticRoute, Vrf};
pub use tuning::{
    AdditionalPaths, BestPath, Dampening, DelayCause, Distance, OutboundFiltering, PathSelection,
    Tuning,
};
