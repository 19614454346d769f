//! Line by line: which field is open, for which platform and language.

use super::line::{self, Label, Look};
use super::{Field, GENERIC, Piece, Role, Set, items, prose};
use crate::metadata::{labels, table};

/// A set that is being filled.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) set: Set,
    pub(super) recommended: Option<u32>,
    /// Where its first field begins: sets stand in the order of the reply.
    pub(super) first: usize,
    /// Its description may be something else.
    pub(super) weak: bool,
    /// Where its titles stand among the pieces.
    pub(super) pieces: Vec<usize>,
    /// Empty lines that count if the description goes on.
    pub(super) gap: usize,
}

/// The open field.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "what was seen of a field so far, in any combination")]
pub(super) struct Section {
    pub(super) field: Field,
    pub(super) draft: usize,
    pub(super) look: Look,
    /// Lines or entries so far.
    pub(super) items: usize,
    /// Its entries are list items, indented so far.
    pub(super) list: Option<usize>,
    pub(super) quoted: bool,
    /// A value stood beside the label.
    pub(super) inline: bool,
    /// What follows is no content any more.
    pub(super) closed: bool,
    /// Its platform or language was named inside the field.
    pub(super) nested: bool,
}

/// An open fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fence {
    /// It opened under a label: all of it is content.
    Content,
    /// It stands around labels.
    Around,
}

