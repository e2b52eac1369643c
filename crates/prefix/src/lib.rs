//! Exact sets of prefixes and intervals of addresses, with witnesses.
//!
//! Every question about announcements ends in set algebra: what does this list let through, what do
//! two lists share, which entry never decides. An answer that is nearly right is a false finding,
//! so the sets here are exact, and canonical too: two sets are equal as values exactly when they
//! have the same members.
//!
//! A [`PrefixSet`] holds routes (a block of addresses *and* its length); an [`AddressSet`] holds
//! addresses. Both are step functions over the address line, which makes every operation one
//! linear merge, and lets [`shared_prefixes`] compare thousands of lists in one pass.
//!
//! # Invariants
//! - Both families live in one value and never meet: nothing here converts one into the other.
//! - Equal sets are equal values (`Eq`, `Hash`), and everything printed is in a fixed order.
//! - Nothing panics: what cannot exist is `None` when it is built.
//!
//! ```
//! use edgelint_prefix::{Prefix, PrefixRange, PrefixSet};
//! let inside = |text| PrefixRange::parse(text).unwrap();
//! let site: PrefixSet = [inside("10.0.0.0/8 le 24"), inside("2001:db8::/32")].into_iter().collect();
//! let cloud = PrefixSet::from_range(inside("10.64.0.0/10 ge 16 le 28"));
//! let shared = site.intersection(&cloud);
//! assert_eq!(shared.to_string(), "10.64.0.0/10 ge 16 le 24");
//! assert_eq!(shared.witness(), Prefix::parse("10.64.0.0/16").map(|(prefix, _)| prefix));
//! ```

pub mod acl;
pub mod address_set;
pub mod first_match;
pub mod longest_match;
pub mod prefix;
pub mod print;
pub mod range;
pub mod set;
pub mod special;
mod steps;
pub mod sweep;
mod word;

pub use acl::{extended_acl_set, standard_acl_set, wildcard_addresses};
pub use address_set::{AddressSet, Interval};
pub use first_match::{Compiled, Entry, Matcher, deciders, first_match};
pub use longest_match::{RouteFilter, longest_match, longest_permitted};
pub use prefix::{Family, Prefix, dotted};
pub use range::PrefixRange;
pub use set::PrefixSet;
pub use special::{is_documentation, is_private, is_public};
pub use sweep::{Shared, shared_addresses, shared_prefixes};
