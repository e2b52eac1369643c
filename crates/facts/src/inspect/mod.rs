//! What `inspect` prints: tables of what was understood, as plain values.
//!
//! The fields are a contract that scripts rely on; they are written out here one by one, so that a
//! change of the facts never changes them by accident. Every item begins with `device`, `path`
//! and `line`.

mod objects;
mod routing;
pub(crate) mod text;

use edgelint_prefix::{PrefixRange, PrefixSet};
use edgelint_source::view::{Table, Value};
use edgelint_source::{Files, Span};

use crate::device::DeviceFacts;
use crate::network::Network;

/// An item: named values in order.
type Item = Vec<(&'static str, Value)>;
/// Collects the items of one kind.
type Collect = fn(&mut Rows<'_, '_>);

/// The kinds of tables, in the order of the manual.
const KINDS: [(&str, Collect); 10] = [
    ("devices", objects::devices),
    ("prefix-lists", objects::prefix_lists),
    ("policies", objects::policies),
    ("neighbors", routing::neighbors),
    ("nat", routing::nat),
    ("circuits", routing::circuits),
    ("references", objects::references),
    ("announcements", routing::announcements),
    ("preferences", routing::preferences),
    ("coverage", objects::coverage),
];

/// Names of the kinds, in the order of the manual.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(kind, _)| *kind)
}

/// The table of that kind; `None` where there is none. `files` are those of the run: they know the lines.
pub fn table(kind: &str, network: &Network<'_>, files: &Files) -> Option<Table> {
    let &(kind, collect) = KINDS.iter().find(|(name, _)| *name == kind)?;
    let mut rows = Rows { network, files, rows: Vec::new() };
    collect(&mut rows);
    // Stable: what stands on one line stays in the order in which it was collected.
    rows.rows.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    Some(Table { kind, items: rows.rows.into_iter().map(|(_, _, item)| item).collect() })
}

/// Items on the way, each with its path and line.
struct Rows<'n, 't> {
    network: &'n Network<'t>,
    files: &'n Files,
    rows: Vec<(String, u32, Item)>,
}

impl<'t> Rows<'_, 't> {
    /// Adds an item that stands at a place.
    fn push(&mut self, device: &DeviceFacts<'t>, at: Span, rest: Item) {
        let line = self.files.line(at);
        let mut item = vec![
            ("device", Value::text(&device.identity)),
            ("path", Value::text(&device.path)),
            ("line", Value::from(line)),
        ];
        item.extend(rest);
        self.rows.push((device.path.clone(), line, item));
    }

    fn line(&self, at: Span) -> Value {
        Value::from(self.files.line(at))
    }
}

/// A range as it is printed.
pub fn range(range: PrefixRange) -> Value {
    Value::Map(vec![
        ("prefix", Value::text(range.prefix.to_string())),
        ("min_length", Value::from(u32::from(range.min_length))),
        ("max_length", Value::from(u32::from(range.max_length))),
    ])
}

fn ranges(set: &PrefixSet) -> Value {
    Value::List(set.ranges().into_iter().map(range).collect())
}