/// The state between two lines.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) pieces: Vec<Piece>,
    pub(super) drafts: Vec<Draft>,
    pub(super) section: Option<Section>,
    pub(super) labelled: bool,
    pub(super) spoken: Vec<&'static str>,
    pub(super) blank: bool,
    pub(super) fence: Option<Fence>,
    platform: Option<(&'static str, Look)>,
    language: Option<(&'static str, Look)>,
    /// The platform of the last label that named one beside its field.
    sticky: Option<&'static str>,
    table: Vec<(usize, &'a str)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            pieces: Vec::new(),
            drafts: Vec::new(),
            section: None,
            labelled: false,
            spoken: Vec::new(),
            blank: false,
            fence: None,
            platform: None,
            language: None,
            sticky: None,
            table: Vec::new(),
        }
    }

    pub(super) fn line(&mut self, start: usize, line: &'a str) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed == ">" {
            self.flush_table();
            self.put(start, start + line.len(), Role::Mark);
            self.blank = true;
            if let Some(section) = self.section {
                self.drafts[section.draft].gap += 1;
            }
            return;
        }
        if line::is_fence(line) {
            self.flush_table();
            self.put(start, start + line.len(), Role::Mark);
            let before = self.fence;
            let under = self.section.is_some_and(|open| !open.closed);
            self.fence = before.is_none().then_some(if under { Fence::Content } else { Fence::Around });
            if let Some(section) = self.section.as_mut().filter(|section| before.is_some() && section.items > 0) {
                // Titles may stand in a fence each; what ends around several fields ends the last one.
                section.closed = before == Some(Fence::Around) || section.field != Field::Title;
            }
        } else if trimmed.starts_with('|') && trimmed.len() > 1 && trimmed[1..].contains('|') {
            self.table.push((start, line));
        } else {
            self.flush_table();
            if self.fence == Some(Fence::Content) { self.content(start, line) } else { self.open_line(start, line) }
        }
        self.blank = false;
    }

    fn open_line(&mut self, start: usize, line: &'a str) {
        if prose::is_noise(line) {
            self.put(start, start + line.len(), Role::Dropped);
        } else if line::is_rule(line) {
            self.put(start, start + line.len(), Role::Mark);
            if let Some(section) = self.section.as_mut().filter(|section| section.items > 0) {
                section.closed = true;
            }
        } else if let Some(label) = line::label(line).filter(|label| self.accepts(label, line)) {
            self.open(start, line, label);
        } else if line::is_heading(line) && self.labelled {
            self.section = None;
            self.talk(start, line);
        } else {
            self.content(start, line);
        }
    }

    /// Whether what looks like a label is one at this place.
    fn accepts(&self, label: &Label, line: &str) -> bool {
        let Some(section) = self.section.filter(|section| !section.closed) else {
            return !labels::is_other(&label.head) || self.labelled;
        };
        let (has_value, look) = (label.value < line.len(), label.look);
        match section.field {
            // "3. Tips: how to…" is one of the titles.
            Field::Title if section.list.is_some() && look.item && !section.look.item => {
                label.head.field.is_none() && label.head.platform.is_none()
            }
            Field::Description => match label.head.field {
                // Chapters inside a description look unlike its own label.
                Some(Field::Chapters) => section.look == look || look.heading > 0 || !self.blank && section.items == 0,
                Some(Field::Other) => section.look == look || look.heading > 0,
                // "Instagram: @name" is a link.
                None if label.head.platform.is_some() && has_value => look.bold || section.nested || section.items == 0,
                _ => true,
            },
            Field::Tags | Field::Hashtags | Field::Chapters | Field::Title | Field::Other => true,
        }
    }

    fn open(&mut self, start: usize, line: &'a str, label: Label) {
        let Label { head, look, value } = label;
        let end = start + line.len();
        if labels::is_other(&head) {
            self.section = None;
            return self.talk(start, line);
        }
        self.labelled = true;
        self.spoken.extend(head.spoken.filter(|_| self.spoken.len() < 64));
        self.put(start, start + value, Role::Label);
        let below = |other: Look| other.heading > 0 && (look.heading == 0 || look.heading > other.heading);
        let inside = self.section.filter(|section| !section.nested || section.look != look);
        if let Some(field) = head.field {
            // A heading of the same level ends what a heading opened.
            self.platform =
                self.platform.filter(|(_, opened)| opened.heading == 0 || look.heading == 0 || below(*opened));
            self.language =
                self.language.filter(|(_, opened)| opened.heading == 0 || look.heading == 0 || below(*opened));
            let group = self.platform.map(|(name, _)| name);
            let language = head.language.or(self.language.map(|(tag, _)| tag));
            let sticky = self.sticky.filter(|name| group.is_none() && !self.is_filled(name, language, field));
            self.sticky = if head.platform.is_some() { head.platform } else { sticky };
            let draft = self.draft(head.platform.or(group).or(sticky), language, start);
            self.drafts[draft].weak |= field == Field::Description && head.weak;
            self.section = Some(Section::new(field, draft, look));
        } else if let Some(section) = inside
            && (head.platform.is_none() || below(section.look) && self.platform.is_none())
            && look.heading == 0
        {
            self.switch(section, head.platform, head.language, start);
        } else if let Some(section) = self.section.filter(|section| section.nested && look.heading == 0) {
            self.switch(section, head.platform, head.language, start);
        } else {
            self.sticky = None;
            if let Some(platform) = head.platform {
                self.platform = Some((platform, look));
                self.language = None;
            }
            if let Some(language) = head.language {
                self.platform = self
                    .platform
                    .filter(|(_, opened)| head.platform.is_some() || opened.heading == 0 || below(*opened));
                self.language = Some((language, look));
            }
            self.section = None;
            if value < line.len() {
                // A platform with text beside it: its caption.
                let draft = self.draft(self.platform.map(|(name, _)| name), head.language, start);
                self.section = Some(Section::new(Field::Description, draft, look));
            }
        }
        self.blank = false;
        if value < line.len() {
            self.value(start + value, end);
        }
    }

    /// The same field for another platform or language.
    fn switch(
        &mut self,
        section: Section,
        platform: Option<&'static str>,
        language: Option<&'static str>,
        start: usize,
    ) {
        let known = &self.drafts[section.draft].set;
        let own = (known.platform != GENERIC).then(|| known.platform.clone());
        let platform = platform.map(str::to_owned).or(own);
        let language = language.map(str::to_owned).or_else(|| known.language.clone());
        let draft = self.draft(platform.as_deref(), language.as_deref(), start);
        self.section =
            Some(Section { nested: true, look: section.look, ..Section::new(section.field, draft, section.look) });
    }

    fn value(&mut self, start: usize, end: usize) {
        let text = self.text;
        self.content(start, &text[start..end]);
        if let Some(section) = self.section.as_mut() {
            section.inline = section.items > 0;
        }
    }

    fn is_filled(&self, platform: &str, language: Option<&str>, field: Field) -> bool {
        let known = |draft: &&Draft| draft.set.platform == platform && draft.set.language.as_deref() == language;
        self.drafts.iter().find(known).is_some_and(|draft| match field {
            Field::Title => !draft.set.titles.is_empty(),
            Field::Description => !draft.set.description.is_empty(),
            Field::Tags => !draft.set.tags.is_empty(),
            Field::Hashtags => !draft.set.hashtags.is_empty(),
            Field::Chapters | Field::Other => true,
        })
    }

    /// The set of a platform and language; there are at most as many as both lists allow.
    fn draft(&mut self, platform: Option<&str>, language: Option<&str>, start: usize) -> usize {
        let platform = platform.unwrap_or(GENERIC);
        let known = |draft: &Draft| draft.set.platform == platform && draft.set.language.as_deref() == language;
        self.drafts.iter().position(known).unwrap_or_else(|| {
            let set = Set { platform: platform.to_owned(), language: language.map(str::to_owned), ..Set::default() };
            self.drafts.push(Draft { set, first: start, ..Draft::default() });
            self.drafts.len() - 1
        })
    }

    pub(super) fn put(&mut self, start: usize, end: usize, role: Role) {
        if !self.text[start..end].trim().is_empty() {
            self.pieces.push(Piece { start, end, role });
        }
    }

    /// Text that belongs to no field.
    pub(super) fn talk(&mut self, start: usize, line: &str) {
        let from = line.len() - line.trim_start().len();
        let role = if self.labelled { Role::Trail } else { Role::Lead };
        self.put(start + from, start + line.len(), role);
    }

    fn flush_table(&mut self) {
        if self.table.is_empty() {
            return;
        }
        let rows = std::mem::take(&mut self.table);
        let open = self.section.filter(|section| !section.closed).map(|section| section.field);
        let cells = table::read(self.text, &rows, open);
        let Some(cells) = cells else {
            for (start, line) in rows {
                self.content(start, line);
            }
            return;
        };
        self.labelled = true;
        for cell in cells {
            self.cell(cell);
        }
    }

    fn cell(&mut self, cell: table::Cell) {
        let table::Cell { start, end, field, platform, language } = cell;
        let Some(field) = field else {
            return self.put(start, end, cell_role(platform.is_some()));
        };
        let open = self.section.filter(|section| section.field == field && platform.is_none() && language.is_none());
        let draft = match open {
            Some(section) => section.draft,
            None => self.draft(
                platform.or(self.platform.map(|(name, _)| name)),
                language.or(self.language.map(|(tag, _)| tag)),
                start,
            ),
        };
        let before = self.section.replace(Section::new(field, draft, Look::default()));
        self.blank = false;
        let text = self.text;
        let raw = &text[start..end];
        // Lines inside of a cell are written as breaks.
        let mut from = start;
        for part in raw.split("<br>") {
            let rest = part.trim_start_matches('/');
            self.content(from, rest);
            from += part.len();
            let mark = (from + 4).min(end);
            self.put(from, mark, Role::Mark);
            from = mark;
        }
        self.section = before.map(|section| Section { items: section.items + 1, list: Some(0), ..section });
    }

    pub(super) fn finish(&mut self) {
        self.flush_table();
        for draft in &mut self.drafts {
            let text = draft.set.description.trim();
            let whole = items::title(text);
            // Quotes around the whole go, as around a title; nothing else does.
            let quoted = text.starts_with(['"', '“', '「', '『', '«', '„'])
                && whole.text.len() < text.len()
                && !whole.recommended;
            let bare = text.len() - whole.text.len() <= 6;
            draft.set.description = if quoted && bare { whole.text } else { text.to_owned() };
            draft.set.derive();
        }
    }
}

const fn cell_role(label: bool) -> Role {
    if label { Role::Label } else { Role::Mark }
}

impl Section {
    fn new(field: Field, draft: usize, look: Look) -> Self {
        Self { field, draft, look, items: 0, list: None, quoted: false, inline: false, closed: false, nested: false }
    }
}
