//! The inputs of a run: paths as given, directories walked, stdin.
//!
//! What is an input is decided here, what is a configuration is decided by its text. A
//! directory is walked as Git sees it (ignore files hold, hidden files and the targets of
//! directory links are left out); a file that is named is read even where an ignore file covers
//! it, but not where the user excluded it.

use std::collections::BTreeMap;
use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use edgelint_engine::InputFile;
use ignore::WalkBuilder;

use crate::arguments::{Input, Verb};
use crate::error::Failed;
use crate::excludes::Excludes;
use crate::{settings, suggest};

/// Larger inputs are refused: no export comes near, and one disk image must not fill the memory.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// What is shown for stdin where nobody names it.
const STDIN: &str = "<stdin>";

/// The paths of a run before anything is walked.
#[derive(Debug)]
pub(crate) struct Given {
    paths: Vec<PathBuf>,
    stdin: Option<String>,
    /// Nothing was named: paths are shown without the directory.
    implied: bool,
}

impl Given {
    /// The paths of the command line and of `--files-from`; the directory of the nearest settings
    /// file, else the current one, where there are none.
    pub(crate) fn of(input: &Input) -> Result<Self, Failed> {
        let mut paths = input.paths.clone();
        let dash = Path::new("-");
        if let Some(list) = &input.files_from {
            if list == dash && paths.iter().any(|path| path == dash) {
                let text = "stdin cannot be both an input and the list of inputs";
                return Err(Failed::Usage(text.into()));
            }
            paths.extend(listed(list)?);
            if paths.is_empty() {
                return Err(Failed::NoInput(format!("{} names no inputs", list.display())));
            }
        }
        let stdin = paths.iter().any(|path| path == dash);
        paths.retain(|path| path != dash);
        if !stdin && input.stdin_filename.is_some() {
            return Err(Failed::Usage("--stdin-filename needs `-` among the paths".into()));
        }
        let implied = paths.is_empty() && !stdin;
        if implied {
            paths.push(nearest_root(input));
        }
        let name = || input.stdin_filename.clone().unwrap_or_else(|| STDIN.into());
        Ok(Self { paths, stdin: stdin.then(name), implied })
    }

    /// The deepest directory that holds all inputs, resolved: where settings are looked for.
    pub(crate) fn common_directory(&self) -> PathBuf {
        let stdin = self.stdin.iter().map(|name| full(Path::new(name)));
        let mut folders = self.paths.iter().map(|path| full(path)).chain(stdin).map(|path| {
            let folder = path.parent().map(Path::to_path_buf);
            if path.is_dir() { path } else { folder.unwrap_or(path) }
        });
        let first = folders.next().unwrap_or_default();
        folders.fold(first, |common, folder| {
            let shared = common.components().zip(folder.components());
            shared.take_while(|(one, other)| one == other).map(|(one, _)| one).collect()
        })
    }

    /// Walks the directories. `own` are files that this run writes: never inputs.
    pub(crate) fn gather(&self, excludes: Excludes, own: &[PathBuf]) -> Result<Inputs, Failed> {
        let mut gatherer = Gatherer {
            excludes: Arc::new(excludes),
            own: own.iter().map(|path| full(path)).collect(),
            several: self.paths.len() > 1,
            found: Vec::new(),
            excluded: 0,
        };
        for path in &self.paths {
            gatherer.add(path, self.implied);
        }
        if let Some(name) = &self.stdin {
            gatherer.push(name.clone(), Origin::Stdin, true);
        }
        gatherer.finish(&self.paths)
    }
}

/// Paths from a list: separated by NUL if there is any, else by line ends.
fn listed(list: &Path) -> Result<Vec<PathBuf>, Failed> {
    let text = if list == Path::new("-") {
        io::read_to_string(io::stdin().lock())
    } else {
        #[expect(clippy::disallowed_methods, reason = "the command line reads the list")]
        fs::read_to_string(list)
    };
    let text = text.map_err(|error| Failed::read(list, &error))?;
    let separators: &[char] = if text.contains('\0') { &['\0'] } else { &['\n', '\r'] };
    Ok(text.split(separators).filter(|line| !line.is_empty()).map(PathBuf::from).collect())
}

/// The current directory, or the way up to the nearest settings file.
fn nearest_root(input: &Input) -> PathBuf {
    let here = full(Path::new("."));
    let found =
        if input.isolated || input.config.is_some() { None } else { settings::nearest(&here) };
    let root = found.as_deref().and_then(Path::parent);
    let up = root.and_then(|root| here.strip_prefix(root).ok()).map_or(0, |way| way.iter().count());
    if up == 0 { PathBuf::from(".") } else { std::iter::repeat_n("..", up).collect() }
}

