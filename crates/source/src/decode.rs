//! From the bytes of an export to text, or to the verdict that there is none.
//!
//! Exports come from terminals, collectors and Windows shells, so UTF-8 is likely but not sure.
//! What is sure is tried first (byte order marks, strict UTF-8) and takes the bytes over without
//! copying them; what is guessed comes last and is said (see [`Encoding::note`]), because a
//! wrong guess changes names. Line ends stay as they are: the line index knows all three.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How the bytes of a file were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16 with the low byte first, as PowerShell's `>` writes it.
    Utf16Le,
    /// UTF-16 with the high byte first.
    Utf16Be,
    /// UTF-32 with a byte order mark, either order.
    Utf32,
    /// One byte a character: a guess, made because nothing else fits.
    Windows1252,
}

impl Encoding {
    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Utf32 => "UTF-32",
            Self::Windows1252 => "Windows-1252",
        }
    }

    /// What a reader of the report has to know: only that the encoding was guessed.
    pub const fn note(self) -> Option<&'static str> {
        match self {
            Self::Windows1252 => Some("not UTF-8: read as Windows-1252"),
            Self::Utf8 | Self::Utf16Le | Self::Utf16Be | Self::Utf32 => None,
        }
    }
}

/// What the bytes hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Text, without its byte order mark.
    Text(String),
    /// Nothing, or blanks only.
    Empty,
    /// Something that is not text: an archive, an image, a program, a key store.
    Binary,
}

/// The outcome of [`decode`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Text, or why there is none.
    pub content: Content,
    /// How it was read; of no meaning where the content is binary.
    pub encoding: Encoding,
}

impl Decoded {
    /// The text; empty where there is none.
    pub fn text(&self) -> &str {
        match &self.content {
            Content::Text(text) => text,
            Content::Empty | Content::Binary => "",
        }
    }

    /// The text itself, where there is one.
    pub fn into_text(self) -> Option<String> {
        match self.content {
            Content::Text(text) => Some(text),
            Content::Empty | Content::Binary => None,
        }
    }

    /// What to note in the report: only text whose encoding was guessed has a note.
    pub fn note(&self) -> Option<&'static str> {
        matches!(self.content, Content::Text(_)).then(|| self.encoding.note()).flatten()
    }
}

/// First bytes of formats that are never a configuration: gzip, zip, PNG, ELF, bzip2, xz, zstd,
/// 7-Zip, PDF.
const MAGIC: [&[u8]; 9] = [
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"\x89PNG\r\n\x1a\n",
    b"\x7fELF",
    b"BZh9",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf\x27\x1c",
    b"%PDF-",
];

/// So many bytes are looked at to guess UTF-16.
const SAMPLE: usize = 4096;

/// Reads `bytes` as text. Never fails: what is no text is [`Content::Binary`].
pub fn decode(bytes: Vec<u8>) -> Decoded {
    if MAGIC.iter().any(|magic| bytes.starts_with(magic)) {
        return Decoded { content: Content::Binary, encoding: Encoding::Utf8 };
    }
    let (text, encoding) = read(bytes);
    let content = match text {
        Some(text) if is_text(&text) => content(text),
        Some(_) | None => Content::Binary,
    };
    Decoded { content, encoding }
}

fn content(text: String) -> Content {
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    if text.chars().all(blank) { Content::Empty } else { Content::Text(text) }
}

/// The most trustworthy reading of `bytes`, and which one it was.
fn read(bytes: Vec<u8>) -> (Option<String>, Encoding) {
    // The mark of UTF-32LE begins with that of UTF-16LE.
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe\0\0") {
        return (utf32(rest, u32::from_le_bytes), Encoding::Utf32);
    }
    if let Some(rest) = bytes.strip_prefix(b"\0\0\xfe\xff") {
        return (utf32(rest, u32::from_be_bytes), Encoding::Utf32);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return (Some(utf16(UTF_16LE, rest)), Encoding::Utf16Le);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return (Some(utf16(UTF_16BE, rest)), Encoding::Utf16Be);
    }
    match guess_utf16(&bytes) {
        Some(Encoding::Utf16Be) => (Some(utf16(UTF_16BE, &bytes)), Encoding::Utf16Be),
        Some(encoding) => (Some(utf16(UTF_16LE, &bytes)), encoding),
        None => eight_bits(bytes),
    }
}

/// UTF-8 where it is valid, else Windows-1252. The bytes of valid UTF-8 become the text.
fn eight_bits(bytes: Vec<u8>) -> (Option<String>, Encoding) {
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.remove(0);
            }
            (Some(text), Encoding::Utf8)
        }
        Err(error) => {
            let bytes = error.as_bytes();
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            (Some(text.into_owned()), Encoding::Windows1252)
        }
    }
}

/// Broken halves of pairs and a missing last byte become U+FFFD: a cut export is still an export.
fn utf16(order: &'static encoding_rs::Encoding, bytes: &[u8]) -> String {
    order.decode_without_bom_handling(bytes).0.into_owned()
}

fn utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> Option<String> {
    bytes
        .chunks(4)
        .map(|chunk| char::from_u32(unit(<[u8; 4]>::try_from(chunk).ok()?)))
        .collect::<Option<String>>()
}

