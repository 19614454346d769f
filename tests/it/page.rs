//! The sandbox's page in a real browser, as somebody uses it who tries the bot out.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use fantoccini::Locator;
use fantoccini::elements::Element;
use reqwest::{Client, StatusCode, header};
use serde_json::{Value, json};

use super::bot::clip;
use super::browser::{PHONE, Sandbox, Window};

pub(crate) const WISH: &str = "generate titles, descriptions, and tags for my YouTube video";

#[tokio::test(flavor = "multi_thread")]
async fn a_new_user_goes_from_the_sample_clip_to_a_video_that_plays() {
    let window = Window::open().await;
    let explained = window.finds(".about p").await.text().await.unwrap();
    assert_eq!(explained, "The real bot, emulated services: nothing leaves this machine.");
    press_what_says(&window, "#start button", "Use the sample clip").await;
    window.telegram().sees("What should I do with it?").await;

    window.telegram().says(WISH).await;
    window.telegram().sees("Tags").await;
    assert_grew_in_place(&window.until("an answer with its buttons", ANSWER).await);

    window.telegram().presses("Export MP4").await;
    window.telegram().sees("Your MP4 is ready").await;
    let link = "//ol[@id='messages']/li[contains(., 'Your MP4 is ready')]//a[contains(@href, '.mp4')]";
    let link = window.waits("the link", Locator::XPath(link)).await.attr("href").await.unwrap().unwrap();
    let sample = std::fs::read(sample()).unwrap();
    assert_same(&fetch(&link).await, &sample);
    let video = window.telegram().video().await;
    let (width, height) = window.telegram().plays(&video).await;
    assert!(width > height, "{width} x {height}");
    let source = format!("{}{}", window.sandbox.address, video.attr("src").await.unwrap().unwrap());
    assert_same(&fetch(&source).await, &sample);

    assert_eq!(window.sticks_out().await, json!([]));
    window.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chinese_user_picks_a_tall_file_and_gets_a_tall_video() {
    let window = Window::open().await;
    window.finds("#language").await.select_by_value("zh-hans").await.unwrap();
    let explained = window.finds(".about p").await.text().await.unwrap();
    assert_eq!(explained, "真实的机器人，模拟的服务：数据不离开本机。");
    let start = window.finds("#start").await.text().await.unwrap();
    assert!(start.contains("使用示例视频"), "{start}");
    let backend = window.finds("#log-title").await.text().await.unwrap();
    assert_eq!(backend, "后端看到的内容");

    window.finds("#picker").await.send_keys(clip("portrait.mp4").to_str().unwrap()).await.unwrap();
    let staged = window.finds("#tray .chip").await.text().await.unwrap();
    assert!(staged.contains("portrait.mp4"), "{staged}");
    window.telegram().says("为我的YouTube视频生成标题、描述和标签").await;
    window.telegram().sees("符合 YouTube 限制").await;
    window.telegram().presses("导出 MP4").await;
    window.telegram().sees("MP4 已完成").await;
    let video = window.telegram().video().await;
    let (width, height) = window.telegram().plays(&video).await;
    assert!(height > width, "{width} x {height}");

    window.measures(PHONE, true).await;
    assert_eq!(window.sticks_out().await, json!([]));
    window.telegram().centres("导出 MP4").await;
    window.poses("sandbox-zh-phone.png").await;
    window.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_dropped_on_the_chat_waits_in_the_tray_and_can_be_sent() {
    let window = Window::open().await;
    let card = BASE64_STANDARD.encode(std::fs::read(clip("card.png")).unwrap());
    window.client.execute(DRAG, vec![json!(card)]).await.unwrap();
    let invitation = window.finds("#drop:not([hidden])").await.text().await.unwrap();
    assert_eq!(invitation, "Drop to attach");
    window.evaluates("window.drag('drop')").await;
    let staged = window.finds("#tray .chip.staged").await.text().await.unwrap();
    assert!(staged.contains("card.png"), "{staged}");
    window.finds("#drop[hidden]").await;
    assert_eq!(window.evaluates("return document.querySelectorAll('#messages > li').length").await, json!(0));

    window.finds("#composer .send").await.click().await.unwrap();
    let shown = "return document.querySelector('#messages .mine img')?.naturalWidth > 0";
    window.until("the picture in the chat", shown).await;
    window.finds("#tray[hidden]").await;
    window.telegram().sees("What should I do with it?").await;
    window.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_drafts_a_reply_grows_below_the_messages_and_can_be_stopped_there() {
    let window = Window::on(Sandbox::with(&[("NEMO_BOT__TELEGRAM__DRAFTS", "true")]).await).await;
    press_what_says(&window, "#start button", "Use the sample clip").await;
    window.telegram().sees("What should I do with it?").await;
    let request = client().post(format!("{}/scenario", window.sandbox.address)).header("x-nemo-sandbox", "1");
    request.json(&json!({ "name": "hang" })).send().await.unwrap().error_for_status().unwrap();

    window.telegram().says(WISH).await;
    let words = "return /take a look/.test(document.querySelector('#draft:not([hidden]) .text')?.textContent)";
    window.until("words in the draft", words).await;
    let messages = window.evaluates("return document.querySelectorAll('#messages > li.theirs').length").await;
    press_what_says(&window, "#draft .key", "Stop").await;
    window.telegram().sees("Stopped waiting").await;
    window.finds("#draft[hidden]").await;
    let after = window.evaluates("return document.querySelectorAll('#messages > li.theirs').length").await;
    assert_eq!(after.as_u64(), messages.as_u64().map(|before| before + 1), "what was said is one message");
    assert_eq!(window.sticks_out().await, json!([]));
    window.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_from_elsewhere_can_neither_read_nor_steer() {
    let sandbox = Sandbox::start().await;
    let own = sandbox.address.as_str();
    let status = async |host: Option<&str>, origin: Option<&str>, post: bool| {
        let address = format!("{own}/scenario");
        let client = client();
        let request = if post {
            client.post(address).header("x-nemo-sandbox", "1").json(&json!({ "name": "hang" }))
        } else {
            client.get(address)
        };
        let headers = [(header::HOST, host), (header::ORIGIN, origin)].into_iter();
        let headers = headers.filter_map(|(name, value)| Some((name, value?.parse().unwrap()))).collect();
        request.headers(headers).send().await.unwrap().status()
    };
    for post in [false, true] {
        assert_eq!(status(Some("elsewhere.example"), None, post).await, StatusCode::FORBIDDEN);
        assert_eq!(status(None, Some("http://elsewhere.example"), post).await, StatusCode::FORBIDDEN);
        assert_eq!(status(None, Some("null"), post).await, StatusCode::FORBIDDEN);
    }
    assert_eq!(playing(own).await, "normal", "a stranger changed the scenario");
    assert_eq!(status(None, Some(own), true).await, StatusCode::OK);
    assert_eq!(playing(own).await, "hang");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_shows_the_chat_and_the_backends_log_without_sideways_scrolling() {
    let window = Window::open().await;
    window.measures(PHONE, false).await;
    assert_eq!(window.sticks_out().await, json!([]), "the empty chat");
    press_what_says(&window, "#start button", "Use the sample clip").await;
    window.telegram().sees("What should I do with it?").await;
    window.telegram().says(WISH).await;
    window.until("an answer with its buttons", ANSWER).await;
    assert_eq!(window.sticks_out().await, json!([]), "the chat");
    assert!(!window.finds("#log").await.is_displayed().await.unwrap(), "one pane at a time");

    window.finds(".tabs [data-pane=log]").await.click().await.unwrap();
    assert!(!window.finds("#chat").await.is_displayed().await.unwrap(), "one pane at a time");
    for kind in ["upload", "run", "run-end"] {
        let line = format!("//ol[@id='rows']/li[.//*[@class='kind' and contains(., ': {kind}')]]");
        assert!(window.waits(kind, Locator::XPath(&line)).await.is_displayed().await.unwrap(), "{kind}");
    }
    assert_eq!(window.sticks_out().await, json!([]), "the log");
    let last = window.client.find_all(Locator::Css("#rows .nemo button.line")).await.unwrap().pop().unwrap();
    last.click().await.unwrap();
    window.finds("#rows .nemo pre").await;
    assert_eq!(window.sticks_out().await, json!([]), "the log with particulars");
    window.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_the_agent_keeps_silent_about_is_told_by_the_bot() {
    let window = Window::open().await;
    press_what_says(&window, "#start button", "Use the sample clip").await;
    window.telegram().sees("What should I do with it?").await;
    window.finds("#scenario").await.select_by_value("silent-edit").await.unwrap();
    let plays = "return document.querySelector('#toasts').innerText.includes('silent-edit')";
    window.until("a word about the scenario", plays).await;
    let about = window.finds("#scenario-text").await.text().await.unwrap();
    assert!(about.starts_with("The edit is done, but the agent says nothing."), "{about}");
    window.telegram().says("add a title that says Urban Dreams").await;
    let told = window.telegram().sees("What changed").await.text().await.unwrap();
    assert!(told.contains("text \""), "{told}");
    window.closes().await;
}

/// Drags a picture into the window, made of the base64 that it is given, and keeps how to go on.
const DRAG: &str = "
    const bytes = Uint8Array.from(atob(arguments[0]), (letter) => letter.charCodeAt(0));
    const load = new DataTransfer();
    load.items.add(new File([bytes], 'card.png', { type: 'image/png' }));
    window.drag = (kind) => document.querySelector('#messages')
        .dispatchEvent(new DragEvent(kind, { dataTransfer: load, bubbles: true, cancelable: true }));
    window.drag('dragenter');
    if (window.drag('dragover')) throw new Error('the page does not take the drag');";

/// The history of the newest message that offers buttons beside one about an export.
const ANSWER: &str = "
    const messages = [...document.querySelectorAll('#messages .theirs')];
    const answer = messages.findLast((one) => /Export MP4/.test(one.querySelector('.keys').textContent)
        && /Tags/.test(one.querySelector('.text').textContent));
    return answer && window.seen[answer.dataset.id]";

/// A message that was edited in place while its text grew: some earlier text is the beginning of a later one.
pub(crate) fn assert_grew_in_place(message: &Value) {
    assert_eq!(message["elements"], 1, "an edited message stays the same element: {message:#}");
    let texts: Vec<_> = message["texts"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    let grew = texts.windows(2).any(|pair| pair[0].chars().count() < pair[1].chars().count() && shares_start(pair));
    assert!(grew, "the answer came at once: {texts:#?}");
}

/// Whether two texts begin alike, for longer than by chance.
fn shares_start(pair: &[&str]) -> bool {
    let alike = pair[0].chars().zip(pair[1].chars()).take_while(|(one, other)| one == other).count();
    alike >= 10
}

pub(crate) async fn press_what_says(window: &Window, css: &str, label: &str) -> Element {
    let button = window.finds(css).await;
    assert_eq!(button.text().await.unwrap(), label);
    button.click().await.unwrap();
    button
}

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

pub(crate) async fn fetch(address: &str) -> Vec<u8> {
    let response = client().get(address).send().await.unwrap().error_for_status().unwrap();
    response.bytes().await.unwrap().to_vec()
}

async fn playing(address: &str) -> String {
    let state: Value = serde_json::from_slice(&fetch(&format!("{address}/scenario")).await).unwrap();
    state["playing"].as_str().unwrap().to_owned()
}

/// The clip behind "Use the sample clip".
pub(crate) fn sample() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox/data/landscape.mp4")
}

/// Not `assert_eq`, which would print them.
pub(crate) fn assert_same(one: &[u8], other: &[u8]) {
    assert_eq!(one.len(), other.len(), "the files differ in size");
    assert!(one == other, "the files differ");
}
