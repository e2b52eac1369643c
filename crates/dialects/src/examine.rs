//! From a text to its devices: split, tell the dialect, lay out, read.
//!
//! The steps always follow each other, and only this crate knows the types between them.

use edgelint_model::Device;
use edgelint_source::{Arena, FileId, Span};
use edgelint_syntax::Lines;

use crate::{Detection, Dialect, Evidence, detect};

pub use edgelint_syntax::Room;

/// What a text turned out to be.
#[derive(Debug)]
pub enum Examined<'t> {
    /// A configuration: the devices in it.
    Devices(Vec<Device<'t>>),
    /// Something that cannot be read as one.
    Unrecognised {
        /// Dialects that are equally likely, by name.
        candidates: Vec<&'static str>,
        /// A system that is not read, by name.
        foreign: Option<&'static str>,
        /// The strongest sign of being a configuration.
        at: Option<Span>,
    },
}

/// Reads `text`, found at `path`: in the dialect that is `forced`, or in the one that it shows. Names
/// that are made and not read are kept in `arena`; `room` is what an earlier file left.
pub fn examine<'t>(
    file: FileId,
    (path, text): (&str, &'t str),
    forced: Option<&'static Dialect>,
    (arena, room): (&'t Arena, &mut Room),
) -> Examined<'t> {
    let lines = Lines::split_in(room, file, text);
    let dialect = match forced.map_or_else(
        || detect(&lines, path),
        |dialect| Detection::Known(dialect, Evidence::default()),
    ) {
        Detection::Known(dialect, _) => dialect,
        Detection::Foreign(system, evidence) => {
            let at = strongest(&evidence);
            return Examined::Unrecognised { candidates: Vec::new(), foreign: Some(system), at };
        }
        Detection::Ambiguous(candidates) => {
            let at = candidates.first().and_then(|(_, evidence)| strongest(evidence));
            let candidates = candidates.into_iter().map(|(name, _)| name).collect();
            return Examined::Unrecognised { candidates, foreign: None, at };
        }
        Detection::NotAConfiguration => {
            return Examined::Unrecognised { candidates: Vec::new(), foreign: None, at: None };
        }
    };
    let tree = (dialect.lay_out)(lines);
    let devices = (dialect.read)(&tree, arena);
    room.reclaim(tree);
    Examined::Devices(devices)
}

/// Where the sign with the most weight stands; of equals the first.
fn strongest(evidence: &Evidence) -> Option<Span> {
    let best = evidence.signals.iter().rev().max_by_key(|signal| signal.weight)?;
    Some(best.at)
}
