//! Titles, descriptions and tags: asked for, asked for once more, shown again, mended and sent as files.

use bytes::Bytes;

use super::card::{self, Mend};
use super::described::ClipMetadata;
use super::record::{Entry, Record, Request};
use super::shift::Shift;
use super::voice::{Key, digest_tag};
use crate::chat::choice::{Action, Choice};
use crate::chat::reply::{Audience, Button, FileSource, OutFile, Reply};
use crate::chat::rich::RichText;
use crate::language::Language;
use crate::metadata::check::Fix;
use crate::metadata::limits::limits;
use crate::metadata::{Set, check, files, repair};
use crate::say::{LANGUAGES, Say};
use crate::store::Version;
use crate::work::held::{Also, HeldError};

/// Words that ask for titles, in the languages of the corpus. They decide only whether a bare list is one of titles.
const TITLE_WORDS: [&str; 14] = [
    "title",
    "headline",
    "标题",
    "標題",
    "题目",
    "タイトル",
    "제목",
    "título",
    "titulo",
    "titre",
    "titel",
    "назван",
    "заголов",
    "शीर्षक",
];
/// One sign for each language that a card may be asked in.
const LANGUAGE_SIGNS: std::ops::RangeInclusive<char> = 'a'..='z';
/// A word of one letter, such as X, names no platform in a wish.
const SHORTEST_NAME: usize = 2;

/// Whether a request asks for titles, so that a bare list in the reply is one of titles.
pub(super) fn asks_titles(request: &str) -> bool {
    let request = request.to_lowercase();
    TITLE_WORDS.iter().any(|word| request.contains(word))
}

/// The publishing platforms that a request names.
pub(super) fn named_platforms(request: &str) -> Vec<String> {
    let request = request.to_lowercase();
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let names = |said: &String| {
        said.chars().count() >= SHORTEST_NAME
            && request.match_indices(said.as_str()).any(|(at, _)| {
                let ascii = said.is_ascii();
                let (before, after) = (request[..at].chars().next_back(), request[at + said.len()..].chars().next());
                !ascii || !(is_word(before) || is_word(after))
            })
    };
    let known = limits().platform.iter().filter(|(_, platform)| platform.says.iter().any(names));
    known.map(|(key, _)| key.clone()).collect()
}

impl Shift {
    /// The publishing platforms that count in this project.
    pub(super) async fn platforms(&self) -> Vec<String> {
        let named = self.held.read(|record| record.project.platforms.clone()).await;
        if named.is_empty() { self.worker.settings.platforms.clone() } else { named }
    }

    /// `/meta`: the latest card again, or a request for one.
    pub(super) async fn meta(&self, entries: Vec<(Version, Entry)>) -> Result<(), HeldError> {
        let known = |record: &Record| (record.project.latest().cloned(), record.project.session.is_some());
        let (latest, begun) = self.held.read(known).await;
        match latest {
            Some(latest) => {
                self.show_card(&latest).await;
                self.finish(&entries, |_| (), Vec::new()).await
            }
            None if begun && !self.is_empty().await => self.ask_meta(entries).await,
            None => {
                self.tell(Say::UploadNoneYet, Vec::new()).await;
                self.finish(&entries, |_| (), Vec::new()).await
            }
        }
    }

    /// Whether neither we nor the service know of anything in the project. What cannot be read is not empty.
    async fn is_empty(&self) -> bool {
        if !self.held.read(|record| record.project.clips.is_empty()).await {
            return false;
        }
        let project = self.current_project().await;
        project.is_some_and(|project| project.draft.is_empty() && project.video_infos + project.generated_media == 0)
    }

    /// Has the agent write them.
    pub(super) async fn ask_meta(&self, entries: Vec<(Version, Entry)>) -> Result<(), HeldError> {
        let clip = self.held.read(|record| record.project.clips.last().cloned()).await;
        let ask = self.meta_request(clip).await;
        self.turn(entries, ask).await
    }

    /// The request for titles, description and tags of this clip, or of all.
    pub(super) async fn meta_request(&self, clip: Option<String>) -> Request {
        let language = self.language();
        let platforms = limits().names_in(&self.platforms().await, language.tag());
        let ask = match clip.clone() {
            Some(name) => Say::AskMetaClip { name, platforms },
            None => Say::AskMeta { platforms },
        };
        Request::worded(ask.text(&language), clip.into_iter().collect())
    }

