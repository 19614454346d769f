//! Writes formatted text as Discord's Markdown, with everything inert that an agent could have meant otherwise: its signs
//! are escaped, mentions and invites fall apart, and no link hides where it leads.
//!
//! What is written is never longer than [`TextLimit::Marked`](crate::chat::rich::TextLimit::Marked) says.

use std::ops::Range;

use crate::chat::rich::{Drawn, LONGEST_ADDRESS, Mark, RichText, Span, is_its_address};

/// Seen by nobody; keeps apart what would mean something together.
const APART: char = '\u{200B}';
/// The largest headings that Discord has.
const LEVELS: u8 = 3;
/// Hosts that Discord unfolds into cards of its own: invitations, gifts, templates.
const DISCORD: [&str; 2] = ["discord", "discordapp"];

/// Writes a text. With `preview`, its links may unfold.
pub(super) fn draw(text: &RichText, preview: bool) -> String {
    let Drawn { text, spans } = text.drawn();
    let looks: Vec<Look> = looks(&text, &spans);
    let mut pen = Pen { text: &text, looks: &looks, preview, out: String::with_capacity(text.len() * 2), at: 0 };
    pen.write();
    pen.out
}

/// A stretch that has marks around it.
struct Look<'m> {
    range: Range<usize>,
    sign: Sign<'m>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign<'m> {
    Around(&'static str),
    Heading(&'static str),
    Code(&'static str, &'static str, &'static str),
    Pre(Option<&'m str>),
    Quote,
    Link(&'m str),
    /// A link whose words are its address: they are replaced by it.
    Address(&'m str),
}

impl Sign<'_> {
    fn is_code(self) -> bool {
        matches!(self, Self::Code(..) | Self::Pre(_))
    }
}

/// Leaves out what makes no difference where it stands: bold within bold, any look within an address.
fn looks<'m>(text: &str, spans: &'m [Span]) -> Vec<Look<'m>> {
    let mut until = [0; 4];
    let mut closed = 0;
    let mut looks = Vec::new();
    for span in spans {
        let range = span.range.clone();
        if range.start < closed {
            continue;
        }
        let words = &text[range.clone()];
        let own = match &span.mark {
            Mark::Bold | Mark::Heading(_) => Some(0),
            Mark::Italic => Some(1),
            Mark::Strike => Some(2),
            Mark::Quote => Some(3),
            Mark::Code | Mark::Pre(_) | Mark::Link(_) => None,
        };
        if let Some(own) = own {
            if range.end <= until[own] {
                continue;
            }
            until[own] = range.end;
        }
        let sign = match &span.mark {
            Mark::Heading(level) if begins_line(text, range.start) && !words.contains('\n') && *level <= LEVELS => {
                Sign::Heading(["# ", "## ", "### "][usize::from(level.saturating_sub(1).min(LEVELS - 1))])
            }
            Mark::Bold | Mark::Heading(_) => Sign::Around("**"),
            Mark::Italic => Sign::Around(italic(text, spans, &range)),
            Mark::Strike => Sign::Around("~~"),
            Mark::Code if words.contains('`') => Sign::Code("`` ", " ``", "`"),
            // A backslash before the closing sign could take its meaning away.
            Mark::Code if words.ends_with('\\') => Sign::Code("`", " `", ""),
            Mark::Code => Sign::Code("`", "`", ""),
            Mark::Pre(language) => Sign::Pre(language.as_deref()),
            Mark::Quote => Sign::Quote,
            Mark::Link(address) if is_its_address(words, address) => Sign::Address(address),
            Mark::Link(address) => Sign::Link(address),
        };
        if sign.is_code() || matches!(sign, Sign::Address(_)) {
            closed = range.end;
        }
        looks.push(Look { range, sign });
    }
    looks
}

/// Discord reads `_` at a word's borders only, and `*` anywhere; but an address may hold the one, and bold is made of the
/// other.
fn italic(text: &str, spans: &[Span], range: &Range<usize>) -> &'static str {
    let goes_on = text[range.end..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let mut inside = spans.iter().filter(|span| range.start <= span.range.start && span.range.end <= range.end);
    let linked = text[range.clone()].contains("://") || inside.any(|span| matches!(span.mark, Mark::Link(_)));
    if goes_on || linked { "*" } else { "_" }
}

fn begins_line(text: &str, at: usize) -> bool {
    at == 0 || text[..at].ends_with('\n')
}

struct Pen<'t> {
    text: &'t str,
    looks: &'t [Look<'t>],
    preview: bool,
    out: String,
    at: usize,
}

impl<'t> Pen<'t> {
    fn write(&mut self) {
        let looks = self.looks;
        let mut next = 0;
        let mut open: Vec<&Look<'t>> = Vec::new();
        loop {
            let mut closed = false;
            while let Some(look) = open.pop_if(|look| look.range.end <= self.at) {
                let quoted = open.iter().any(|outer| outer.sign == Sign::Quote);
                self.close(look, quoted);
                closed |= look.sign != Sign::Quote;
            }
            if self.at == self.text.len() {
                return;
            }
            let mut begins = begins_line(self.text, self.at);
            if begins && open.iter().any(|look| look.sign == Sign::Quote) {
                self.out.push_str("> ");
                begins = false;
            }
            while let Some(look) = looks.get(next).filter(|look| look.range.start <= self.at) {
                next += 1;
                if closed && look.sign != Sign::Quote {
                    self.out.push(APART);
                    closed = false;
                }
                self.open(look, open.iter().any(|outer| outer.sign == Sign::Quote), begins);
                if matches!(look.sign, Sign::Address(_)) {
                    // Its words are written.
                    self.at = look.range.end;
                    closed = true;
                    continue;
                }
                open.push(look);
            }
            let end = looks.get(next).map_or(self.text.len(), |look| look.range.start);
            let end = open.last().map_or(end, |look| end.min(look.range.end)).max(self.at);
            let line = self.text[self.at..end].find('\n').map_or(end, |newline| self.at + newline + 1);
            match open.last().map(|look| look.sign) {
                Some(sign) if sign.is_code() => self.code(line, sign),
                _ => self.words(line),
            }
        }
    }

    fn open(&mut self, look: &Look<'_>, quoted: bool, begins: bool) {
        match look.sign {
            Sign::Around(mark) | Sign::Heading(mark) | Sign::Code(mark, ..) => self.out.push_str(mark),
            Sign::Pre(language) => {
                self.out.push_str("```");
                self.out.push_str(language.unwrap_or_default());
                self.out.push_str(if quoted { "\n> " } else { "\n" });
            }
            Sign::Quote if begins => self.out.push_str("> "),
            Sign::Quote | Sign::Link(_) => {}
            Sign::Address(address) => self.address(address),
        }
    }

    fn close(&mut self, look: &Look<'_>, quoted: bool) {
        match look.sign {
            Sign::Around(mark) | Sign::Code(_, mark, _) => self.out.push_str(mark),
            Sign::Pre(_) => self.out.push_str(if quoted { "\n> ```" } else { "\n```" }),
            Sign::Link(address) if address.encode_utf16().count() <= LONGEST_ADDRESS => {
                self.out.push(' ');
                self.address(address);
            }
            Sign::Heading(_) | Sign::Quote | Sign::Link(_) | Sign::Address(_) => {}
        }
    }

    /// Code up to `end`, as it is. Only what could end it is kept apart.
    fn code(&mut self, end: usize, sign: Sign<'_>) {
        for c in self.text[self.at..end].chars() {
            let fence = c == '`' && self.out.ends_with('`');
            if fence && !matches!(sign, Sign::Code(_, _, "")) {
                self.out.push(APART);
            }
            self.out.push(c);
        }
        self.at = end;
    }

    /// Words up to `end`, escaped.
    fn words(&mut self, end: usize) {
        while self.at < end {
            let rest = &self.text[self.at..end];
            let Some(c) = rest.chars().next() else { return };
            if let Some(address) = self.bare_address(rest) {
                self.at += address.len();
                self.address(address);
                continue;
            }
            let after = &self.text[self.at + c.len_utf8()..];
            match c {
                '\\' | '*' | '_' | '~' | '`' | '|' | '[' => self.escaped(c),
                '#' | '-' | '+' | '>' if self.line().trim().is_empty() => self.escaped(c),
                '.' | ')' if is_number(self.line().trim_start()) => self.escaped(c),
                '.' if ends_in_discord(self.line()) => self.escaped(c),
                '<' if after.starts_with(|c: char| c.is_ascii_alphanumeric() || "@#:/!&".contains(c)) => self.apart(c),
                '@' if starts_with(after, "everyone") || starts_with(after, "here") => self.apart(c),
                _ => self.out.push(c),
            }
            self.at += c.len_utf8();
        }
    }

    fn escaped(&mut self, c: char) {
        self.out.extend(['\\', c]);
    }

    fn apart(&mut self, c: char) {
        self.out.extend([c, APART]);
    }

    /// The line so far.
    fn line(&self) -> &'t str {
        let before = &self.text[..self.at];
        &before[before.rfind('\n').map_or(0, |newline| newline + 1)..]
    }

    /// An address that nobody marked as a link.
    fn bare_address(&self, rest: &'t str) -> Option<&'t str> {
        let within = self.text[..self.at].ends_with(|c: char| c.is_ascii_alphanumeric());
        if within || !(starts_with(rest, "https://") || starts_with(rest, "http://")) {
            return None;
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(rest.len());
        let address = rest[..end].trim_end_matches(|c: char| ".,;:!?'\")]}*_~`|".contains(c));
        (!address.ends_with("//") && address.len() <= LONGEST_ADDRESS * 4).then_some(address)
    }

    /// An address, within `<>` so that it unfolds into nothing. One that could break the text around it, or that Discord
    /// makes a card of, is written so that it cannot be pressed.
    fn address(&mut self, address: &str) {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._:/?#@!$&'(),;=%+".contains(c);
        let small = address.to_ascii_lowercase();
        let mentions = ["@everyone", "@here"].iter().any(|name| small.contains(name));
        let cards = DISCORD.iter().any(|name| small.contains(&format!("{name}.")));
        if address.chars().all(plain) && !mentions && !cards {
            if self.preview {
                self.out.push_str(address);
            } else {
                self.out.push('<');
                self.out.push_str(address);
                self.out.push('>');
            }
            return;
        }
        for (at, c) in address.char_indices() {
            match c {
                '@' => self.apart(c),
                c if c.is_ascii_punctuation() && (at < 8 || cards || !"-/?=&%+".contains(c)) => self.escaped(c),
                c => self.out.push(c),
            }
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn ends_in_discord(text: &str) -> bool {
    DISCORD.iter().any(|name| {
        text.len()
            .checked_sub(name.len())
            .and_then(|at| text.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(name))
    })
}

fn starts_with(text: &str, front: &str) -> bool {
    text.get(..front.len()).is_some_and(|start| start.eq_ignore_ascii_case(front))
}

#[cfg(test)]
#[path = "draw_tests.rs"]
mod tests;
