//! A table for people.

use std::io;

use edgelint_source::view::{Table, Value};

use super::grid::Grid;

type Fields = [(&'static str, Value)];

/// Writes the table: a row an item, its nested tables below it.
pub(super) fn write(table: &Table, out: &mut dyn io::Write) -> io::Result<()> {
    if table.items.is_empty() {
        return writeln!(out, "no {}", table.kind);
    }
    let nested = names(table, true);
    let columns = names(table, false);
    let grid = overview(table, &columns);
    let widths = grid.widths();
    let inner: Vec<Nested> = nested.iter().map(|name| Nested::of(table, name)).collect();
    grid.write_heading(&widths, 0, out)?;
    if let [only] = inner.as_slice() {
        only.grid.write_heading(&only.grid.widths(), INDENT, out)?;
    }
    for row in 0..table.items.len() {
        grid.write_rows(row..row + 1, &widths, 0, out)?;
        for nested in &inner {
            nested.write(row, inner.len() > 1, out)?;
        }
    }
    Ok(())
}

/// Nested tables stand this far to the right.
const INDENT: usize = 4;

/// The single values of every item: where it is first, then the rest in its own order.
fn overview(table: &Table, columns: &[&'static str]) -> Grid {
    let rest: Vec<&'static str> =
        columns.iter().copied().filter(|name| !matches!(*name, "path" | "line")).collect();
    let mut heading = vec!["where"];
    heading.extend(&rest);
    let mut grid = Grid::new(&heading);
    for item in &table.items {
        let line = shown(field(item, "line"));
        let colon = if line.is_empty() { "" } else { ":" };
        let mut row = vec![format!("{}{colon}{line}", shown(field(item, "path")))];
        row.extend(rest.iter().map(|name| shown(field(item, name))));
        grid.push(row);
    }
    grid.without_empty_columns()
}

/// One nested field of all items, as one grid: columns line up from item to item.
struct Nested {
    name: &'static str,
    grid: Grid,
    /// Where the rows of each item end.
    ends: Vec<usize>,
}

impl Nested {
    fn of(table: &Table, name: &'static str) -> Self {
        let rows: Vec<Vec<Row<'_>>> =
            table.items.iter().map(|item| rows(field(item, name))).collect();
        let mut columns: Vec<&'static str> = Vec::new();
        for (name, _) in rows.iter().flatten().flat_map(|row| row.fields) {
            if !columns.contains(name) {
                columns.push(name);
            }
        }
        let range = ["prefix", "min_length", "max_length"];
        let ranges = range.iter().all(|name| columns.contains(name));
        columns.retain(|name| !ranges || !matches!(*name, "min_length" | "max_length"));
        let mut heading = vec![""];
        heading.extend(&columns);
        let mut grid = Grid::new(&heading);
        let mut ends = Vec::with_capacity(rows.len());
        let mut count = 0;
        for row in rows.iter().map(|rows| rows.iter()) {
            for row in row {
                let mut cells = vec![row.name.to_owned()];
                cells.extend(columns.iter().map(|name| match (ranges, *name) {
                    (true, "prefix") => prefix_range(row.fields).unwrap_or_default(),
                    _ => shown(field(row.fields, name)),
                }));
                grid.push(cells);
                count += 1;
            }
            ends.push(count);
        }
        Self { name, grid: grid.without_empty_columns(), ends }
    }

    fn write(&self, item: usize, named: bool, out: &mut dyn io::Write) -> io::Result<()> {
        let start = item.checked_sub(1).and_then(|before| self.ends.get(before));
        let rows = start.copied().unwrap_or(0)..self.ends.get(item).copied().unwrap_or(0);
        if rows.is_empty() || self.grid.is_empty() {
            return Ok(());
        }
        let widths = self.grid.widths();
        if named {
            writeln!(out, "  {}:", self.name.replace('_', " "))?;
            self.grid.write_heading(&widths, INDENT, out)?;
        }
        self.grid.write_rows(rows, &widths, INDENT, out)
    }
}

/// One row of a nested table; named where the field is a map of maps.
struct Row<'a> {
    name: &'static str,
    fields: &'a Fields,
}

fn rows(value: &Value) -> Vec<Row<'_>> {
    match value {
        Value::List(values) => values
            .iter()
            .filter_map(|value| match value {
                Value::Map(fields) => Some(Row { name: "", fields }),
                _ => None,
            })
            .collect(),
        Value::Map(values) => values
            .iter()
            .filter_map(|(name, value)| match value {
                Value::Map(fields) if says_something(fields) => Some(Row { name, fields }),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Counts that are all zero are left out.
fn says_something(fields: &Fields) -> bool {
    fields.iter().any(|(_, value)| *value != Value::Number(0))
}

/// Names of all fields, in the order in which items bring them; nested ones or single ones.
fn names(table: &Table, nested: bool) -> Vec<&'static str> {
    let mut nested_names: Vec<&'static str> = Vec::new();
    let mut all: Vec<&'static str> = Vec::new();
    for (name, value) in table.items.iter().flatten() {
        if !all.contains(name) {
            all.push(name);
        }
        // Ranges of addresses or prefixes are short: they stay in the row.
        if !nested_names.contains(name) && rows(value).iter().any(|row| !is_range(row.fields)) {
            nested_names.push(name);
        }
    }
    all.retain(|name| nested_names.contains(name) == nested);
    all
}

fn field<'a>(fields: &'a Fields, name: &str) -> &'a Value {
    fields.iter().find(|(found, _)| *found == name).map_or(&Value::Null, |(_, value)| value)
}

/// A value in one cell.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::List(values) => joined(values.iter().map(shown)),
        Value::Map(fields) => compact(fields),
        Value::Entries(entries) => {
            joined(entries.iter().map(|(name, value)| format!("{name} {}", shown(value))))
        }
    }
}

