//! Unit tests of route maps.
