//! `[[override]]`: other settings for some devices, by name, path or tag.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use edgelint_engine::Override;
use globset::{Glob, GlobSet, GlobSetBuilder};
use toml::Spanned;

use crate::arguments::{Level, Sureness};
use crate::error::Failed;
use crate::excludes::Excludes;
use crate::inputs::Inputs;
use crate::settings::SettingsFile;
use crate::settings::document::{self, Texts};
use crate::suggest;

/// Settings and the devices they are for, before the inputs are known.
#[derive(Debug)]
pub(super) struct Scoped {
    devices: GlobSet,
    tagged: BTreeSet<String>,
    paths: Vec<String>,
    enabled: BTreeSet<&'static str>,
    levels: BTreeMap<&'static str, Level>,
    min_confidence: Option<Sureness>,
}

/// Reads the overrides; `tags` are devices by tag.
pub(super) fn read(
    file: &SettingsFile,
    overrides: &[document::Override],
    tags: &BTreeMap<String, Vec<String>>,
) -> Result<Vec<Scoped>, Failed> {
    overrides.iter().map(|one| scoped(file, one, tags)).collect()
}

fn scoped(
    file: &SettingsFile,
    written: &document::Override,
    tags: &BTreeMap<String, Vec<String>>,
) -> Result<Scoped, Failed> {
    let texts = |texts: &Option<Spanned<Texts>>| {
        let each = texts.as_ref().map(Texts::each).unwrap_or_default();
        each.into_iter().map(|(text, range)| (text.to_owned(), range)).collect::<Vec<_>>()
    };
    let mut devices = GlobSetBuilder::new();
    for (pattern, range) in texts(&written.device) {
        let wrong = |error: globset::Error| file.error(error.to_string(), range, None);
        devices.add(Glob::new(&pattern).map_err(wrong)?);
    }
    let mut tagged = BTreeSet::new();
    for (tag, range) in texts(&written.tag) {
        let Some(devices) = tags.get(&tag) else {
            let near = suggest::nearest(&tag, tags.keys().map(String::as_str));
            return Err(file.error(format!("no device has the tag `{tag}`"), range, near));
        };
        tagged.extend(devices.iter().cloned());
    }
    let mut paths = Vec::new();
    for (pattern, range) in texts(&written.path) {
        if let Err(error) = Excludes::new(&[], std::slice::from_ref(&pattern), None) {
            let message = match error {
                Failed::Usage(message) => message,
                _ => "bad pattern".to_owned(),
            };
            return Err(file.error(message, range, None));
        }
        paths.push(pattern);
    }
    let mut levels: BTreeMap<&'static str, Level> = BTreeMap::new();
    levels.extend(file.rules(&written.ignore)?.into_iter().map(|id| (id, Level::Off)));
    levels.extend(file.levels(&written.severity)?);
    let confidence = written.min_confidence.as_ref();
    Ok(Scoped {
        devices: devices.build().unwrap_or_default(),
        tagged,
        paths,
        enabled: file.rules(&written.select)?.into_iter().collect(),
        levels,
        min_confidence: confidence.map(|name| file.choice(name, "confidence")).transpose()?,
    })
}

impl Scoped {
    /// The override for these inputs.
    pub(super) fn of(&self, inputs: &Inputs, root: Option<&Path>) -> Result<Override, Failed> {
        let mut paths = BTreeSet::new();
        if !self.paths.is_empty() {
            let patterns = Excludes::new(&[], &self.paths, root)?;
            let covered = inputs.paths().filter(|(_, path)| patterns.covers(path, None, false));
            paths = covered.map(|(shown, _)| shown.to_owned()).collect();
        }
        let (devices, tagged) = (self.devices.clone(), self.tagged.clone());
        let off = self.levels.iter().filter(|(_, level)| **level == Level::Off);
        let severities = self.levels.iter();
        Ok(Override {
            covers: Arc::new(move |identity: Option<&str>, path: &str| {
                let named = |name: &str| devices.is_match(name) || tagged.contains(name);
                identity.is_some_and(named) || paths.contains(path)
            }),
            enabled: self.enabled.clone(),
            ignored: off.map(|(id, _)| *id).collect(),
            severities: severities
                .filter_map(|(id, level)| Some((*id, level.severity()?)))
                .collect(),
            min_confidence: self.min_confidence.map(Sureness::confidence),
        })
    }
}
