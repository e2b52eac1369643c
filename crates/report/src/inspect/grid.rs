//! Rows of text in columns that are as wide as their widest cell; where that makes lines too long to
//! read, the widest columns are narrowed and their cells broken between words.

use std::io;

/// No column is wider, apart from single words.
const MAX_CELL: usize = 56;

/// Lines are kept to this many characters where words allow it.
const MAX_LINE: usize = 160;

/// Blanks between columns.
const GAP: usize = 2;

/// Rows under a heading.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    heading: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Column widths of one or several grids that are printed under each other.
pub(crate) struct Widths(Vec<usize>);

impl Grid {
    /// A grid with these headings, printed in capitals.
    pub(crate) fn new(heading: &[&str]) -> Self {
        let heading = heading.iter().map(|name| name.replace('_', " ").to_uppercase()).collect();
        Self { heading, rows: Vec::new() }
    }

    /// Appends a row, a cell a heading.
    pub(crate) fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// Whether it has no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The same without columns in which no row says anything.
    pub(crate) fn without_empty_columns(mut self) -> Self {
        let used: Vec<bool> = (0..self.heading.len())
            .map(|column| {
                self.rows.iter().any(|row| row.get(column).is_some_and(|c| !c.is_empty()))
            })
            .collect();
        keep(&mut self.heading, &used);
        for row in &mut self.rows {
            keep(row, &used);
        }
        self
    }

    /// How wide its columns have to be.
    pub(crate) fn widths(&self) -> Widths {
        let mut widths = vec![0; self.heading.len()];
        let mut least = vec![0; self.heading.len()];
        for row in std::iter::once(&self.heading).chain(&self.rows) {
            for ((width, least), cell) in widths.iter_mut().zip(&mut least).zip(row) {
                *width = (*width).max(cell.chars().count().min(MAX_CELL));
                let words = cell.split(' ').map(|word| word.chars().count());
                *least = words.max().unwrap_or(0).max(*least);
            }
        }
        let room = MAX_LINE.saturating_sub(GAP * widths.len().saturating_sub(1));
        // Where single words are too long for it already, narrow columns would only make it taller.
        let fits = least.iter().sum::<usize>() <= room;
        while fits && widths.iter().sum::<usize>() > room {
            // The widest column that can still be broken gives way.
            let columns = widths.iter_mut().zip(&least).filter(|(width, least)| **width > **least);
            let Some((widest, _)) = columns.max_by_key(|(width, _)| **width) else { break };
            *widest -= 1;
        }
        Widths(widths)
    }

    /// Writes the headings.
    pub(crate) fn write_heading(
        &self,
        widths: &Widths,
        indent: usize,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        write_row(&self.heading, widths, indent, out)
    }

    /// Writes the rows from `rows.start` to `rows.end`.
    pub(crate) fn write_rows(
        &self,
        rows: std::ops::Range<usize>,
        widths: &Widths,
        indent: usize,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        self.rows
            .get(rows)
            .unwrap_or_default()
            .iter()
            .try_for_each(|row| write_row(row, widths, indent, out))
    }

    /// Writes headings and rows.
    pub(crate) fn write(&self, indent: usize, out: &mut dyn io::Write) -> io::Result<()> {
        let widths = self.widths();
        self.write_heading(&widths, indent, out)?;
        self.write_rows(0..self.rows.len(), &widths, indent, out)
    }
}

fn keep(cells: &mut Vec<String>, used: &[bool]) {
    let mut used = used.iter();
    cells.retain(|_| used.next().copied().unwrap_or(true));
}

/// A row takes as many lines as its tallest cell; no line ends in blanks.
fn write_row(
    row: &[String],
    widths: &Widths,
    indent: usize,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let cells: Vec<Vec<String>> =
        row.iter().zip(&widths.0).map(|(cell, width)| wrapped(cell, *width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(1);
    for line in 0..height {
        let mut text = " ".repeat(indent);
        for (cell, width) in cells.iter().zip(&widths.0) {
            let part = cell.get(line).map_or("", String::as_str);
            let fill = width.saturating_sub(part.chars().count()) + GAP;
            text.push_str(part);
            text.push_str(&" ".repeat(fill));
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

/// A cell in lines of at most `limit` characters, broken at blanks; a longer word stays whole.
fn wrapped(cell: &str, limit: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut width = 0;
    for word in cell.split(' ') {
        let length = word.chars().count();
        let fits = width == 0 || width + 1 + length <= limit;
        if let (true, Some(line)) = (fits, lines.last_mut()) {
            let blank = usize::from(!line.is_empty());
            line.push_str(if blank == 1 { " " } else { "" });
            line.push_str(word);
            width += blank + length;
        } else {
            lines.push(word.to_owned());
            width = length;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::Grid;

    fn shown(grid: &Grid) -> String {
        let mut out = Vec::new();
        grid.write(0, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_are_as_wide_as_needed() {
        let mut grid = Grid::new(&["name", "empty", "min_length"]);
        for (name, number) in [("a", "8"), ("longer name", "24")] {
            grid.push(vec![name.into(), String::new(), number.into()]);
        }
        let expected = "NAME         MIN LENGTH\na            8\nlonger name  24\n";
        assert_eq!(shown(&grid.without_empty_columns()), expected);
    }

    #[test]
    fn long_lines_take_from_the_widest_column() {
        let mut grid = Grid::new(&["a", "b", "c", "d"]);
        let cell = |count| ["word"; 12].get(..count).unwrap().join(" ");
        grid.push(vec![cell(11), cell(11), cell(9), "x".repeat(30)]);
        let shown = shown(&grid);
        assert!(shown.lines().all(|line| line.chars().count() <= 160), "{shown}");
        assert!(shown.contains(&"x".repeat(30)), "{shown}");
        assert_eq!(shown.matches("word").count(), 31, "{shown}");
    }

    #[test]
    fn long_cells_are_broken_between_words() {
        let mut grid = Grid::new(&["list", "x"]);
        let list = ["10.0.0.0/8"; 7].join(", ");
        grid.push(vec![list, "1".into()]);
        let shown = shown(&grid);
        assert_eq!(shown.lines().count(), 3, "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= 60), "{shown}");
    }
}
