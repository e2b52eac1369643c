//! From inputs to a network: read, decode, tell the dialect, understand, join.
//!
//! Texts have to live as long as the devices that borrow from them, so this goes in two steps: all
//! texts are loaded and kept ([`Estate`]), then devices are built on top of them and handed to a
//! closure ([`Estate::joined`]) that makes plain values of them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use edgelint_dialects::examine::{Examined, Room, examine};
use edgelint_facts::described::{Description, Directory};
use edgelint_facts::{DeviceFacts, Input, InputStatus, Network};
use edgelint_source::decode::{Content, decode};
use edgelint_source::printable::Masks;
use edgelint_source::{Arena, FileId, Files, SourceText, Span};
use rayon::prelude::*;

use crate::{Failure, Run, signs};

/// The texts of a run and what became of each input so far.
pub(crate) struct Estate {
    files: Files,
    loads: Vec<Load>,
}

/// What reading an input gave.
pub(crate) struct Load {
    /// Number of bytes.
    bytes: u64,
    /// A remark on it.
    pub(crate) note: Option<String>,
    state: LoadState,
}

enum LoadState {
    Text,
    Empty,
    Binary,
    Unreadable(String),
    Broken,
}

/// A network with the texts and inputs that it was made of.
pub(crate) struct Joined<'j, 't> {
    /// The network.
    pub(crate) network: &'j Network<'t>,
    /// The texts.
    pub(crate) files: &'t Files,
    /// The inputs, by file.
    pub(crate) loads: &'j [Load],
    /// Inputs that no rule hears of, because they fail the run: they are listed only.
    pub(crate) unreadable: &'j [FileId],
    /// Bytes read.
    pub(crate) bytes: u64,
}

/// What became of all texts.
struct Understood<'t> {
    devices: Vec<DeviceFacts<'t>>,
    inputs: Vec<Input>,
    failures: Vec<Failure>,
    unreadable: Vec<FileId>,
}

/// What became of one text.
enum Reading<'t> {
    Devices(Vec<DeviceFacts<'t>>),
    None(Input),
    Broken,
}

