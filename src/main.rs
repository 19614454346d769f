//! tmp
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    nemo_bot::telemetry::init(nemo_bot::telemetry::LogFormat::Text);
    let stop = tokio_util::sync::CancellationToken::new();
    let s2 = stop.clone();
    #[allow(clippy::disallowed_methods)]
    tokio::spawn(async move {
        let mut t = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).unwrap();
        t.recv().await;
        s2.cancel();
    });
    if std::env::args().any(|a| a == "sandbox") {
        return nemo_bot::sandbox::run(nemo_bot::sandbox::SandboxOptions { port: 8080, scenario: None }, stop, |a| {
            eprintln!("{a}")
        })
        .await;
    }
    let s = nemo_bot::settings::Settings::load(&nemo_bot::settings::Sources::of_process(None))?;
    nemo_bot::app::run(&s.settings, stop).await
}
