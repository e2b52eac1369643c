//! What is described and not there, said on stderr.
//!
//! A device that no input has may be left out of this run on purpose: all of them are one line. A
//! device that is there without the neighbor that is described is a slip, and is drawn on the file.

use edgelint_engine::described::{Missing, Place, Unmatched};

use crate::arguments::Color;
use crate::error::warn;
use crate::settings::SettingsFile;
use crate::settings::estate::Places;
use crate::terminal::{Stream, colored};

/// More names than these are only counted.
const SHOWN: usize = 5;

/// Says it.
pub(super) fn tell(file: &SettingsFile, places: &Places, unmatched: &[Unmatched], color: Color) {
    let mut absent: Vec<&str> = Vec::new();
    for one in unmatched {
        let Some([device, narrower]) = (match one.place {
            Place::Link(circuit, link) => places.links.get(circuit).and_then(|one| one.get(link)),
            Place::Edge(edge) => places.edges.get(edge),
        }) else {
            continue;
        };
        let word = |range: &std::ops::Range<usize>| {
            let text = file.text.get(range.clone()).unwrap_or_default();
            text.trim_matches(['"', '\''])
        };
        let (name, what) = (word(device), word(narrower));
        let (message, range) = match one.missing {
            Missing::Device => {
                if !absent.contains(&name) {
                    absent.push(name);
                }
                continue;
            }
            Missing::OneDevice => {
                (format!("several devices are named {name}: `[[device]]` tells them apart"), device)
            }
            Missing::Neighbor => (format!("{name} has no neighbor {what}"), narrower),
            Missing::OneNeighbor => {
                (format!("{name} has the neighbor {what} in several VRFs: say which"), narrower)
            }
            Missing::Interface => (format!("{name} has no interface or zone {what}"), narrower),
        };
        file.warn(&message, range.clone(), colored(color, Stream::Error));
    }
    if !absent.is_empty() {
        let names = absent.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
        let more = match absent.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        warn(&format!("{} describes devices that no input has: {names}{more}", file.path));
    }
}
