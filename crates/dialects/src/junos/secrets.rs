//! Where passwords, keys and free text stand in any path.
//!
//! Junos marks lines with secrets itself (`## SECRET-DATA`), but not in `set` form, and hand-written
//! files hold plain keys. It is better to hide a word too many than to print one too few.

use edgelint_syntax::{Word, Words};

use super::draft::Draft;

/// Whether a secret stands behind this word. A match, not a table: this is asked of every word.
fn announces(word: &str) -> bool {
    matches!(
        word,
        "ascii-text"
            | "authentication-key"
            | "authentication-passphrase"
            | "authentication-password"
            | "certificate"
            | "chap-secret"
            | "encrypted-password"
            | "hexadecimal"
            | "hexidecimal"
            | "key"
            | "local-password"
            | "master-password"
            | "md5"
            | "ntp-key"
            | "pap-password"
            | "passphrase"
            | "password"
            | "plain-text-password-value"
            | "pre-shared-key"
            | "pre-shared-secret"
            | "privacy-key"
            | "privacy-password"
            | "radius-secret"
            | "secret"
            | "shared-secret"
            | "simple-password"
            | "ssh-dsa"
            | "ssh-ecdsa"
            | "ssh-ed25519"
            | "ssh-rsa"
            | "tacplus-secret"
            | "value"
            | "wpa-psk"
    )
}

/// Whether free text stands behind this word.
fn tells(word: &str) -> bool {
    matches!(word, "description" | "message" | "announcement" | "annotation" | "location")
}

/// The letters with which words begin that [`announces`] or [`tells`] knows, as bits, by their length:
/// nearly every word is told apart by these two.
const LETTERS: [u32; 32] = {
    let words = [
        "ascii-text",
        "authentication-key",
        "authentication-passphrase",
        "authentication-password",
        "certificate",
        "chap-secret",
        "encrypted-password",
        "hexadecimal",
        "hexidecimal",
        "key",
        "local-password",
        "master-password",
        "md5",
        "ntp-key",
        "pap-password",
        "passphrase",
        "password",
        "plain-text-password-value",
        "pre-shared-key",
        "pre-shared-secret",
        "privacy-key",
        "privacy-password",
        "radius-secret",
        "secret",
        "shared-secret",
        "simple-password",
        "ssh-dsa",
        "ssh-ecdsa",
        "ssh-ed25519",
        "ssh-rsa",
        "tacplus-secret",
        "value",
        "wpa-psk",
        "description",
        "message",
        "announcement",
        "annotation",
        "location",
    ];
    let (mut letters, mut at) = ([0; 32], 0);
    while at < words.len() {
        letters[words[at].len()] |= 1 << (words[at].as_bytes()[0] - b'a');
        at += 1;
    }
    letters
};

/// Whether a word may be one of those.
fn is_plausible(word: &str) -> bool {
    let letters = LETTERS.get(word.len()).copied().unwrap_or(0);
    let first = word.as_bytes().first().map_or(31, |byte| u32::from(byte.wrapping_sub(b'a')));
    letters.checked_shr(first).is_some_and(|letters| letters & 1 == 1)
}

/// The path that was looked at last. Paths of one block begin with the same words, which need be looked
/// at only once.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// Its words.
    before: Vec<Word>,
    /// How many of them announce nothing.
    harmless: usize,
}

impl Watch {
    /// How many words of a path need not be looked at.
    fn known(&mut self, words: Words<'_, '_>) -> usize {
        let places = words.places();
        let shared = self.before.iter().zip(places).take_while(|(a, b)| a == b).count();
        self.before.truncate(shared);
        self.before.extend_from_slice(places.get(shared..).unwrap_or(&[]));
        shared.min(self.harmless)
    }
}

/// Records the secrets and the free text of a path.
pub(super) fn in_path<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    let known = draft.watch.known(words);
    let n_words = words.len();
    if words.reads(0, "snmp") && words.reads(1, "community") {
        draft.device.secrets.extend(words.token(2).map(|token| token.span));
    }
    draft.watch.harmless = n_words.saturating_sub(1);
    for (index, token) in words.skip(known).tokens().enumerate() {
        let index = known + index;
        let text = token.text;
        if text.starts_with('$') && text.bytes().filter(|byte| *byte == b'$').count() > 1 {
            draft.device.secrets.push(token.span);
            draft.watch.harmless = draft.watch.harmless.min(index);
            continue;
        }
        if !is_plausible(text) || index + 1 >= n_words {
            continue;
        }
        if tells(text) {
            draft.device.free_text.extend(words.skip(index + 1).span());
            draft.watch.harmless = draft.watch.harmless.min(index);
            break;
        }
        if announces(text) {
            draft.device.secrets.extend(words.token(n_words - 1).map(|token| token.span));
            draft.watch.harmless = draft.watch.harmless.min(index);
        }
    }
}
