//! All integration tests, as one binary: it links once and shares its ground.
//!
//! - [`as_paths`]: AS-path expressions of every dialect on tables of paths, and what classes come of them.
//! - [`cli`]: arguments, exit codes, formats, what never may be printed.
//! - [`contract`]: the grammars, executed against the parsers.
//! - [`corpus`]: cases as folders, text in and text out.
//! - [`diff`]: two states of an estate.
//! - [`estate`]: the generator of estates.
//! - [`forms`]: Junos in braces and in `set` lines, turned into one another.
//! - [`frr_seen`]: what a running FRR was seen to do with single routes.
//! - [`guide`]: the commands of the guide, and what they print.
//! - [`hook`]: the hook for pre-commit, driven by pre-commit where it is installed.
//! - [`lab`]: what lab devices accepted and announced, where the recordings lie beside the checkout.
//! - [`oracle_frr`]: what running FRR routers answered, where the cases lie beside the checkout.
//! - [`oracles`]: comparisons with other people's answers, where those lie beside the checkout.
//! - [`large_policies`]: policies of thousands of clauses, well-behaved and not.
//! - [`one_way_out`]: a route alone and a route among others leave alike.
//! - [`planted`]: mistakes planted in generated estates, counted.
//! - [`printable`]: what may never be printed.
//! - [`remedies`]: the commands of findings, typed into their cases.
//! - [`robust`]: no input makes it panic, hang or differ between runs.
//! - [`sarif`]: reports for code scanning, against the schema where it lies beside the checkout.
//! - [`tidy`]: the walls of the house.
//! - [`trace`]: single routes, and a device among peers.
//! - [`two_vendors`]: what an IOS router and a Junos device share, in many ways.
//! - [`vendor_facts`]: what real devices were seen to do, as small configurations.
#![allow(clippy::disallowed_methods, reason = "tests read the checkout and run the binary")]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test says what it skipped or counted"
)]

mod as_paths;
mod cli;
mod contract;
mod corpus;
mod diff;
mod estate;
mod forms;
mod frr_seen;
mod guide;
mod hard_policies;
mod hook;
mod lab;
mod large_policies;
mod one_way_out;
mod oracle_frr;
mod oracles;
mod planted;
mod printable;
mod remedies;
mod robust;
mod sarif;
mod support;
mod tidy;
mod trace;
mod two_vendors;
mod vendor_facts;
