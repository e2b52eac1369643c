//! The words that secrets stand behind, and those that stand beside them and may be seen.
//!
//! Collected from the manuals of the vendors whose exports edgelint reads. A word that is missing
//! among the first kind shows a secret; one that is missing among the second hides a harmless
//! word. So the first list also works by endings, and the second is short.

/// Whether `name` ends with `ending`, in any case.
fn ends(name: &str, ending: &str) -> bool {
    name.len()
        .checked_sub(ending.len())
        .and_then(|at| name.get(at..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(ending))
}

/// Whether `name` is among `names`, in any case.
pub(super) fn among(names: &[&str], name: &str) -> bool {
    names.iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// Words that name a secret wherever they stand.
const SECRETS: &[&str] = &[
    "key-string",
    "keystring",
    "psk",
    "phash",
    "pwd",
    "passcode",
    "token",
    "credential",
    "credentials",
    "key-data",
    "crypt-key",
    "snmp-community",
];

/// Endings of words that name a secret.
const ENDINGS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "-key",
    "_key",
    "-psk",
    "_psk",
    "-pwd",
    "-pass",
    "-token",
    "_token",
    "community-string",
    "trap-community",
    "notify-community",
    "read-community",
    "write-community",
    "apikey",
    "sharedkey",
];

/// Words with such an ending whose value is public, or that take none.
const PUBLIC: &[&str] = &[
    "public-key",
    "trusted-key",
    "host-key",
    "active-key",
    "admin-key",
    "plain-text-password",
    "nopassword",
    "no-password",
    "use-password",
    "require-password",
    "allow-password",
    "verify-key",
    "hash-key",
    "flow-key",
    "ssh-key",
    "authorized-key",
    "signing-key",
];

/// Whether a value behind the word `name` is a secret, whatever stands around it. `key`,
/// `community` and `authentication` are not among these: they need a closer look.
pub(super) fn names_secret(name: &str) -> bool {
    if among(PUBLIC, name) {
        return false;
    }
    among(SECRETS, name) || ENDINGS.iter().any(|ending| ends(name, ending))
}

/// Words that may be seen behind a word that names a secret: how the value is written, and what
/// the statement goes on with.
const PLAIN: &[&str] = &[
    "3des",
    "8a",
    "aaa",
    "advertisement-interval",
    "aes",
    "aes-128",
    "aes128",
    "area",
    "ascii",
    "ascii-text",
    "auth",
    "authentication",
    "authentication-key",
    "cipher",
    "clear",
    "clear-text",
    "cleartext",
    "config-key",
    "custom",
    "dead-interval",
    "des",
    "enable",
    "enc",
    "encrypted",
    "hash",
    "hash2",
    "hello-interval",
    "hello-password",
    "hex",
    "hexadecimal",
    "hmac-md5",
    "hmac-sha-1",
    "hmac-sha-256",
    "hmac-sha1",
    "hmac-sha1-12",
    "hmac-sha1-20",
    "hmac-sha256",
    "iburst",
    "ip",
    "ipsec",
    "irreversible-cipher",
    "key",
    "key-string",
    "level-1",
    "level-2",
    "local",
    "localized",
    "localizedkey",
    "md5",
    "message-digest",
    "message-digest-key",
    "mschap",
    "no-xauth",
    "none",
    "nt-encrypted",
    "null",
    "passphrase",
    "password",
    "password-encrypt",
    "pbkdf2",
    "plain",
    "plaintext",
    "pre-shared-key",
    "prefer",
    "priv",
    "remote",
    "ro",
    "rw",
    "scheme",
    "scrypt",
    "secret",
    "send-only",
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "simple",
    "text",
    "type",
    "value",
];

/// Whether the word may be seen behind one that names a secret.
pub(super) fn is_plain(name: &str) -> bool {
    among(PLAIN, name)
}

/// Words that may be seen together with the one behind them.
pub(super) const WITH_VALUE: &[&str] = &[
    "privilege",
    "role",
    "level",
    "hostname",
    "vrf",
    "use-vrf",
    "auth-port",
    "acct-port",
    "port",
    "udp-port",
    "timeout",
    "retransmit",
    "key-chain",
    "keychain",
    "version",
    "access-permissions",
    "expire",
    "expires",
    "group",
    "view",
    "algorithm",
    "options",
    "start-time",
    "source-interface",
    "key-id",
    "authorization",
    "spi",
];

/// Names of key chains: public even where nothing else follows.
pub(super) const CHAINS: &[&str] = &["key-chain", "keychain"];

/// Words behind which one address and one mask may be seen.
pub(super) const ADDRESSES: &[&str] = &["address", "peer", "server", "ipv6"];

/// What follows `key` where it is a command of its own and no value.
pub(super) const KEY_COMMANDS: &[&str] = &[
    "chain",
    "generate",
    "zeroize",
    "pubkey-chain",
    "mypubkey",
    "chain-name",
    "derivation-algorithm",
    "exchange",
];

/// What follows `password` where it is about passwords and no password.
pub(super) const PASSWORD_COMMANDS: &[&str] =
    &["strength-check", "encryption", "policy", "history", "minimum-length"];

/// Words whose next word is a name somebody chose, which may be `SECRET` or `key`.
pub(super) const NAMERS: &[&str] = &[
    "prefix-list",
    "route-map",
    "access-list",
    "community-list",
    "as-path-set",
    "prefix-set",
    "policy-statement",
    "policy-map",
    "class-map",
    "vrf",
];

/// Digests that keys are given for.
pub(super) const DIGESTS: &[&str] = &[
    "md5",
    "sha",
    "sha1",
    "sha256",
    "sha384",
    "sha512",
    "hmac-sha-256",
    "hmac-sha-1",
    "hmac-md5",
    "sha-256",
];

/// Ways to write a value that stand in front of it.
pub(super) const FORMS: &[&str] =
    &["encrypted", "clear", "cipher", "simple", "plain", "plaintext", "text", "ascii-text", "enc"];

/// Digits that say how a secret is stored, in front of it.
pub(super) const LEVELS: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "14"];

