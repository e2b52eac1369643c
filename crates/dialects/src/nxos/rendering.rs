//! Shared by unit tests: a text read as a device, then shown in a few words.

use edgelint_model::Device;
use edgelint_source::{Arena, FileId};
use edgelint_syntax::Lines;

/// Reads a text and shows the device.
pub(super) fn device(text: &str, show: impl FnOnce(&Device<'_>) -> String) -> String {
    let arena = Arena::new();
    let tree = super::layout::lay_out(Lines::split(FileId(0), text));
    show(&super::read(&tree, &arena)[0])
}
