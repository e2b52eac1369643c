//! Whether an input that no dialect claims was meant to be a configuration all the same: by its name,
//! and by the addresses in it.
//!
//! An export that failed leaves an empty or broken file behind, and a device of an unknown make
//! leaves one in a language of its own; neither must pass in silence. An empty marker file, a licence
//! or a picture beside the exports is nobody's mistake.

use std::net::IpAddr;

/// Endings under which people and collectors keep exports.
const ENDINGS: [&str; 8] = ["cfg", "conf", "config", "confg", "ios", "txt", "run", "startup"];

/// Endings that an archive adds to the name of what is in it.
const PACKED: [&str; 2] = ["gz", "zip"];

/// Whether an empty file of that name should have been an export: it has one of the endings, or
/// none at all, as collectors write them.
pub(crate) fn empty_export(path: &str) -> bool {
    ending(path).is_none_or(|ending| is_export(&ending))
}

/// Whether a file of that name that is not text should have been an export, packed or not.
pub(crate) fn binary_export(path: &str) -> bool {
    ending(path).is_some_and(|ending| is_export(&ending))
}

/// Whether text of that name that nothing speaks for should have been an export: it is called one,
/// and either holds nothing but comments, or addresses, as prose never does so densely.
pub(crate) fn text_export(path: &str, text: &str) -> bool {
    let called_one = ending(path).is_some_and(|ending| ending != "txt" && is_export(&ending));
    let comment = |line: &&str| line.is_empty() || line.starts_with(['!', '#']);
    let lines = text.lines().map(str::trim).take(LINES).filter(|line| !comment(line));
    called_one && {
        let (count, with_address) = lines.fold((0_usize, 0_usize), |(count, with), line| {
            (count + 1, with + usize::from(has_address(line)))
        });
        count <= with_address * SPARSE
    }
}

/// So many lines are looked at.
const LINES: usize = 400;

/// At least one line in so many holds an address.
const SPARSE: usize = 8;

fn has_address(line: &str) -> bool {
    let parts = line.split(|c: char| !(c.is_ascii_hexdigit() || matches!(c, '.' | ':')));
    parts.filter(|part| part.len() > 6).any(|part| {
        let part = part.trim_matches('.');
        // `1.1.1.1..2.2.2.2` is a range in some languages.
        part.split("..").any(|part| part.parse::<IpAddr>().is_ok())
    })
}

fn is_export(ending: &str) -> bool {
    ENDINGS.contains(&ending)
}

/// The ending of the name in lower case, below that of an archive.
fn ending(path: &str) -> Option<String> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
    let (stem, ending) = name.rsplit_once('.')?;
    if PACKED.contains(&ending) {
        return Some(stem.rsplit_once('.').map_or(ending, |(_, inner)| inner).to_owned());
    }
    Some(ending.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{binary_export, empty_export, text_export};

    #[test]
    fn names_tell_what_was_meant() {
        let table = [
            ("a/edge-1.cfg", true, true),
            ("a.b/edge-1", true, false),
            ("edge-1.CONF", true, true),
            ("edge-1.cfg.gz", true, true),
            ("backup.tar.gz", false, false),
            ("site.png", false, false),
            ("package/__init__.py", false, false),
        ];
        for (path, empty, binary) in table {
            assert_eq!((empty_export(path), binary_export(path)), (empty, binary), "{path}");
        }
    }

    #[test]
    fn addresses_tell_a_language_from_prose() {
        let made_up = "peering transit at=192.0.2.65\nport eth-0 addr=198.51.100.1/30\nzone a\n";
        let prose = "Permission is granted to use this.\n".repeat(20) + "See 192.0.2.1.\n";
        let table = [
            ("a.cfg", made_up, true),
            ("a.txt", made_up, false),
            ("notes.md", made_up, false),
            ("a.cfg", &prose, false),
            ("a.cfg", "!\n!\n# end\n", true),
            ("a.conf", "peer fe80::1\n", true),
            ("a.conf", "version 1.2.3.4.5\n", false),
        ];
        for (path, text, expected) in table {
            assert_eq!(text_export(path, text), expected, "{path}: {text}");
        }
    }
}
