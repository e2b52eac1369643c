//! Findings as a rule drafts them, and the two doors through which it does.

use std::borrow::Cow;
use std::collections::BTreeSet;

use edgelint_facts::vocabulary::{Change, Remedy};
use edgelint_facts::{CircuitId, DeviceId, Network, SessionId};
use edgelint_prefix::Family;
use edgelint_source::Span;
use edgelint_source::view::{Confidence, Role, Severity};

/// What a rule says: often the same of all devices, and then its own words.
pub type Text = Cow<'static, str>;

/// A labelled place of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftLabel {
    /// The place.
    pub span: Span,
    /// The fault itself or what makes it one.
    pub role: Role,
    /// What is to be seen there.
    pub text: Text,
}

/// A finding as a rule states it, before settings and before anything is made printable.
#[derive(Clone, Debug)]
pub struct Draft {
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// One sentence without a full stop.
    pub message: Text,
    /// Facts that help to judge it.
    pub notes: Vec<Text>,
    /// What to do.
    pub help: Option<Text>,
    /// Devices involved, in any order.
    pub devices: Vec<DeviceId>,
    /// Circuits involved, in any order.
    pub circuits: Vec<CircuitId>,
    /// Witnesses: prefixes or addresses.
    pub prefixes: Vec<String>,
    /// A symbolic path that stays when lines move.
    pub object: String,
    /// Places; the first primary one is where the finding is listed.
    pub labels: Vec<DraftLabel>,
    /// Further places, of which a reader would get lost.
    pub more: Vec<Span>,
    /// What devices could be told to mend it: all of it, or it is not mended.
    pub remedies: Vec<(DeviceId, Remedy)>,
    /// What the remedies decide that only the owner can decide; said where they can be written.
    pub decision: Option<Text>,
    /// All places so far, once they are too many to look through the labels.
    seen: BTreeSet<Span>,
}

/// More places than this are not shown: what thousands of devices share is understood from a few.
const MOST_LABELS: usize = 48;

/// A block that a rule searched without finding what it wanted.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// The statement that opens it, or stands for it.
    pub at: Span,
    /// Statements of the block that were not understood.
    pub blind: &'a [Span],
}

/// Where a rule puts its findings.
#[derive(Debug, Default)]
pub struct Findings {
    drafts: Vec<Draft>,
}

impl Findings {
    /// No findings yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A finding about something that is there: `message` says what is wrong with what stands at
    /// `at`, and `label` what is to be seen there. Certain, and an error, unless the rule says less.
    pub fn presence(
        &mut self,
        at: Span,
        message: impl Into<Text>,
        label: impl Into<Text>,
    ) -> &mut Draft {
        let draft = Draft {
            severity: Severity::Error,
            confidence: Confidence::Certain,
            message: message.into(),
            notes: Vec::new(),
            help: None,
            devices: Vec::new(),
            circuits: Vec::new(),
            prefixes: Vec::new(),
            object: String::new(),
            labels: vec![DraftLabel { span: at, role: Role::Primary, text: label.into() }],
            more: Vec::new(),
            remedies: Vec::new(),
            decision: None,
            seen: BTreeSet::new(),
        };
        self.drafts.push(draft);
        let last = self.drafts.len() - 1;
        &mut self.drafts[last]
    }

    /// A finding about something that is missing in `block`. Where a statement of the block was not
    /// understood, the finding is only possible and shows that statement.
    pub fn absence(
        &mut self,
        block: Block<'_>,
        message: impl Into<Text>,
        label: impl Into<Text>,
    ) -> &mut Draft {
        let draft = self.presence(block.at, message, label);
        if let Some(blind) = block.blind.first() {
            draft.confidence = Confidence::Possible;
            draft.context(*blind, "this was not understood, and may be what is missing");
            if block.blind.len() > 1 {
                let others = block.blind.len() - 1;
                draft.note(format!("{others} more statements of the block were not understood"));
            }
        }
        draft
    }

    /// All drafts, in the order in which they were made.
    pub fn into_drafts(self) -> Vec<Draft> {
        self.drafts
    }
}

impl Draft {
    /// Sets how bad it is.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Makes it no surer than this.
    pub fn at_most(&mut self, confidence: Confidence) -> &mut Self {
        self.confidence = self.confidence.min(confidence);
        self
    }

    /// One severity milder, and a note that says why: for what rests on an inference.
    pub fn lowered(&mut self, why: impl Into<Text>) -> &mut Self {
        self.severity = self.severity.lowered();
        self.at_most(Confidence::Likely).note(why)
    }

    /// Adds a fact that helps to judge it.
    pub fn note(&mut self, note: impl Into<Text>) -> &mut Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to do.
    pub fn help(&mut self, help: impl Into<Text>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Says what the devices of sessions are to be told in a family, so that it is mended; all that is said so belongs
    /// together.
    pub fn remedy(
        &mut self,
        network: &Network<'_>,
        (sessions, family): (&[SessionId], Family),
        change: &Change,
    ) -> &mut Self {
        self.remedies.extend(network.remedies(sessions, family, change));
        self
    }

    /// Says which decision of the owner's the remedies take.
    pub fn decision(&mut self, taken: impl Into<Text>) -> &mut Self {
        self.decision = Some(taken.into());
        self
    }

    /// Shows another place that is at fault.
    pub fn primary(&mut self, at: Span, text: impl Into<Text>) -> &mut Self {
        self.label(at, Role::Primary, text.into())
    }

    /// Shows a place that explains it.
    pub fn context(&mut self, at: Span, text: impl Into<Text>) -> &mut Self {
        self.label(at, Role::Context, text.into())
    }

    /// Names a device that is involved.
    pub fn device(&mut self, device: DeviceId) -> &mut Self {
        self.devices.push(device);
        self
    }

    /// Names a circuit that is involved.
    pub fn circuit(&mut self, circuit: CircuitId) -> &mut Self {
        self.circuits.push(circuit);
        self
    }

    /// Adds witnesses.
    pub fn witnesses<T: ToString>(&mut self, prefixes: impl IntoIterator<Item = T>) -> &mut Self {
        self.prefixes.extend(prefixes.into_iter().map(|prefix| prefix.to_string()));
        self
    }

    /// Says what it is about, as a symbolic path.
    pub fn object(&mut self, object: impl Into<String>) -> &mut Self {
        self.object = object.into();
        self
    }

    /// A place is shown once: the first label that speaks of it stays.
    fn label(&mut self, span: Span, role: Role, text: Text) -> &mut Self {
        if self.labels.len() < MOST_LABELS {
            if self.labels.iter().all(|label| label.span != span) {
                self.labels.push(DraftLabel { span, role, text });
            }
            return self;
        }
        if self.seen.is_empty() {
            self.seen.extend(self.labels.iter().map(|label| label.span));
        }
        if self.seen.insert(span) {
            self.more.push(span);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use edgelint_source::{FileId, Span};

    use super::{Findings, MOST_LABELS};

    #[test]
    fn places_are_shown_once_and_not_by_the_thousand() {
        let place = |number| Span::new(FileId(number), 0, 1);
        let mut found = Findings::new();
        let draft = found.presence(place(0), "shared", "here");
        for number in (0..5_000).chain(0..5_000) {
            draft.primary(place(number), "here too");
        }
        assert_eq!((draft.labels.len(), draft.more.len()), (MOST_LABELS, 5_000 - MOST_LABELS));
        assert_eq!(draft.more.last(), Some(&place(4_999)));
    }
}
