//! The harness of the page's stories: the built program as a sandbox, and a real Chromium that looks at its page.

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use url::Url;

use super::pane::Pane;

/// The longest step is an export, some ten seconds; a story that waits in vain ends with what was seen instead.
const PATIENCE: Duration = Duration::from_secs(40);
/// How often the page is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// A window of a desk, and of a telephone, in CSS pixels.
pub(crate) const DESK: (u32, u32) = (1440, 860);
pub(crate) const PHONE: (u32, u32) = (390, 844);

/// Keeps, for each message of the chats, the texts that it showed and how many elements it has been.
const WATCH: &str = "
    window.seen = {};
    const elements = new WeakSet();
    const look = (message) => {
        const one = (window.seen[message.dataset.id] ??= { elements: 0, texts: [] });
        if (!elements.has(message)) one.elements += 1;
        elements.add(message);
        const text = message.querySelector('.text')?.textContent ?? '';
        if (one.texts.at(-1) !== text) one.texts.push(text);
    };
    new MutationObserver((changes) => {
        for (const { target } of changes) {
            const message = (target.nodeType === 1 ? target : target.parentElement)?.closest('.messages > li');
            for (const one of message ? [message] : document.querySelectorAll('.messages > li')) look(one);
        }
    }).observe(document.querySelector('main'), { childList: true, subtree: true, characterData: true });";

/// The sandbox as a person starts it.
pub(crate) struct Sandbox {
    /// The page's address, without a slash at the end.
    pub address: String,
    folder: TempDir,
    _program: Child,
}

impl Sandbox {
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// The same with variables.
    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_nemo-bot"));
        command.args(["sandbox", "--port", "0"]).current_dir(folder.path()).kill_on_drop(true);
        // Killed, it cannot tidy up: what it leaves goes away with our folder.
        command.env_clear().env("TMPDIR", folder.path()).envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log(&folder));
        let mut program = command.spawn().unwrap();
        let line = line_with(program.stdout.take().unwrap(), "http://").await.expect("the sandbox starts");
        let address = line[line.find("http://").unwrap()..].trim_end_matches('/').to_owned();
        Self { address, folder, _program: program }
    }

    /// The end of its log.
    fn log(&self) -> String {
        tail(&self.folder)
    }
}

/// Chromedriver and the Chromium that it starts, with a profile of their own. They are one group of processes, so that
/// a story that panics leaves no browser behind.
struct Driver {
    address: String,
    folder: TempDir,
    program: Child,
}

impl Driver {
    /// It takes a free port of the one Internet protocol and then the same of the other; where somebody has that, it
    /// ends and is started again.
    async fn start() -> Self {
        for _ in 0..5 {
            if let Some(driver) = Self::try_start().await {
                return driver;
            }
        }
        panic!("chromedriver ends before it listens");
    }

    async fn try_start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(on_path("chromedriver"));
        // A browser that somebody sets up for themselves, and a proxy, have no say here.
        command
            .arg("--port=0")
            .env("HOME", folder.path())
            .env("TMPDIR", folder.path())
            .env("LANG", "C.UTF-8")
            .process_group(0)
            .kill_on_drop(true);
        for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log(&folder));
        let mut program = command.spawn().unwrap();
        let line = line_with(program.stdout.take().unwrap(), "started successfully on port ").await?;
        let port: String = line.chars().filter(char::is_ascii_digit).collect();
        Some(Self { address: format!("http://127.0.0.1:{port}"), folder, program })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Not yet waited for, so the number is still its own.
        if let Some(id) = self.program.id() {
            let group = format!("-{id}");
            let _ = std::process::Command::new("kill").args(["-KILL", "--", &group]).status();
        }
    }
}

/// A window with the page in it.
pub(crate) struct Window {
    pub client: Client,
    pub sandbox: Sandbox,
    driver: Driver,
}

impl Window {
    /// A new sandbox, and its page as somebody sees it who opens it for the first time.
    pub(crate) async fn open() -> Self {
        Self::on(Sandbox::start().await).await
    }