    /// The card's words and its buttons.
    pub(super) async fn card(&self, of: &ClipMetadata) -> (RichText, Vec<Button>) {
        let language = self.language();
        let copies = self.surface.capabilities(&self.conversation.place).copies;
        let drawn = card::drawn(of, &self.platforms().await, copies, &language);
        let sign = self.held.read(|record| record.project.sign_of(of)).await;
        let mut keys: Vec<Key> = drawn.mends.into_iter().filter_map(|mend| mend.key(sign)).collect();
        let complete = of.parsed.sets.iter().any(|set| !set.description.is_empty());
        keys.push(Key::once(Say::BtnMoreTitles, Action::MoreTitles).of_card(sign));
        if complete {
            keys.push(Key::once(Say::BtnShorter, Action::Shorter).of_card(sign));
            keys.push(Key::new(Say::BtnOtherLanguage, Action::OtherLanguage).of_card(sign));
        }
        keys.extend(card::use_title(of));
        keys.push(Key::new(Say::BtnFiles, Action::Files).of_card(sign));
        // Where only a token leads, one person sees the answer.
        if self.surface.reaches(&self.target()).is_some() {
            keys.push(Key::once(Say::BtnShare, Action::Share).of_card(sign));
        }
        let mut buttons = drawn.copy_buttons;
        buttons.extend(self.buttons(keys).await);
        (drawn.text, buttons)
    }

    async fn show_card(&self, of: &ClipMetadata) {
        let (text, mut buttons) = self.card(of).await;
        buttons.extend(self.buttons(vec![Key::export()]).await);
        self.post(Reply::new(text).with_buttons(buttons)).await;
    }

    /// A press on one of the card's buttons.
    pub(super) async fn card_pressed(&self, entries: Vec<(Version, Entry)>, choice: &Choice) -> Result<(), HeldError> {
        let card = match choice.action {
            Action::UseTitle => self.card_with_title(&choice.argument).await,
            _ => self.card_of(choice).await,
        };
        let Some(card) = card else {
            self.tell_asker(Say::MetaGone, Vec::new()).await;
            return self.finish(&entries, |_| (), Vec::new()).await;
        };
        let ask = match choice.action {
            Action::Mend => return self.mend_card(entries, &choice.argument, &card).await,
            _ => asked_of(choice, &card),
        };
        self.ask_of(entries, &card, ask).await
    }

    /// The card that a button stands under, as it is now: later words may have changed it.
    async fn card_of(&self, choice: &Choice) -> Option<ClipMetadata> {
        let card = |record: &Record| match choice.argument.chars().next() {
            Some(sign) => record.project.card_signed(sign).cloned(),
            None => record.project.latest().cloned(),
        };
        self.held.read(card).await
    }

    /// The newest card with the title that such a button means.
    async fn card_with_title(&self, argument: &str) -> Option<ClipMetadata> {
        let has = |card: &&ClipMetadata| card::title_of(card, argument).is_some();
        self.held.read(|record| record.project.metadata.iter().rev().find(has).cloned()).await
    }

    /// Has the agent do something about a card.
    async fn ask_of(
        &self,
        entries: Vec<(Version, Entry)>,
        card: &ClipMetadata,
        ask: Option<Say>,
    ) -> Result<(), HeldError> {
        // Of a video without a name the agent cannot be told once clips have come.
        let told = card.clip.is_some() || self.held.read(|record| record.project.clips.is_empty()).await;
        let Some(ask) = ask.filter(|_| told) else {
            self.tell_asker(Say::MetaGone, Vec::new()).await;
            return self.finish(&entries, |_| (), Vec::new()).await;
        };
        let clips = card.clip.iter().cloned().collect();
        self.turn(entries, Request::worded(ask.text(&self.language()), clips)).await
    }

    /// Shows everybody the card, without the buttons of the one who asked.
    pub(super) async fn share_card(&self, choice: &Choice) {
        let Some(card) = self.card_of(choice).await else {
            self.tell_asker(Say::MetaGone, Vec::new()).await;
            return;
        };
        let (text, _) = self.card(&card).await;
        self.post(Reply { audience: Audience::Shared, ..Reply::new(text) }).await;
    }

    /// Asks in which language a card should be.
    pub(super) async fn offer_languages(&self, choice: &Choice) {
        let Some(card) = self.card_of(choice).await else {
            self.tell_asker(Say::MetaGone, Vec::new()).await;
            return;
        };
        let sign = self.held.read(|record| record.project.sign_of(&card)).await;
        let offer = |(language, digit): (&Language, char)| {
            let says = Say::LanguageName { language: language.own_name().to_owned() };
            Key { argument: digit.to_string(), ..Key::new(says, Action::OtherLanguage) }.of_card(sign)
        };
        self.tell(Say::MetaLanguageAsk, LANGUAGES.iter().zip(LANGUAGE_SIGNS).map(offer).collect()).await;
    }

    /// The agent's last reply as it came, if it is the one that the button belongs to.
    pub(super) async fn show_reply(&self, mark: &str) {
        let reply = self.held.read(|record| record.last_reply.clone()).await;
        match reply.filter(|reply| digest_tag(reply) == mark) {
            Some(reply) => drop(self.post(Reply::new(RichText::markdown(&reply))).await),
            None => drop(self.tell_asker(Say::ButtonOld, Vec::new()).await),
        }
    }

