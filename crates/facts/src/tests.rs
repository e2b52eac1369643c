//! Devices written in a notation of the tests' own, because facts know no dialect.

mod circuits;
mod compare;
mod described;
mod edges;
mod network;
mod policies;
pub(crate) mod reader;
mod table;
