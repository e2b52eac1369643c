//! Where text is kept that stands in no file: names a dialect has to put together.
//!
//! The model borrows from source text. A name that is made, not read (an expanded path, a joined
//! description), is put here and lives as long as the text beside it.

/// A place for strings that live as long as the file they were made for.
#[derive(Debug, Default)]
pub struct Arena(bumpalo::Bump);

impl Arena {
    /// An empty arena; allocates nothing until it is used.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps a copy of `text` and returns it with the arena's lifetime.
    pub fn keep(&self, text: &str) -> &str {
        self.0.alloc_str(text)
    }
}
