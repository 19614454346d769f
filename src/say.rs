//! Every sentence that the bot says.
//!
//! [`Say`] has one variant per sentence, with typed arguments; the words are in `config/locales/*/bot.ftl` and part
//! of the binary. Nothing else reaches a user. Bold is written `**…**`, which is the chat's markup; a value that
//! holds such marks loses their meaning, so a file name cannot format our sentences.

use std::time::Duration;

use crate::chat::command::Command;
use crate::language::Language;

mod locale;
mod measure;
mod sentences;

use locale::Locale;
use measure::Measures;
pub use sentences::Say;

/// The languages for which there is a locale. The first is what is spoken where there is none.
pub const LANGUAGES: &[Language] = &[
    Language::known("en"),
    Language::known("zh-Hans"),
    Language::known("zh-Hant"),
    Language::known("es"),
    Language::known("pt-BR"),
    Language::known("ja"),
    Language::known("ko"),
    Language::known("de"),
    Language::known("fr"),
    Language::known("ru"),
];

impl Say {
    /// The sentence in `language`, or in the nearest one that there is.
    pub fn text(&self, language: &Language) -> String {
        let locale = Locale::of(language);
        let text = locale.message(self.key(), &self.arguments(Measures::of(locale)));
        // A fragment that stands last may be empty.
        text.trim_end().to_owned()
    }
}

/// What `command` does, in the words of menus and `/help`.
pub fn describe(command: Command, language: &Language) -> String {
    Locale::of(language).message(&format!("command-{}", command.name()), &locale::Arguments::new())
}

/// What an option of a command is for, where the platform shows options.
pub fn describe_option(option: &str, language: &Language) -> String {
    Locale::of(language).message(&format!("option-{option}"), &locale::Arguments::new())
}

/// The name of the command on a message with a clip, where the platform has such commands.
pub fn message_command(language: &Language) -> String {
    Locale::of(language).message("command-generate", &locale::Arguments::new())
}

/// Every command with its description, in the order of menus.
pub fn commands(language: &Language) -> Vec<(Command, String)> {
    Command::ALL.into_iter().map(|command| (command, describe(command, language))).collect()
}

/// The commands one below the other, for [`Say::HelpText`].
pub fn command_list(language: &Language) -> String {
    let lines: Vec<_> =
        commands(language).into_iter().map(|(command, does)| format!("/{} – {does}", command.name())).collect();
    lines.join("\n")
}

/// What is known of a finished file, for [`Say::ExportDone`]: length, picture and size.
pub fn file_details(
    duration: Option<Duration>,
    resolution: Option<(u64, u64)>,
    size: Option<u64>,
    language: &Language,
) -> String {
    let length = duration.map(|duration| Say::FileLength { duration }.text(language));
    let picture = resolution.map(|(width, height)| format!("{width}x{height}"));
    let size = size.map(|size| Say::FileSize { size }.text(language));
    let joined = |first: String, second: String| Say::Joined { first, second }.text(language);
    [length, picture, size].into_iter().flatten().reduce(joined).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const EN: Language = Language::known("en");
    const ZH: Language = Language::known("zh-Hans");

    #[test]
    fn a_sentence_is_said_in_the_language_asked_for() {
        let still = Say::WorkStill { elapsed: Duration::from_secs(130) };
        assert_eq!(still.text(&EN), "⏳ Still working… (2 min 10 s so far)");
        assert_eq!(still.text(&ZH), "⏳ 还在处理…（已用时 2分10秒）");
    }

    #[test]
    fn a_language_without_a_locale_gets_its_nearest_relative_or_english() {
        let said = |tag: &str| Say::BtnRetry.text(&Language::parse(tag).unwrap());
        assert_eq!((said("zh-HK"), said("yue")), (said("zh-Hant"), said("zh-Hant")));
        assert_ne!(said("zh-HK"), said("zh-CN"));
        assert_eq!((said("es-MX"), said("pt-PT"), said("de-AT")), (said("es"), said("pt-BR"), said("de")));
        assert_eq!(said("pl"), "Try again");
    }

    #[test]
    fn no_sentence_needs_the_way_out_to_english() {
        for language in LANGUAGES {
            let locale = Locale::of(language);
            for say in Say::samples() {
                let own = locale.own(say.key(), &say.arguments(Measures::of(locale)));
                assert!(own.is_some(), "{} in {language}", say.key());
            }
        }
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(Say::PrivacyForgotten { n: 1 }.text(&EN), "Deleted: 1 record.");
        assert_eq!(Say::PrivacyForgotten { n: 21_500 }.text(&EN), "Deleted: 21500 records.");
        assert_eq!(Say::PrivacyForgotten { n: 0 }.text(&EN), "Deleted: 0 records.");
    }

    #[test]
    fn a_value_is_data_and_never_syntax_or_markup() {
        let name = "{ $size } {\"x\"} **loud** ***".to_owned();
        let text = Say::MetaResult { name }.text(&EN);
        assert_eq!(
            text,
            "**Titles, description and tags** for { $size } {\"x\"} *\u{2060}*loud*\u{2060}* *\u{2060}*\u{2060}*"
        );
    }

    #[test]
    fn an_empty_fragment_leaves_no_gap_behind() {
        let text = Say::ExportPlanBlocked { plan_help: String::new() }.text(&EN);
        assert!(text.ends_with("credits."), "{text:?}");
    }

    #[test]
    fn the_command_list_has_a_line_for_each_command() {
        for language in LANGUAGES {
            let list = command_list(language);
            assert_eq!(list.lines().count(), Command::ALL.len());
            assert!(!list.contains("command-"), "{list}");
        }
        assert!(command_list(&EN).contains("/export – Render and send the MP4"));
    }
}