/// The path without links and `..`, as far as it exists.
fn full(path: &Path) -> PathBuf {
    fs::canonicalize(path)
        .or_else(|_| std::path::absolute(path))
        .unwrap_or_else(|_| path.to_path_buf())
}

/// Where the bytes of an input come from.
#[derive(Clone, Debug)]
enum Origin {
    Stdin,
    File(PathBuf),
    Broken(String),
}

/// The inputs, sorted by path, each once.
#[derive(Debug)]
pub(crate) struct Inputs {
    /// As the engine wants them.
    pub(crate) files: Vec<InputFile>,
    origins: Vec<Origin>,
}

impl Inputs {
    /// The bytes of the input at `index`.
    pub(crate) fn read(&self, index: usize) -> Result<Vec<u8>, String> {
        match self.origins.get(index) {
            Some(Origin::File(path)) => {
                File::open(path).and_then(all).map_err(|error| error.to_string())
            }
            Some(Origin::Stdin) => all(io::stdin().lock()).map_err(|error| error.to_string()),
            Some(Origin::Broken(reason)) => Err(reason.clone()),
            None => Err("no such input".into()),
        }
    }

    /// Paths, as they are shown, of the inputs that are one of `wanted` or lie below it; and those
    /// of `wanted` that are no input.
    pub(crate) fn among<'w>(&self, wanted: &'w [PathBuf]) -> (Vec<String>, Vec<&'w Path>) {
        let roots: Vec<PathBuf> = wanted.iter().map(|path| full(path)).collect();
        let mut used = vec![false; roots.len()];
        let mut paths = Vec::new();
        for (file, origin) in self.files.iter().zip(&self.origins) {
            let path = match origin {
                Origin::File(path) => full(path),
                Origin::Stdin | Origin::Broken(_) => full(Path::new(&file.path)),
            };
            for (root, used) in roots.iter().zip(&mut used) {
                if path.starts_with(root) {
                    *used = true;
                    paths.push(file.path.clone());
                }
            }
        }
        let unused = wanted.iter().zip(used).filter(|(_, used)| !used);
        (paths, unused.map(|(path, _)| path.as_path()).collect())
    }
}

/// Where settings speak of paths.
impl Inputs {
    /// The inputs with the paths by which they can be opened, as they are shown and as they are; stdin
    /// goes by its name.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&str, &Path)> {
        self.files.iter().zip(&self.origins).map(|(file, origin)| match origin {
            Origin::File(path) => (file.path.as_str(), path.as_path()),
            Origin::Stdin | Origin::Broken(_) => (file.path.as_str(), Path::new(&file.path)),
        })
    }

    /// Inputs by their paths without links and `..`, as they are shown.
    pub(crate) fn resolved(&self) -> BTreeMap<PathBuf, &str> {
        self.paths().map(|(shown, path)| (full(path), shown)).collect()
    }
}

fn all(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(io::Error::other(format!("larger than {} MiB", MAX_BYTES / 1024 / 1024)));
    }
    Ok(bytes)
}

/// Collects inputs.
struct Gatherer {
    excludes: Arc<Excludes>,
    own: Vec<PathBuf>,
    several: bool,
    found: Vec<Found>,
    excluded: usize,
}

struct Found {
    path: String,
    origin: Origin,
    named: bool,
    /// What tells that two paths are one file, where that is possible.
    identity: Option<PathBuf>,
}

impl Gatherer {
    /// Adds what the user named; `implied` if nobody did.
    fn add(&mut self, path: &Path, implied: bool) {
        let shown = path.to_string_lossy().into_owned();
        match fs::metadata(path) {
            Err(error) => {
                let verb = suggest::nearest(&shown, Verb::names());
                let hint = verb.map_or_else(String::new, |verb| format!(" (the verb is `{verb}`)"));
                self.push(shown, Origin::Broken(format!("{error}{hint}")), true);
            }
            Ok(found) if found.is_dir() => self.walk(path, implied),
            Ok(_) if self.excludes.covers(path, None, false) => self.excluded += 1,
            Ok(found) if found.is_file() => self.push(shown, Origin::File(path.into()), true),
            Ok(_) => self.push(shown, Origin::Broken("not a regular file".into()), true),
        }
    }

