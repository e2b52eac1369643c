//! `config`: settings shown with where they come from, checked, and described by a schema.

use std::collections::BTreeMap;
use std::io;

use edgelint_source::view::{Plain, Severity};
use serde_json::json;
use toml::{Table, Value};

use crate::Code;
use crate::arguments::{ConfigShow, ConfigVerb, FailOn, Input, Level, Sureness, TableFormat};
use crate::check::{run_of, tell};
use crate::error::Failed;
use crate::excludes::Excludes;
use crate::inputs::Given;
use crate::progress::Progress;
use crate::select;
use crate::settings::{self, Settings, document::Document};
use crate::sinks::to_stdout;

/// Runs `config`.
pub(crate) fn run(verb: &ConfigVerb) -> Result<Code, Failed> {
    match verb {
        ConfigVerb::Show(flags) => show(flags),
        ConfigVerb::Validate(input) => validate(input),
        ConfigVerb::Schema => schema(),
    }
}

fn schema() -> Result<Code, Failed> {
    let schema = schemars::schema_for!(Document);
    to_stdout(|out| {
        serde_json::to_writer_pretty(&mut *out, &schema).map_err(io::Error::from)?;
        writeln!(out)
    })?;
    Ok(Code::Clean)
}

/// Reads the settings, which is the whole check; and where inputs are named, looks for what is
/// described among them.
fn validate(input: &Input) -> Result<Code, Failed> {
    let given = Given::of(input)?;
    let start = given.common_directory();
    let settings = Settings::of(input, &start)?;
    let Some((file, _)) = &settings.written else {
        let place = settings::shown(&start);
        let place = if place.is_empty() { "the current directory" } else { &place };
        return Err(Failed::NoInput(format!("no {} in {place} or above", settings::NAME)));
    };
    let mut trouble = false;
    if !input.paths.is_empty() || input.files_from.is_some() {
        let excludes = Excludes::new(&input.exclude, &settings.exclude, settings.root.as_deref())?;
        let inputs = given.gather(excludes, &[])?;
        let progress = Progress::new(inputs.files.len(), !input.no_progress);
        let run = run_of(input, &settings, &inputs, &progress);
        let outline = edgelint_engine::infer(&run).map_err(Failed::Threads);
        progress.finish();
        let outline = outline?;
        trouble = tell(&outline.failures);
        settings.draw_unmatched(&outline, &inputs, input.color);
    }
    to_stdout(|out| writeln!(out, "{} is valid", Plain::new(&file.path)))?;
    Ok(if trouble { Code::Trouble } else { Code::Clean })
}

fn show(flags: &ConfigShow) -> Result<Code, Failed> {
    let given = Given::of(&flags.check.input)?;
    let settings = Settings::of(&flags.check.input, &given.common_directory())?;
    let effective = Effective::of(flags, &settings)?;
    to_stdout(|out| match flags.format {
        TableFormat::Text => effective.write_text(&settings, out),
        TableFormat::Json => effective.write_json(&settings, out),
    })?;
    Ok(Code::Clean)
}

/// A setting: its key, its value, where it comes from.
type Row = (String, Value, String);

/// The settings of a run.
struct Effective {
    /// What is outside tables.
    run: Vec<Row>,
    estate: Vec<Row>,
    /// One row a rule.
    rules: Vec<Row>,
    /// Blocks as they are written: key, block, origin.
    blocks: Vec<(&'static str, Table, String)>,
}

const DEFAULT: &str = "default";

impl Effective {
    fn of(flags: &ConfigShow, settings: &Settings) -> Result<Self, Failed> {
        let check = &flags.check;
        let origin = |flag: Option<&str>, key: &[&str]| match flag {
            Some(flag) => flag.to_owned(),
            None => settings.origin(key).unwrap_or_else(|| DEFAULT.to_owned()),
        };
        let fail_on = check.fail_on.or(settings.fail_on).unwrap_or(FailOn::Warning);
        let sureness = check.min_confidence.or(settings.min_confidence);
        let sureness = sureness.unwrap_or(Sureness::Possible);
        let mut excluded: Vec<Value> = settings.exclude.iter().cloned().map(Value::from).collect();
        let from_flag = (!check.input.exclude.is_empty()).then_some("--exclude");
        excluded.extend(check.input.exclude.iter().cloned().map(Value::from));
        let exclude = match (from_flag, settings.origin(&["exclude"])) {
            (Some(flag), Some(line)) => format!("{line}, {flag}"),
            (flag, _) => origin(flag, &["exclude"]),
        };
        let row = |key: &str, value: Value, origin: String| (key.to_owned(), value, origin);
        let by_flag = |given: bool, name: &'static str| given.then_some(name);
        let run = vec![
            row(
                "fail-on",
                select::word(fail_on).into(),
                origin(by_flag(check.fail_on.is_some(), "--fail-on"), &["fail-on"]),
            ),
            row(
                "min-confidence",
                select::word(sureness).into(),
                origin(
                    by_flag(check.min_confidence.is_some(), "--min-confidence"),
                    &["min-confidence"],
                ),
            ),
            row("exclude", Value::Array(excluded), exclude),
        ];
        let mut estate = Vec::new();
        for (key, default) in [
            ("tenant-geography", None),
            ("own-as", Some(Value::Array(Vec::new()))),
            ("strict-documentation", Some(Value::Boolean(false))),
        ] {
            let written = settings.value(&["estate", key]);
            if let Some(value) = written.or(default) {
                estate.push(row(key, value, origin(None, &["estate", key])));
            }
        }
        let rules = rules(flags, settings)?;
        Ok(Self { run, estate, rules, blocks: settings.blocks() })
    }

