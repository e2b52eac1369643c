//! Where passwords and keys stand in statements that are not otherwise read.
//!
//! A secret is a word behind a word that announces one. It is better to hide a word too many than to
//! print one too few, so everything behind the announcement counts but a few harmless words.

use edgelint_source::Span;
use edgelint_syntax::{Statement, Word, Words};

use crate::draft::Draft;

/// Words that announce a secret.
const ANNOUNCE: &[&str] = &[
    "password",
    "passwd",
    "ldap-login-password",
    "radius-common-pw",
    "secret",
    "key",
    "key-string",
    "key-octet-string",
    "community",
    "md5",
    "pre-shared-key",
    "authentication-key",
    "encryption-key",
    "pac-key",
    "wpa-psk",
    "psk",
    "auth",
    "priv",
    "passphrase",
    "shared-secret",
    "authentication",
    "area-password",
    "domain-password",
];

/// The letters with which the words of a table begin and end, as one bit each, by their length: nearly every
/// word of a configuration is told apart from all of them by these. The words are shorter than 32.
pub(crate) struct Shapes([u64; 32]);

/// The bit of a first and a last letter, in any case: so that most words of configurations share none with a
/// word of the tables that is as long.
const fn bit(first: u8, last: u8) -> u64 {
    1 << ((first | 0x20).wrapping_mul(2).wrapping_add((last | 0x20).wrapping_mul(13)) & 63)
}

impl Shapes {
    /// The shapes of a table.
    pub(crate) const fn of(table: &[&str]) -> Self {
        let (mut letters, mut at) = ([0; 32], 0);
        while at < table.len() {
            let word = table[at].as_bytes();
            letters[word.len()] |= bit(word[0], word[word.len() - 1]);
            at += 1;
        }
        Self(letters)
    }

    /// The shapes of two tables.
    pub(crate) const fn and(mut self, other: &Self) -> Self {
        let mut at = 0;
        while at < self.0.len() {
            self.0[at] |= other.0[at];
            at += 1;
        }
        self
    }

    /// Whether a word may stand in the table, in any case; words of one letter stand in none.
    #[inline]
    pub(crate) fn may_hold(&self, word: &[u8]) -> bool {
        let letters = self.0.get(word.len()).copied().unwrap_or(0);
        match word {
            [first, .., last] => letters != 0 && letters & bit(*first, *last) != 0,
            _ => false,
        }
    }
}

/// The shapes of the words that announce a secret.
static SHAPES: Shapes = Shapes::of(ANNOUNCE);

/// Records the secrets and the free text of a statement and its block.
pub(crate) fn in_block<'t, P>(draft: &mut Draft<'t, P>, statement: Statement<'_, 't>) {
    in_statement(draft, statement.words());
    for child in statement.children() {
        in_block(draft, child);
    }
}

/// Records the secrets and the free text of one statement.
pub(crate) fn in_statement<'t, P>(draft: &mut Draft<'t, P>, words: Words<'_, 't>) {
    let is = |index: usize, word: &str| words.is(index, word);
    if is(0, "description") || is(0, "remark") || is(0, "banner") || is(0, "alias") {
        draft.device.free_text.extend(words.skip(1).span());
        return;
    }
    let Some(at) = announcement(words) else { return };
    if is(at, "community") && !is(0, "snmp-server") || is(0, "route-map") || is(0, "set") {
        return;
    }
    if is(at, "key") && is(at + 1, "chain") || is(at, "authentication") && at == 0 {
        return;
    }
    secret(words, at + 1, &mut |span| draft.device.secrets.push(span));
    // A user of SNMP has two: one to prove who it is, one to keep what is said private.
    if is(at, "auth") {
        let behind = words.skip(at + 1);
        if let Some(privacy) = (1..behind.len()).find(|index| behind.is(*index, "priv")) {
            secret(behind, privacy + 1, &mut |span| draft.device.secrets.push(span));
        }
    }
}

/// Index of the word that announces a secret.
fn announcement(words: Words<'_, '_>) -> Option<usize> {
    let text = words.file_text().as_bytes();
    let of = |word: &Word| text.get(word.start as usize..word.end as usize).unwrap_or(&[]);
    let plausible = |word: &Word| SHAPES.may_hold(of(word));
    let announces = |index: usize| ANNOUNCE.iter().any(|it| words.is(index, it));
    let candidates = words.places().iter().enumerate().filter(|(_, word)| plausible(word));
    candidates.map(|(index, _)| index).find(|index| announces(*index))
}

/// Shows the secret behind an announcement: the first word that is no type number or name of a
/// method.
fn secret(words: Words<'_, '_>, from: usize, found: &mut impl FnMut(Span)) {
    const HARMLESS: &[&str] = &[
        "0",
        "3",
        "5",
        "6",
        "7",
        "8",
        "9",
        "4",
        "encrypted",
        "clear",
        "string",
        "level",
        "md5",
        "sha",
        "sha-256",
        "des",
        "3des",
        "aes",
        "aes-128",
        "128",
        "192",
        "256",
        "ascii",
        "hex",
        "local",
        "remote",
        "address",
        "text",
        "message-digest",
        "hmac-sha-256",
    ];
    let mut at = from;
    while at + 1 < words.len() && HARMLESS.iter().any(|it| it.eq_ignore_ascii_case(words.peek(at)))
    {
        at += 1;
    }
    if let Some(token) = words.token(at) {
        found(token.span);
    }
}
