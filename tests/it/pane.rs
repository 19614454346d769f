//! One of the two chats on the page, and what a person does and sees there.

use fantoccini::Locator;
use fantoccini::elements::Element;
use serde_json::json;

use super::browser::Window;

/// Enter, as a keyboard sends it.
pub(crate) const ENTER: &str = "\u{e007}";

/// A chat of a window.
#[derive(Clone, Copy)]
pub(crate) struct Pane<'w> {
    pub window: &'w Window,
    /// The id of its list of messages.
    pub list: &'static str,
    /// Where one writes.
    pub field: &'static str,
}

impl Pane<'_> {
    /// Waits for a message in view that holds `words`, and returns the newest of them.
    pub(crate) async fn sees(self, words: &str) -> Element {
        let message = format!("(//ol[@id='{}']/li[not(@hidden) and contains(., '{words}')])[last()]", self.list);
        self.window.waits(words, Locator::XPath(&message)).await
    }

    /// Waits for a button in a message, and presses the newest of this label.
    pub(crate) async fn presses(self, label: &str) {
        let button = format!("(//ol[@id='{}']/li[not(@hidden)]//button[.='{label}'])[last()]", self.list);
        let button = self.window.waits(label, Locator::XPath(&button)).await;
        // A message that streams moves it: then the click would miss.
        let middle = "arguments[0].scrollIntoView({ block: 'center' }); return true";
        self.window.client.execute(middle, vec![json!(button)]).await.unwrap();
        button.click().await.unwrap();
    }

    /// Writes a text and sends it, as with a keyboard.
    pub(crate) async fn says(self, text: &str) {
        let field = self.window.finds(self.field).await;
        field.send_keys(text).await.unwrap();
        field.send_keys(ENTER).await.unwrap();
    }

    /// The newest video of the bot.
    pub(crate) async fn video(self) -> Element {
        self.window.finds(&format!("#{} .theirs:not([hidden]) video", self.list)).await
    }

    /// Plays it with a click, and waits until it moves. Returns its width and height.
    pub(crate) async fn plays(self, video: &Element) -> (u64, u64) {
        let newest = format!("const video = [...document.querySelectorAll('#{} .theirs video')].at(-1);", self.list);
        // Before its size is known it may still move away from under the pointer.
        self.window.until("a video that is there", &format!("{newest} return video.readyState > 1")).await;
        video.click().await.unwrap();
        let playing = "return video.currentTime > 0 && video.videoWidth > 0 && [video.videoWidth, video.videoHeight]";
        let size = self.window.until("a video that plays", &format!("{newest} {playing}")).await;
        (size[0].as_u64().unwrap(), size[1].as_u64().unwrap())
    }

    /// Scrolls to the newest message, for a picture.
    pub(crate) async fn ends(self) {
        let end = "const box = document.getElementById(arguments[0]).closest('.scroll');
            box.scrollTop = box.scrollHeight;
            return true";
        self.window.client.execute(end, vec![json!(self.list)]).await.unwrap();
    }

    /// Brings the newest button of this label into the middle, for a picture.
    pub(crate) async fn centres(self, label: &str) {
        let middle = "const keys = [...document.querySelectorAll(`#${arguments[0]} .key`)];
            keys.findLast((key) => key.innerText === arguments[1]).scrollIntoView({ block: 'center' });
            return true";
        self.window.client.execute(middle, vec![json!(self.list), json!(label)]).await.unwrap();
    }
}
