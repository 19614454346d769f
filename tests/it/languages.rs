//! The bot speaks the language of the person: as the platform tells it, as the message shows, as `/language` says.

use nemo_bot::language::Language;
use nemo_bot::sandbox::journal::Entry;
use nemo_bot::say::{LANGUAGES, commands};
use rstest::rstest;

use super::bot::Platform::{self, Discord, Telegram};
use super::bot::{Stage, User};

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_platforms_language_is_spoken_until_a_message_tells_another(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    for (locale, hello) in [("de", "Schick mir deine Videoclips"), ("ko", "영상을 보내 주시면")] {
        let user = stage.user_on(on, locale);
        user.says("/start");
        user.sees(hello).await;
    }
    let written = [
        ("ru", "Сделай это видео короче и добавь в начало весёлую музыку", "Кредиты: доступно"),
        ("ja", "この動画を短くして、最初に明るい音楽を入れてください", "クレジット：利用可能"),
        ("de", "Bitte mach dieses Video kürzer und füge am Anfang fröhliche Musik hinzu", "Credits: "),
    ];
    for (language, wish, balance) in written {
        let user = stage.user_on(on, "en");
        user.says(wish);
        assert!(stage.rests().await.is_ok(), "{}", stage.story());
        user.says("/credits");
        let said = user.sees(balance).await;
        assert!(language != "de" || said.text.contains("verfügbar"), "{said:?}");
    }
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_choice_of_language_goes_before_all_else_and_outlives_a_restart(#[values(Telegram, Discord)] on: Platform) {
    let mut stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.says("/language");
    let asked = user.sees("Which language should I use?").await;
    let offered: Vec<_> = asked.buttons.iter().flatten().map(|button| button.text.clone()).collect();
    let names: Vec<_> = LANGUAGES.iter().map(Language::own_name).collect();
    assert_eq!(offered, names);
    user.presses("Русский").await;
    user.sees("теперь язык — Русский").await;
    // Discord offers a list, and sends what stands behind it.
    user.says(if on == Telegram { "/language Deutsch" } else { "/language de" });
    user.sees("Okay, ab jetzt Deutsch.").await;
    if on == Telegram {
        user.says("/language Klingon");
        user.sees("„Klingon“ kenne ich nicht").await;
    }
    user.says("please make this video shorter and add some happy music");
    user.rests().await;

    let (person, chat) = (user.person.clone(), user.chat);
    assert_eq!(stage.stop().await, Some(0));
    stage.start();
    stage.listens().await;
    let user = User { stage: &stage, person, chat };
    user.says("/status");
    user.sees("Hier ist noch nichts").await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_of_language_holds_in_every_place() {
    let stage = Stage::on(Telegram).await;
    let user = stage.user("en");
    user.says("/language 日本語");
    user.sees("これからは日本語で話します").await;
    let group = user.at(-1_001_234_567_891);
    stage.telegram.opens_group(&user.person, group.chat, "Film club");
    group.says("/status");
    group.sees("まだ何もありません").await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[tokio::test(flavor = "multi_thread")]
async fn telegram_shows_each_language_its_menu() {
    let stage = Stage::on(Telegram).await;
    let set = |entry: &Entry| entry.kind == "call" && entry.data["method"] == "setMyCommands";
    let last = LANGUAGES.last().unwrap().primary();
    stage.journal_has("call", |entry| set(entry) && entry.data["what"] == last).await;
    for language in LANGUAGES {
        // Telegram knows main tags only: both kinds of Chinese share the menu of the first.
        let spoken = LANGUAGES.iter().find(|other| other.primary() == language.primary()).unwrap();
        let expected: Vec<_> =
            commands(spoken).into_iter().map(|(command, does)| (command.name().to_owned(), does)).collect();
        assert_eq!(stage.telegram.menu(language.tag()), expected, "{language}");
    }
    assert_eq!(stage.telegram.menu("pl"), stage.telegram.menu("en"), "all others see English");
    let times = stage.journal.after(0).iter().filter(|entry| set(entry)).count();
    assert_eq!(times, LANGUAGES.len() - 1, "English for all, and each other main tag once");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}
