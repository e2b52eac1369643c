//! Words of the model that rules match on, so that rules need no arrow to it.
//!
//! Kept short on purpose: a rule that needs more of the model than these enumerations is a hole in the
//! facts. Structures of the model are reached through [`DeviceFacts::device`](crate::DeviceFacts) and
//! [`Network::neighbor`](crate::Network::neighbor) without being named.

/// A standard community: classes of routes are told apart by them.
pub use edgelint_model::Community;
/// Where redistributed routes come from: a list of what a device brings itself is whole or not.
pub use edgelint_model::RouteSource;
/// Accept or refuse: what a policy says.
pub use edgelint_model::Verdict;
/// Families and directions of a session: rules compare like with like.
pub use edgelint_model::{AddressFamily, Direction};
/// What happens where an object is undefined, and who says so: the message of a finding depends on it.
pub use edgelint_model::{Behaviour, Effect, Outcome};
/// What a device should be told to do otherwise: where it can be written down, a finding brings it.
pub use edgelint_model::{Change, Remedy};
/// A value with the words that state it: where labels point.
pub use edgelint_model::{Fact, Origin};
/// What a name means and what it is used for: severity depends on both.
pub use edgelint_model::{ObjectKind, Usage, Use};
/// Parts and states of the account of statements: what may hide a fact.
pub use edgelint_model::{Part, State};
