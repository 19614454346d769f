//! Every locale says every sentence, with the same values, in the shape that chats ask for.
//!
//! The files are read here by a small reader of their own, so that a slip in the loader cannot hide one in a file.

#![allow(clippy::expect_used, reason = "a test that cannot go on says so")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use nemo_bot::chat::command::Command;
use nemo_bot::language::Language;
use nemo_bot::say::{LANGUAGES, Say, describe, describe_option, message_command};
use rstest::rstest;

/// Two buttons fit on a phone's row.
const BUTTON_LIMIT: usize = 24;
/// `answerCallbackQuery` takes 0 to 200 characters.
const CALLBACK_LIMIT: usize = 200;
/// `BotCommand.description` takes 256 characters; a phone's menu shows about this many.
const DESCRIPTION_LIMIT: usize = 50;
/// Sentences that answer a press.
const CALLBACK_KEYS: [&str; 5] =
    ["group-not-yours-unnamed", "button-stale", "button-done", "cancel-nothing", "privacy-kept"];
/// The longest first name that Telegram takes.
const LONGEST_NAME: usize = 64;
/// Messages that no sentence stands for: pieces of values, and the descriptions of commands.
const PIECES: [&str; 8] = ["size-", "took-", "when-", "period-", "command-", "option-", "decimal-sign", "moment"];
/// Marks with which Fluent can wrap values; they would end up in links and copied titles.
const ISOLATION: [char; 4] = ['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'];

/// Marks of state.
const MARKS: [char; 4] = ['⏳', '✅', '⚠', '📄'];
/// Words that are the same in English and in another language: names, units, one word for a moving picture, and what
/// platforms call the parts of a post.
const SAME_WORDS: [&str; 17] = [
    "MP4",
    "UTC",
    "BGM",
    "KB",
    "MB",
    "GB",
    "min",
    "minute",
    "Video",
    "YouTube",
    "Description",
    "description",
    "Tags",
    "tags",
    "Hashtags",
    "hashtags",
    "mentions",
];

/// Message → the arguments that it uses.
type Messages = BTreeMap<String, BTreeSet<String>>;

/// Reads a locale file: a message starts at the line's first column and goes on in indented lines.
fn read(path: &Path) -> Messages {
    let text = std::fs::read_to_string(path).unwrap_or_else(|err| panic!("{}: {err}", path.display()));
    let mut messages = Messages::new();
    let mut open: Option<String> = None;
    for line in text.lines() {
        if line.starts_with('#') {
            open = None;
        } else if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let (key, _) = line.split_once(" =").unwrap_or_else(|| panic!("no message: {line}"));
            let twice = messages.insert(key.to_owned(), BTreeSet::new());
            assert!(twice.is_none(), "{key} stands twice in {}", path.display());
            open = Some(key.to_owned());
        }
        let Some(arguments) = open.as_ref().and_then(|key| messages.get_mut(key)) else { continue };
        for after in line.split('$').skip(1) {
            let name = after.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next();
            arguments.extend(name.map(str::to_owned));
        }
    }
    messages
}

/// The messages of a locale as they are written, without their keys.
fn words(tag: &str) -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/locales").join(tag).join("bot.ftl");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|err| panic!("{}: {err}", path.display()));
    let mut messages: Vec<(String, String)> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        match (line.split_once(" ="), messages.last_mut()) {
            (Some((key, rest)), _) if line.starts_with(|first: char| first.is_ascii_alphabetic()) => {
                messages.push((key.to_owned(), rest.trim().to_owned()));
            }
            (_, Some((_, open))) if !line.is_empty() => *open = format!("{open}\n{}", line.trim()),
            _ => {}
        }
    }
    messages.into_iter().collect()
}

/// The words outside the values.
fn own_words(text: &str) -> Vec<&str> {
    let outside = text.split('{').filter_map(|part| part.rsplit('}').next());
    outside.flat_map(|part| part.split(|letter: char| !letter.is_alphanumeric())).collect()
}

/// The key of a variant, if the line is one: `[one] …`, `*[other] …`.
fn variant(line: &str) -> Option<&str> {
    Some(line.trim_start_matches('*').strip_prefix('[')?.split_once(']')?.0)
}

