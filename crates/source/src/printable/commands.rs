//! Commands that carry secrets, as all vendors write them.
//!
//! What the parser knows is masked anyway; this runs beside it, on every line that is printed,
//! because a line may be of a dialect nobody guessed, or be a comment, or a typing error. It
//! fails closed: behind a word that names a secret everything is hidden up to the end of the
//! statement, except the few words that say how the value is written or what comes after it.

use std::net::IpAddr;
use std::ops::Range;

use super::vocabulary::{
    ADDRESSES, CHAINS, DIGESTS, FORMS, KEY_COMMANDS, LEVELS, NAMERS, PASSWORD_COMMANDS, WITH_VALUE,
    is_plain, names_secret,
};
use super::words::Word;

/// What is known of the blocks around a line. Asked only by words that need it.
pub(super) trait Surroundings {
    /// Whether a block around the line is about SNMP.
    fn in_snmp(&self) -> bool;
    /// Whether the block around the line lists SNMP communities by `name`.
    fn in_community_list(&self) -> bool;
}

/// How much is hidden behind a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// One value, then the line goes on.
    One,
    /// All that is not known to be harmless; a statement that holds nothing else hides its last
    /// word, for the value may be a word of the language.
    Rest,
    /// The same, but words of the language alone are no value.
    RestOrNone,
}

/// Ranges of the line that hold values of known commands, in no order.
pub(super) fn find(words: &[Word<'_>], around: &dyn Surroundings, hidden: &mut Vec<Range<usize>>) {
    let head = words.iter().take_while(|word| word.is_any(&["no", "set", "default", "!"])).count();
    let body = words.get(head..).unwrap_or_default();
    if starts(body, &["ip", "ssh"]) {
        return;
    }
    // Not only at the beginning: prompts and pagers leave words in front.
    let snmp = words.iter().position(|word| word.is("snmp-server")).unwrap_or(words.len());
    let snmp = words.get(snmp..).unwrap_or_default();
    if let Some(rest) = behind(snmp, &["snmp-server", "host"]) {
        trap_receiver(rest, hidden);
    }
    if let Some(rest) = behind(snmp, &["snmp-server", "user"]) {
        snmp_user(rest, hidden);
    }
    let mut at = 0;
    while let Some(word) = words.get(at) {
        hidden.extend(assigned(word, around));
        at += 1;
        if !word.closes
            && let Some(reach) = reach(words, at - 1, around)
        {
            at += values(words.get(at..).unwrap_or_default(), reach, hidden);
        }
    }
}

fn starts(words: &[Word<'_>], names: &[&str]) -> bool {
    names.len() <= words.len() && words.iter().zip(names).all(|(word, name)| word.is(name))
}

fn behind<'w, 't>(words: &'w [Word<'t>], names: &[&str]) -> Option<&'w [Word<'t>]> {
    starts(words, names).then(|| words.get(names.len()..)).flatten()
}

/// The value of `name=value` and `name:value`.
fn assigned(word: &Word<'_>, around: &dyn Surroundings) -> Option<Range<usize>> {
    if word.quoted {
        return None;
    }
    let at = word.text.find(['=', ':'])?;
    let (name, value) = word.text.split_at_checked(at)?;
    let value = value.get(1..)?;
    let bare = value.trim_matches(['"', '\'']);
    let secret = names_secret(name)
        || name.eq_ignore_ascii_case("key")
        || (name.eq_ignore_ascii_case("name") && around.in_community_list());
    let known = bare.is_empty() || is_scrubbed(bare);
    (secret && !known && !value.starts_with("//")).then(|| word.start + at + 1..word.end())
}

fn is_scrubbed(text: &str) -> bool {
    Word { text, start: 0, quoted: false, closes: false, names: false }.is_scrubbed()
}

