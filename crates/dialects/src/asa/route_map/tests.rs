//! Cases as text, for tests.