impl Estate {
    /// Reads and decodes all inputs.
    pub(crate) fn load<R, P>(run: &Run<'_, R, P>) -> Self
    where
        R: Fn(usize) -> Result<Vec<u8>, String> + Sync,
        P: Fn() + Sync,
    {
        let loaded: Vec<(SourceText, Load)> = run
            .inputs
            .par_iter()
            .enumerate()
            .map(|(index, input)| {
                let (text, load) = catch_unwind(AssertUnwindSafe(|| load((run.read)(index))))
                    .unwrap_or((String::new(), Load::of(LoadState::Broken)));
                (SourceText::new(input.path.as_str(), text), load)
            })
            .collect();
        let (texts, loads) = loaded.into_iter().unzip();
        Self { files: Files::new(texts), loads }
    }

    /// Understands all texts, joins the devices, and calls `then` with what came out. Returns its
    /// result, and all failures in the order of inputs and rules.
    pub(crate) fn joined<R, P, T>(
        &self,
        run: &Run<'_, R, P>,
        then: impl FnOnce(&Joined<'_, '_>) -> (T, Vec<Failure>),
    ) -> (T, Vec<Failure>)
    where
        R: Fn(usize) -> Result<Vec<u8>, String> + Sync,
        P: Fn() + Sync,
    {
        let directory = Directory::of(&run.description);
        let mut arenas: Vec<Arena> = run.inputs.iter().map(|_| Arena::new()).collect();
        let Understood { devices, inputs, mut failures, unreadable } =
            self.understand(run, &|_| &directory, &mut arenas);
        let network = Network::join(devices, inputs, run.description.clone());
        let joined = self.view(&network, &unreadable);
        let (result, more) = then(&joined);
        failures.extend(more);
        // Giving back what thousands of devices took is work, too.
        let (devices, sessions) = (network.devices, network.sessions);
        rayon::join(
            || devices.into_par_iter().for_each(drop),
            || sessions.into_par_iter().for_each(drop),
        );
        (result, failures)
    }

    /// The same for two estates in one run: the first `split` inputs, and the rest, with a description each.
    pub(crate) fn joined_apart<R, P, T>(
        &self,
        run: &Run<'_, R, P>,
        split: FileId,
        descriptions: [Description; 2],
        then: impl FnOnce([&Joined<'_, '_>; 2]) -> T,
    ) -> (T, Vec<Failure>)
    where
        R: Fn(usize) -> Result<Vec<u8>, String> + Sync,
        P: Fn() + Sync,
    {
        let mut arenas: Vec<Arena> = run.inputs.iter().map(|_| Arena::new()).collect();
        let directories = descriptions.each_ref().map(Directory::of);
        let [first, second] = &directories;
        let describing = |file: FileId| if file < split { first } else { second };
        let Understood { devices, inputs, failures, unreadable } =
            self.understand(run, &describing, &mut arenas);
        let (old_devices, new_devices) =
            devices.into_iter().partition(|device| device.file < split);
        let (old_inputs, new_inputs) = inputs.into_iter().partition(|input| input.file < split);
        let [before, after] = &descriptions;
        let old = Network::join(old_devices, old_inputs, before.clone());
        let new = Network::join(new_devices, new_inputs, after.clone());
        let result = then([&self.view(&old, &unreadable), &self.view(&new, &unreadable)]);
        (result, failures)
    }

    fn view<'j, 't>(&'t self, network: &'j Network<'t>, unreadable: &'j [FileId]) -> Joined<'j, 't>
    where
        't: 'j,
    {
        let bytes = self.loads.iter().map(|load| load.bytes).sum();
        Joined { network, files: &self.files, loads: &self.loads, unreadable, bytes }
    }

    /// Reads all devices, in parallel; `describing` knows the description of a file's estate.
    fn understand<'t, 'd, R, P>(
        &'t self,
        run: &Run<'_, R, P>,
        describing: &(dyn Fn(FileId) -> &'d Directory<'d> + Sync),
        arenas: &'t mut [Arena],
    ) -> Understood<'t>
    where
        R: Fn(usize) -> Result<Vec<u8>, String> + Sync,
        P: Fn() + Sync,
    {
        let readings: Vec<Reading<'_>> = arenas
            .par_iter_mut()
            .zip(self.loads.par_iter())
            .enumerate()
            .map_init(Room::default, |room, (index, (arena, load))| {
                let file = FileId(u32::try_from(index).unwrap_or(u32::MAX));
                let directory = describing(file);
                let read =
                    AssertUnwindSafe(|| self.read((index, load), run, directory, (arena, room)));
                let reading = catch_unwind(read).unwrap_or(Reading::Broken);
                (run.progress)();
                reading
            })
            .collect();
        let mut read = Understood {
            devices: Vec::with_capacity(readings.len()),
            inputs: Vec::new(),
            failures: Vec::new(),
            unreadable: Vec::new(),
        };
        for ((file, input), reading) in (0..).map(FileId).zip(run.inputs).zip(readings) {
            let path = input.path.clone();
            match reading {
                Reading::Devices(devices) => read.devices.extend(devices),
                Reading::Broken => {
                    read.failures.push(Failure::Reading { path });
                    read.unreadable.push(file);
                }
                Reading::None(one) if one.status == InputStatus::Unreadable && one.named => {
                    read.failures.push(Failure::Unreadable { path, reason: self.reason(file) });
                    read.unreadable.push(file);
                }
                Reading::None(one) => read.inputs.push(one),
            }
        }
        read
    }

    /// The texts, when nothing borrows from them any more.
    pub(crate) fn into_files(self) -> Files {
        self.files
    }

    fn reason(&self, file: FileId) -> String {
        match self.loads.get(file.0 as usize).map(|load| &load.state) {
            Some(LoadState::Unreadable(reason)) => reason.clone(),
            _ => String::new(),
        }
    }

    /// Tells what a text is, reads its devices, and says what of it must not be printed.
    fn read<'t, R, P>(
        &'t self,
        (index, load): (usize, &Load),
        run: &Run<'_, R, P>,
        directory: &Directory<'_>,
        (arena, room): (&'t Arena, &mut Room),
    ) -> Reading<'t> {
        let file = FileId(u32::try_from(index).unwrap_or(u32::MAX));
        let (Some(source), Some(input)) = (self.files.file(file), run.inputs.get(index)) else {
            return Reading::Broken;
        };
        let none = |status, looks_like_configuration| Input {
            file,
            path: input.path.clone(),
            status,
            named: input.named,
            looks_like_configuration,
            at: None,
        };
        match &load.state {
            LoadState::Text => {}
            LoadState::Empty => {
                return Reading::None(none(InputStatus::Empty, signs::empty_export(&input.path)));
            }
            LoadState::Binary => {
                return Reading::None(none(InputStatus::Binary, signs::binary_export(&input.path)));
            }
            LoadState::Unreadable(_) => return Reading::None(none(InputStatus::Unreadable, false)),
            LoadState::Broken => return Reading::Broken,
        }
        let forced = run.dialect.and_then(edgelint_dialects::dialect);
        match examine(file, (&input.path, source.text()), forced, (arena, room)) {
            Examined::Devices(devices) => {
                let facts: Vec<DeviceFacts<'t>> = devices
                    .into_iter()
                    .map(|device| DeviceFacts::build(device, input.path.as_str(), directory))
                    .collect();
                source.set_masks(masks(&facts));
                Reading::Devices(facts)
            }
            Examined::Unrecognised { candidates, foreign, at } => {
                let signs = foreign.is_some()
                    || !candidates.is_empty()
                    || signs::text_export(&input.path, source.text());
                let status = InputStatus::Unrecognised { candidates, foreign };
                Reading::None(Input { at, ..none(status, signs) })
            }
        }
    }
}

/// What must not be printed of the text of these devices.
fn masks(facts: &[DeviceFacts<'_>]) -> Masks {
    let ranges = |spans: Vec<Span>| spans.into_iter().map(|span| (span.start, span.end)).collect();
    let secrets = facts.iter().flat_map(|facts| facts.device.secrets.iter().copied()).collect();
    let blind = facts.iter().flat_map(|facts| {
        let unknown = facts.device.coverage.unknown.iter().map(|unknown| unknown.at);
        unknown.chain(facts.device.free_text.iter().copied())
    });
    Masks::new(ranges(secrets), ranges(blind.collect()))
}

impl Load {
    const fn of(state: LoadState) -> Self {
        Self { bytes: 0, note: None, state }
    }
}

fn load(bytes: Result<Vec<u8>, String>) -> (String, Load) {
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(reason) => {
            let note = Some(reason.clone());
            return (String::new(), Load { note, ..Load::of(LoadState::Unreadable(reason)) });
        }
    };
    let count = bytes.len() as u64;
    let decoded = decode(bytes);
    let note = decoded.note().map(ToOwned::to_owned);
    let state = match &decoded.content {
        Content::Text(_) => LoadState::Text,
        Content::Empty => LoadState::Empty,
        Content::Binary => LoadState::Binary,
    };
    (decoded.into_text().unwrap_or_default(), Load { bytes: count, note, state })
}
