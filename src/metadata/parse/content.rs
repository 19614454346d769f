//! What a line adds to the open field.

use super::line;
use super::reader::{Draft, Reader, Section};
use super::{Field, Piece, Role, items, prose};

/// More words than this in a line without a separator are no tag.
const MOST_WORDS_OF_A_TAG: usize = 6;

impl Reader<'_> {
    /// A line of content, or of talk where no field is open.
    pub(super) fn content(&mut self, start: usize, line: &str) {
        let Some(section) = self.section.filter(|section| !section.closed) else {
            return self.talk(start, line);
        };
        // The quote mark of a block goes.
        let lead = line.len() - line.trim_start().len();
        let quote = lead + line[lead..].len() - line[lead..].trim_start_matches('>').len();
        let quoted = quote > lead;
        if section.quoted && !quoted && self.blank && section.items > 0 {
            return self.close(start, line);
        }
        let from = if quoted { quote + usize::from(line[quote..].starts_with(' ')) } else { 0 };
        self.put(start, start + from, Role::Mark);
        let (start, line) = (start + from, &line[from..]);
        if let Some(open) = self.section.as_mut() {
            open.quoted |= quoted;
        }
        if is_length(line) {
            return self.put(start, start + line.len(), Role::Mark);
        }
        match section.field {
            Field::Title => self.title_line(section, start, line),
            Field::Description => self.description_line(section, start, line),
            Field::Tags | Field::Hashtags => self.tag_line(section, start, line),
            Field::Chapters => self.chapter_line(section, start, line),
            Field::Other => self.talk(start, line),
        }
    }

    /// The field ends here, and `line` is no part of it.
    fn close(&mut self, start: usize, line: &str) {
        if let Some(section) = self.section.as_mut() {
            section.closed = true;
        }
        self.talk(start, line);
    }

    fn count(&mut self) {
        if let Some(section) = self.section.as_mut() {
            section.items += 1;
        }
    }

    fn title_line(&mut self, section: Section, start: usize, line: &str) {
        let indent = line.bytes().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let mark = line::list_mark(line).filter(|mark| *mark < line.len());
        if let Some(mark) = mark {
            if section.list.is_some_and(|first| indent >= first + 2) || (section.inline && indent >= 2) {
                return self.remark(start, line);
            }
            if let Some(open) = self.section.as_mut() {
                open.list.get_or_insert(indent);
            }
            self.count();
            return self.add_title(section, start, start + mark, start + line.len());
        }
        let bare = line.trim().trim_matches(['*', '_']);
        let quoted = bare.starts_with(['"', '“', '「', '『', '«', '《']);
        if section.items == 0 {
            if bare.ends_with([':', '：']) || (prose::is_closing(line) && !quoted) {
                return self.talk(start, line);
            }
        } else if section.list.is_some() || section.inline {
            // Words under an item explain it; after a gap, the list is over.
            if self.blank || section.inline || prose::is_closing(line) {
                return self.close(start, line);
            }
            return self.remark(start, line);
        } else if !quoted && self.blank && prose::is_sentence(line) || prose::is_closing(line) {
            return self.close(start, line);
        }
        self.count();
        self.add_title(section, start, start, start + line.len());
    }

    fn remark(&mut self, start: usize, line: &str) {
        let from = line.len() - line.trim_start().len();
        self.put(start + from, start + line.len(), Role::Remark);
    }

    fn add_title(&mut self, section: Section, start: usize, from: usize, end: usize) {
        let text = self.text;
        self.drafts[section.draft].add_title(text, start, from, end, &mut self.pieces);
    }

    fn description_line(&mut self, section: Section, start: usize, line: &str) {
        if self.blank && section.items > 0 && self.fence.is_none() && prose::is_closing(line) {
            return self.close(start, line);
        }
        let draft = &mut self.drafts[section.draft];
        let gap = std::mem::take(&mut draft.gap);
        let description = &mut draft.set.description;
        if !description.is_empty() {
            // A second description for one set is kept apart from the first.
            let apart = if section.items == 0 { 1 } else { gap };
            for _ in 0..=apart.min(2) {
                description.push('\n');
            }
        }
        description.push_str(&plain_line(line));
        self.put(start, start + line.len(), Role::Description);
        self.count();
    }

    fn tag_line(&mut self, section: Section, start: usize, line: &str) {
        let listed = line::list_mark(line).filter(|mark| *mark < line.len());
        let separated = line.contains([',', '，', '、', ';', '；', '#', '|', '،']);
        if self.fence.is_none() {
            let long = !separated && line.split_whitespace().count() > MOST_WORDS_OF_A_TAG;
            let talk = prose::is_sentence(line) && (section.items == 0 || self.blank || prose::is_closing(line));
            let intro = section.items == 0 && line.trim_end().ends_with([':', '：']);
            if (talk || (long && self.blank) || intro)
                && listed.is_none()
                && !(separated && section.items == 0 && !intro)
            {
                return if section.items > 0 { self.close(start, line) } else { self.talk(start, line) };
            }
        }
        let mut from = listed.unwrap_or(0);
        self.put(start, start + from, Role::Mark);
        // "Broad: a, b" heads a group of tags.
        if let Some((head, rest)) = line[from..].split_once([':', '：'])
            && head.chars().count() <= 24
            && !head.contains([',', '，', '、', ';', '#'])
            && rest.contains([',', '，', '、', ';', '；', '#'])
        {
            let end = line.len() - rest.len();
            self.put(start + from, start + end, Role::Label);
            from = end;
        }
        let value = &line[from..];
        let set = &mut self.drafts[section.draft].set;
        let role = if section.field == Field::Tags {
            set.add_tags(value);
            Role::Tags
        } else {
            set.add_hashtags(value);
            Role::Hashtags
        };
        self.put(start + from, start + line.len(), role);
        self.count();
    }

    fn chapter_line(&mut self, section: Section, start: usize, line: &str) {
        let Some(chapter) = items::chapter(line) else {
            return if section.items > 0 { self.close(start, line) } else { self.talk(start, line) };
        };
        self.drafts[section.draft].set.chapters.push(chapter);
        self.put(start, start + line.len(), Role::Chapters);
        self.count();
    }
}

