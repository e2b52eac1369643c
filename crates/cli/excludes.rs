//! Which paths are left out: `--exclude` and the settings file's `exclude`.
//!
//! Patterns are those of a `.gitignore`, because everybody who keeps configurations in a repository
//! knows them: `*.bak` anywhere, `/lab` at the root, `old/` for directories. They hold for what
//! is named on the command line, too: a hook that passes file names must not undo the settings.

use std::path::{Component, Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::error::Failed;

/// Patterns, and the places from which they count.
#[derive(Clone, Debug)]
pub(crate) struct Excludes {
    /// From the command line: counted from the current directory or from the directory walked.
    given: Gitignore,
    /// From the settings file: counted from its directory.
    settled: Gitignore,
    root: Option<PathBuf>,
}

impl Excludes {
    /// Patterns of the command line, and those of a settings file in directory `root`.
    pub(crate) fn new(
        given: &[String],
        settled: &[String],
        root: Option<&Path>,
    ) -> Result<Self, Failed> {
        Ok(Self {
            given: patterns(given)?,
            settled: patterns(settled)?,
            root: root.map(Path::to_path_buf),
        })
    }

    /// Whether nothing is left out.
    pub(crate) fn is_empty(&self) -> bool {
        self.given.is_empty() && self.settled.is_empty()
    }

    /// Whether `path` is left out. `walked` is the directory whose walk came by it, if any.
    pub(crate) fn covers(&self, path: &Path, walked: Option<&Path>, is_dir: bool) -> bool {
        if self.is_empty() {
            return false;
        }
        let inside = walked.and_then(|walked| path.strip_prefix(walked).ok());
        let by_flag = |path: &Path| matches(&self.given, path, is_dir);
        by_flag(path)
            || inside.is_some_and(by_flag)
            || (!self.settled.is_empty() && self.covered_by_settings(path, is_dir))
    }

    fn covered_by_settings(&self, path: &Path, is_dir: bool) -> bool {
        // The name itself is not resolved: a link is excluded by its own name.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = std::fs::canonicalize(folder.unwrap_or(Path::new("."))).ok();
        let full = folder.zip(path.file_name()).map(|(folder, name)| folder.join(name));
        let root = self.root.as_deref();
        let inside =
            full.as_deref().zip(root).and_then(|(full, root)| full.strip_prefix(root).ok());
        matches(&self.settled, inside.unwrap_or(path), is_dir)
    }
}

fn patterns(globs: &[String]) -> Result<Gitignore, Failed> {
    let mut builder = GitignoreBuilder::new("");
    for glob in globs {
        let wrong = |error| Failed::Usage(format!("bad pattern `{glob}` to exclude: {error}"));
        builder.add_line(None, glob).map_err(wrong)?;
    }
    builder.build().map_err(|error| Failed::Usage(format!("bad patterns to exclude: {error}")))
}

/// Whether the patterns match `path` or a directory on the way to it.
fn matches(patterns: &Gitignore, path: &Path, is_dir: bool) -> bool {
    let named: PathBuf =
        path.components().filter(|part| matches!(part, Component::Normal(_))).collect();
    !named.as_os_str().is_empty()
        && patterns.matched_path_or_any_parents(&named, is_dir).is_ignore()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Excludes;

    #[test]
    fn patterns_count_from_where_people_stand() {
        let table = [
            ("*.bak", "estate/old/a.bak", true),
            ("*.bak", "estate/a.cfg", false),
            ("old/", "estate/old/a.cfg", true),
            ("estate/old", "./estate/old/a.cfg", true),
            ("/old", "estate/old/a.cfg", true),
            ("/a.cfg", "estate/old/a.cfg", false),
            ("lab/**", "estate/lab/x/a.cfg", true),
        ];
        for (glob, path, expected) in table {
            let excludes = Excludes::new(&[glob.to_owned()], &[], None).unwrap();
            let walked = Some(Path::new("estate")).filter(|_| !path.starts_with('.'));
            let covered = excludes.covers(Path::new(path), walked, false);
            assert_eq!(covered, expected, "{glob} {path}");
        }
    }

    #[test]
    fn a_later_exception_holds() {
        let globs = ["*.cfg".to_owned(), "!keep.cfg".to_owned()];
        let excludes = Excludes::new(&globs, &[], None).unwrap();
        assert!(excludes.covers(Path::new("a.cfg"), None, false));
        assert!(!excludes.covers(Path::new("keep.cfg"), None, false));
    }
}