    /// The card's files; the table has a row for each clip of the project.
    pub(super) async fn send_files(&self, choice: &Choice) {
        let all = self.held.read(|record| record.project.metadata.clone()).await;
        let Some(card) = self.card_of(choice).await else {
            self.tell_asker(Say::MetaGone, Vec::new()).await;
            return;
        };
        let platforms = self.platforms().await;
        let rows: Vec<_> = all.iter().map(filed).collect();
        let mut made = files::files(filed(&card), &platforms);
        for file in &mut made {
            if file.name == "metadata.csv" {
                file.bytes = files::metadata_csv(&rows, &platforms);
            }
        }
        let say = match &card.clip {
            Some(name) => Say::MetaFiles { name: name.clone() },
            None => Say::MetaFilesUnnamed,
        };
        let files: Vec<_> = made.into_iter().map(attached).collect();
        let most = self.surface.capabilities(&self.conversation.place).files.max(1);
        // The words stand above the files, which come without a sound of their own where they are several messages.
        let mut words = self.worded(&say);
        for (files, first) in files.chunks(most).zip(std::iter::once(true).chain(std::iter::repeat(false))) {
            let reply = Reply { files: files.to_vec(), quiet: !first, ..Reply::new(std::mem::take(&mut words)) };
            self.post(reply).await;
        }
    }

    /// Mends what a platform does not take: by the agent where words have to be found, else at once.
    async fn mend_card(
        &self,
        entries: Vec<(Version, Entry)>,
        argument: &str,
        card: &ClipMetadata,
    ) -> Result<(), HeldError> {
        let known = Mend::read(argument);
        let Some((set, mend)) = known.and_then(|mend| Some((card.parsed.sets.get(mend.set)?, mend))) else {
            self.tell_asker(Say::MetaGone, Vec::new()).await;
            return self.finish(&entries, |_| (), Vec::new()).await;
        };
        match mend.fix {
            Fix::ShortenTitle(number) => {
                if let Some((title, max)) = too_long(set, mend.platform, number) {
                    let ask = Say::AskShortenTitle { n: number as u64, max, title };
                    return self.ask_of(entries, card, Some(ask)).await;
                }
                self.tell_asker(Say::ButtonDone, Vec::new()).await;
            }
            Fix::Thread => {
                let posts = repair::thread(set);
                let head = self.worded(&Say::MetaThread { n: posts.len() as u64 });
                let text = posts.iter().fold(head, |text, post| text.then(RichText::code_block(post, None)));
                self.post(Reply::new(text)).await;
            }
            fix => {
                let mut mended = card.clone();
                mended.parsed.sets[mend.set] = repair::repair(set, mend.platform, fix, None);
                let change = |record: &mut Record| {
                    if let Some(known) = record.project.metadata.iter_mut().find(|known| known.clip == mended.clip) {
                        known.clone_from(&mended);
                    }
                };
                self.held.save(change, Also::default()).await?;
                self.show_card(&mended).await;
            }
        }
        self.finish(&entries, |_| (), Vec::new()).await
    }
}

/// Whether a button for another language does not tell which: it bears the card's sign alone.
pub(super) fn asks_which(choice: &Choice) -> bool {
    choice.argument.len() < 2
}

/// What a button under a card has the agent do.
fn asked_of(choice: &Choice, card: &ClipMetadata) -> Option<Say> {
    match choice.action {
        Action::UseTitle => card::title_of(card, &choice.argument).map(|(n, title)| Say::AskUseTitle { n, title }),
        Action::MoreTitles => Some(Say::AskMoreTitles),
        Action::Shorter => Some(Say::AskShorter),
        Action::OtherLanguage => {
            let chosen = choice.argument.chars().nth(1)?;
            let (language, _) = LANGUAGES.iter().zip(LANGUAGE_SIGNS).find(|(_, sign)| *sign == chosen)?;
            Some(Say::AskOtherLanguage { language: language.own_name().to_owned() })
        }
        _ => None,
    }
}

/// The title that a platform does not take, and how long it may be.
fn too_long(set: &Set, platform: &str, number: usize) -> Option<(String, u64)> {
    let checked = check::check(set, platform, None);
    let found = checked.findings.iter().find(|finding| finding.fix == Some(Fix::ShortenTitle(number)))?;
    Some((set.titles.get(number.checked_sub(1)?)?.clone(), found.limit? as u64))
}

fn filed(of: &ClipMetadata) -> files::ClipMetadata<'_> {
    files::ClipMetadata { filename: of.clip.as_deref().unwrap_or_default(), parsed: &of.parsed, duration_s: None }
}

fn attached(file: files::File) -> OutFile {
    let mime = match file.name.rsplit('.').next() {
        Some("json") => "application/json",
        Some("csv") => "text/csv",
        _ => "text/plain",
    };
    OutFile {
        name: file.name.to_owned(),
        mime: mime.to_owned(),
        size: Some(file.bytes.len() as u64),
        source: FileSource::Bytes(Bytes::from(file.bytes)),
        resolution: None,
        duration: None,
        alt: None,
    }
}
