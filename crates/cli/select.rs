//! Which rules run, and how bad what they find is: flags and settings put together.
//!
//! Flags beat the file. `--select` takes the place of the file's selection, its ignored rules
//! included; `--ignore` and `--severity` change single rules.

use std::collections::{BTreeMap, BTreeSet};

use clap::ValueEnum;
use edgelint_engine::{Override, Selection};
use edgelint_source::view::Confidence;

use crate::arguments::{Check, Level};
use crate::error::Failed;
use crate::inputs::Inputs;
use crate::settings::Settings;
use crate::suggest;

/// The name that stands for every rule.
pub(crate) const ALL: &str = "all";

/// Ids of all rules, sorted.
pub(crate) fn ids() -> impl Iterator<Item = &'static str> + Clone {
    edgelint_engine::rules().iter().map(|rule| rule.id)
}

/// The rules a name stands for: itself, or every one.
pub(crate) fn rules_named(name: &str) -> Option<Vec<&'static str>> {
    if name == ALL {
        return Some(ids().collect());
    }
    ids().find(|id| *id == name).map(|id| vec![id])
}

/// The word for a choice of a flag.
pub(crate) fn word<T: ValueEnum>(choice: T) -> String {
    choice.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

/// The rules a flag names.
pub(crate) fn rule_of_flag(name: &str) -> Result<Vec<&'static str>, Failed> {
    rules_named(name).ok_or_else(|| {
        let hint = suggest::hint(name, ids());
        Failed::Usage(format!("no rule `{name}`{hint} (`edgelint rules` lists them)"))
    })
}

/// What runs. The paths to report on are left open.
pub(crate) fn selection(flags: &Check, settings: &Settings) -> Result<Selection, Failed> {
    let selected = named(&flags.select)?;
    let ignored = named(&flags.ignore)?;
    let mut levels: BTreeMap<&'static str, Level> = settings.severity.clone();
    if !flags.select.is_empty() {
        levels.retain(|id, level| *level != Level::Off || !selected.contains(id));
    }
    for (name, level) in &flags.severity {
        levels.extend(rule_of_flag(name)?.into_iter().map(|id| (id, *level)));
    }
    let mut enabled: BTreeSet<&'static str> = match &settings.select {
        _ if !flags.select.is_empty() => selected,
        Some(select) => select.iter().copied().collect(),
        None => ids().collect(),
    };
    if flags.select.is_empty() {
        enabled.retain(|id| !settings.ignore.contains(id));
    }
    enabled.retain(|id| !ignored.contains(id) && levels.get(id) != Some(&Level::Off));
    let severities = levels.into_iter().filter_map(|(id, level)| Some((id, level.severity()?)));
    let sureness = flags.min_confidence.or(settings.min_confidence);
    Ok(Selection {
        enabled,
        severities: severities.collect(),
        min_confidence: sureness.map_or(Confidence::Possible, |sureness| sureness.confidence()),
        report_only: None,
        overrides: Vec::new(),
    })
}

/// The settings for some devices, as far as flags do not say otherwise.
pub(crate) fn overrides(
    flags: &Check,
    settings: &Settings,
    inputs: &Inputs,
) -> Result<Vec<Override>, Failed> {
    let ignored = named(&flags.ignore)?;
    let mut levels: BTreeSet<&'static str> = BTreeSet::new();
    for (name, _) in &flags.severity {
        levels.extend(rule_of_flag(name)?);
    }
    let mut overrides = settings.overrides(inputs)?;
    for one in &mut overrides {
        one.enabled
            .retain(|id| flags.select.is_empty() && !ignored.contains(id) && !levels.contains(id));
        one.severities.retain(|id, _| !levels.contains(id));
        one.min_confidence = one.min_confidence.filter(|_| flags.min_confidence.is_none());
    }
    Ok(overrides)
}

fn named(names: &[String]) -> Result<BTreeSet<&'static str>, Failed> {
    let found: Vec<Vec<_>> =
        names.iter().map(|name| rule_of_flag(name)).collect::<Result<_, _>>()?;
    Ok(found.into_iter().flatten().collect())
}
