//! What a button stands for, and its proof.
//!
//! A button carries `v1`, the action, the owner, the project's number, an argument and a MAC, at most 48 bytes on every
//! platform (Telegram takes 64 bytes, Discord 100 characters). The MAC covers the data, the platform and the place, so
//! a press needs no look-up: any instance can answer it, any time after a restart.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::id::{ConversationId, PlaceId, Platform, UserId};

/// Longest button data, in bytes.
pub const DATA_LIMIT: usize = 48;
/// The MAC is HMAC-SHA-256 cut to 64 bits: eleven letters of base64.
const MAC_BYTES: usize = 8;
/// Longest argument, in letters and digits: a longer one could push the data over [`DATA_LIMIT`] beside a 20-digit owner.
pub const ARGUMENT_LIMIT: usize = 6;

/// What pressing a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Stop what runs.
    Stop,
    /// Send the request that it stands under once more.
    Retry,
    /// Show the timeline.
    Status,
    /// Show the balance.
    Credits,
    /// Render the MP4.
    Export,
    /// Titles, description and tags.
    Meta,
    /// Five more titles.
    MoreTitles,
    /// Shorter titles and a shorter description.
    Shorter,
    /// Titles, description and tags in another language: asks which, or names it in the argument.
    OtherLanguage,
    /// Mend what a platform does not take; the argument tells what.
    Mend,
    /// Titles, description and tags as files.
    Files,
    /// Put a title into the picture; the argument tells which.
    UseTitle,
    /// Show everybody what the asker alone reads.
    Share,
    /// A link that opens the project in a browser.
    Web,
    /// The agent's reply as it came.
    FullReply,
    /// Send the edit that the agent left to its user.
    DoIt,
    /// Ask what to change.
    Edit,
    /// Take a waiting request out of the queue.
    Drop,
    /// Start another project although one is busy.
    New,
    /// Leave things as they are.
    Wait,
    /// Run one of the examples under the welcome; the argument is its number.
    Example,
    /// Keep what a generation added by itself.
    Keep,
    /// Take out what a generation added by itself.
    OnlyClip,
    /// Let go of the person's own account.
    Disconnect,
    /// What is kept of the person, as a file.
    MyData,
    /// Delete it.
    Forget,
    /// Delete nothing.
    KeepData,
    /// Speak this language; the argument names it.
    Language,
    /// Show what came since the way to this message ended; the argument tells a render from a turn.
    Result,
}

impl Action {
    const LETTERS: [(Self, char); 29] = [
        (Self::Stop, 's'),
        (Self::Retry, 'r'),
        (Self::Status, 't'),
        (Self::Credits, 'c'),
        (Self::Export, 'x'),
        (Self::Meta, 'm'),
        (Self::MoreTitles, 'i'),
        (Self::Shorter, 'h'),
        (Self::OtherLanguage, 'z'),
        (Self::Mend, 'a'),
        (Self::Files, 'b'),
        (Self::UseTitle, '1'),
        (Self::Share, '2'),
        (Self::Web, '3'),
        (Self::FullReply, 'v'),
        (Self::DoIt, 'j'),
        (Self::Edit, 'e'),
        (Self::Drop, 'd'),
        (Self::New, 'n'),
        (Self::Wait, 'w'),
        (Self::Example, 'p'),
        (Self::Keep, 'k'),
        (Self::OnlyClip, 'o'),
        (Self::Disconnect, 'u'),
        (Self::MyData, 'y'),
        (Self::Forget, 'f'),
        (Self::KeepData, 'q'),
        (Self::Result, 'g'),
        (Self::Language, 'l'),
    ];

    fn letter(self) -> char {
        Self::LETTERS.iter().find(|(action, _)| *action == self).map_or('?', |(_, letter)| *letter)
    }

    fn parse(letter: &str) -> Option<Self> {
        Self::LETTERS.iter().find(|(_, known)| letter.chars().eq([*known])).map(|(action, _)| *action)
    }

