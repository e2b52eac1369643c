//! `edgelint.toml`: found, read, checked.
//!
//! The file holds for the whole run, because rules compare devices with each other: it is looked
//! for from the inputs' common directory upward, and the nearest one counts. A key or a name that
//! does not exist is an error drawn on the file: a slip that silently changes nothing is the
//! worst answer a linter can give.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use edgelint_engine::described::{DescribedDevice, Description, Unmatched};
use edgelint_engine::{Outline, Override};

use crate::arguments::{Color, FailOn, Input, Level, Sureness};
use crate::error::Failed;
use crate::inputs::Inputs;

pub(crate) mod document;
mod estate;
mod file;
mod origin;
mod overrides;
mod schema;
mod unmatched;

use document::Document;
use estate::Places;
pub(crate) use file::SettingsFile;
use overrides::Scoped;

/// The name of the file.
pub(crate) const NAME: &str = "edgelint.toml";

/// What a settings file says; nothing where there is none.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// The directory it lies in, resolved.
    pub(crate) root: Option<PathBuf>,
    /// Rules to run.
    pub(crate) select: Option<Vec<&'static str>>,
    /// Rules not to run.
    pub(crate) ignore: Vec<&'static str>,
    /// Severities by rule.
    pub(crate) severity: BTreeMap<&'static str, Level>,
    /// The threshold of the exit code.
    pub(crate) fail_on: Option<FailOn>,
    /// How sure findings have to be.
    pub(crate) min_confidence: Option<Sureness>,
    /// Paths to leave out.
    pub(crate) exclude: Vec<String>,
    /// The file itself, and what it says as it is written.
    pub(crate) written: Option<(SettingsFile, Document)>,
    /// What is said about the estate; devices by the paths of their files come with the inputs.
    description: Description,
    places: Places,
    scoped: Vec<Scoped>,
}

impl Settings {
    /// The settings of a run: those that were named, or the nearest ones above `start`.
    pub(crate) fn of(input: &Input, start: &Path) -> Result<Self, Failed> {
        let found = match &input.config {
            _ if input.isolated => None,
            Some(path) => Some(path.clone()),
            None => nearest(start),
        };
        found.map_or_else(|| Ok(Self::default()), |path| read(&path))
    }

    /// What a text says that is no file.
    pub(crate) fn of_text(path: &str, text: String) -> Result<Self, Failed> {
        SettingsFile { path: path.to_owned(), text }.settings()
    }

    /// The estate as it is described, for these inputs: paths of devices are as inputs are shown.
    pub(crate) fn description(&self, inputs: &Inputs) -> Description {
        let mut description = self.description.clone();
        if !self.places.devices.is_empty() {
            let resolved = inputs.resolved();
            let devices = self.places.devices.iter().filter_map(|(name, path, _)| {
                let shown = resolved.get(&self.below_root(path))?;
                Some(DescribedDevice { name: name.clone(), path: (*shown).to_owned() })
            });
            description.devices = devices.collect();
            description.devices.sort_by(|a, b| a.path.cmp(&b.path));
        }
        description
    }

    /// A path of the file, seen from its directory.
    fn below_root(&self, path: &str) -> PathBuf {
        let full = self.root.as_deref().unwrap_or(Path::new("")).join(path);
        fs::canonicalize(&full).unwrap_or(full)
    }

    /// The settings for some devices, for these inputs.
    pub(crate) fn overrides(&self, inputs: &Inputs) -> Result<Vec<Override>, Failed> {
        self.scoped.iter().map(|scoped| scoped.of(inputs, self.root.as_deref())).collect()
    }

    /// Says what is described and not there: in one line what may only be left out of this run, drawn
    /// on the file what must be a slip.
    pub(crate) fn tell_unmatched(&self, unmatched: &[Unmatched], color: Color) {
        if let Some((file, _)) = &self.written {
            unmatched::tell(file, &self.places, unmatched, color);
        }
    }

    /// Draws everything that is described and that these inputs do not have.
    pub(crate) fn draw_unmatched(&self, outline: &Outline, inputs: &Inputs, color: Color) {
        let Some((file, document)) = &self.written else { return };
        unmatched::draw(file, &self.places, &outline.unmatched, color);
        let resolved = inputs.resolved();
        let absent = |path: &str| !resolved.contains_key(&self.below_root(path));
        unmatched::draw_devices(file, document, (&outline.devices, &absent), color);
    }
}

/// The settings file in `start` or the nearest directory above it.
pub(crate) fn nearest(start: &Path) -> Option<PathBuf> {
    start.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
}

fn read(path: &Path) -> Result<Settings, Failed> {
    #[expect(clippy::disallowed_methods, reason = "the command line reads the settings")]
    let text = fs::read_to_string(path).map_err(|error| Failed::read(path, &error))?;
    let mut settings = Settings::of_text(&shown(path), text)?;
    let full = fs::canonicalize(path).map_err(|error| Failed::read(path, &error))?;
    settings.root = full.parent().map(Path::to_path_buf);
    Ok(settings)
}

/// The path as seen from the current directory, if it lies below it.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok().and_then(|here| fs::canonicalize(here).ok());
    let below = here.and_then(|here| path.strip_prefix(here).ok());
    below.unwrap_or(path).display().to_string()
}
