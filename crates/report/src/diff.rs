//! What `diff` prints: JSON for scripts, and text for people, in which every change is one line with the source lines that
//! cause it below, as `-` and `+` people know from other tools.

use std::io;

use edgelint_source::view::Value;
use edgelint_source::view::diff::{
    CauseLine, Change, Comparison, DeviceDiff, Entry, SessionDiff, Subject,
};

use crate::inspect::write_fields;
use crate::paint::{Paint, Shade};

/// Writes a comparison as one JSON object: `schema_version`, `kind`, `summary`, `devices`, `unread`.
///
/// # Errors
/// Those of `out`.
pub fn write_json(comparison: &Comparison, out: &mut dyn io::Write) -> io::Result<()> {
    let [old, new] = comparison.n_devices;
    let number = |count: usize| Value::from(u32::try_from(count).unwrap_or(u32::MAX));
    let of = |change: Change| comparison.devices.iter().filter(move |one| one.change == change);
    let summary = Value::Map(vec![
        ("old_devices", number(old)),
        ("new_devices", number(new)),
        ("devices_added", number(of(Change::Added).count())),
        ("devices_removed", number(of(Change::Removed).count())),
        ("devices_changed", number(of(Change::Changed).count())),
        ("sessions_changed", number(comparison.devices.iter().map(|one| one.sessions.len()).sum())),
    ]);
    let unread = |side: usize| {
        let one = |input: &edgelint_source::view::diff::Unread| {
            Value::Map(vec![
                ("path", Value::Text(input.path.clone())),
                ("status", Value::text(input.status)),
            ])
        };
        Value::List(comparison.unread[side].iter().map(one).collect())
    };
    let fields = vec![
        ("kind", Value::text("diff")),
        ("summary", summary),
        ("devices", Value::List(comparison.devices.iter().map(device).collect())),
        ("unread", Value::Map(vec![("old", unread(0)), ("new", unread(1))])),
    ];
    write_fields(&fields, out)
}

fn device(device: &DeviceDiff) -> Value {
    let path = |side: usize| {
        device.paths[side].as_ref().map_or(Value::Null, |path| Value::Text(path.clone()))
    };
    Value::Map(vec![
        ("device", Value::Text(device.name.clone())),
        ("change", Value::text(device.change.name())),
        ("old_path", path(0)),
        ("new_path", path(1)),
        ("changes", Value::List(device.entries.iter().map(entry).collect())),
        ("sessions", Value::List(device.sessions.iter().map(session).collect())),
    ])
}

fn session(session: &SessionDiff) -> Value {
    let circuit = session.circuit.as_ref();
    Value::Map(vec![
        ("vrf", Value::Text(session.vrf.clone())),
        ("neighbor", Value::Text(session.neighbor.clone())),
        ("change", Value::text(session.change.name())),
        ("role", Value::Text(session.role.clone())),
        ("circuit", circuit.map_or(Value::Null, |name| Value::Text(name.clone()))),
        ("lines", lines(&session.lines)),
        ("changes", Value::List(session.entries.iter().map(entry).collect())),
    ])
}

fn entry(entry: &Entry) -> Value {
    let mut fields = vec![
        ("subject", Value::text(entry.subject.name())),
        ("change", Value::text(entry.change.name())),
        ("certain", Value::from(entry.certain)),
        ("text", Value::Text(entry.text.clone())),
    ];
    fields.extend(entry.fields.iter().cloned());
    fields.push(("lines", lines(&entry.lines)));
    Value::Map(fields)
}

fn lines([old, new]: &[Vec<CauseLine>; 2]) -> Value {
    let one = |line: &CauseLine| {
        Value::Map(vec![
            ("path", Value::Text(line.path.clone())),
            ("line", Value::from(line.line)),
            ("text", Value::Text(line.text.clone())),
        ])
    };
    let list = |all: &[CauseLine]| Value::List(all.iter().map(one).collect());
    Value::Map(vec![("old", list(old)), ("new", list(new))])
}

/// Writes a comparison for people.
///
/// # Errors
/// Those of `out`.
pub fn write_text(comparison: &Comparison, color: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let mut paint = Paint::new(color, out);
    for device in &comparison.devices {
        write_device(device, &mut paint)?;
        paint.line(0, &[])?;
    }
    for (side, unread) in ["before", "after"].iter().zip(&comparison.unread) {
        for input in unread {
            let text = format!("not compared ({side}): {} is {}", input.path, input.status);
            paint.line(0, &[(Shade::Plain, &text)])?;
        }
    }
    paint.line(0, &[(Shade::Plain, &summary(comparison))])
}

