//! Unit tests of the dialect as a whole.
