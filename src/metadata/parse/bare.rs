//! Titles without a label, and titles with a reason behind each.

use super::reader::Draft;
use super::{GENERIC, Piece, Role, items, line};

/// A list after such words reports or asks.
const NO_TITLES: &[&str] = &[
    "question",
    "pregunta",
    "pergunta",
    "frage",
    "вопрос",
    "问题",
    "問題",
    "質問",
    "질문",
    "domand",
    "changes",
    "edits",
    "edited",
    "trimmed",
    "timeline",
    "时间线",
    "時間軸",
    "修改",
    "改动",
    "改好",
    "剪辑",
    "変更",
    "編集",
    "タイムライン",
    "바뀐",
    "변경",
    "편집",
    "cambios",
    "línea de tiempo",
    "alterações",
    "modifications",
    "änderungen",
    "измен",
];
/// Unless it speaks of these.
const TITLES: &[&str] = &[
    "title",
    "headline",
    "标题",
    "標題",
    "タイトル",
    "제목",
    "título",
    "titulo",
    "titre",
    "titel",
    "заголов",
    "названи",
    "titol",
    "शीर्षक",
    "عنوان",
    "عناوين",
];
/// Between a title and the reason for it.
const REASON: [&str; 3] = [" — ", " – ", " - "];

/// Where no title has a label: the list before the first label, or in a reply without any.
pub(super) fn titles(
    reply: &str,
    pieces: Vec<Piece>,
    drafts: &mut Vec<Draft>,
    labelled: bool,
    asked: bool,
) -> Vec<Piece> {
    let item = |piece: &Piece| {
        let text = &reply[piece.start..piece.end];
        let mark = (piece.role == Role::Lead).then(|| line::list_mark(text)).flatten()?;
        let bullet = text.trim_start().starts_with(|c: char| "-*+–—•".contains(c));
        (asked || !bullet).then_some(mark)
    };
    if !is_offer(reply, &pieces, item) {
        return pieces;
    }
    let mut draft = Draft::default();
    let mut done = Vec::with_capacity(pieces.len() + 4);
    let mut indent = None;
    for piece in pieces {
        let Some(mark) = item(&piece) else {
            let after = draft.set.titles.len() > 1 && piece.role == Role::Lead && !labelled;
            done.push(if after { Piece { role: Role::Trail, ..piece } } else { piece });
            continue;
        };
        let own = indentation(reply, piece.start);
        if *indent.get_or_insert(own) + 2 <= own {
            done.push(Piece { role: Role::Remark, ..piece });
            continue;
        }
        if draft.set.titles.is_empty() {
            draft.first = piece.start;
        }
        draft.add_title(reply, piece.start, piece.start + mark, piece.end, &mut done);
    }
    // Sets of the same name are one.
    if let Some(known) = drafts.iter_mut().find(|known| known.set.platform == GENERIC && known.set.language.is_none()) {
        known.set.titles = draft.set.titles;
        known.pieces = draft.pieces;
        known.recommended = draft.recommended;
        known.first = known.first.min(draft.first);
    } else {
        GENERIC.clone_into(&mut draft.set.platform);
        drafts.push(draft);
    }
    done
}

/// Whether the list offers titles, and does not report edits or ask questions.
fn is_offer(reply: &str, pieces: &[Piece], item: impl Fn(&Piece) -> Option<usize>) -> bool {
    let (mut items, mut asking, mut labelled, mut lead) = (0_usize, 0_usize, 0_usize, String::new());
    for piece in pieces {
        let text = reply[piece.start..piece.end].trim();
        if let Some(mark) = item(piece) {
            let text = reply[piece.start + mark..piece.end].trim();
            items += 1;
            asking += usize::from(text.ends_with(['?', '？', '؟']));
            // "**Length:** 42 s" is a fact.
            labelled += usize::from(text.starts_with("**") && (text.contains(":**") || text.contains("：**")));
        } else if items == 0 && piece.role == Role::Lead {
            lead.push_str(&text.to_lowercase());
            lead.push('\n');
        }
    }
    let said = |words: &[&str]| words.iter().any(|word| lead.contains(word));
    let reports = said(NO_TITLES) && (!said(TITLES) || asking == items);
    items >= 2 && labelled * 2 < items && !reports
}

/// Where each title of a list goes on with a dash and a reason, that is no part of it.
pub(super) fn cut_reasons(reply: &str, pieces: &mut Vec<Piece>, drafts: &mut [Draft]) {
    for draft in drafts.iter_mut().filter(|draft| draft.set.titles.len() >= 3) {
        let raw = |at: &usize| pieces.get(*at).map(|piece| &reply[piece.start..piece.end]);
        let cut = |raw: &str| {
            let (at, dash) = REASON.iter().find_map(|dash| raw.find(dash).map(|at| (at, dash)))?;
            raw[at + dash.len()..].starts_with(char::is_lowercase).then_some(at)
        };
        let cuts: Option<Vec<usize>> = draft.pieces.iter().map(|at| raw(at).and_then(cut)).collect();
        let Some(cuts) = cuts.filter(|cuts| cuts.len() == draft.set.titles.len()) else { continue };
        for ((at, cut), title) in draft.pieces.iter().zip(cuts).zip(&mut draft.set.titles) {
            let piece = pieces[*at];
            let found = items::title(&reply[piece.start..piece.start + cut]);
            if found.text.is_empty() {
                continue;
            }
            if found.recommended && draft.recommended.is_none() {
                draft.recommended =
                    draft.pieces.iter().position(|own| own == at).and_then(|own| u32::try_from(own + 1).ok());
            }
            *title = found.text;
            pieces[*at] = Piece { end: piece.start + found.to, start: piece.start + found.from, ..piece };
            pieces.push(Piece { start: piece.start + found.to, end: piece.end, role: Role::Remark });
            if found.from > 0 {
                pieces.push(Piece { end: piece.start + found.from, role: Role::Mark, ..piece });
            }
        }
    }
    pieces.sort_by_key(|piece| piece.start);
}

/// Columns before byte `at` of its line, where they are white space.
fn indentation(reply: &str, at: usize) -> usize {
    reply[..at].bytes().rev().take_while(|b| matches!(b, b' ' | b'\t')).take(16).count()
}
