//! A bar on stderr for runs that make people wait.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::terminal::{Stream, is_terminal};

/// Runs shorter than this show no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// The bar, or nothing where no person looks.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    begun: Instant,
}

impl Progress {
    /// A bar for `count` inputs; none if it is not `wanted` or stderr is no terminal.
    #[expect(clippy::disallowed_methods, reason = "a bar is drawn only when a run takes long")]
    pub(crate) fn new(count: usize, wanted: bool) -> Self {
        let bar = (wanted && is_terminal(Stream::Error)).then(|| {
            let length = u64::try_from(count).unwrap_or(u64::MAX);
            let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden());
            let style = ProgressStyle::with_template("reading {bar:40} {pos}/{len}");
            style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style))
        });
        Self { bar, begun: Instant::now() }
    }

    /// One more input is done.
    pub(crate) fn advance(&self) {
        let Some(bar) = &self.bar else { return };
        if bar.is_hidden() && self.begun.elapsed() > PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.inc(1);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
