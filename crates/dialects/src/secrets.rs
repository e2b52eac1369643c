//! Where passwords and keys stand in statements that are not otherwise read.
//!
//! A secret is a word behind a word that announces one. It is better to hide a word too many than to
//! print one too few, so everything behind the announcement counts but a few harmless words.

use edgelint_source::Span;
use edgelint_syntax::{Statement, Words};

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

/// The lengths of these words, as bits.
const LENGTHS: u64 = {
    let (mut lengths, mut at) = (0, 0);
    while at < ANNOUNCE.len() {
        lengths |= 1 << ANNOUNCE[at].len();
        at += 1;
    }
    lengths
};

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
    // Most words are told apart by their length.
    let plausible = |index: usize| LENGTHS >> words.length(index).min(63) & 1 == 1;
    let announces =
        |index: &usize| plausible(*index) && ANNOUNCE.iter().any(|it| words.is(*index, it));
    (0..words.len()).find(announces)
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
