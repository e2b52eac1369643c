//! Where passwords, keys and free text stand in any path.
//!
//! Junos marks lines with secrets itself (`## SECRET-DATA`), but not in `set` form, and hand-written
//! files hold plain keys. It is better to hide a word too many than to print one too few.

use edgelint_syntax::Words;

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

/// Records the secrets and the free text of a path.
pub(super) fn in_path<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    let n_words = words.len();
    if words.peek(0) == "snmp" && words.peek(1) == "community" {
        draft.device.secrets.extend(words.token(2).map(|token| token.span));
    }
    for (index, token) in words.tokens().enumerate() {
        let text = token.text;
        if text.starts_with('$') && text.bytes().filter(|byte| *byte == b'$').count() > 1 {
            draft.device.secrets.push(token.span);
            continue;
        }
        // Announcing words are lower case and at least three letters long.
        let plausible =
            text.len() > 2 && text.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
        if !plausible || index + 1 >= n_words {
            continue;
        }
        if matches!(text, "description" | "message" | "announcement" | "annotation" | "location") {
            draft.device.free_text.extend(words.skip(index + 1).span());
            break;
        }
        if announces(text) {
            draft.device.secrets.extend(words.token(n_words - 1).map(|token| token.span));
        }
    }
}