    /// As TOML, each setting with its origin behind it.
    fn write_text(&self, settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
        match &settings.written {
            Some((file, _)) => writeln!(out, "# Settings of {}", Plain::new(&file.path))?,
            None => writeln!(out, "# There is no {}", settings::NAME)?,
        }
        let rows = |rows: &[Row], out: &mut dyn io::Write| {
            let texts: Vec<(String, &str)> = rows
                .iter()
                .map(|(key, value, origin)| (format!("{key} = {value}"), origin.as_str()))
                .collect();
            let width = texts.iter().map(|(text, _)| text.chars().count()).max().unwrap_or(0);
            texts.iter().try_for_each(|(text, origin)| {
                writeln!(out, "{:width$}  # {}", Plain::new(text).as_str(), Plain::new(origin))
            })
        };
        rows(&self.run, out)?;
        writeln!(out, "\n[estate]")?;
        rows(&self.estate, out)?;
        writeln!(out, "\n[severity]")?;
        rows(&self.rules, out)?;
        for (key, block, origin) in &self.blocks {
            let block = Table::from_iter([((*key).to_owned(), array(block))]);
            writeln!(out, "\n# {}", Plain::new(origin))?;
            for line in block.to_string().trim_end().lines() {
                writeln!(out, "{}", Plain::new(line))?;
            }
        }
        Ok(())
    }

    fn write_json(&self, settings: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
        let mut all = Table::new();
        let mut origins: BTreeMap<String, &str> = BTreeMap::new();
        let tables = [("", &self.run), ("estate", &self.estate), ("severity", &self.rules)];
        for (name, rows) in tables {
            let mut table = Table::new();
            for (key, value, origin) in rows {
                let path = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                origins.insert(path, origin);
                table.insert(key.clone(), value.clone());
            }
            match name {
                "" => all.extend(table),
                name => drop(all.insert(name.to_owned(), Value::Table(table))),
            }
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (key, block, origin) in &self.blocks {
            let count = counts.entry(key).or_default();
            origins.insert(format!("{key}.{count}"), origin);
            *count += 1;
            let blocks = all.entry(*key).or_insert_with(|| Value::Array(Vec::new()));
            if let Some(blocks) = blocks.as_array_mut() {
                blocks.push(Value::Table(block.clone()));
            }
        }
        let path = settings.written.as_ref().map(|(file, _)| file.path.as_str());
        let document = json!({
            "schema_version": 1,
            "kind": "settings",
            "path": path,
            "settings": all,
            "origins": origins,
        });
        serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
        writeln!(out)
    }
}

fn array(block: &Table) -> Value {
    Value::Array(vec![Value::Table(block.clone())])
}

/// The severity of each rule, and who says so.
fn rules(flags: &ConfigShow, settings: &Settings) -> Result<Vec<Row>, Failed> {
    let check = &flags.check;
    let selection = select::selection(check, settings)?;
    let named = |names: &[String], id: &str| {
        names.iter().any(|name| select::rules_named(name).is_some_and(|all| all.contains(&id)))
    };
    let mut rows = Vec::new();
    for page in edgelint_engine::rules() {
        let id = page.id;
        let mut set =
            check.severity.iter().filter(|(name, _)| named(std::slice::from_ref(name), id));
        let in_file = settings.severity_origin(id);
        let on = selection.enabled.contains(id);
        let severity = selection.severities.get(id);
        let origin = match (set.next(), on) {
            _ if named(&check.ignore, id) => "--ignore".to_owned(),
            (Some(_), _) => "--severity".to_owned(),
            (None, false) if !check.select.is_empty() => "--select".to_owned(),
            (None, false) => in_file
                .filter(|_| settings.severity.get(id) == Some(&Level::Off))
                .or_else(|| settings.ignore_origin(id))
                .or_else(|| settings.origin(&["rules", "select"]))
                .unwrap_or_else(|| DEFAULT.to_owned()),
            (None, true) => in_file.unwrap_or_else(|| DEFAULT.to_owned()),
        };
        let word = match (on, severity.copied().unwrap_or(page.severity)) {
            (false, _) => "off",
            (true, Severity::Error) => "error",
            (true, Severity::Warning) => "warning",
            (true, Severity::Info) => "info",
        };
        rows.push((id.to_owned(), word.into(), origin));
    }
    Ok(rows)
}
