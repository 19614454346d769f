//! Discord on the sandbox's page, in a real browser, beside Telegram.

use fantoccini::Locator;
use serde_json::{Value, json};

use super::browser::{PHONE, Window};
use super::page::{WISH, assert_grew_in_place, assert_same, fetch, press_what_says, sample};
use super::pane::ENTER;

#[tokio::test(flavor = "multi_thread")]
async fn both_chats_stand_side_by_side_and_each_leads_to_its_own_video() {
    let window = Window::open().await;
    let (telegram, discord) = (window.telegram(), window.discord());
    assert_eq!(window.finds("#dc-title").await.text().await.unwrap(), "NEMO");
    for pane in ["chat", "discord", "log"] {
        assert!(window.finds(&format!("#{pane}")).await.is_displayed().await.unwrap(), "{pane}");
    }
    press_what_says(&window, "#dc-start button", "Use the sample clip").await;
    discord.sees("What should I do with it?").await;
    discord.says(WISH).await;
    discord.sees("98 credits left").await;
    assert_grew_in_place(&window.until("the history of the answer", ANSWER).await);
    assert_eq!(window.evaluates("return document.querySelectorAll('#messages > li').length").await, json!(0));

    discord.presses("Export MP4").await;
    discord.sees("Your MP4 is ready").await;
    let video = discord.video().await;
    let (width, height) = discord.plays(&video).await;
    assert!(width > height, "{width} x {height}");
    let source = format!("{}{}", window.sandbox.address, video.attr("src").await.unwrap().unwrap());
    assert_same(&fetch(&source).await, &std::fs::read(sample()).unwrap());

    press_what_says(&window, "#start button", "Use the sample clip").await;
    telegram.sees("What should I do with it?").await;
    telegram.says(WISH).await;
    telegram.sees("98 credits left").await;
    assert_eq!(window.sticks_out().await, json!([]));
    discord.ends().await;
    window.poses("sandbox.png").await;
    window.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_channel_a_chinese_user_uploads_by_command_and_goes_on_in_the_thread() {
    let window = Window::open().await;
    let discord = window.discord();
    window.finds("#language").await.select_by_value("zh-hans").await.unwrap();
    window.finds("#places .text").await.click().await.unwrap();
    let welcome = window.finds("#dc-start").await.text().await.unwrap();
    assert!(welcome.contains("欢迎来到 #video-help"), "{welcome}");

    let field = window.finds("#dc-text").await;
    field.send_keys("/up").await.unwrap();
    let offered = window.finds("#dc-menu [data-command=upload]").await.text().await.unwrap();
    assert!(offered.contains("/upload") && offered.contains("添加"), "a description in Chinese: {offered}");
    field.send_keys(ENTER).await.unwrap();
    window.finds("#dc-slash .option .small").await.click().await.unwrap();
    window.finds("#dc-slash [type=submit]").await.click().await.unwrap();

    let thread = window.finds("#places .thread").await;
    assert_eq!(thread.text().await.unwrap(), "sample.mp4");
    let way = "return document.querySelector('#dc-messages .to-thread:not([hidden])')?.innerText === 'sample.mp4'";
    window.until("the way to the thread, with the thread's name", way).await;
    thread.click().await.unwrap();
    discord.sees("想做什么").await;
    let kept = "return document.activeElement.matches('#places .thread')";
    assert_eq!(window.evaluates(kept).await, json!(true), "the keyboard stays where it was while messages come");
    discord.says("加一个标题“城市之梦”").await;
    discord.sees("积分").await;
    discord.presses("导出 MP4").await;
    discord.sees("MP4 已完成").await;
    let video = discord.video().await;
    discord.plays(&video).await;
    discord.ends().await;
    window.poses("sandbox-zh.png").await;

    window.measures(PHONE, true).await;
    window.finds(".tabs [data-pane=discord]").await.click().await.unwrap();
    assert!(!window.finds("#chat").await.is_displayed().await.unwrap(), "one pane at a time");
    assert_eq!(window.sticks_out().await, json!([]), "the thread");
    window.finds("#places .text").await.click().await.unwrap();
    discord.says("/credits").await;
    // An earlier command has left a private message, too: this one says what was used.
    let private = discord.sees("/credits").await;
    discord.sees("积分：可用").await;
    assert_eq!(window.sticks_out().await, json!([]), "the channel");
    assert!(private.text().await.unwrap().contains("只有你能看到"), "it is for one person's eyes");
    let before = window.evaluates(PRIVATE).await.as_u64().unwrap();
    discord.presses("忽略消息").await;
    assert_eq!(window.evaluates(PRIVATE).await.as_u64().unwrap(), before - 1, "a dismissed message is gone");
    window.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_keeps_the_place_and_the_log_is_one_stop_on_the_way_of_the_tab_key() {
    let window = Window::open().await;
    window.finds("#places .text").await.click().await.unwrap();
    window.client.refresh().await.unwrap();
    window.finds("#places .text[aria-pressed=true]").await;

    press_what_says(&window, "#start button", "Use the sample clip").await;
    window.telegram().sees("What should I do with it?").await;
    let stops = "return document.querySelectorAll('#rows button.line[tabindex=\"0\"]').length";
    assert_eq!(window.evaluates(stops).await, json!(1));
    let many = "return document.querySelectorAll('#rows .nemo > button.line').length > 3";
    assert_eq!(window.evaluates(many).await, json!(true));
    let place = "return [...document.querySelectorAll('#rows .nemo > button.line')].indexOf(document.activeElement)";
    window.evaluates("document.querySelector('#rows button.line[tabindex=\"0\"]').focus()").await;
    let newest = window.evaluates(place).await.as_u64().unwrap();
    window.client.active_element().await.unwrap().send_keys(UP).await.unwrap();
    assert_eq!(window.evaluates(place).await, json!(newest - 1), "the one above");
    assert_eq!(window.evaluates(stops).await, json!(1));

    window.finds("#text").await.send_keys("/").await.unwrap();
    let reaches = "const menu = document.querySelector('#chat .menu:not([hidden])')?.getBoundingClientRect();
        return menu && menu.width > 200 && menu.right <= document.querySelector('#chat').getBoundingClientRect().right";
    window.until("the commands inside their own chat", reaches).await;
    window.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_answered_corrected_and_used_from_its_menu_with_keys_alone() {
    let window = Window::open().await;
    let discord = window.discord();
    window.finds("#places .text").await.click().await.unwrap();
    discord.says("hello @N").await;
    // The first Enter took the name that was offered.
    window.finds("#dc-text").await.send_keys(&format!("what can you do?{ENTER}")).await.unwrap();
    let own = discord.sees("what can you do?").await;
    assert!(own.text().await.unwrap().contains("hello @NEMO what can you do?"));
    window.until("the bot's answer", "return document.querySelector('#dc-messages .theirs')").await;

    window.finds("#dc-text").await.send_keys(UP).await.unwrap();
    assert_eq!(window.finds("#dc-context").await.text().await.unwrap(), "Editing your message");
    window.finds("#dc-text").await.send_keys(&format!(" Please.{ENTER}")).await.unwrap();
    let corrected = discord.sees("what can you do? Please.").await;
    assert!(corrected.text().await.unwrap().contains("(edited)"));

    press_what_says(&window, "#discord .write [data-do=sample]", "").await;
    window.finds("#dc-messages .mine video").await;
    let more = "(//ol[@id='dc-messages']/li[.//video]/button[@aria-haspopup])[last()]";
    let more = window.waits("the menu of the clip", Locator::XPath(more)).await;
    more.send_keys(ENTER).await.unwrap();
    let chosen = "return document.activeElement.innerText";
    assert_eq!(window.evaluates(chosen).await, json!("Reply"));
    let menu = window.client.active_element().await.unwrap();
    menu.send_keys(UP).await.unwrap();
    assert!(window.evaluates(chosen).await.as_str().unwrap().starts_with("Generate metadata"));
    window.client.active_element().await.unwrap().send_keys(ENTER).await.unwrap();
    discord.sees("Generate metadata").await;
    window.finds("#places .thread").await.click().await.unwrap();
    discord.sees("Tags").await;
    window.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_server_without_the_bot_a_person_uses_it_as_their_own_and_alone_sees_the_answer() {
    let window = Window::open().await;
    let discord = window.discord();
    window.finds("#places .guest").await.click().await.unwrap();
    press_what_says(&window, "#dc-start button", "Use the sample clip").await;
    window.finds("#dc-messages .mine video").await;
    window.finds("#dc-text").await.send_keys("/").await.unwrap();
    window.finds("#dc-menu [data-command=status]").await;
    let clips = window.client.find_all(Locator::Css("#dc-menu [data-command=clips]")).await.unwrap();
    assert!(clips.is_empty(), "what only a server's own bot can do is not offered");
    window.finds("#dc-text").await.send_keys("\u{e003}").await.unwrap(); // Backspace
    window.finds("#dc-messages .mine .more").await.click().await.unwrap();
    let generate = "//ul[contains(@class, 'actions')]//button[contains(., 'Generate metadata')]";
    window.waits("the message command", Locator::XPath(generate)).await.click().await.unwrap();
    discord.sees("Tags").await;
    discord.presses("Export MP4").await;
    discord.sees("Your MP4 is ready").await;
    let video = discord.video().await;
    discord.plays(&video).await;
    let open = "return document.querySelectorAll('#dc-messages > .theirs:not(.private):not([hidden])').length";
    assert_eq!(window.evaluates(open).await, json!(0), "a guest says nothing to everybody");
    window.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_on_discord_stays_text_and_leads_nowhere_else() {
    let window = Window::open().await;
    let discord = window.discord();
    discord
        .says("<img src=x onerror=alert(1)> **bold** [a](javascript:alert(1)) `<b>` <@1> https://a.example/x).")
        .await;
    let own = discord.sees("onerror").await;
    let text = own.text().await.unwrap();
    assert!(
        text.contains("<img src=x onerror=alert(1)> bold [a](javascript:alert(1)) <b> @1 https://a.example/x)."),
        "{text}"
    );
    let inside = "const text = arguments[0].querySelector('.text');
        return [...text.querySelectorAll('*')].map((one) => `${one.tagName} ${one.getAttribute('href') ?? ''}`)";
    let made = window.client.execute(inside, vec![json!(own)]).await.unwrap();
    let made: Vec<&str> = made.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(made, ["DIV ", "STRONG ", "CODE ", "SPAN ", "A https://a.example/x"]);
    window.closes().await;
}

/// The arrow upwards, as a keyboard sends it.
const UP: &str = "\u{e013}";

/// How many messages are for the person alone.
const PRIVATE: &str = "return document.querySelectorAll('#dc-messages > .private:not([hidden])').length";

/// The history of the newest message on Discord that offers the export below tags.
const ANSWER: &str = "
    const messages = [...document.querySelectorAll('#dc-messages .theirs')];
    const answer = messages.findLast((one) => /Export MP4/.test(one.querySelector('.keys').textContent)
        && /Tags/.test(one.querySelector('.text').textContent));
    return answer && window.seen[answer.dataset.id]";

/// The pictures of a chat that have arrived, by what those read who do not see them.
const PICTURES: &str = "
    const all = [...document.querySelectorAll('.messages .theirs .media img')];
    const drawn = all.filter((one) => one.complete && one.naturalWidth >= 720);
    return drawn.length === 2 && drawn.map((one) => one.alt)";

#[tokio::test(flavor = "multi_thread")]
async fn the_timeline_shows_as_a_picture_in_both_chats_and_is_read_aloud_in_words() {
    let window = Window::open().await;
    let (telegram, discord) = (window.telegram(), window.discord());
    for (start, pane) in [("#start button", telegram), ("#dc-start button", discord)] {
        press_what_says(&window, start, "Use the sample clip").await;
        pane.sees("What should I do with it?").await;
        pane.says("add a title that says 城市之梦").await;
        pane.sees("Next you could").await;
        pane.says("status").await;
        pane.sees("Timeline (").await;
    }
    let alts = window.until("a picture in each chat", PICTURES).await;
    for alt in alts.as_array().unwrap() {
        let alt = alt.as_str().unwrap();
        // A picture that came after its words bears its title alone.
        assert!(alt.contains("Timeline") && alt.contains("城市之梦") || alt.starts_with("Timeline · "), "{alt}");
    }
    telegram.ends().await;
    discord.ends().await;
    assert_eq!(window.sticks_out().await, json!([]));
    window.poses("timeline.png").await;
    window.closes().await;
}