/// UTF-16 without a mark: in text that is mostly ASCII every second byte is zero, and a zero on
/// the other side would be a NUL character, which no text holds.
fn guess_utf16(bytes: &[u8]) -> Option<Encoding> {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    memchr::memchr(0, sample)?;
    let (mut even, mut odd) = (0_usize, 0_usize);
    for pair in sample.chunks_exact(2) {
        even += usize::from(pair.first() == Some(&0));
        odd += usize::from(pair.last() == Some(&0));
    }
    let half = sample.len() / 4;
    match (even, odd) {
        (0, odd) if odd > half => Some(Encoding::Utf16Le),
        (even, 0) if even > half => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// No NUL, and at most one character in twenty is a control that no export holds. ETX closes
/// banners, backspace and ESC are what pagers leave behind, form feeds part pages, Ctrl-Z ends
/// files on old systems: they do not count.
fn is_text(text: &str) -> bool {
    if memchr::memchr(0, text.as_bytes()).is_some() {
        return false;
    }
    let harmless = |c: char| {
        matches!(c, '\t' | '\n' | '\r' | '\x03' | '\x07' | '\x08' | '\x0c' | '\x1a' | '\x1b')
    };
    let bytes = text.as_bytes();
    // Counted over bytes and without branches, for every byte of every file comes by: first whether
    // there is anything but line ends and tabs at all, which there is not in most files.
    let control = |byte: u8| (byte < b' ') & !matches!(byte, 9 | 10 | 13) | (byte == 127);
    if bytes.is_ascii() && count(bytes, control) == 0 {
        return true;
    }
    let strange = text.chars().filter(|&c| c.is_control() && !harmless(c)).count();
    strange <= 2 || strange.saturating_mul(20) <= text.len()
}

/// How many bytes are of a kind.
fn count(bytes: &[u8], kind: impl Fn(u8) -> bool) -> usize {
    // A chunk's count fits a byte, so that the compiler adds many of them at once.
    let chunk = |chunk: &[u8]| chunk.iter().fold(0_u8, |sum, &byte| sum + u8::from(kind(byte)));
    bytes.chunks(255).map(|bytes| usize::from(chunk(bytes))).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Content, Encoding, decode};

    fn wide(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "hostname caf\u{e9}\r\nrouter bgp 64500\rend\n";
        let with = |mark: &[u8], body: Vec<u8>| [mark, &body].concat();
        let words = |unit: fn(u32) -> [u8; 4]| text.chars().flat_map(|c| unit(c.into())).collect();
        let table: [(Vec<u8>, Encoding); 8] = [
            (text.into(), Encoding::Utf8),
            (with(b"\xef\xbb\xbf", text.into()), Encoding::Utf8),
            (with(b"\xff\xfe", wide(text, u16::to_le_bytes)), Encoding::Utf16Le),
            (with(b"\xfe\xff", wide(text, u16::to_be_bytes)), Encoding::Utf16Be),
            (wide(text, u16::to_le_bytes), Encoding::Utf16Le),
            (wide(text, u16::to_be_bytes), Encoding::Utf16Be),
            (with(b"\xff\xfe\0\0", words(u32::to_le_bytes)), Encoding::Utf32),
            (with(b"\0\0\xfe\xff", words(u32::to_be_bytes)), Encoding::Utf32),
        ];
        for (bytes, encoding) in table {
            let decoded = decode(bytes);
            assert_eq!((decoded.text(), decoded.encoding), (text, encoding));
            assert_eq!(decoded.note(), None);
        }
    }

    #[test]
    fn other_bytes_are_windows_1252_and_said_so() {
        let decoded = decode(b"description caf\xe9 \x80 5\n".to_vec());
        assert_eq!(decoded.text(), "description caf\u{e9} \u{20ac} 5\n");
        assert_eq!(decoded.note(), Some("not UTF-8: read as Windows-1252"));
    }

    #[test]
    fn terminal_residue_is_text() {
        let text = "banner motd \x03\nhello\n\x03\n --More-- \x08\x08\x08\x1b[K\x0c\nend\n\x1a";
        assert_eq!(decode(text.into()).text(), text);
    }

    #[test]
    fn what_is_no_text_is_binary() {
        let zip = b"PK\x03\x04rest";
        let table: [&[u8]; 7] = [
            zip,
            b"\x1f\x8b\x08rest",
            b"\x7fELFrest",
            b"\x89PNG\r\n\x1a\nrest",
            b"hostname a\0b and more text",
            b"\x01\x02\x05\x06\x0e\x0f\x10\x11 text",
            b"\xff\xfe\0\0abc",
        ];
        for bytes in table {
            assert_eq!(decode(bytes.to_vec()).content, Content::Binary, "{bytes:?}");
        }
    }

    #[test]
    fn blanks_are_empty() {
        for bytes in [&b""[..], b" \t\r\n\x0c", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe\n\0"] {
            assert_eq!(decode(bytes.to_vec()).content, Content::Empty, "{bytes:?}");
        }
    }

    #[test]
    fn a_cut_last_character_does_not_lose_the_file() {
        let mut bytes = wide("hostname edge\n", u16::to_le_bytes);
        bytes.pop();
        let decoded = decode(bytes);
        assert_eq!(decoded.text(), "hostname edge\u{fffd}");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let decoded = decode(bytes);
            prop_assert!(!decoded.text().contains('\0'));
        }

        #[test]
        fn valid_text_stays_as_it_is(text in "[ -~\u{a0}-\u{2ff}\r\n\t]{1,80}[a-z]") {
            let decoded = decode(text.clone().into_bytes());
            prop_assert_eq!(decoded.text(), text);
        }
    }
}
