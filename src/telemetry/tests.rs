//! What is logged and what is not.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use rstest::rstest;

use super::*;

#[derive(Clone, Debug, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn logged(json: bool, wanted: &str, story: impl FnOnce()) -> String {
    let page = Page::default();
    let to = page.clone();
    let (subscriber, _) = subscriber(json, wanted, move || to.clone());
    tracing::subscriber::with_default(subscriber, story);
    String::from_utf8(page.0.lock().unwrap().clone()).unwrap()
}

fn everybody_speaks() {
    tracing::info!(target: "nemo_bot::work", "ours info");
    tracing::trace!(target: "nemo_bot::work", "ours trace");
    tracing::warn!(target: "hyper::client", "theirs warn");
    tracing::info!(target: "hyper::client", "theirs info");
    tracing::error!(target: "serenity::gateway::ws", "frame one");
    tracing::error!(target: "tungstenite::protocol", "frame two");
    tracing::error!(target: "tokio_tungstenite::compat", "frame three");
}

#[rstest]
#[case("", true, false)]
#[case("trace", true, true)]
#[case("TRACE,hyper=trace,serenity::gateway::ws=trace,tungstenite=trace,tokio_tungstenite=trace", true, true)]
#[case("hyper=trace", true, false)]
#[case("nemo_bot=warn", false, false)]
#[case("nemo_bot::work=trace", true, true)]
#[case("nemo_bot", true, true)]
#[case("off", false, false)]
#[case("nemo_bots=trace,hyper=off,[{}]=trace,=,nonsense", true, false)]
fn rust_log_speaks_about_us_only(#[case] wanted: &str, #[case] info: bool, #[case] trace: bool) {
    let lines = logged(false, wanted, everybody_speaks);
    assert_eq!(lines.contains("ours info"), info, "{lines}");
    assert_eq!(lines.contains("ours trace"), trace, "{lines}");
    assert!(lines.contains("theirs warn"), "{lines}");
    assert!(!lines.contains("theirs info") && !lines.contains("frame"), "{lines}");
}

#[test]
fn json_is_one_object_in_each_line() {
    let lines = logged(true, "", || tracing::info!(render.id = "r1", "One\nline"));
    let line: serde_json::Value = serde_json::from_str(lines.trim_end()).unwrap();
    assert_eq!(
        (&line["message"], &line["render.id"], &line["level"]),
        (&"One\nline".into(), &"r1".into(), &"INFO".into())
    );
}

#[test]
fn a_panic_is_logged_by_its_place_and_without_what_it_choked_on() {
    let page = Page::default();
    let to = page.clone();
    let (subscriber, _) = subscriber(false, "", move || to.clone());
    tracing::subscriber::with_default(subscriber, || {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(report_panic));
        let secret = "canary";
        let one = std::panic::catch_unwind(|| panic!("not {secret}"));
        let other = std::panic::catch_unwind(|| panic!("a literal"));
        std::panic::set_hook(before);
        assert!(one.is_err() && other.is_err());
    });
    let lines = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
    assert!(lines.contains("telemetry/tests.rs:") && lines.contains("a literal"), "{lines}");
    assert!(!lines.contains("canary"), "{lines}");
}

#[test]
fn what_is_counted_can_be_read() {
    let ours = metrics();
    assert!(ours.render().contains("\nnemo_bot_panics_total 0\n"), "counters begin at 0");
    metrics::counter!(DROPPED, "reason" => "flood").increment(2);
    metrics::gauge!(LISTENING, "platform" => "telegram").set(1.0);
    let page = super::metrics().render();
    assert!(page.contains("nemo_bot_dropped_total{reason=\"flood\"} 2"), "{page}");
    assert!(page.contains("# HELP nemo_bot_dropped_total "), "{page}");
    assert!(page.contains("nemo_bot_listening{platform=\"telegram\"} 1"), "{page}");
    assert!(std::ptr::eq(ours, super::metrics()), "there is one");
}

#[tokio::test(start_paused = true)]
async fn upkeep_ends_with_the_program() {
    let stop = CancellationToken::new();
    let upkeep = metrics().upkeep(stop.clone());
    let later = async {
        tokio::time::sleep(UPKEEP_EVERY * 3).await;
        stop.cancel();
    };
    tokio::join!(upkeep, later);
}
