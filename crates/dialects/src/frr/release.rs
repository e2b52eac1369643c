//! The lines about FRR itself: the release that wrote the file, and the profile of defaults.
//!
//! Two defaults that decide which routes are exchanged depend on them (`bgpd/bgp_vty.c`, the tables of
//! defaults): sessions without policy exchange nothing since 7.4, but with the profile `datacenter` they
//! exchange everything; `network` looks for the prefix in the table since 7.4, and in every release with
//! the profile `datacenter`. A file that does not say is read as one of today's releases would read it.

use edgelint_model::{Fact, Part, State};
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{lower, room, whole};
use crate::phrases::name;

/// The first release with today's defaults.
const TODAY: (u32, u32) = (7, 4);

/// What a line says.
#[derive(Clone, Copy)]
enum Said {
    /// Of a release before 7.4.
    Old,
    /// Of a later one, or of one that cannot be told.
    New,
    Traditional,
    Datacenter,
}

/// Reads a line about FRR itself.
///
/// frr ::= "frr" ("version" NAME? | "defaults" ("traditional" | "datacenter")) NL
pub(super) fn frr<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let read = whole(said(statement.words().skip(1)));
    let state = if read.is_some() { State::Modelled } else { State::Unmodelled };
    draft.account(Part::Other, statement, state);
    draft.stray(statement);
    let here = Some(Fact::new((), statement.span()));
    match read {
        Some(Said::Old) => draft.pending.old = here,
        Some(Said::Datacenter) => draft.pending.datacenter = here,
        Some(Said::New | Said::Traditional) | None => {}
    }
}

fn said<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "version" => {
            // Some tools leave the release out.
            let Ok((left, version)) = name(input.skip(1)) else {
                return Ok((input.skip(1), Said::New));
            };
            let old = numbers(version.value).is_some_and(|version| version < TODAY);
            Ok((left, if old { Said::Old } else { Said::New }))
        }
        "defaults" => profile(input.skip(1)),
        _ => input.expected("version or defaults"),
    }
}

fn profile<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "traditional" => Ok((input.skip(1), Said::Traditional)),
        "datacenter" => Ok((input.skip(1), Said::Datacenter)),
        _ => input.expected("a profile"),
    }
}

/// The first two numbers of a release: `10.0-dev`, `7.3.1`, `8.4_git`.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(|part| {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        part.get(..end).and_then(|digits| digits.parse().ok())
    });
    Some((parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn releases_are_compared_by_their_first_two_numbers() {
        assert_eq!(numbers("10.0-dev"), Some((10, 0)));
        assert_eq!(numbers("7.3-dev-MyOwnFRRVersion"), Some((7, 3)));
        assert_eq!(numbers("8.4.4"), Some((8, 4)));
        assert_eq!(numbers("8.4_git"), Some((8, 4)));
        assert_eq!(numbers("latest"), None);
    }
}
