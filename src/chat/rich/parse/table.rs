//! A table as lines with aligned columns: no chat has tables.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::super::clean;

/// A wider table would wrap in every line; its cells are then set one after the other.
const WIDEST: usize = 64;
/// Between two columns.
const BETWEEN: &str = " | ";

/// A table that is being read.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
    cell: String,
    link: Option<(String, usize)>,
}

impl Table {
    /// Takes an event from within the table.
    pub(super) fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => self.rows.push(vec![]),
            Event::Start(Tag::Link { dest_url, .. }) => self.link = Some((dest_url.to_string(), self.cell.len())),
            Event::End(TagEnd::Link) => {
                // A link cannot be pressed in fixed width, so it is written out.
                if let Some((url, from)) =
                    self.link.take().and_then(|(url, from)| Some((super::address::web(&url)?, from)))
                    && self.cell.get(from..).is_some_and(|text| super::address::web(text).as_ref() != Some(&url))
                {
                    self.cell.extend([" (", &url, ")"]);
                }
            }
            Event::End(TagEnd::TableCell) => {
                let cell = clean(&std::mem::take(&mut self.cell));
                if let Some(row) = self.rows.last_mut() {
                    row.push(cell.trim().to_owned());
                }
            }
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) | Event::Html(text) => {
                self.cell.push_str(&text.replace('\n', " "));
            }
            Event::SoftBreak | Event::HardBreak => self.cell.push(' '),
            _ => {}
        }
    }

    /// The lines.
    pub(super) fn lay_out(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut widths = vec![0; columns];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(width_of(cell));
            }
        }
        let aligned = widths.iter().sum::<usize>() + BETWEEN.len() * columns.saturating_sub(1) <= WIDEST;
        let mut lines = Vec::with_capacity(self.rows.len() + 1);
        for (at, row) in self.rows.iter().enumerate() {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| {
                    let gap = if aligned { width.saturating_sub(width_of(cell)) } else { 0 };
                    format!("{cell}{}", " ".repeat(gap))
                })
                .collect();
            lines.push(cells.join(BETWEEN).trim_end().to_owned());
            if at == 0 && aligned {
                let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
                lines.push(rule.join("-+-"));
            }
        }
        lines.join("\n")
    }
}

/// About how many columns a text takes: the wide scripts and emoji take two for each character.
fn width_of(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}' => 0,
            '\u{1100}'..='\u{115F}'
            | '\u{2E80}'..='\u{A4CF}'
            | '\u{AC00}'..='\u{D7A3}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FE30}'..='\u{FE4F}'
            | '\u{FF00}'..='\u{FF60}'
            | '\u{FFE0}'..='\u{FFE6}'
            | '\u{1F300}'..='\u{1FAFF}'
            | '\u{20000}'..='\u{3FFFD}' => 2,
            _ => 1,
        })
        .sum()
}
