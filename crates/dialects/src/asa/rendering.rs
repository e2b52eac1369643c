//! A text read as ASA and shown as text, for tests.

use edgelint_model::Device;
use edgelint_source::{Arena, FileId};
use edgelint_syntax::Lines;

/// Reads a text and shows what `show` makes of the first device.
pub(super) fn device(text: &str, show: impl Fn(&Device<'_>) -> String) -> String {
    let tree = super::layout::lay_out(Lines::split(FileId(0), text));
    let arena = Arena::new();
    super::read(&tree, &arena).first().map(show).unwrap_or_default()
}
