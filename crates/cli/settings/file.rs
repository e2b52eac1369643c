//! One settings file: its words checked, and what is wrong drawn where it stands.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::Range;

use clap::ValueEnum;
use edgelint_report::Notice;
use edgelint_source::printable::Masks;
use edgelint_source::view::{Label, Plain, Role, Severity};
use edgelint_source::{FileId, Files, Position, SourceText, Span};

use crate::arguments::Level;
use crate::error::{Failed, SettingsError};
use crate::select;
use crate::settings::document::{Document, Text};
use crate::settings::{Settings, estate, overrides};
use crate::suggest;

/// The text of a settings file, and the path by which it is shown.
#[derive(Clone, Debug)]
pub(crate) struct SettingsFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl SettingsFile {
    /// Reads and checks everything.
    pub(super) fn settings(self) -> Result<Settings, Failed> {
        let document: Document =
            toml::from_str(&self.text).map_err(|error| self.syntax_error(&error))?;
        let told = estate::read(&self, &document)?;
        let scoped = overrides::read(&self, &document.overrides, &told.tags)?;
        let fail_on = document.fail_on.as_ref();
        let min_confidence = document.min_confidence.as_ref();
        let select = document.rules.select.as_ref();
        Ok(Settings {
            root: None,
            select: select.map(|names| self.rules(names)).transpose()?,
            ignore: self.rules(&document.rules.ignore)?,
            severity: self.levels(&document.severity)?,
            fail_on: fail_on.map(|name| self.choice(name, "severity")).transpose()?,
            min_confidence: min_confidence
                .map(|name| self.choice(name, "confidence"))
                .transpose()?,
            exclude: document.exclude.iter().map(|glob| glob.get_ref().clone()).collect(),
            description: told.description,
            places: told.places,
            scoped,
            written: Some((self, document)),
        })
    }

    /// Severities by rule.
    pub(super) fn levels(
        &self,
        severity: &BTreeMap<Text, Text>,
    ) -> Result<BTreeMap<&'static str, Level>, Failed> {
        let mut levels = BTreeMap::new();
        for (rule, level) in severity {
            let level = self.choice::<Level>(level, "severity")?;
            for id in self.rule(rule)? {
                levels.insert(id, level);
            }
        }
        Ok(levels)
    }

    /// The rules that names stand for.
    pub(super) fn rules(&self, names: &[Text]) -> Result<Vec<&'static str>, Failed> {
        let found: Vec<Vec<_>> =
            names.iter().map(|name| self.rule(name)).collect::<Result<_, _>>()?;
        Ok(found.concat())
    }

    fn rule(&self, name: &Text) -> Result<Vec<&'static str>, Failed> {
        let text = name.get_ref();
        select::rules_named(text).ok_or_else(|| {
            let near = suggest::nearest(text, select::ids());
            self.error(format!("no rule `{text}`"), name.span(), near)
        })
    }

    /// One of the words of a flag.
    pub(super) fn choice<T: ValueEnum>(&self, name: &Text, what: &str) -> Result<T, Failed> {
        let values: Vec<_> = T::value_variants()
            .iter()
            .filter_map(|value| Some((value.to_possible_value()?, value)))
            .collect();
        let known: Vec<(&str, T)> =
            values.iter().map(|(name, value)| (name.get_name(), (*value).clone())).collect();
        self.word(name, what, &known)
    }

    /// One of some words.
    pub(super) fn word<T: Clone>(
        &self,
        name: &Text,
        what: &str,
        known: &[(&str, T)],
    ) -> Result<T, Failed> {
        let text = name.get_ref();
        let found = known.iter().find(|(word, _)| *word == text.as_str());
        found.map(|(_, value)| value.clone()).ok_or_else(|| {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            let message = format!("no {what} `{text}`: it is one of {}", words.join(", "));
            self.error(message, name.span(), suggest::nearest(text, words))
        })
    }

    /// A name that has something in it.
    pub(super) fn not_empty<'n>(&self, name: &'n Text) -> Result<&'n str, Failed> {
        match name.get_ref().trim() {
            "" => Err(self.error("there is no name here".to_owned(), name.span(), None)),
            _ => Ok(name.get_ref()),
        }
    }

    /// An address.
    pub(super) fn address(&self, text: &Text) -> Result<IpAddr, Failed> {
        text.get_ref().parse().map_err(|_| {
            let message = format!("`{}` is not an address such as 192.0.2.1", text.get_ref());
            self.error(message, text.span(), None)
        })
    }

    /// The parser's message, and for an unknown key the one that was probably meant: the parser
    /// quotes the unknown key first and then those it knows.
    fn syntax_error(&self, error: &toml::de::Error) -> Failed {
        let message = error.message().trim_end();
        let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        let near = match quoted.split_first() {
            Some((name, known)) if message.starts_with("unknown field") => {
                suggest::nearest(name, known.iter().copied())
            }
            _ => None,
        };
        self.error(message.to_owned(), error.span().unwrap_or(0..0), near)
    }

    /// What is wrong at a place, and what was probably meant.
    pub(super) fn error(&self, message: String, range: Range<usize>, near: Option<&str>) -> Failed {
        let (files, label) = self.place(range);
        let notes = near.map(|near| format!("help: did you mean `{near}`?"));
        let notes = notes.into_iter().collect();
        Failed::Settings(Box::new(SettingsError { files, message, label, notes }))
    }

    /// Draws something the user should know that changes no exit code.
    pub(super) fn warn(&self, message: &str, range: Range<usize>, color: bool) {
        let (files, label) = self.place(range);
        let message = Plain::new(message);
        let notice = Notice {
            severity: Severity::Warning,
            code: None,
            message: message.as_str(),
            labels: &[label],
            notes: &[],
        };
        // Nobody is left to hear that stderr is closed.
        let _ = edgelint_report::notice::write(&notice, &files, color, &mut std::io::stderr());
    }

    fn place(&self, range: Range<usize>) -> (Files, Label) {
        let source = SourceText::new(self.path.clone(), self.text.clone());
        source.set_masks(Masks::default());
        let files = Files::new(vec![source]);
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let span = Span::new(FileId(0), offset(range.start), offset(range.end));
        let place = |offset: u32| {
            let start = Position { line: 1, column: 1, offset: 0 };
            files.file(FileId(0)).map_or(start, |file| file.position(offset))
        };
        let label = Label {
            span,
            path: Plain::new(&self.path),
            device: None,
            role: Role::Primary,
            message: Plain::new("here"),
            start: place(span.start),
            end: place(span.end),
        };
        (files, label)
    }

    /// The line in which a byte stands.
    pub(crate) fn line(&self, at: usize) -> u32 {
        let before = self.text.as_bytes().iter().take(at);
        let ends = before.filter(|byte| **byte == b'\n').count();
        u32::try_from(ends).unwrap_or(u32::MAX).saturating_add(1)
    }
}