    /// Whether it is about a person, not about work: nobody else presses it, whatever they may do in the place.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Disconnect | Self::MyData | Self::Forget | Self::KeepData | Self::Language | Self::Web)
    }

    /// Whether it belongs to one project and is refused in a later one.
    pub const fn of_project(self) -> bool {
        !matches!(
            self,
            Self::Credits
                | Self::Status
                | Self::Drop
                | Self::Example
                | Self::Wait
                | Self::Disconnect
                | Self::MyData
                | Self::Forget
                | Self::KeepData
                | Self::Result
                | Self::Language
        )
    }
}

/// A button's meaning: whose it is, for which project, and what it does.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Choice {
    /// What it does.
    pub action: Action,
    /// Whose button it is.
    pub owner: UserId,
    /// The number of the project that it was made for.
    pub project: u64,
    /// A small argument, at most six of `[a-z0-9]`; mostly empty.
    pub argument: String,
}

impl Choice {
    /// Whether it runs once: it bears a mark, by which a second press is known.
    pub fn is_once(&self) -> bool {
        use Action::{Credits, DoIt, Export, Keep, Mend, Meta, MoreTitles, OnlyClip, Retry, Share, Shorter};
        let once = matches!(
            self.action,
            Retry | Meta | Keep | OnlyClip | Export | Credits | MoreTitles | Shorter | DoIt | Mend | Share
        );
        once && !self.argument.is_empty()
    }

    /// Whether `other`, which stands under the same message, is of no use any more once this was pressed: what runs once,
    /// and all answers to a question.
    pub fn uses_up(&self, other: &Self) -> bool {
        use Action::{Disconnect, Forget, Keep, KeepData, New, OnlyClip, Wait};
        let answers: &[Action] = match self.action {
            Keep | OnlyClip => &[Keep, OnlyClip],
            New | Wait => &[New, Wait],
            Forget | KeepData => &[Forget, KeepData],
            Disconnect => &[Disconnect],
            _ => return self.is_once() && self == other,
        };
        answers.contains(&other.action)
    }

    /// The conversation that it speaks to when pressed at `place`.
    pub fn conversation(&self, platform: Platform, place: PlaceId) -> ConversationId {
        ConversationId { platform, place, user: self.owner.clone() }
    }
}

/// Signs buttons and reads them back. The key is derived from the store's key.
#[derive(Clone)]
pub struct Signer {
    key: [u8; 32],
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

impl Signer {
    /// A signer with a key of its own.
    pub const fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The data to put behind a button at `place`.
    pub fn write(&self, choice: &Choice, platform: Platform, place: &PlaceId) -> String {
        debug_assert!(choice.argument.len() <= ARGUMENT_LIMIT, "a button's argument is short");
        let head = format!(
            "v1.{}.{}.{}.{}",
            choice.action.letter(),
            shorten(choice.owner.as_str()),
            base36(choice.project.into()),
            choice.argument
        );
        let mac = self.mac(&head, platform, place);
        format!("{head}.{mac}")
    }

    /// What the data means, if this bot wrote it for this place.
    pub fn read(&self, data: &str, platform: Platform, place: &PlaceId) -> Option<Choice> {
        if data.len() > 2 * DATA_LIMIT {
            return None;
        }
        let (head, mac) = data.rsplit_once('.')?;
        let given = URL_SAFE_NO_PAD.decode(mac).ok()?;
        if given.len() != MAC_BYTES {
            return None;
        }
        self.keyed(head, platform, place).verify_truncated_left(&given).ok()?;
        let mut fields = head.strip_prefix("v1.")?.splitn(4, '.');
        let action = Action::parse(fields.next()?)?;
        let owner = UserId::new(lengthen(fields.next()?)?);
        let project = u64::from_str_radix(fields.next()?, 36).ok()?;
        let argument = fields.next()?.to_owned();
        Some(Choice { action, owner, project, argument })
    }

    fn mac(&self, head: &str, platform: Platform, place: &PlaceId) -> String {
        let tag = self.keyed(head, platform, place).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode(&tag[..MAC_BYTES])
    }