/// Named values in one cell: a range as engineers write it, else name by name.
fn compact(fields: &Fields) -> String {
    prefix_range(fields).or_else(|| address_range(fields)).unwrap_or_else(|| {
        joined(fields.iter().map(|(name, value)| {
            let (name, value) = (name.replace('_', " "), shown(value));
            if value.is_empty() { value } else { format!("{name} {value}") }
        }))
    })
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn is_range(fields: &Fields) -> bool {
    matches!(
        fields,
        [("first", _), ("last", _)] | [("prefix", _), ("min_length", _), ("max_length", _)]
    )
}

/// `10.0.0.0/8 ge 16 le 24`, the lengths only where they say more than the prefix does.
fn prefix_range(fields: &Fields) -> Option<String> {
    let Value::Text(prefix) = field(fields, "prefix") else { return None };
    let (Value::Number(min), Value::Number(max)) =
        (field(fields, "min_length"), field(fields, "max_length"))
    else {
        return None;
    };
    let (_, length) = prefix.as_str().rsplit_once('/')?;
    let full = if prefix.as_str().contains(':') { 128 } else { 32 };
    let length: u64 = length.parse().ok()?;
    Some(match (*min == length, *max == length) {
        (true, true) => prefix.to_string(),
        (true, false) => format!("{prefix} le {max}"),
        (false, _) if *max == full => format!("{prefix} ge {min}"),
        (false, _) => format!("{prefix} ge {min} le {max}"),
    })
}

fn address_range(fields: &Fields) -> Option<String> {
    let [("first", Value::Text(first)), ("last", Value::Text(last))] = fields else { return None };
    Some(if first == last { first.to_string() } else { format!("{first}-{last}") })
}

#[cfg(test)]
mod tests {
    use edgelint_source::view::{Table, Value};

    fn shown(table: &Table) -> String {
        let mut out = Vec::new();
        super::write(table, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn place(line: u32) -> Vec<(&'static str, Value)> {
        vec![
            ("device", Value::text("edge-1")),
            ("path", Value::text("edge-1.cfg")),
            ("line", line.into()),
        ]
    }

    fn entry(seq: u32, prefix: &str, min: u32, max: u32) -> Value {
        Value::Map(vec![
            ("line", 13_u32.into()),
            ("seq", seq.into()),
            ("action", Value::text("permit")),
            ("prefix", Value::text(prefix)),
            ("min_length", min.into()),
            ("max_length", max.into()),
        ])
    }

    #[test]
    fn entries_stand_below_their_list() {
        let mut item = place(12);
        let entries = vec![
            entry(5, "198.51.100.0/24", 24, 24),
            entry(10, "10.0.0.0/8", 16, 24),
            entry(15, "2001:db8::/32", 48, 128),
        ];
        item.extend([("name", Value::text("TO-CLOUD")), ("entries", Value::List(entries))]);
        let expected = "\
WHERE          DEVICE  NAME
    LINE  SEQ  ACTION  PREFIX
edge-1.cfg:12  edge-1  TO-CLOUD
    13    5    permit  198.51.100.0/24
    13    10   permit  10.0.0.0/8 ge 16 le 24
    13    15   permit  2001:db8::/32 ge 48
";
        assert_eq!(shown(&Table { kind: "prefix-lists", items: vec![item] }), expected);
    }

    #[test]
    fn ranges_and_lists_stay_in_the_row() {
        let mut item = place(3);
        let range = |first, last| {
            Value::Map(vec![("first", Value::text(first)), ("last", Value::text(last))])
        };
        item.extend([
            (
                "ranges",
                Value::List(vec![
                    range("192.0.2.1", "192.0.2.9"),
                    range("192.0.2.20", "192.0.2.20"),
                ]),
            ),
            ("egress", Value::texts(["a", "b"])),
            ("edge", Value::Null),
        ]);
        let expected = "\
WHERE         DEVICE  RANGES                           EGRESS
edge-1.cfg:3  edge-1  192.0.2.1-192.0.2.9, 192.0.2.20  a, b
";
        assert_eq!(shown(&Table { kind: "nat", items: vec![item] }), expected);
    }

    #[test]
    fn nothing_is_said_in_words() {
        assert_eq!(shown(&Table { kind: "circuits", items: Vec::new() }), "no circuits\n");
    }
}
