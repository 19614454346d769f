//! A disk that is full refuses and does not forget: nothing is confirmed that was not stored, and once there is room the
//! same process goes on.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use nemo_bot::sandbox::nemo::Scenario;

use super::bot::Stage;

const ANSWER: &str = "Concrete requests work best";
const MOMENT: &str = "One moment: I can't save messages right now";
/// Mounts a small disk of its own where the first argument says, and becomes the bot.
const MOUNTED: &str = "mount -t tmpfs -o size=24m tmpfs \"$0\" && exec \"$@\"";

/// A disk that the bot alone sees, in a namespace of its own.
struct Disk(PathBuf);

impl Disk {
    /// Whether this machine lets us make one, as most do.
    fn is_allowed() -> bool {
        let tried = ["--user", "--map-root-user", "--mount", "/bin/sh", "-c", "mount -t tmpfs tmpfs /tmp"];
        Command::new("unshare").args(tried).status().is_ok_and(|status| status.success())
    }

    /// The way into the namespace of the running bot.
    fn of(stage: &Stage) -> Self {
        let inside = stage.folder.path().join("disk");
        Self(PathBuf::from(format!("/proc/{}/root{}", stage.process(), inside.display())))
    }

    fn fill(&self) {
        let mut ballast = File::create(self.0.join("ballast")).unwrap();
        for size in [1 << 16, 1 << 12, 1] {
            while ballast.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn free(&self) {
        std::fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stderr, reason = "whoever runs it must know that nothing was tried")]
async fn a_full_disk_refuses_what_it_cannot_keep_and_goes_on_when_there_is_room() {
    if !Disk::is_allowed() {
        eprintln!("NOT TESTED: this machine allows no mount namespaces, so no disk can be filled");
        return;
    }
    let mut stage = Stage::empty(&[("NEMO_TOKEN", "nmv_usr_disk"), ("NEMO_BOT__RUN__HOLD", "60s")]).await;
    let inside = stage.folder.path().join("disk");
    std::fs::create_dir(&inside).unwrap();
    stage.sets("NEMO_BOT__STORE__URL", &format!("sqlite:{}/bot.db", inside.display()));
    let inside = inside.display().to_string();
    stage.is_started_by(&[
        "/usr/bin/unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "/bin/sh",
        "-c",
        MOUNTED,
        &inside,
    ]);
    stage.start();
    let (busy, other) = (stage.user("en"), stage.user("en"));
    other.says("/help");
    other.sees("I take").await;
    let (disk, process) = (Disk::of(&stage), stage.process());
    stage.nemo.play(Scenario::Hang);
    busy.says("write poem number 1");
    stage.journal_has("run", |_| true).await;
    busy.says("write poem number 2");
    busy.sees("number 1 in line").await;

    disk.fill();
    other.says("write poem number 3");
    other.sees(MOMENT).await;
    busy.says("write poem number 4");
    stage.logs_have("An update cannot be stored; trying again in 2s").await;
    assert!(stage.telegram.pending() >= 2, "nothing is confirmed\n{}", stage.story());
    assert_eq!(stage.count("run"), 1, "{}", stage.story());

    disk.free();
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    busy.sees_times(ANSWER, 3).await;
    other.sees(ANSWER).await;
    assert_eq!(stage.process(), process, "the same process goes on");
    let mut sent: Vec<_> = stage.journal.after(0).into_iter().filter(|entry| entry.kind == "run").collect();
    sent.sort_by_key(|run| run.number);
    let sent: Vec<_> = sent.iter().filter_map(|run| run.data["text"].as_str()).collect();
    let place = |number: u32| sent.iter().position(|text| text.contains(&format!("number {number}")));
    assert_eq!(sent.len(), 4, "each once: {sent:?}\n{}", stage.story());
    assert!(place(1) < place(2) && place(2) < place(4) && place(3).is_some(), "in order: {sent:?}");
    assert_eq!(other.count(MOMENT), 1, "{:#?}", other.texts());
    assert_eq!(stage.telegram.pending(), 0);
    stage.assert_clean();
}