/// The forms that whole numbers take; where that is one, none has to be chosen. Source: CLDR, plural rules. Very many
/// (a million and more) have a form of their own in Spanish, Portuguese and French, which our nouns do not show.
fn plural_forms(language: &Language) -> &'static [&'static str] {
    match language.primary() {
        "zh" | "ja" | "ko" => &["other"],
        "ru" => &["one", "few", "many", "other"],
        _ => &["one", "other"],
    }
}

fn locales() -> BTreeMap<String, Messages> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/locales");
    let entries = std::fs::read_dir(&root).expect("config/locales");
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.expect("a directory entry");
        (entry.file_name().into_string().expect("a tag"), read(&entry.path().join("bot.ftl")))
    };
    entries.map(read).collect()
}

fn english() -> Messages {
    locales().remove("en").expect("English")
}

/// All sentences as they read with one, two, five and very many, since plural forms differ.
fn rendered(language: &Language) -> impl Iterator<Item = (&'static str, String)> {
    let samples = [1, 2, 5, 1_000_000].into_iter().flat_map(|count| Say::samples_of(count, "sample"));
    samples.map(move |say| (say.key(), say.text(language)))
}

#[test]
fn each_locale_has_a_directory_and_a_line_in_the_list() {
    let listed: BTreeSet<_> = LANGUAGES.iter().map(|language| language.tag().to_owned()).collect();
    assert_eq!(locales().into_keys().collect::<BTreeSet<_>>(), listed);
    assert_eq!(LANGUAGES[0].tag(), "en", "what is spoken where there is no locale");
    for language in LANGUAGES {
        assert_eq!(Language::parse(language.tag()).as_ref(), Some(language), "the list holds canonical tags");
    }
}

#[test]
fn all_locales_have_the_same_messages_with_the_same_arguments() {
    let english = english();
    for (tag, messages) in locales() {
        for (key, arguments) in &english {
            let theirs = messages.get(key).unwrap_or_else(|| panic!("{tag} lacks {key}"));
            assert_eq!(theirs, arguments, "{key} in {tag}");
        }
        for key in messages.keys() {
            assert!(english.contains_key(key), "{tag} has {key}, English has not");
        }
    }
}

#[test]
fn every_sentence_has_a_message_and_uses_all_its_values() {
    let english = english();
    for say in Say::samples() {
        let arguments = english.get(say.key()).unwrap_or_else(|| panic!("no message for {}", say.key()));
        let given: BTreeSet<_> = say.argument_names().iter().map(|&name| name.to_owned()).collect();
        assert_eq!(arguments, &given, "{}", say.key());
    }
}

#[test]
fn every_message_has_a_sentence_that_says_it() {
    let said: BTreeSet<_> = Say::samples().iter().map(Say::key).collect();
    for key in english().keys() {
        let piece = PIECES.iter().any(|piece| key.starts_with(piece));
        assert!(piece || said.contains(key.as_str()), "nobody says {key}");
    }
}

/// What the program says in any place but the table of sentences and tests.
fn said_in_the_program() -> BTreeSet<String> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut said = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sources") {
            let path = entry.expect("a source").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "tests" {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|end| end == "rs")
                && !name.ends_with("tests.rs")
                && name != "sentences.rs"
            {
                let text = std::fs::read_to_string(&path).expect("a source");
                let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
                let names = text.split("Say::").skip(1);
                let names = names.map(|rest| rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>());
                said.extend(names.filter(|name| name.starts_with(char::is_uppercase)));
            }
        }
    }
    said
}