    fn keyed(&self, head: &str, platform: Platform, place: &PlaceId) -> Hmac<Sha256> {
        #[allow(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("any key length");
        for field in [head, platform.as_str(), place.as_str()] {
            mac.update(&(field.len() as u64).to_be_bytes());
            mac.update(field.as_bytes());
        }
        mac
    }
}

/// Ids are decimal on both platforms; base 36 keeps twenty digits to thirteen letters. Others stand after a `-`.
fn shorten(id: &str) -> String {
    match id.parse::<u128>() {
        Ok(number) if number.to_string() == id => base36(number),
        _ => format!("-{id}"),
    }
}

fn lengthen(short: &str) -> Option<String> {
    match short.strip_prefix('-') {
        Some(id) => Some(id.to_owned()),
        None => u128::from_str_radix(short, 36).ok().map(|number| number.to_string()),
    }
}

fn base36(mut number: u128) -> String {
    let mut digits = Vec::new();
    loop {
        let digit = u32::try_from(number % 36).unwrap_or_default();
        digits.extend(char::from_digit(digit, 36));
        number /= 36;
        if number == 0 {
            break;
        }
    }
    digits.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice() -> Choice {
        Choice {
            action: Action::Drop,
            owner: UserId::new("18446744073709551615"),
            project: 4_000,
            argument: "zzzzzz".into(),
        }
    }

    #[test]
    fn the_longest_button_fits_and_reads_back() {
        let signer = Signer::new([7; 32]);
        let place = PlaceId::new("-100123456789/44");
        let data = signer.write(&choice(), Platform::Telegram, &place);
        assert!(data.len() <= DATA_LIMIT, "{} bytes: {data}", data.len());
        assert_eq!(signer.read(&data, Platform::Telegram, &place), Some(choice()));
    }

    #[test]
    fn a_press_uses_up_what_runs_once_and_the_other_answers_to_its_question_and_no_more() {
        let of = |action, argument: &str| Choice { action, argument: argument.into(), ..choice() };
        let (meta, retry) = (of(Action::Meta, "a"), of(Action::Retry, "b"));
        assert!(
            meta.is_once() && meta.uses_up(&meta) && !meta.uses_up(&of(Action::Meta, "c")) && !meta.uses_up(&retry)
        );
        for (pressed, other) in [
            (Action::Keep, Action::OnlyClip),
            (Action::OnlyClip, Action::Keep),
            (Action::New, Action::Wait),
            (Action::Wait, Action::New),
            (Action::KeepData, Action::Forget),
        ] {
            assert!(
                of(pressed, "").uses_up(&of(other, "x")) && of(pressed, "").uses_up(&of(pressed, "")),
                "{pressed:?}"
            );
        }
        for stays in [Action::Export, Action::Status, Action::Edit, Action::MyData, Action::Stop, Action::Example] {
            let stays = of(stays, "");
            assert!(!stays.is_once() && !stays.uses_up(&stays) && !meta.uses_up(&stays), "{stays:?}");
        }
        // These arguments are no marks.
        assert!(!of(Action::Example, "2").is_once() && !of(Action::Drop, "abcdef").is_once());
    }

    #[test]
    fn a_button_is_refused_elsewhere_changed_or_made_by_another() {
        let signer = Signer::new([7; 32]);
        let place = PlaceId::new("5");
        let data = signer.write(&choice(), Platform::Telegram, &place);
        assert_eq!(signer.read(&data, Platform::Telegram, &PlaceId::new("6")), None);
        assert_eq!(signer.read(&data, Platform::Discord, &place), None);
        assert_eq!(signer.read(&data.replacen(".d.", ".x.", 1), Platform::Telegram, &place), None);
        assert_eq!(Signer::new([8; 32]).read(&data, Platform::Telegram, &place), None);
        for junk in ["", "v1", ".", "v1.d.....", "\u{1F600}.\u{1F600}"] {
            assert_eq!(signer.read(junk, Platform::Telegram, &place), None);
        }
    }
}
