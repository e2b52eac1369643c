//! How AS paths are printed: numbers from 0 to 4294967295 without leading zeros, one blank between, sets
//! in braces with commas, members of a confederation in parentheses with blanks.
//!
//! Expressions over characters see this text, so it is what all sets of paths are made of here. Which texts
//! are paths is an automaton as well: what a set has beyond them does not count.

use std::sync::LazyLock;

use crate::as_path::automaton::{ALPHABET, Automaton, Rough};

/// The largest AS number (RFC 6793).
const LARGEST: [u8; 10] = *b"4294967295";

/// Where in a path a text may have come to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Place {
    within: Within,
    at: At,
}

/// What encloses a number.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Within {
    Sequence,
    Set,
    Confederation,
}

/// How far a number has come.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum At {
    /// Nothing was read yet.
    Nothing,
    /// A number begins, or in a sequence a bracket.
    Expected,
    /// Behind so many digits, all of them those of the largest number.
    Tight(u8),
    /// So many more digits may follow.
    Loose(u8),
    /// A bracket was closed.
    Closed,
}

impl Place {
    fn ends(self) -> bool {
        let number = matches!(self.at, At::Tight(_) | At::Loose(_));
        self.at == At::Nothing
            || self.at == At::Closed
            || (number && self.within == Within::Sequence)
    }

    fn step(self, byte: u8, brackets: bool) -> Option<Self> {
        let Self { within, at } = self;
        let begins = matches!(at, At::Nothing | At::Expected);
        let ended = matches!(at, At::Tight(_) | At::Loose(_));
        let expected = |within| Some(Self { within, at: At::Expected });
        let closed = Some(Self { within: Within::Sequence, at: At::Closed });
        match (byte, within) {
            (b'0'..=b'9', _) => Some(Self { within, at: digit(at, byte)? }),
            (b'{', Within::Sequence) if begins && brackets => expected(Within::Set),
            (b'(', Within::Sequence) if begins && brackets => expected(Within::Confederation),
            (b'}', Within::Set) | (b')', Within::Confederation) if ended => closed,
            (b' ', Within::Sequence) if ended || at == At::Closed => expected(within),
            (b' ', Within::Confederation) | (b',', Within::Set) if ended => expected(within),
            _ => None,
        }
    }
}

/// One more digit of a number.
fn digit(at: At, byte: u8) -> Option<At> {
    match at {
        // No number goes on behind a zero in front.
        At::Nothing | At::Expected if byte == b'0' => Some(At::Loose(0)),
        At::Nothing | At::Expected => Some(behind(0, byte)),
        At::Tight(read) => {
            let bound = *LARGEST.get(usize::from(read))?;
            let last = usize::from(read) + 1 == LARGEST.len();
            (byte <= bound || !last).then(|| behind(read, byte))
        }
        At::Loose(left) => left.checked_sub(1).map(At::Loose),
        At::Closed => None,
    }
}

/// Behind the first digit that may differ from that of the largest number.
fn behind(read: u8, byte: u8) -> At {
    let left = LARGEST.len() as u8 - read - 1;
    match byte.cmp(&LARGEST[usize::from(read)]) {
        std::cmp::Ordering::Less => At::Loose(left),
        std::cmp::Ordering::Equal => At::Tight(read + 1),
        std::cmp::Ordering::Greater => At::Loose(left.saturating_sub(1)),
    }
}

fn grammar(brackets: bool) -> Automaton {
    let start = Place { within: Within::Sequence, at: At::Nothing };
    let worked = Rough::work(
        start,
        |place| Some(place.ends()),
        |place, symbol| Some(place.step(ALPHABET[symbol], brackets)),
    );
    worked.0.unwrap_or_default()
}

/// Every AS path.
pub(super) static PATHS: LazyLock<Automaton> = LazyLock::new(|| grammar(true));

/// Every AS path of single numbers, without sets and confederations.
pub(super) static SEQUENCES: LazyLock<Automaton> = LazyLock::new(|| grammar(false));
