//! What is described and not there, said on stderr.
//!
//! A device that no input has may be left out of this run on purpose: all of them are one line. A
//! device that is there without the neighbor that is described is a slip, and is drawn on the file.

use std::collections::BTreeSet;
use std::ops::Range;

use edgelint_engine::described::{Missing, Place, Unmatched};

use crate::arguments::Color;
use crate::error::warn;
use crate::settings::SettingsFile;
use crate::settings::document::Document;
use crate::settings::estate::{Pair, Places};
use crate::terminal::{Stream, colored};

/// More names than these are only counted.
const SHOWN: usize = 5;

/// Says it: devices that are not there in one line, all else drawn.
pub(super) fn tell(file: &SettingsFile, places: &Places, unmatched: &[Unmatched], color: Color) {
    let is_absent = |one: &&Unmatched| one.missing == Missing::Device;
    let mut absent: Vec<&str> = Vec::new();
    for one in unmatched.iter().filter(is_absent) {
        let name = place(places, one).map(|[device, _]| word(file, &device)).unwrap_or_default();
        if !absent.contains(&name) {
            absent.push(name);
        }
    }
    let rest: Vec<Unmatched> = unmatched.iter().filter(|one| !is_absent(one)).copied().collect();
    draw(file, places, &rest, color);
    if !absent.is_empty() {
        let names = absent.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
        let more = match absent.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        warn(&format!("{} describes devices that no input has: {names}{more}", file.path));
    }
}

/// Draws all of it on the file.
pub(super) fn draw(file: &SettingsFile, places: &Places, unmatched: &[Unmatched], color: Color) {
    for one in unmatched {
        let Some([device, narrower]) = place(places, one) else { continue };
        let (name, what) = (word(file, &device), word(file, &narrower));
        let (message, range) = match one.missing {
            Missing::Device => (format!("no input has a device {name}"), device),
            Missing::OneDevice => {
                (format!("several devices are named {name}: `[[device]]` tells them apart"), device)
            }
            Missing::Neighbor => (format!("{name} has no neighbor {what}"), narrower),
            Missing::OneNeighbor => {
                (format!("{name} has the neighbor {what} in several VRFs: say which"), narrower)
            }
            Missing::Interface => (format!("{name} has no interface or zone {what}"), narrower),
        };
        file.warn(&message, range, colored(color, Stream::Error));
    }
}

/// Devices with their names and paths, and whether no input has a path.
type Inputs<'a> = (&'a [(String, String)], &'a dyn Fn(&str) -> bool);

/// Draws the devices that are named and not there, by name or by path.
pub(super) fn draw_devices(
    file: &SettingsFile,
    document: &Document,
    (devices, absent): Inputs<'_>,
    color: Color,
) {
    let names: BTreeSet<&str> = devices.iter().map(|(name, _)| name.as_str()).collect();
    for device in &document.device {
        let (message, range) = match &device.path {
            Some(path) if absent(path.get_ref()) => {
                (format!("no input is {}", path.get_ref()), path.span())
            }
            None if !names.contains(device.name.get_ref().as_str()) => {
                (format!("no input has a device {}", device.name.get_ref()), device.name.span())
            }
            _ => continue,
        };
        file.warn(&message, range, colored(color, Stream::Error));
    }
}

fn place(places: &Places, one: &Unmatched) -> Option<Pair> {
    match one.place {
        Place::Link(circuit, link) => places.links.get(circuit)?.get(link).cloned(),
        Place::Edge(edge) => places.edges.get(edge).cloned(),
        Place::NatGroup(group, device) => {
            let device = places.nat_groups.get(group)?.get(device)?;
            Some([device.clone(), device.clone()])
        }
    }
}

/// The text at a place, without its quotes.
fn word<'f>(file: &'f SettingsFile, range: &Range<usize>) -> &'f str {
    file.text.get(range.clone()).unwrap_or_default().trim_matches(['"', '\''])
}
