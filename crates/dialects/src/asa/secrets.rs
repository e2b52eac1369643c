//! Where passwords and keys stand in statements of ASA that are not otherwise read: behind the words that all
//! systems have for them ([`crate::secrets`]), and in two places where no word announces them.

use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use crate::phrases::is_word;

/// Records the secrets and the free text of a statement and its block.
pub(super) fn in_block<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    crate::secrets::in_block(draft, statement);
    let words = statement.words();
    // `aaa-server NAME (inside) host 192.0.2.1 KEY`, before the key got a line of its own.
    let server = is_word(words, 0, "aaa-server") && is_word(words, 3, "host");
    let key = server && !is_word(words, 5, "timeout");
    record(draft, words, 5, key);
    record(draft, words, 4, is_word(words, 0, "license") && is_word(words, 3, "idtoken"));
}

fn record<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>, at: usize, is_secret: bool) {
    if let Some(token) = words.token(at).filter(|_| is_secret) {
        draft.secret(token.span);
    }
}
