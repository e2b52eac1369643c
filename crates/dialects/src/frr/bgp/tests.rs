//! Unit tests of BGP.
