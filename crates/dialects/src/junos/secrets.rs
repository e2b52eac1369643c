//! Where passwords, keys and free text stand in any path.
//!
//! Junos marks lines with secrets itself (`## SECRET-DATA`), but not in `set` form, and hand-written
//! files hold plain keys. It is better to hide a word too many than to print one too few.

use edgelint_syntax::{Word, Words};

use super::draft::Draft;
use crate::secrets::Shapes;

/// Words behind which a secret stands.
const ANNOUNCE: &[&str] = &[
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
];

/// Words behind which free text stands.
const TELL: &[&str] = &["description", "message", "announcement", "annotation", "location"];

/// The shapes of both.
static SHAPES: Shapes = Shapes::of(ANNOUNCE).and(&Shapes::of(TELL));

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
    let bytes = words.file_text().as_bytes();
    let places = words.places().get(known..).unwrap_or(&[]);
    for (index, word) in (known..).zip(places) {
        let text = bytes.get(word.start as usize..word.end as usize).unwrap_or(&[]);
        let plausible = SHAPES.may_hold(text);
        if !plausible && text.first() != Some(&b'$') {
            continue;
        }
        let Some(token) = words.token(index) else { break };
        let text = token.text;
        if text.starts_with('$') && text.bytes().filter(|byte| *byte == b'$').count() > 1 {
            draft.device.secrets.push(token.span);
            draft.watch.harmless = draft.watch.harmless.min(index);
            continue;
        }
        if !plausible || index + 1 >= n_words {
            continue;
        }
        if TELL.contains(&text) {
            draft.device.free_text.extend(words.skip(index + 1).span());
            draft.watch.harmless = draft.watch.harmless.min(index);
            break;
        }
        if ANNOUNCE.contains(&text) {
            draft.device.secrets.extend(words.token(n_words - 1).map(|token| token.span));
            draft.watch.harmless = draft.watch.harmless.min(index);
        }
    }
}
