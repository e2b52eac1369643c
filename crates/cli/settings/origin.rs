//! Where settings come from: the lines of the file that say them.

use toml::{Table, Value};

use crate::select;
use crate::settings::Settings;
use crate::settings::document::{Override, Text};

impl Settings {
    /// The value of a key as it is written.
    pub(crate) fn value(&self, key: &[&str]) -> Option<Value> {
        let (file, _) = self.written.as_ref()?;
        let table: Table = toml::from_str(&file.text).ok()?;
        let (last, tables) = key.split_last()?;
        let mut table = &table;
        for name in tables {
            table = table.get(*name)?.as_table()?;
        }
        table.get(*last).cloned()
    }

    /// The line that says a key: `PATH:LINE`.
    pub(crate) fn origin(&self, key: &[&str]) -> Option<String> {
        let (_, document) = self.written.as_ref()?;
        let estate = &document.estate;
        let at = match key {
            ["fail-on"] => document.fail_on.as_ref()?.span().start,
            ["min-confidence"] => document.min_confidence.as_ref()?.span().start,
            ["exclude"] => document.exclude.first()?.span().start,
            ["rules", "select"] => {
                let select = document.rules.select.as_ref()?;
                match select.first() {
                    Some(first) => first.span().start,
                    None => return self.file_name(),
                }
            }
            ["estate", "tenant-geography"] => estate.tenant_geography.as_ref()?.span().start,
            ["estate", "own-as"] => estate.own_as.first()?.span().start,
            ["estate", "strict-documentation"] => {
                estate.strict_documentation.as_ref()?.span().start
            }
            _ => return None,
        };
        self.line(at)
    }

    /// The line that gives a rule its severity.
    pub(crate) fn severity_origin(&self, id: &str) -> Option<String> {
        let (_, document) = self.written.as_ref()?;
        let names = document.severity.keys().rev();
        self.naming(id, names)
    }

    /// The line that ignores a rule.
    pub(crate) fn ignore_origin(&self, id: &str) -> Option<String> {
        let (_, document) = self.written.as_ref()?;
        self.naming(id, document.rules.ignore.iter())
    }

    fn naming<'n>(&self, id: &str, mut names: impl Iterator<Item = &'n Text>) -> Option<String> {
        let stands = |name: &&Text| {
            select::rules_named(name.get_ref()).is_some_and(|rules| rules.contains(&id))
        };
        self.line(names.find(stands)?.span().start)
    }

    /// The blocks of the file, in its order by kind, with the lines in which they begin.
    pub(crate) fn blocks(&self) -> Vec<(&'static str, Table, String)> {
        let mut blocks = Vec::new();
        let Some((file, document)) = &self.written else { return blocks };
        let Ok(mut table) = toml::from_str::<Table>(&file.text) else { return blocks };
        let scope = |one: &Override| {
            let scopes = [&one.device, &one.path, &one.tag];
            scopes.into_iter().flatten().map(|texts| texts.span().start).min()
        };
        let start = |text: &Text| Some(text.span().start);
        let kinds: [(&'static str, Vec<Option<usize>>); 6] = [
            ("circuit", document.circuit.iter().map(|one| start(&one.name)).collect()),
            ("edge", document.edge.iter().map(|one| start(&one.kind)).collect()),
            ("service", document.service.iter().map(|one| start(&one.name)).collect()),
            ("nat-group", document.nat_group.iter().map(|one| start(&one.name)).collect()),
            ("device", document.device.iter().map(|one| start(&one.name)).collect()),
            ("override", document.overrides.iter().map(scope).collect()),
        ];
        for (kind, places) in kinds {
            let Some(Value::Array(written)) = table.remove(kind) else { continue };
            for (block, place) in written.into_iter().zip(places) {
                let origin = place.and_then(|at| self.line(at)).or_else(|| self.file_name());
                if let (Value::Table(block), Some(origin)) = (block, origin) {
                    blocks.push((kind, block, origin));
                }
            }
        }
        blocks
    }

    fn line(&self, at: usize) -> Option<String> {
        let (file, _) = self.written.as_ref()?;
        Some(format!("{}:{}", file.path, file.line(at)))
    }

    fn file_name(&self) -> Option<String> {
        self.written.as_ref().map(|(file, _)| file.path.clone())
    }
}
