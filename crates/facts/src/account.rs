//! How much of a device was understood, in the words of the report.

use edgelint_model::{Part, State};
use edgelint_source::view::Counts;

use crate::device::DeviceFacts;

impl DeviceFacts<'_> {
    /// Statements by what became of them.
    pub fn counts(&self) -> Counts {
        let total = |state| self.device.coverage.total(state);
        Counts {
            modelled: total(State::Modelled),
            inert: total(State::Inert),
            unmodelled: total(State::Unmodelled),
            opaque: total(State::Opaque),
        }
    }

    /// Whether a statement that could change a verdict was not understood: one in any part but the
    /// rest that has no part of its own.
    pub fn is_partial(&self) -> bool {
        self.device.coverage.unknown.iter().any(|unknown| unknown.part != Part::Other)
    }
}
