//! What settings say for some devices only.
//!
//! A finding mostly speaks of several devices. It is silenced or lowered only where all of them are
//! covered: a fault between a laboratory and the rest of the estate is a fault of the estate. It is
//! raised, or let through, where any of them is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use edgelint_rules::Draft;
use edgelint_source::view::{Confidence, Severity};

use crate::Selection;
use crate::estate::Joined;
use crate::findings::device_at;

/// Whether a device of that name (none for an input that is no device), in a file of that path as
/// it is shown, is covered.
pub type Covers = Arc<dyn Fn(Option<&str>, &str) -> bool + Send + Sync>;

/// Other settings for the devices that it covers.
#[derive(Clone)]
pub struct Override {
    /// Whether it covers a device.
    pub covers: Covers,
    /// Ids of rules that run there.
    pub enabled: BTreeSet<&'static str>,
    /// Ids of rules that do not.
    pub ignored: BTreeSet<&'static str>,
    /// Severities there, by id.
    pub severities: BTreeMap<&'static str, Severity>,
    /// How sure a finding has to be there.
    pub min_confidence: Option<Confidence>,
}

impl fmt::Debug for Override {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Override")
            .field("enabled", &self.enabled)
            .field("ignored", &self.ignored)
            .field("severities", &self.severities)
            .field("min_confidence", &self.min_confidence)
            .finish_non_exhaustive()
    }
}

/// Whether a rule may have something to say on any device.
pub(crate) fn may_run(selection: &Selection, id: &str) -> bool {
    selection.enabled.contains(id) || selection.overrides.iter().any(|one| one.enabled.contains(id))
}

/// The severity with which a draft is reported; `None` where settings leave it out.
pub(crate) fn severity(
    rule: &'static str,
    draft: &Draft,
    joined: &Joined<'_, '_>,
    selection: &Selection,
) -> Option<Severity> {
    let mut runs = selection.enabled.contains(rule);
    let mut severity = selection.severities.get(rule).copied().unwrap_or(draft.severity);
    let mut least = selection.min_confidence;
    if !selection.overrides.is_empty() {
        let places = places(draft, joined);
        for one in &selection.overrides {
            let covered = places.iter().filter(|(identity, path)| (one.covers)(*identity, path));
            let covered = covered.count();
            if covered == 0 {
                continue;
            }
            let all = covered == places.len();
            runs |= one.enabled.contains(rule);
            runs &= !(all && one.ignored.contains(rule));
            let said = one.severities.get(rule).filter(|said| all || severity < **said);
            severity = said.copied().unwrap_or(severity);
            least = one.min_confidence.filter(|said| all || *said < least).unwrap_or(least);
        }
    }
    (runs && least <= draft.confidence).then_some(severity)
}

/// The devices that a draft speaks of, and the inputs that are none.
fn places<'j>(draft: &Draft, joined: &Joined<'j, '_>) -> BTreeSet<(Option<&'j str>, &'j str)> {
    let network = joined.network;
    let mut places = BTreeSet::new();
    for id in &draft.devices {
        let device = network.device(*id);
        places.insert((Some(device.identity.as_str()), device.path.as_str()));
    }
    for span in draft.labels.iter().map(|label| label.span).chain(draft.more.iter().copied()) {
        let path = joined.files.file(span.file).map_or("", |file| file.path());
        let device = device_at(span, joined);
        places.insert((device.map(|device| device.identity.as_str()), path));
    }
    places
}
