//! Lines in a few colours, or plain where nobody wants colours.

use std::io;

use codespan_reporting::term::termcolor::{Buffer, Color, ColorSpec, WriteColor};

/// What a part of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shade {
    /// As any other text.
    Plain,
    /// What follows belongs to it.
    Heading,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is different.
    Changed,
    /// Less important.
    Quiet,
}

/// Writes lines.
pub(crate) struct Paint<'o> {
    color: bool,
    out: &'o mut dyn io::Write,
}

impl<'o> Paint<'o> {
    pub(crate) fn new(color: bool, out: &'o mut dyn io::Write) -> Self {
        Self { color, out }
    }

    /// Writes a line of parts, so far to the right; blanks at its end are left out.
    pub(crate) fn line(&mut self, indent: usize, parts: &[(Shade, &str)]) -> io::Result<()> {
        let mut buffer = if self.color { Buffer::ansi() } else { Buffer::no_color() };
        if !parts.is_empty() {
            io::Write::write_all(&mut buffer, " ".repeat(indent).as_bytes())?;
        }
        for (shade, text) in parts {
            let mut spec = ColorSpec::new();
            match shade {
                Shade::Plain => {}
                Shade::Heading => {
                    spec.set_bold(true);
                }
                Shade::Added => {
                    spec.set_fg(Some(Color::Green));
                }
                Shade::Removed => {
                    spec.set_fg(Some(Color::Red));
                }
                Shade::Changed => {
                    spec.set_fg(Some(Color::Yellow));
                }
                Shade::Quiet => {
                    spec.set_dimmed(true);
                }
            }
            buffer.set_color(&spec)?;
            io::Write::write_all(&mut buffer, text.as_bytes())?;
        }
        buffer.reset()?;
        self.out.write_all(buffer.into_inner().trim_ascii_end())?;
        self.out.write_all(b"\n")
    }
}