    fn walk(&mut self, root: &Path, implied: bool) {
        let excludes = Arc::clone(&self.excludes);
        let walked = root.to_path_buf();
        let walk = WalkBuilder::new(root)
            // An unpacked copy of a repository is the same estate as the repository.
            .require_git(false)
            .filter_entry(move |entry| {
                let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
                entry.depth() == 0 || !excludes.covers(entry.path(), Some(&walked), is_dir)
            })
            .build();
        for entry in walk {
            match entry {
                Ok(entry) => {
                    let Some(kind) = entry.file_type() else { continue };
                    self.meet(entry.path(), kind, implied);
                }
                Err(error) => {
                    let path = path_of(&error).unwrap_or(root).to_string_lossy().into_owned();
                    let reason = error.io_error().map_or("cannot be walked".into(), io_error);
                    self.push(path, Origin::Broken(reason), false);
                }
            }
        }
    }

    /// Adds what a walk came by.
    fn meet(&mut self, path: &Path, kind: FileType, implied: bool) {
        if path.file_name().is_some_and(|name| name == settings::NAME) {
            return;
        }
        let shown = match path.strip_prefix(".") {
            Ok(below) if implied => below.to_string_lossy().into_owned(),
            _ => path.to_string_lossy().into_owned(),
        };
        if kind.is_file() {
            self.push(shown, Origin::File(path.into()), false);
        } else if kind.is_symlink() {
            match fs::metadata(path) {
                Ok(target) if target.is_file() => {
                    self.push_link(shown, path);
                }
                Ok(_) => {}
                Err(error) => self.push(shown, Origin::Broken(error.to_string()), false),
            }
        }
    }

    fn push(&mut self, path: String, origin: Origin, named: bool) {
        // Resolving takes time: it is needed only where one file can be met twice, or where one of
        // the files may be our own output.
        let identity = match &origin {
            Origin::File(path) if self.several || !self.own.is_empty() => Some(full(path)),
            Origin::File(path) => Some(path.clone()),
            Origin::Stdin | Origin::Broken(_) => None,
        };
        if identity.as_ref().is_none_or(|identity| named || !self.own.contains(identity)) {
            self.found.push(Found { path, origin, named, identity });
        }
    }

    /// Adds a link to a file, unless that file is met under its own name.
    fn push_link(&mut self, shown: String, path: &Path) {
        self.several = true;
        for found in &mut self.found {
            if let Origin::File(path) = &found.origin {
                found.identity = Some(full(path));
            }
        }
        self.push(shown, Origin::File(path.into()), false);
    }

    /// Sorts, keeps each file once, and says it where nothing is left.
    fn finish(self, paths: &[PathBuf]) -> Result<Inputs, Failed> {
        let Self { mut found, excluded, .. } = self;
        if found.is_empty() {
            return Err(Failed::NoInput(nothing(paths, excluded)));
        }
        found.sort_by(|one, other| one.path.cmp(&other.path));
        let keep = kept(&found);
        let mut inputs = Inputs { files: Vec::new(), origins: Vec::new() };
        for (found, keep) in found.into_iter().zip(keep) {
            if keep {
                inputs.files.push(InputFile { path: found.path, named: found.named });
                inputs.origins.push(found.origin);
            }
        }
        Ok(inputs)
    }
}

/// Which of the inputs to keep: of several names of one file the one that was given, else the file's
/// own, else the first.
fn kept(found: &[Found]) -> Vec<bool> {
    let rank = |found: &Found| {
        let own = found.identity.as_ref().zip(match &found.origin {
            Origin::File(path) => Some(path),
            Origin::Stdin | Origin::Broken(_) => None,
        });
        let linked = own.is_some_and(|(identity, path)| identity.file_name() != path.file_name());
        (!found.named, linked)
    };
    let mut best: BTreeMap<&Path, usize> = BTreeMap::new();
    for (index, one) in found.iter().enumerate() {
        let Some(identity) = &one.identity else { continue };
        let held = best.entry(identity).or_insert(index);
        if found.get(*held).is_some_and(|other| rank(one) < rank(other)) {
            *held = index;
        }
    }
    let is_best = |index: usize, one: &Found| match &one.identity {
        Some(identity) => best.get(identity.as_path()) == Some(&index),
        // Nothing tells two of these apart but their name.
        None => index == 0 || found.get(index - 1).is_none_or(|before| before.path != one.path),
    };
    found.iter().enumerate().map(|(index, one)| is_best(index, one)).collect()
}

fn nothing(paths: &[PathBuf], excluded: usize) -> String {
    let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let why = match excluded {
        0 => "no file that is not hidden, ignored or excluded",
        _ => "everything that was named is excluded",
    };
    format!("no input in {}: {why}", names.join(", "))
}

fn io_error(error: &io::Error) -> String {
    error.to_string()
}

/// The path an error of the walk speaks of.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}