#[test]
fn every_sentence_is_said_somewhere_in_the_program() {
    let said = said_in_the_program();
    assert!(said.contains("WorkStarted") && !said.contains("NoSuchSentence"), "{said:?}");
    let variant = |say: Say| format!("{say:?}").chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
    let silent: Vec<_> = Say::samples().into_iter().map(variant).filter(|name| !said.contains(name)).collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn a_variant_is_called_like_its_key() {
    for say in Say::samples() {
        let variant: String = format!("{say:?}").chars().take_while(char::is_ascii_alphanumeric).collect();
        let capital = |part: &str| part[..1].to_ascii_uppercase() + &part[1..];
        assert_eq!(variant, say.key().split('-').map(capital).collect::<String>());
    }
}

#[test]
fn no_locale_leaves_a_sentence_in_english() {
    let english = words("en");
    for language in &LANGUAGES[1..] {
        for (key, text) in words(language.tag()) {
            let same = text == english[&key];
            let word = |word: &&str| word.len() > 1 && !SAME_WORDS.contains(word);
            let left: Vec<_> = own_words(&text).into_iter().filter(word).collect();
            assert!(!same || left.is_empty(), "{key} in {language} is English: {left:?}");
        }
    }
}

#[test]
fn a_choice_by_number_has_the_forms_of_its_language() {
    for language in LANGUAGES {
        let forms = plural_forms(language);
        for (key, text) in words(language.tag()) {
            let variants: Vec<_> = text.lines().filter_map(variant).collect();
            if variants.is_empty() {
                continue;
            }
            let (numbers, named): (Vec<_>, Vec<_>) =
                variants.into_iter().partition(|variant| variant.parse::<u64>().is_ok());
            let expected = if numbers.is_empty() { forms } else { &["other"][..] };
            assert_eq!(named, expected, "{key} in {language}");
            assert!(!numbers.is_empty() || forms.len() > 1, "{key} in {language}: one form needs no choice");
        }
    }
}

#[rstest]
#[case("en", 1, "Deleted: 1 record.")]
#[case("zh-Hans", 1, "已删除 1 条记录。")]
#[case("zh-Hant", 1, "已刪除 1 筆紀錄。")]
#[case("es", 1, "Borrado: 1 registro.")]
#[case("es", 2, "Borrado: 2 registros.")]
#[case("pt-BR", 1, "Apagado: 1 registro.")]
#[case("pt-BR", 2, "Apagados: 2 registros.")]
#[case("ja", 2, "2 件の記録を削除しました。")]
#[case("ko", 2, "기록 2개를 삭제했어요.")]
#[case("de", 1, "Gelöscht: 1 Eintrag.")]
#[case("de", 0, "Gelöscht: 0 Einträge.")]
#[case("fr", 0, "Effacé\u{a0}: 0 enregistrement.")]
#[case("fr", 2, "Effacés\u{a0}: 2 enregistrements.")]
#[case("ru", 1, "Удалена 1 запись.")]
#[case("ru", 2, "Удалены 2 записи.")]
#[case("ru", 5, "Удалено 5 записей.")]
#[case("ru", 11, "Удалено 11 записей.")]
#[case("ru", 21, "Удалена 21 запись.")]
#[case("ru", 112, "Удалено 112 записей.")]
fn numbers_are_counted_as_each_language_counts(#[case] tag: &str, #[case] n: u64, #[case] expected: &str) {
    assert_eq!(Say::PrivacyForgotten { n }.text(&Language::parse(tag).expect("a tag")), expected);
}

#[test]
fn commands_that_a_sentence_names_are_named_in_every_locale() {
    let commands = |text: &str| -> BTreeSet<&'static str> {
        let named = |command: &Command| text.contains(&format!("/{}", command.name()));
        Command::ALL.into_iter().filter(named).map(Command::name).collect()
    };
    let english = words("en");
    assert!(commands(&english["privacy-text"]).contains("forget"));
    for language in &LANGUAGES[1..] {
        for (key, text) in words(language.tag()) {
            assert_eq!(commands(&text), commands(&english[&key]), "{key} in {language}: {text}");
        }
    }
}

#[test]
fn a_button_that_a_sentence_names_is_called_so() {
    for language in LANGUAGES {
        let bold = |say: Say| say.text(language).split("**").nth(1).map(str::to_owned);
        assert_eq!(bold(Say::WorkGoesOn), Some(Say::BtnGetResult.text(language)), "{language}");
        assert_eq!(bold(Say::ClipsNeedIntent), Some(message_command(language)), "{language}");
    }
}

#[test]
fn a_mark_leads_a_sentence_and_never_stands_in_one() {
    for language in LANGUAGES {
        for (key, text) in rendered(language) {
            let later = text.chars().skip(1).find(|letter| MARKS.contains(letter));
            assert_eq!(later, None, "{key} in {language}: {text}");
        }
    }
}