/// Whether the word at `at` has a secret behind it, and how much of the line that is.
fn reach(words: &[Word<'_>], at: usize, around: &dyn Surroundings) -> Option<Reach> {
    let word = words.get(at)?;
    let next = words.get(at + 1)?;
    let before = words.get(..at)?;
    let previous = before.last();
    if (word.quoted && !word.names) || next.is_brace() {
        return community_block(words, at, around);
    }
    if is_chosen_name(before) {
        return None;
    }
    let text = word.text.strip_suffix([':', '=']).unwrap_or(word.text);
    let is = |name: &str| text.eq_ignore_ascii_case(name);
    if is("key") {
        return key(words, at).then_some(Reach::Rest);
    }
    if text.get(..9).is_some_and(|head| head.eq_ignore_ascii_case("community")) {
        return community(words, at, around).then_some(Reach::One);
    }
    if is("authentication") {
        return authentication(before, next).then_some(Reach::RestOrNone);
    }
    if is("authentication-mode") || is("privacy-mode") {
        return Some(Reach::RestOrNone);
    }
    if is("name") && around.in_community_list() {
        return Some(Reach::One);
    }
    if is("cipher") || is("irreversible-cipher") {
        let about_tls = |word: &Word<'_>| word.is_any(&["ssl", "ssh", "tls", "stelnet", "sftp"]);
        return (!before.iter().any(about_tls)).then_some(Reach::Rest);
    }
    let user = before.iter().any(|word| word.is("snmp-server"));
    let digest = !user && DIGESTS.iter().any(|name| is(name));
    if digest && previous.is_some_and(|word| word.is_any(&["authentication", "auth", "mode"])) {
        return Some(Reach::RestOrNone);
    }
    let command = is("password") && next.is_any(PASSWORD_COMMANDS);
    (names_secret(text) && !command).then_some(Reach::Rest)
}

/// Whether the words before say that a name follows: `route-map`, `community-list standard`.
fn is_chosen_name(before: &[Word<'_>]) -> bool {
    let kinds = ["standard", "expanded", "extended"];
    let kind = usize::from(before.last().is_some_and(|word| word.is_any(&kinds)));
    before.iter().rev().nth(kind).is_some_and(|word| word.is_any(NAMERS))
}

/// `key` has many meanings: a value, the number of a key in a chain, a command about key pairs.
fn key(words: &[Word<'_>], at: usize) -> bool {
    let word = |index: usize| words.get(index);
    let previous = at.checked_sub(1).and_then(word);
    let Some(next) = word(at + 1) else { return false };
    if next.is_any(KEY_COMMANDS) || previous.is_some_and(|word| word.is_any(&["ssh"])) {
        return false;
    }
    if !next.is_number(3) || next.quoted {
        return true;
    }
    if next.closes || words.iter().take(at).any(|word| word.is("ntp")) {
        return false;
    }
    // The number of a key, if nothing follows that could be the key itself.
    word(at + 2).is_some_and(|behind| {
        let goes_on = behind.is_brace() || names_secret(behind.text) || behind.is_any(WITH_VALUE);
        !goes_on || (words.len() == at + 3 && !behind.is_brace())
    })
}

/// Communities are secrets of SNMP and policy everywhere else.
fn community(words: &[Word<'_>], at: usize, around: &dyn Surroundings) -> bool {
    let before = words.get(..at).unwrap_or_default();
    let snmp = |word: &Word<'_>| word.text.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("snmp"));
    let policy = ["members", "add", "delete"];
    if words.get(at + 1).is_some_and(|next| next.is_any(&["add", "delete", "set"])) {
        return false;
    }
    before.iter().any(snmp)
        || (at == 0 && !words.iter().any(|word| word.is_any(&policy)) && around.in_snmp())
}

/// `community NAME {`: the name stands in front of a brace, and may be quoted.
fn community_block(words: &[Word<'_>], at: usize, around: &dyn Surroundings) -> Option<Reach> {
    let word = words.get(at)?;
    let opens = word.is("community") && words.get(at + 1).is_some_and(|next| !next.is_brace());
    (opens && community(words, at, around)).then_some(Reach::One)
}

/// Whether a value stands behind `authentication`, and not the name of a method.
fn authentication(before: &[Word<'_>], next: &Word<'_>) -> bool {
    const OWNERS: &[&str] =
        &["standby", "vrrp", "vrrp-group", "glbp", "hsrp", "area", "virtual-link"];
    before.iter().any(|word| word.is_any(OWNERS))
        || next.is_any(&["text", "simple", "plaintext", "plain"])
}

/// Hides what stands in `words` behind a word that names a secret, up to the end of the
/// statement; returns how many words that were.
fn values(words: &[Word<'_>], reach: Reach, hidden: &mut Vec<Range<usize>>) -> usize {
    let mut seen = false;
    let mut harmless = None;
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if word.is_brace() {
            break;
        }
        let next = words.get(at + 1);
        let last = word.closes || next.is_none_or(Word::is_brace);
        let taken = if word.is_mark() && !last {
            1
        } else if word.is_scrubbed() || word.text.is_empty() {
            seen = true;
            1
        } else if let Some(taken) = visible(words, at, reach).filter(|_| !word.quoted) {
            if seen || taken == 1 {
                harmless = Some(word).filter(|word| !word.is_number(1));
            } else {
                harmless = words.get(at + 1).filter(|_| !word.is_any(CHAINS));
            }
            taken
        } else {
            hidden.push(word.start..word.end());
            seen = true;
            1
        };
        let closed = words.get(at..at + taken).is_some_and(|taken| taken.iter().any(|w| w.closes));
        at += taken;
        if closed || (seen && reach == Reach::One) {
            break;
        }
    }
    if let Some(word) = harmless.filter(|_| !seen && reach != Reach::RestOrNone) {
        hidden.push(word.start..word.end());
    }
    at.min(words.len())
}

/// How many words from `at` on may be seen although a secret stands among them.
fn visible(words: &[Word<'_>], at: usize, reach: Reach) -> Option<usize> {
    let word = words.get(at)?;
    let last = word.closes || words.get(at + 1).is_none_or(Word::is_brace);
    if reach == Reach::One {
        let form = word.is_any(FORMS) || word.is_any(LEVELS) || word.is_any(&["read", "write"]);
        return (form && !last).then_some(1);
    }
    if word.is_any(ADDRESSES) {
        let addresses = words.iter().skip(at + 1).take_while(|word| is_address(word)).count();
        return (addresses > 0 || word.is("ipv6")).then_some(1 + addresses);
    }
    if word.is_any(WITH_VALUE) && !last {
        return Some(2);
    }
    let level = word.is_number(1) || (word.is_any(LEVELS) && !last);
    (level || is_plain(word.text)).then_some(1)
}

fn is_address(word: &Word<'_>) -> bool {
    let text = word.text.split_once('/').map_or(word.text, |(address, _)| address);
    text.parse::<IpAddr>().is_ok()
}

/// `snmp-server host`: the first word that is no option is the community or the user.
fn trap_receiver(words: &[Word<'_>], hidden: &mut Vec<Range<usize>>) {
    const OPTIONS: &[&str] = &[
        "traps",
        "trap",
        "informs",
        "inform",
        "poll",
        "1",
        "2c",
        "3",
        "auth",
        "noauth",
        "priv",
        "encrypted",
        "clear",
        "0",
        "7",
        "8",
    ];
    const PAIRS: &[&str] = &["version", "vrf", "use-vrf", "udp-port", "filter-vrf"];
    const INTERFACE: &[&str] = &["source-interface"];
    if words.iter().any(|word| word.is("community")) {
        return;
    }
    let mut at = 1;
    while let Some(word) = words.get(at) {
        // ASA names an interface first, IOS has a keyword in front of IPv6 addresses.
        if word.is_any(OPTIONS) || (at == 1 && is_address(word)) {
            at += 1;
        } else if word.is_any(PAIRS) {
            at += 2;
        } else if word.is_any(INTERFACE) {
            return;
        } else {
            hidden.extend((!word.is_scrubbed()).then(|| word.start..word.end()));
            return;
        }
    }
}

/// `snmp-server user`: a value behind `auth` and its digest, another behind `priv` and its cipher.
fn snmp_user(words: &[Word<'_>], hidden: &mut Vec<Range<usize>>) {
    const CIPHERS: &[&str] =
        &["des", "des56", "3des", "aes", "aes-128", "aes-192", "aes-256", "128", "192", "256"];
    let mut at = 2;
    while let Some(word) = words.get(at) {
        at += 1;
        if !word.is_any(&["auth", "priv"]) {
            continue;
        }
        let method = |word: &Word<'_>| {
            word.is_any(DIGESTS)
                || word.is_any(CIPHERS)
                || word.is_any(FORMS)
                || word.is_any(&["sha-2", "sha-224", "sha-384", "sha-512", "sha224", "0", "7"])
        };
        while words.get(at).is_some_and(method) && at + 1 < words.len() {
            at += 1;
        }
        let value = words.get(at).filter(|word| !word.is_scrubbed());
        hidden.extend(
            value.filter(|w| !w.is_any(&["priv", "read", "write"])).map(|w| w.start..w.end()),
        );
    }
}
