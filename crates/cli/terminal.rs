//! Whether to colour: the flag first, then the environment, then whether a terminal listens.

use std::io::{self, IsTerminal};

use crate::arguments::Color;

/// Where text goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    /// The report.
    Out,
    /// What is said beside it.
    Error,
}

/// Whether text for `stream` is coloured. `NO_COLOR` beats `FORCE_COLOR` and `CLICOLOR_FORCE`;
/// an empty variable counts as unset (no-color.org).
pub(crate) fn colored(choice: Color, stream: Stream) -> bool {
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto if set("FORCE_COLOR") || set("CLICOLOR_FORCE") => true,
        Color::Auto => is_terminal(stream),
    }
}

/// Whether a terminal that can move its cursor listens.
pub(crate) fn is_terminal(stream: Stream) -> bool {
    let terminal = match stream {
        Stream::Out => io::stdout().is_terminal(),
        Stream::Error => io::stderr().is_terminal(),
    };
    terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0")
}
