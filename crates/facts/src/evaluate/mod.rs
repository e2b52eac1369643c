//! What policies and filters do with routes, worked out exactly.
//!
//! A route space (a prefix set, with what is known about the other attributes) is sent through clauses in
//! order. Each match divides the space: a prefix list exactly, a community list by the literal
//! communities it names, anything that cannot be decided by a test that is either fulfilled or
//! not, the same way wherever the policy asks again. What comes out are disjoint classes. One
//! route with known attributes is the same thing with nothing left to divide.

mod access;
mod attributes;
mod class;
mod communities;
mod condition;
mod cube;
mod decide;
mod filters;
mod flow;
mod paths;
mod sample;

#[cfg(test)]
mod tests;

pub use crate::as_path::{AsPath, AsPathSet, Segment};
pub use attributes::{AttributeLists, Attributes, Communities};
pub use class::{Evaluated, Given, RouteClass, Test};
pub use cube::{AsPathKnown, Known};

pub(crate) use crate::as_path::Expressions;
pub(crate) use access::{AccessRoutes, access_routes};
pub(crate) use attributes::Base;
pub(crate) use communities::all_of;
pub(crate) use cube::Cube;
pub(crate) use decide::communities_match;
pub(crate) use flow::Evaluator;
pub(crate) use paths::are_plain;
pub(crate) use sample::{Asked, Sample};
