//! Tables: a column of titles, a column for each field, or a row for each.

use super::labels::{self, Field, Head};

/// A cell and what it holds; no field means that it is frame, or a label where a platform is named.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) field: Option<Field>,
    pub(super) platform: Option<&'static str>,
    pub(super) language: Option<&'static str>,
}

/// Columns that are looked at.
const MOST_COLUMNS: usize = 24;

type Row = Vec<(usize, usize)>;

/// The cells of a table, if it holds fields; `open` is the field whose label stands above it.
pub(super) fn read(text: &str, lines: &[(usize, &str)], open: Option<Field>) -> Option<Vec<Cell>> {
    let rows: Vec<Row> = lines.iter().map(|(start, line)| row(*start, line)).collect();
    let rule = rows.get(1).is_some_and(|row| is_rule(text, row));
    let head = rows.first()?;
    let heads: Vec<Option<Head>> = head.iter().map(|cell| labels::read(&text[cell.0..cell.1])).collect();
    let field = |at: usize| {
        heads.get(at).and_then(Option::as_ref).and_then(|head| head.field).filter(|field| *field != Field::Other)
    };
    let fields = (0..heads.len()).filter(|at| field(*at).is_some()).count();
    let body = if rule { 2 } else { 1 };
    let mut cells = Vec::new();
    let first: Vec<Option<Head>> =
        rows.iter().map(|row| row.first().and_then(|cell| labels::read(&text[cell.0..cell.1]))).collect();
    let labelled_rows = first
        .iter()
        .skip(usize::from(rule) * 2)
        .filter(|head| head.as_ref().is_some_and(|head| head.field.is_some() && !labels::is_other(head)))
        .count();
    if fields >= 2
        || (fields == 1
            && heads
                .iter()
                .flatten()
                .any(|head| head.platform.is_none() && head.field.is_none() || head.platform.is_some()))
    {
        // A column for each field; a row may name its platform or language.
        for (row, name) in rows.iter().zip(&first).skip(body) {
            let named = row.iter().zip(&heads).find_map(|(cell, head)| {
                let is_name = head.as_ref().is_none_or(|head| head.field.is_none());
                labels::read(&text[cell.0..cell.1]).filter(|found| is_name && found.field.is_none())
            });
            let named = named.or_else(|| name.filter(|head| head.field.is_none())).unwrap_or_default();
            for (at, cell) in row.iter().enumerate() {
                let over = heads.get(at).and_then(Option::as_ref);
                let platform = over.and_then(|head| head.platform).or(named.platform);
                let language = over.and_then(|head| head.language).or(named.language);
                push(&mut cells, *cell, field(at), platform, language);
            }
        }
    } else if labelled_rows >= 2 {
        // A row for each field; a further column may be another platform or language.
        for (row, name) in rows.iter().zip(&first) {
            let Some(name) = name.as_ref().filter(|name| name.field.is_some() && !labels::is_other(name)) else {
                for cell in row {
                    push(&mut cells, *cell, None, None, None);
                }
                continue;
            };
            for (at, cell) in row.iter().enumerate() {
                let over = heads.get(at).and_then(Option::as_ref).filter(|head| head.field.is_none());
                let named = over.is_some_and(|head| head.platform.is_some() || head.language.is_some());
                let platform = over.and_then(|head| head.platform).or(name.platform);
                let language = over.and_then(|head| head.language).or(name.language);
                let value = at > 0 && (at == 1 || named) && !row.is_empty();
                push(&mut cells, *cell, name.field.filter(|_| value), platform, language);
            }
        }
    } else if let Some(only) = open.or_else(|| (0..heads.len()).find_map(field)) {
        let own = (0..heads.len()).find(|at| field(*at) == Some(only));
        let column = own.or_else(|| longest(text, rows.get(body..)?, only))?;
        if matches!(only, Field::Description | Field::Chapters) || (fields == 1 && own.is_none()) {
            return None;
        }
        let from = if rule { body } else { usize::from(own.is_some()) };
        for row in rows.get(from..)? {
            for (at, cell) in row.iter().enumerate() {
                push(&mut cells, *cell, (at == column).then_some(only), None, None);
            }
        }
    } else {
        return None;
    }
    // Head and rule are frame.
    let seen = cells.first().map(|cell| cell.start);
    let mut frame: Vec<Cell> = Vec::new();
    for row in &rows {
        for cell in row.iter().filter(|cell| seen.is_none_or(|seen| cell.0 < seen)) {
            push(&mut frame, *cell, None, None, None);
        }
    }
    frame.extend(cells);
    Some(frame)
}

fn push(
    cells: &mut Vec<Cell>,
    cell: (usize, usize),
    field: Option<Field>,
    platform: Option<&'static str>,
    language: Option<&'static str>,
) {
    if cell.0 < cell.1 {
        cells.push(Cell { start: cell.0, end: cell.1, field, platform, language });
    }
}

/// The cells of a line, without the space around them; `\|` is a bar.
fn row(start: usize, line: &str) -> Row {
    let mut cells = Vec::new();
    let (mut from, mut escaped) = (None, false);
    for (at, c) in line.char_indices() {
        if c == '|' && !escaped {
            if let Some(from) = from
                && cells.len() < MOST_COLUMNS
            {
                cells.push(trim(start, line, from, at));
            }
            // Past the last column looked at, the rest is one cell.
            if cells.len() < MOST_COLUMNS || from.is_none() {
                from = Some(at + 1);
            }
        }
        escaped = c == '\\' && !escaped;
    }
    if let Some(from) = from.filter(|from| !line[*from..].trim().is_empty()) {
        cells.push(trim(start, line, from, line.len()));
    }
    cells
}

fn trim(start: usize, line: &str, from: usize, to: usize) -> (usize, usize) {
    let text = &line[from..to];
    let lead = text.len() - text.trim_start().len();
    let begin = start + from + lead;
    (begin, begin + text.trim().len())
}

fn is_rule(text: &str, row: &Row) -> bool {
    row.iter().all(|cell| text[cell.0..cell.1].chars().all(|c| matches!(c, '-' | ':' | ' ')))
}

/// The column with the most text, which is that of titles; other entries come first.
fn longest(text: &str, rows: &[Row], field: Field) -> Option<usize> {
    let columns = rows.iter().map(Vec::len).max()?;
    if field != Field::Title {
        return Some(0);
    }
    let letters = |at: usize| -> usize {
        rows.iter()
            .filter_map(|row| row.get(at))
            .map(|cell| text[cell.0..cell.1].chars().filter(|c| !c.is_ascii_digit()).count())
            .sum()
    };
    (0..columns).max_by_key(|at| (letters(*at), columns - at))
}
