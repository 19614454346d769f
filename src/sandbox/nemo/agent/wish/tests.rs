//! What is understood.

use super::*;

#[test]
fn the_wishes_of_the_try_out_are_understood() {
    let whole = |language| Wish::Metadata(Form::Whole, language);
    for (text, wish) in [
        ("generate titles, descriptions, and tags for my YouTube video", whole(None)),
        ("I uploaded a.mp4. Write three titles, a description and tags for it for YouTube.", whole(None)),
        ("我上传了 a.mp4。请为它写三个标题、一段描述和标签，用于YouTube。", whole(None)),
        ("Write the titles, the description and the tags in Spanish.", whole(Some(Language::Spanish))),
        ("用英语写标题、描述和标签。", whole(Some(Language::English))),
        ("Write five more titles for this video. Change nothing else.", Wish::Metadata(Form::TitlesOnly(5), None)),
        ("再为这个视频写五个标题，其他不要改。", Wish::Metadata(Form::TitlesOnly(5), None)),
        ("Make the titles and the description shorter.", Wish::Metadata(Form::Shorter, None)),
        (
            "Shorten title 2 to at most 60 characters: \"A very long one\"",
            Wish::Metadata(Form::OneTitle("A very long one".to_owned(), 60), None),
        ),
        ("write titles, a description with chapters and tags", Wish::Metadata(Form::Chapters, None)),
        ("Use title 2: \"Urban Dreams\"", Wish::Title(Some("Urban Dreams".to_owned()))),
        ("add a title", Wish::Title(None)),
        ("add a title that says Urban Dreams, please", Wish::Title(Some("Urban Dreams".to_owned()))),
        ("加个标题“你好”", Wish::Title(Some("你好".to_owned()))),
        ("add some music", Wish::Music),
        ("加点背景音乐", Wish::Music),
        ("trim it to 2 seconds", Wish::Trim(2)),
        ("剪到3秒", Wish::Trim(3)),
        ("Remove the music, title and effects that were added automatically. Keep the clip.", Wish::Remove),
        ("generate a video of a cat on a boat", Wish::Generate("a cat on a boat".to_owned())),
        ("make it shorter", Wish::Trim(3)),
        ("剪短一些", Wish::Trim(3)),
        ("hello", Wish::Question),
    ] {
        assert_eq!(of(text), wish, "{text}");
    }
}

/// A sentence of the bot as it is worded in a language.
fn worded(messages: &str, key: &str) -> String {
    let line = messages.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
    line.unwrap_or_else(|| panic!("{key}")).to_owned()
}

#[test]
fn what_the_bot_asks_and_suggests_is_understood_in_all_of_its_languages() {
    for folder in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/config/locales")).unwrap() {
        let folder = folder.unwrap();
        let messages = std::fs::read_to_string(folder.path().join("bot.ftl")).unwrap();
        let asked = |key: &str| {
            let filled = [("{$n}", "2"), ("{$max}", "60"), ("{$title}", "10 Ways"), ("{$platforms}", "YouTube")];
            let filled =
                filled.into_iter().fold(worded(&messages, key), |text, (name, value)| text.replace(name, value));
            of(&filled.replace("{$name}", "desk lamp.mp4"))
        };
        for (key, wish) in [
            ("ask-meta", Wish::Metadata(Form::Whole, None)),
            ("ask-meta-clip", Wish::Metadata(Form::Whole, None)),
            ("example-3", Wish::Metadata(Form::Whole, None)),
            ("ask-more-titles", Wish::Metadata(Form::TitlesOnly(5), None)),
            ("ask-shorter", Wish::Metadata(Form::Shorter, None)),
            ("ask-shorten-title", Wish::Metadata(Form::OneTitle("10 Ways".to_owned(), 60), None)),
            ("ask-use-title", Wish::Title(Some("10 Ways".to_owned()))),
            ("ask-only-clip", Wish::Remove),
            ("next-title", Wish::Title(None)),
            ("next-music", Wish::Music),
            ("next-shorter", Wish::Trim(3)),
        ] {
            assert_eq!(asked(key), wish, "{key} in {:?}", folder.file_name());
        }
        let asks = worded(&messages, "ask-other-language");
        for (name, language) in [
            ("English", Language::English),
            ("简体中文", Language::Chinese),
            ("繁體中文", Language::Chinese),
            ("Español", Language::Spanish),
            ("日本語", Language::Japanese),
        ] {
            let wish = of(&asks.replace("{$language}", name));
            assert_eq!(wish, Wish::Metadata(Form::Whole, Some(language)), "{name} in {:?}", folder.file_name());
        }
    }
}