#[test]
fn quotation_marks_and_apostrophes_are_those_of_the_language() {
    for language in &LANGUAGES[1..] {
        for (key, text) in rendered(language) {
            assert!(!text.contains(['"', '\'']), "{key} in {language}: {text}");
        }
    }
}

#[test]
fn every_text_value_is_seen_in_every_locale() {
    for language in LANGUAGES {
        for say in Say::samples_of(7, "⟦value⟧") {
            let values = format!("{say:?}").matches("⟦value⟧").count();
            let text = say.text(language);
            assert_eq!(text.matches("⟦value⟧").count(), values, "{} in {language}: {text}", say.key());
        }
    }
}

#[test]
fn no_text_shows_its_syntax() {
    for language in LANGUAGES {
        for (key, text) in rendered(language) {
            assert_ne!(text, key, "no message in {language}");
            assert!(!text.is_empty(), "{key} in {language} says nothing");
            assert_eq!(text, text.trim(), "{key} in {language}");
            for syntax in ["{", "}", "$", "->", "[one]", "*["] {
                assert!(!text.contains(syntax), "{key} in {language}: {text}");
            }
            assert!(!text.contains(ISOLATION), "isolation marks in {key} in {language}: {text:?}");
            assert_eq!(text.matches("**").count() % 2, 0, "half a bold in {key} in {language}: {text}");
        }
    }
}

#[test]
fn hostile_values_stay_values() {
    let hostile = "{$name} { $n -> *[other] x } **bold** -term";
    let inert = hostile.replace("**", "*\u{2060}*");
    for language in LANGUAGES {
        for (plain, odd) in Say::samples_of(3, "value").into_iter().zip(Say::samples_of(3, hostile)) {
            let expected = plain.text(language).replace("value", &inert);
            assert_eq!(odd.text(language), expected, "{} in {language}", odd.key());
        }
    }
}

#[test]
fn buttons_fit_two_on_a_phones_row() {
    let is_button = |say: &Say| say.key().starts_with("btn-") || say.key().starts_with("example-label-");
    for language in LANGUAGES {
        for button in Say::samples_of(10, "sample").into_iter().filter(is_button) {
            let label = button.text(language);
            assert!(label.chars().count() <= BUTTON_LIMIT, "{} in {language}: {label}", button.key());
            assert!(!label.contains("**"), "a button has no bold: {label}");
        }
    }
}

#[test]
fn answers_to_a_press_fit_telegrams_limit() {
    let name = "名".repeat(LONGEST_NAME);
    for language in LANGUAGES {
        let answers = Say::samples_of(1_000, &name).into_iter().filter(|say| CALLBACK_KEYS.contains(&say.key()));
        let texts: Vec<_> = answers.map(|say| say.text(language)).collect();
        assert_eq!(texts.len(), CALLBACK_KEYS.len());
        for text in texts {
            assert!(text.chars().count() <= CALLBACK_LIMIT, "in {language}: {text}");
            assert!(!text.contains("**"), "an answer to a press has no bold: {text}");
        }
    }
}

#[test]
fn every_command_is_described_in_every_locale() {
    for language in LANGUAGES {
        for command in Command::ALL {
            let does = describe(command, language);
            assert!(!does.starts_with("command-"), "/{} has no description in {language}", command.name());
            assert!((1..=DESCRIPTION_LIMIT).contains(&does.chars().count()), "{does}");
        }
        for option in ["clip", "link", "token", "state", "language"] {
            let what = describe_option(option, language);
            assert!(!what.starts_with("option-"), "{option} has no description in {language}");
            assert!((1..=DESCRIPTION_LIMIT).contains(&what.chars().count()), "{what}");
        }
    }
}

#[test]
fn the_mark_that_leads_a_sentence_is_the_same_in_every_locale() {
    let mark = |text: &str| text.chars().next().filter(|first| MARKS.contains(first));
    let english: BTreeMap<_, _> = rendered(&LANGUAGES[0]).collect();
    for language in LANGUAGES {
        for (key, text) in rendered(language) {
            assert_eq!(mark(&text), mark(&english[key]), "{key} in {language}: {text}");
        }
    }
}