    /// The page of this sandbox.
    pub(crate) async fn on(sandbox: Sandbox) -> Self {
        let (browser, driver) = (on_path("chromium"), Driver::start().await);
        let profile = driver.folder.path().join("profile");
        let mut arguments = vec![format!("--user-data-dir={}", profile.display())];
        arguments.extend(ARGUMENTS.iter().map(|argument| (*argument).to_owned()));
        let wishes = json!({
            "goog:chromeOptions": { "binary": browser, "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wishes.as_object().unwrap().clone())
            .connect(&driver.address)
            .await
            .unwrap_or_else(|error| panic!("no browser: {error}\n{}", tail(&driver.folder)));
        let window = Self { client, sandbox, driver };
        window.measures(DESK, false).await;
        window.client.goto(&window.sandbox.address).await.unwrap();
        window.finds("#start:not([hidden])").await;
        window.client.execute(WATCH, vec![]).await.unwrap();
        window
    }

    /// Gives the window another size, and colours for the day or the night.
    pub(crate) async fn measures(&self, (width, height): (u32, u32), dark: bool) {
        // Chromium's own windows are never as narrow as a telephone.
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.tools("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.tools("Emulation.setEmulatedMedia", media).await;
    }

    /// Sends a command of the developer tools.
    async fn tools(&self, name: &str, parameters: Value) {
        self.issue("goog/cdp/execute", json!({ "cmd": name, "params": parameters })).await;
    }

    async fn issue(&self, path: &'static str, body: Value) -> Value {
        self.client.issue_cmd(Extension { path, body }).await.unwrap()
    }

    /// Waits for an element.
    pub(crate) async fn finds(&self, css: &str) -> Element {
        self.waits(css, Locator::Css(css)).await
    }

    /// The chat on Telegram.
    pub(crate) fn telegram(&self) -> Pane<'_> {
        Pane { window: self, list: "messages", field: "#text" }
    }

    /// Discord.
    pub(crate) fn discord(&self) -> Pane<'_> {
        Pane { window: self, list: "dc-messages", field: "#dc-text" }
    }

    /// Runs a script until it returns something true, and returns that.
    pub(crate) async fn until(&self, what: &str, script: &str) -> Value {
        let looks = async {
            let mut look = tokio::time::interval(LOOK_EVERY);
            loop {
                look.tick().await;
                let found = self.evaluates(script).await;
                if found != Value::Null && found != Value::Bool(false) {
                    return found;
                }
            }
        };
        let Ok(found) = tokio::time::timeout(PATIENCE, looks).await else {
            panic!("it never came: {what}\n{}", self.tells().await)
        };
        found
    }

    /// What a script returns.
    pub(crate) async fn evaluates(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.unwrap()
    }

    /// Waits for an element; `what` says to people which.
    pub(crate) async fn waits(&self, what: &str, locator: Locator<'_>) -> Element {
        match self.client.wait().at_most(PATIENCE).every(LOOK_EVERY).for_element(locator).await {
            Ok(element) => element,
            Err(error) => panic!("it never came: {what} ({error})\n{}", self.tells().await),
        }
    }

    /// What does not fit: the page into its window, either way, or a box that scrolls into its width. Nothing, if all
    /// is well.
    pub(crate) async fn sticks_out(&self) -> Value {
        let script = "
            const page = document.scrollingElement;
            const boxes = [page, ...document.querySelectorAll('.scroll, #rows-scroll')];
            const wide = boxes.filter((box) => box.scrollWidth > box.clientWidth || box.clientWidth > innerWidth);
            const found = wide.map((box) => `${box.id || box.tagName}: ${box.scrollWidth} of ${box.clientWidth} wide`);
            if (page.scrollHeight > innerHeight) found.push(`the page: ${page.scrollHeight} of ${innerHeight} high`);
            return found";
        self.evaluates(script).await
    }

    /// Takes a picture of the window for people, with the end of the log, if `NEMO_SCREENSHOTS` names a folder for
    /// pictures.
    pub(crate) async fn poses(&self, name: &str) {
        let Some(folder) = std::env::var_os("NEMO_SCREENSHOTS") else { return };
        self.evaluates("const rows = document.querySelector('#rows-scroll'); rows.scrollTop = rows.scrollHeight").await;
        std::fs::create_dir_all(&folder).unwrap();
        let picture = self.client.screenshot().await.unwrap();
        std::fs::write(Path::new(&folder).join(name), picture).unwrap();
    }

    /// Ends a story: the browser has complained about nothing.
    pub(crate) async fn closes(self) {
        let errors = self.errors().await;
        assert!(errors.is_empty(), "the browser complains: {errors:#?}");
        self.client.close().await.unwrap();
        drop(self.driver);
    }

    /// What the console holds of errors since it was last read: exceptions, refused requests, broken rules of the page.
    async fn errors(&self) -> Vec<String> {
        let log = self.issue("se/log", json!({ "type": "browser" })).await;
        let errors = log.as_array().unwrap().iter().filter(|entry| entry["level"] == "SEVERE");
        errors.map(|entry| entry["message"].to_string()).collect()
    }

    /// Everything that is to be seen, for a story that went wrong.
    async fn tells(&self) -> String {
        let script = "return [...document.querySelectorAll('.messages > li, #toasts > p')].map((one) => one.innerText)";
        let mut story = "--- the page\n".to_owned();
        for text in self.evaluates(script).await.as_array().unwrap() {
            let _ = writeln!(story, "* {}", text.as_str().unwrap_or_default());
        }
        let _ = writeln!(story, "--- the browser's console\n{:#?}", self.errors().await);
        let _ = writeln!(story, "--- the sandbox's log\n{}", self.sandbox.log());
        story
    }
}

const ARGUMENTS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--no-proxy-server",
    "--mute-audio",
    "--lang=en-US",
];

/// A command that chromedriver has beside the standard ones: <https://developer.chrome.com/docs/chromedriver>.
#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _address: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// Where a program lies that the tests need.
fn on_path(name: &str) -> PathBuf {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("`{name}` is not on the PATH: run scripts/test, which installs what the tests need"))
}

/// The first line of a child's output that holds `words`; `None` where it ends before. The child writes no more than
/// fits into its pipe.
async fn line_with(output: impl AsyncRead + Unpin, words: &str) -> Option<String> {
    let mut lines = BufReader::new(output).lines();
    let found = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if line.contains(words) {
                return Some(line);
            }
        }
        None
    };
    tokio::time::timeout(PATIENCE, found).await.unwrap_or_else(|_| panic!("a program never said {words:?}"))
}

fn log(folder: &TempDir) -> File {
    File::create(folder.path().join("log")).unwrap()
}

fn tail(folder: &TempDir) -> String {
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
    let lines: Vec<_> = log.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}
