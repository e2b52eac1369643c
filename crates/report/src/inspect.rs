//! What `inspect` prints: one table, as JSON for scripts or as aligned text for people.
//!
//! Tables of all kinds go through the same two writers, which know the shape of a value and not
//! what it means: single values are columns, a list of named values (the entries of a prefix list)
//! is a table of its own, indented below its item.

use std::io;

use edgelint_source::view::{Table, Value};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::SCHEMA_VERSION;
use crate::json::pretty;

pub(crate) mod grid;
mod text;

/// Writes a table as one JSON object: `schema_version`, `kind`, `items`.
///
/// # Errors
/// Those of `out`.
pub fn write_json(table: &Table, out: &mut dyn io::Write) -> io::Result<()> {
    let document = Document {
        schema_version: SCHEMA_VERSION,
        kind: table.kind,
        items: table.items.iter().map(|item| Fields(item)).collect(),
    };
    pretty(&document, out)
}

/// Writes items of one kind as one JSON object: `schema_version`, `kind`, `items`.
///
/// # Errors
/// Those of `out`.
pub fn write_items(
    kind: &'static str,
    items: &[&[(&'static str, Value)]],
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let items = items.iter().copied().map(Fields).collect();
    pretty(&Document { schema_version: SCHEMA_VERSION, kind, items }, out)
}

/// Writes named values as one JSON object, `schema_version` first.
///
/// # Errors
/// Those of `out`.
pub fn write_fields(fields: &[(&'static str, Value)], out: &mut dyn io::Write) -> io::Result<()> {
    let version = ("schema_version", Value::from(SCHEMA_VERSION));
    let all: Vec<(&'static str, Value)> =
        std::iter::once(version).chain(fields.iter().cloned()).collect();
    pretty(&Fields(&all), out)
}

/// Writes a table for people: aligned columns, nothing wider than needed.
///
/// # Errors
/// Those of `out`.
pub fn write_text(table: &Table, out: &mut dyn io::Write) -> io::Result<()> {
    text::write(table, out)
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    kind: &'static str,
    items: Vec<Fields<'a>>,
}

/// Named values as an object, in their order.
struct Fields<'a>(&'a [(&'static str, Value)]);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, &Json(value))?;
        }
        map.end()
    }
}

/// A value as JSON has it.
struct Json<'a>(&'a Value);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Number(value) => serializer.serialize_u64(*value),
            Value::Text(value) => serializer.serialize_str(value.as_str()),
            Value::Map(fields) => Fields(fields).serialize(serializer),
            Value::Entries(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (name, value) in entries {
                    map.serialize_entry(name.as_str(), &Json(value))?;
                }
                map.end()
            }
            Value::List(values) => {
                let mut list = serializer.serialize_seq(Some(values.len()))?;
                for value in values {
                    list.serialize_element(&Json(value))?;
                }
                list.end()
            }
        }
    }
}