fn summary(comparison: &Comparison) -> String {
    let count = |change: Change, verb: &str| {
        let number = comparison.devices.iter().filter(|one| one.change == change).count();
        (0 < number).then(|| format!("{number} {verb}"))
    };
    let parts: Vec<String> = [
        count(Change::Changed, "changed"),
        count(Change::Added, "added"),
        count(Change::Removed, "removed"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let [old, new] = comparison.n_devices;
    let devices = match (old, new) {
        (1, 1) => "1 device".to_owned(),
        (old, new) if old == new => format!("{new} devices"),
        (old, new) => format!("{old} devices before, {new} after"),
    };
    if parts.is_empty() {
        return format!("no differences in {devices}");
    }
    let sessions: usize = comparison.devices.iter().map(|one| one.sessions.len()).sum();
    let sessions = match sessions {
        0 => String::new(),
        1 => "; 1 session changed".to_owned(),
        count => format!("; {count} sessions changed"),
    };
    format!("{devices}: {}{sessions}", parts.join(", "))
}

fn sign(change: Change) -> (Shade, &'static str) {
    match change {
        Change::Added => (Shade::Added, "+"),
        Change::Removed => (Shade::Removed, "-"),
        Change::Changed => (Shade::Changed, "~"),
    }
}

fn write_device(device: &DeviceDiff, paint: &mut Paint<'_>) -> io::Result<()> {
    let paths = match &device.paths {
        [Some(old), Some(new)] if old == new => format!(" ({new})"),
        [Some(old), Some(new)] => format!(" ({old} -> {new})"),
        [Some(one), None] | [None, Some(one)] => format!(" ({one})"),
        [None, None] => String::new(),
    };
    let name = device.name.as_str();
    let (shade, _) = sign(device.change);
    match device.change {
        Change::Changed => paint.line(0, &[(Shade::Heading, name), (Shade::Plain, &paths)])?,
        change => {
            let word = if device.n_sessions == 1 { "session" } else { "sessions" };
            let rest = format!("{paths}: device {}, {} {word}", change.name(), device.n_sessions);
            paint.line(
                0,
                &[
                    (shade, sign(change).1),
                    (shade, " "),
                    (Shade::Heading, name),
                    (Shade::Plain, &rest),
                ],
            )?;
        }
    }
    write_entries(&device.entries, 2, paint)?;
    let mut told: Vec<&SessionDiff> = Vec::new();
    for session in &device.sessions {
        if told.iter().any(|other| is_alike(session, other)) {
            continue;
        }
        told.push(session);
        let alike = device.sessions.iter().filter(|other| is_alike(session, other));
        let neighbors: Vec<&str> = alike.map(|other| other.neighbor.as_str()).collect();
        write_session(session, &neighbors, paint)?;
    }
    Ok(())
}

/// Whether the same is to be told of two sessions: iBGP neighbors are sent one and the same.
fn is_alike(one: &SessionDiff, other: &SessionDiff) -> bool {
    (one.change, &one.vrf, &one.role, &one.circuit)
        == (other.change, &other.vrf, &other.role, &other.circuit)
        && one.entries == other.entries
        && one.lines == other.lines
}

/// Neighbors that are named, at most.
const MOST_NEIGHBORS: usize = 4;

fn write_session(
    session: &SessionDiff,
    neighbors: &[&str],
    paint: &mut Paint<'_>,
) -> io::Result<()> {
    let mut rest = String::new();
    if session.vrf.as_str() != "default" {
        rest.push_str(&format!(" in {}", session.vrf));
    }
    rest.push_str(&format!(" ({}", session.role));
    if let Some(circuit) = &session.circuit {
        rest.push_str(&format!(", circuit {circuit}"));
    }
    rest.push(')');
    let (shade, sign) = sign(session.change);
    let shown = neighbors.get(..MOST_NEIGHBORS).unwrap_or(neighbors).join(", ");
    let name = match neighbors.len() {
        1 => format!("neighbor {shown}"),
        count if count <= MOST_NEIGHBORS => format!("neighbors {shown}"),
        count => format!("neighbors {shown} and {} more", count - MOST_NEIGHBORS),
    };
    match session.change {
        Change::Changed => paint.line(2, &[(Shade::Heading, &name), (Shade::Plain, &rest)])?,
        change => {
            rest.push_str(&format!(": session {}", change.name()));
            let parts =
                [(shade, sign), (shade, " "), (Shade::Heading, &name), (Shade::Plain, &rest)];
            paint.line(2, &parts)?;
        }
    }
    write_causes(&session.lines, 8, paint)?;
    write_entries(&session.entries, 4, paint)
}

/// Entries under a heading for each subject.
fn write_entries(entries: &[Entry], indent: usize, paint: &mut Paint<'_>) -> io::Result<()> {
    let mut before = None;
    for entry in entries {
        if before != Some(entry.subject) {
            paint.line(indent, &[(Shade::Plain, heading(entry.subject))])?;
        }
        before = Some(entry.subject);
        let (shade, sign) = sign(entry.change);
        let doubt = if entry.certain { "" } else { " (as far as it is understood)" };
        let doubt = if entry.subject == Subject::NotUnderstood { "" } else { doubt };
        let parts =
            [(shade, sign), (shade, " "), (shade, entry.text.as_str()), (Shade::Plain, doubt)];
        paint.line(indent + 2, &parts)?;
        write_causes(&entry.lines, indent + 6, paint)?;
    }
    Ok(())
}

fn write_causes(
    [old, new]: &[Vec<CauseLine>; 2],
    indent: usize,
    paint: &mut Paint<'_>,
) -> io::Result<()> {
    for (lines, sign) in [(old, "- "), (new, "+ ")] {
        for line in lines {
            let place = format!("{}:{}: ", line.path, line.line);
            let parts =
                [(Shade::Quiet, sign), (Shade::Quiet, &*place), (Shade::Plain, line.text.as_str())];
            paint.line(indent, &parts)?;
        }
    }
    Ok(())
}

const fn heading(subject: Subject) -> &'static str {
    match subject {
        Subject::Setting => "settings",
        Subject::Announced => "is announced",
        Subject::Exportable => "would be let through, wherever it comes from",
        Subject::Accepted => "is accepted",
        Subject::Preferred => "is preferred differently",
        Subject::Translated => "sources are translated to",
        Subject::NotUnderstood => "not understood",
    }
}