/// Parts of words behind which free text holds a secret.
const LIKELY: &[&str] = &[
    "apikey",
    "auth",
    "authentication",
    "authkey",
    "cipher",
    "clave",
    "communities",
    "community",
    "contrasena",
    "cred",
    "credential",
    "enc",
    "encrypted",
    "hash",
    "kennwort",
    "key",
    "keystring",
    "keydata",
    "licensekey",
    "md5",
    "motdepasse",
    "pass",
    "passcode",
    "passwort",
    "pin",
    "privatekey",
    "psk",
    "pw",
    "pwd",
    "secret",
    "secretkey",
    "sha",
    "sharedkey",
    "token",
    "wep",
    "wpa",
];

/// The first letters, as bits, that words of each length have in [`LIKELY`].
const LETTERS: [u32; 16] = {
    let (mut letters, mut at) = ([0; 16], 0);
    while at < LIKELY.len() {
        let word = LIKELY[at].as_bytes();
        letters[word.len()] |= 1 << (word[0] & 31);
        at += 1;
    }
    letters
};

/// Whether a word is one of [`LIKELY`]; nearly all others are as long as none that begins with their letter.
fn smells(word: &str) -> bool {
    let letters = LETTERS.get(word.len()).copied().unwrap_or(0);
    let first = word.as_bytes().first().map_or(0, |letter| letter & 31);
    letters >> first & 1 != 0 && among(LIKELY, word)
}

/// Whether free text is likely to hold a secret behind `part`, a run of letters and digits.
pub(super) fn is_likely(part: &str) -> bool {
    let bare = part.trim_end_matches(|c: char| c.is_ascii_digit());
    // No such word is a number.
    if bare.is_empty() {
        return false;
    }
    let single = bare.strip_suffix(['s', 'S']).unwrap_or(bare);
    let begins = part.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("passw"));
    begins
        || smells(part)
        || bare.len() < part.len() && smells(bare)
        || single.len() < bare.len() && smells(single)
        || ["password", "passwd", "passphrase", "secret", "psk", "apikey", "sharedkey"]
            .iter()
            .any(|ending| ends(single, ending))
}

/// Whether a command with secrets may have `part` in its name, a run of letters and digits that is not
/// likely to have a secret behind it in free text.
pub(super) fn is_command(part: &str) -> bool {
    let bytes = part.as_bytes();
    let begins = |rest: &[u8], names: &[&str]| {
        let is =
            |name: &&str| rest.get(..name.len()).map(|it| it.eq_ignore_ascii_case(name.as_bytes()));
        names.iter().any(|name| is(name) == Some(true))
    };
    (0..bytes.len()).filter_map(|at| bytes.get(at..)).any(|rest| match rest.first() {
        Some(b'c' | b'C') => begins(rest, &["communit"]),
        Some(b'n' | b'N') => begins(rest, &["name"]),
        Some(b'p' | b'P') => begins(rest, &["phash", "privacy"]),
        Some(b's' | b'S') => begins(rest, &["snmp"]),
        _ => false,
    })
}

/// Words of plain English that may be seen in free text behind such a part.
pub(super) const ENGLISH: &[&str] = &[
    "a", "an", "and", "are", "at", "by", "for", "from", "in", "is", "mode", "not", "of", "on",
    "or", "required", "see", "set", "the", "to", "was", "with", "use", "via",
];
