//! Secrets and words stay inside, whatever the log is told to say.

use nemo_bot::sandbox::nemo::Scenario;

use super::bot::Stage;

const WORDS: &str = "NEMOCANARYWORDS";

#[tokio::test(flavor = "multi_thread")]
async fn neither_tokens_nor_words_nor_file_addresses_reach_the_log_or_the_disk() {
    let operator = "nmv_usr_NEMOCANARYOPERATOR";
    let everything = "trace,hyper=trace,reqwest=trace,teloxide=trace,h2=trace,tungstenite=trace";
    let mut stage = Stage::with(&[("NEMO_TOKEN", operator), ("RUST_LOG", everything)]).await;
    let canaries = {
        let user = stage.user("en");
        user.sends_clip(Some(&format!("generate titles for {WORDS}"))).await;
        user.sees_button("Export MP4").await;
        // Paths on which things fail say more than others.
        stage.nemo.play(Scenario::ErrorEvent);
        user.says(&format!("add a title that says {WORDS}"));
        user.sees_button("Try again").await;
        stage.nemo.play(Scenario::Dropped);
        user.says(&format!("add music for {WORDS}"));
        user.sees("The connection broke").await;
        stage.nemo.play(Scenario::Normal);
        user.says("export");
        user.sees_video().await;
        let bot = stage.telegram.token().to_owned();
        let secret = bot.split(':').next_back().unwrap().to_owned();
        [operator.to_owned(), bot, secret, WORDS.to_owned(), "/file/bot".to_owned(), "render-result".to_owned()]
    };
    assert_eq!(stage.stop().await, Some(0));
    let logs = stage.logs();
    assert!(logs.contains("TRACE") || logs.contains("DEBUG"), "the log says much: {}", logs.len());
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
