//! The list of inputs: what became of each, and how much of it was understood.

use edgelint_facts::{DeviceFacts, Input, InputStatus};
use edgelint_source::FileId;
use edgelint_source::view::{Counts, FileEntry, Plain, Status};

use crate::estate::Joined;

/// One entry a device, and one for each input that is none; sorted by path.
pub(crate) fn files(joined: &Joined<'_, '_>) -> Vec<FileEntry> {
    let devices = joined.network.devices.iter().map(|device| (device.file, of_device(device)));
    let inputs = joined.network.inputs.iter().map(|input| (input.file, of_input(input)));
    let unreadable =
        joined.unreadable.iter().map(|file| (*file, no_device("", Status::Unreadable)));
    let mut entries: Vec<(FileId, FileEntry)> = devices.chain(inputs).chain(unreadable).collect();
    // Files are numbered by path; devices of one file stay in its order.
    entries.sort_by_key(|(file, _)| *file);
    entries.into_iter().map(|(file, entry)| with_notes(file, entry, joined)).collect()
}

fn with_notes(file: FileId, mut entry: FileEntry, joined: &Joined<'_, '_>) -> FileEntry {
    if let Some(source) = joined.files.file(file) {
        entry.path = source.shown_path();
    }
    let load = joined.loads.get(file.0 as usize);
    entry.notes = load.and_then(|load| load.note.as_ref()).map(Plain::new).into_iter().collect();
    entry
}

/// The path is that of the file, and added with the notes on it.
fn of_device(facts: &DeviceFacts<'_>) -> FileEntry {
    FileEntry {
        path: Plain::default(),
        device: Some(facts.shown()),
        dialect: Some(facts.dialect),
        status: if facts.is_partial() { Status::Partial } else { Status::Ok },
        statements: facts.counts(),
        notes: Vec::new(),
    }
}

fn of_input(input: &Input) -> FileEntry {
    no_device(&input.path, status(&input.status))
}

/// What is the matter with an input that is no device.
pub(crate) const fn status(status: &InputStatus) -> Status {
    match status {
        InputStatus::Empty => Status::Empty,
        InputStatus::Binary => Status::Binary,
        InputStatus::Unrecognised { .. } => Status::Unrecognised,
        InputStatus::Unreadable => Status::Unreadable,
    }
}

fn no_device(path: &str, status: Status) -> FileEntry {
    FileEntry {
        path: Plain::new(path),
        device: None,
        dialect: None,
        status,
        statements: Counts::default(),
        notes: Vec::new(),
    }
}
