//! Secrets and words stay inside, whatever the log is told to say.

use nemo_bot::sandbox::discord::{FaultAction, FaultRule};
use nemo_bot::sandbox::nemo::Scenario;
use nemo_bot::sandbox::telegram;

use super::bot::{Platform, Stage};
#[cfg(feature = "crash-points")]
use super::redis_server::RedisServer;

const WORDS: &str = "NEMOCANARYWORDS";

/// Whatever the log was told to say, other crates say nothing below a warning: what they know is addresses, heads and
/// bodies, and the next version of one may log them.
fn assert_others_are_quiet(logs: &str) {
    let quiet = |line: &&str| {
        let mut words =
            line.split_whitespace().skip_while(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
        let (level, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        matches!(level, "TRACE" | "DEBUG" | "INFO") && !target.starts_with("nemo_bot")
    };
    let told: Vec<_> = logs.lines().filter(quiet).take(10).collect();
    assert!(told.is_empty(), "others are in the log: {told:#?}");
    let ours = |level: &str| logs.lines().any(|line| line.contains(&format!(" {level} nemo_bot")));
    assert!(ours("DEBUG") && ours("INFO"), "the log says much: {}", logs.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_tokens_nor_words_nor_file_addresses_reach_the_log_or_the_disk() {
    let operator = "nmv_usr_NEMOCANARYOPERATOR";
    let everything = "trace,hyper=trace,reqwest=trace,teloxide=trace,h2=trace,tungstenite=trace";
    let mut stage = Stage::with(&[("NEMO_TOKEN", operator), ("RUST_LOG", everything)]).await;
    let canaries = {
        let user = stage.user("en");
        user.sends_clip(Some(&format!("generate titles for {WORDS}"))).await;
        user.sees_button("Export MP4").await;
        // Paths on which things fail say more than others. The address of each of these calls holds the bot's token.
        for method in ["editMessageText", "sendMessage", "download"] {
            stage.telegram.fault(telegram::FaultRule::on(method, telegram::FaultAction::CutConnection));
            stage.telegram.fault(telegram::FaultRule::on(method, telegram::FaultAction::HtmlError(502)));
        }
        for times in 1..=2 {
            user.sends_clip(None).await;
            user.sees_times("The upload broke off", times).await;
        }
        stage.nemo.play(Scenario::ErrorEvent);
        user.says(&format!("add a title that says {WORDS}"));
        user.sees_button("Try again").await;
        stage.nemo.play(Scenario::Dropped);
        user.says(&format!("add music for {WORDS}"));
        user.sees("The connection broke").await;
        stage.nemo.play(Scenario::Normal);
        let lost = telegram::FaultRule::on("sendVideo", telegram::FaultAction::CutConnection);
        stage.telegram.fault(lost);
        user.says("export");
        // The video itself meets a fault, and is sent once at most.
        user.sees("Your MP4 is ready").await;
        assert!(stage.rests().await.is_ok(), "{}", stage.story());
        assert_eq!(stage.telegram.faults_left(), 0, "all of them struck\n{}", stage.story());
        let bot = stage.telegram.token().to_owned();
        let secret = bot.split(':').next_back().unwrap().to_owned();
        [operator.to_owned(), bot, secret, WORDS.to_owned(), "/file/bot".to_owned(), "render-result".to_owned()]
    };
    assert_eq!(stage.stop().await, Some(0));
    let logs = stage.logs();
    assert_others_are_quiet(&logs);
    let mut kept = Vec::new();
    for file in std::fs::read_dir(stage.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("bot.db")) {
            kept.extend(std::fs::read(path).unwrap());
        }
    }
    assert!(kept.len() > 4096, "the store holds something");
    for canary in canaries {
        assert!(!logs.contains(&canary), "{canary} is in the log");
        let found = kept.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!found, "{canary} is readable in the store");
    }
    assert!(!stage.journal.after(0).iter().any(|entry| entry.kind == "breach"), "{}", stage.story());
}

#[tokio::test(flavor = "multi_thread")]
async fn on_discord_no_token_no_signed_address_and_no_words_reach_the_log_or_the_disk() {
    let operator = "nmv_usr_NEMOCANARYOPERATOR";
    let everything =
        "trace,hyper=trace,reqwest=trace,serenity=trace,h2=trace,tungstenite=trace,tokio_tungstenite=trace";
    let mut stage = Stage::on_with(Platform::Discord, &[("NEMO_TOKEN", operator), ("RUST_LOG", everything)]).await;
    let canaries = {
        let user = stage.user_on(Platform::Discord, "en");
        user.says("/start");
        user.sees("Share your video clips").await;
        user.sends_clip(Some(&format!("generate titles for {WORDS}"))).await;
        user.sees_button("Export MP4").await;
        user.says(&format!("/connect nmv_bad_{WORDS}"));
        user.sees("That token was not accepted").await;
        // Paths on which things fail say more than others.
        let page = FaultAction::Page(502);
        stage.discord().fault(FaultRule::on("PATCH", "/channels/*/messages/*", page.clone()).times(2));
        stage.discord().fault(FaultRule::on("GET", "/attachments/*/*/*", page));
        user.sends_clip(Some(&format!("add music for {WORDS}"))).await;
        // The address of this call holds the token of its interaction.
        stage.discord().fault(FaultRule::on("PATCH", "/webhooks/*/*/messages/*", FaultAction::CutConnection));
        user.says("/credits");
        user.sees("Credits:").await;
        stage.discord().cuts_gateway();
        stage.nemo.play(Scenario::Dropped);
        user.says(&format!("add a title that says {WORDS}"));
        user.sees("The connection broke").await;
        stage.nemo.play(Scenario::Normal);
        user.says("export");
        user.sees_video().await;
        assert_eq!(stage.discord().faults_left(), 0, "all of them struck\n{}", stage.story());
        let bot = stage.discord().token().to_owned();
        let secret = bot.split('.').next_back().unwrap().to_owned();
        let mut canaries = vec![operator.to_owned(), bot, secret, WORDS.to_owned(), "&hm=".to_owned()];
        canaries.push("/attachments/".to_owned());
        canaries.extend(stage.discord().interaction_tokens());
        canaries
    };
    assert!(canaries.len() > 6, "there are tokens of interactions: {canaries:?}");
    assert_eq!(stage.stop().await, Some(0));
    let (logs, kept) = (stage.logs(), stage.disk());
    assert_others_are_quiet(&logs);
    assert!(kept.len() > 4096, "the store holds something");
    for canary in canaries {
        let told: Vec<_> = logs.lines().filter(|line| line.contains(&canary)).collect();
        assert!(told.is_empty(), "{canary} is in the log: {told:#?}");
        let found = kept.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!found, "{canary} is readable in the store");
    }
    stage.assert_clean();
}

/// A panic tells what was in hand, and a Redis keeps all in its file.
#[cfg(feature = "crash-points")]
#[tokio::test(flavor = "multi_thread")]
async fn neither_a_panic_nor_what_redis_keeps_tells_a_secret() {
    let operator = "nmv_usr_NEMOCANARYOPERATOR";
    let redis = RedisServer::start();
    let settings = [
        ("NEMO_TOKEN", operator),
        ("RUST_LOG", "trace"),
        ("RUST_BACKTRACE", "full"),
        ("NEMO_BOT_CRASH", "turn.mid-stream:1:panic"),
        ("NEMO_BOT__STORE__URL", &redis.url()),
        ("NEMO_BOT__STORE__KEY", "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="),
    ];
    let mut stage = Stage::with(&settings).await;
    let canaries = {
        let user = stage.user("en");
        user.sends_clip(Some(&format!("add a title that says {WORDS}"))).await;
        stage.logs_have("a test asked for it").await;
        user.sees("Something went wrong on my side").await;
        let bot = stage.telegram.token().to_owned();
        let secret = bot.split(':').next_back().unwrap().to_owned();
        [operator.to_owned(), bot, secret, WORDS.to_owned(), "/file/bot".to_owned()]
    };
    assert_eq!(stage.stop().await, Some(0));
    let logs = stage.logs();
    assert_others_are_quiet(&logs);
    let mut kept = Vec::new();
    let mut folders = vec![redis.directory()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { kept.extend(std::fs::read(path).unwrap()) }
        }
    }
    let holds = |canary: &str| kept.windows(canary.len()).any(|window| window == canary.as_bytes());
    assert!(holds("inbox:"), "the names of rows are readable, so something was looked through");
    for canary in canaries {
        let told: Vec<_> = logs.lines().filter(|line| line.contains(&canary)).collect();
        assert!(told.is_empty(), "{canary} is in the log: {told:#?}");
        assert!(!holds(&canary), "{canary} is readable in what Redis keeps");
    }
    stage.assert_clean();
}