impl Draft {
    /// The title in `text[from..end]` of a line that begins at `start`.
    pub(super) fn add_title(&mut self, text: &str, start: usize, from: usize, end: usize, pieces: &mut Vec<Piece>) {
        let found = items::title(&text[from..end]);
        if found.text.is_empty() {
            pieces.push(Piece { start, end, role: Role::Mark });
            return;
        }
        let (first, last) = (from + found.from, from + found.to);
        for (start, end, role) in [(start, first, Role::Mark), (first, last, Role::Title), (last, end, Role::Mark)] {
            if !text[start..end].trim().is_empty() {
                if role == Role::Title {
                    self.pieces.push(pieces.len());
                }
                pieces.push(Piece { start, end, role });
            }
        }
        self.set.titles.push(found.text);
        if found.recommended && self.recommended.is_none() {
            self.recommended = u32::try_from(self.set.titles.len()).ok();
        }
    }
}

/// Whether the line only says how long something is.
fn is_length(line: &str) -> bool {
    let bare = line.trim().trim_matches(['*', '_', ' ']);
    let inner = bare.strip_prefix(['(', '（', '[']).and_then(|rest| rest.strip_suffix([')', '）', ']']));
    let Some(inner) = inner else { return false };
    inner.starts_with(|c: char| c.is_ascii_digit() || "~≈约約".contains(c))
        && items::title(&format!("x {bare}")).text == "x"
}

/// A line of a description as a platform shows it: no bold, no escapes, no hard breaks.
fn plain_line(line: &str) -> String {
    let line = line.trim_end();
    let line = line.strip_suffix('\\').unwrap_or(line);
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.peek() == Some(&'*') => {
                chars.next();
            }
            '\\' if chars.peek().is_some_and(|next| "#*_<>|[]()`-.!~".contains(*next)) => {}
            c => plain.push(c),
        }
    }
    plain.trim_end().to_owned()
}
