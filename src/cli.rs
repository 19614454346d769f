//! The command line: what to do, signals, and exit codes.
//!
//! 0: done, or stopped as asked. 1: it failed, or a check did. 2: the configuration that `run` or `sandbox` was given,
//! or the command line, is wrong. 130, 143: a second signal ended it at once.

mod check;
mod explain;
mod signals;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use secrecy::ExposeSecret;
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

use self::signals::{Ended, until_stopped};
use crate::app;
#[cfg(feature = "sandbox")]
use crate::sandbox::{self, SandboxOptions};
use crate::settings::{LogFormat, Settings, SettingsError, Sources};
use crate::store::StoreKey;
use crate::telemetry;

/// It failed.
const FAILED: u8 = 1;
/// The configuration is wrong, as clap says it of the command line.
const MISCONFIGURED: u8 = 2;
/// A look-up of a name or a write to a disk that cannot be cut holds up the end no longer than this.
const LEFTOVERS: Duration = Duration::from_millis(100);
/// Said by `run` and `check` where there is nothing to run.
#[cfg(feature = "sandbox")]
const NO_PLATFORM: &str =
    "No platform has a token. Set TELEGRAM_BOT_TOKEN, DISCORD_TOKEN or both; `nemo-bot sandbox` needs none.";
#[cfg(not(feature = "sandbox"))]
const NO_PLATFORM: &str = "No platform has a token. Set TELEGRAM_BOT_TOKEN, DISCORD_TOKEN or both.";

/// Brings the NEMO video agent into chats.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Settings: a file given by --config or NEMO_BOT_CONFIG, then variables \
    NEMO_BOT__SECTION__KEY, such as NEMO_BOT__RUN__DRAIN=15m. These have short names: DISCORD_TOKEN, TELEGRAM_BOT_TOKEN, \
    NEMO_TOKEN, NEMO_API_URL, NEMO_WEB_URL, REDIS_URL. RUST_LOG sets how much is logged."
)]
struct CommandLine {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Run the bot on every platform that has a token.
    ///
    /// SIGTERM or SIGINT stops the intake; running turns go on for `run.drain`, and what is cut then is taken up again
    /// by the next instance. A second signal ends the program at once.
    Run(Configuration),
    /// Try the bot on this machine: no accounts, no network.
    ///
    /// Starts emulators of Telegram, Discord and the video service on loopback, the real bot connected to them, and a
    /// web page with both chats. Messages are kept in memory and clips in a temporary folder, until it ends. Of the
    /// settings two are heard, as variables: `NEMO_BOT__TELEGRAM__DRAFTS`, with which replies grow as drafts with a
    /// Stop button of Telegram's own, and `NEMO_BOT__DISCORD__PASS_LINKS`, with which the video service fetches clips
    /// by their address.
    #[cfg(feature = "sandbox")]
    Sandbox {
        /// The page's port on 127.0.0.1; 0 takes a free one.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// How the video service, Telegram or Discord behaves at first; a name that does not exist prints those that do.
        #[arg(long, value_name = "NAME")]
        scenario: Option<String>,
    },
    /// Check the configuration and contact each configured service once.
    ///
    /// Prints a table; the exit code is 0 if the bot would run, else 1. It asks for no account: without `nemo.token` it
    /// only opens a connection to the video service.
    Check {
        #[command(flatten)]
        configuration: Configuration,
        /// Only ask the running bot's /healthz, as a container's health check does.
        #[arg(long)]
        live: bool,
    },
    /// Show what the bot makes of texts.
    ///
    /// Reads JSON Lines {"text": "…"} from standard input and prints a JSON line for each, for translators and operators.
    /// Nothing is sent anywhere. The exit code is 1 if a line could not be read.
    Explain {
        /// What the texts are.
        subject: explain::Subject,
    },
    /// Print a new store key, for `store.key` or the file of `store.key_file`.
    Keygen,
}

#[derive(Args, Debug)]
struct Configuration {
    /// A TOML file with settings; else `NEMO_BOT_CONFIG` names one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Does what the process's command line says.
pub fn main() -> ExitCode {
    // Whoever reads the output may be gone; there is nobody left to tell.
    match CommandLine::parse().task {
        Task::Run(configuration) => run(configuration),
        #[cfg(feature = "sandbox")]
        Task::Sandbox { port, scenario } => {
            let heard = match Settings::load(&sandbox_sources(Sources::of_process(None))) {
                Ok(loaded) => loaded.settings,
                Err(error) => {
                    complain(&error.to_string());
                    return ExitCode::from(MISCONFIGURED);
                }
            };
            telemetry::init(false);
            until_ended(async |stop| {
                let ready = |address: &str| say(&mut io::stdout(), &format!("The try-out is at {address}"));
                let (drafts, pass_links) = (heard.telegram.drafts, heard.discord.pass_links);
                sandbox::run(SandboxOptions { port, scenario, drafts, pass_links }, stop, ready).await
            })
        }
        Task::Check { configuration, live } => check(configuration, live),
        Task::Explain { subject } => match explain::explain(subject, io::stdin().lock(), io::stdout().lock()) {
            Ok(true) => ExitCode::SUCCESS,
            // Whoever reads the output has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Ok(false) => ExitCode::from(FAILED),
            Err(error) => {
                complain(&format!("nemo-bot: {error}."));
                ExitCode::from(FAILED)
            }
        },
        Task::Keygen => {
            say(&mut io::stdout(), StoreKey::generate().to_base64().expose_secret());
            ExitCode::SUCCESS
        }
    }
}

/// What the try-out hears of an operator's settings.
#[cfg(feature = "sandbox")]
const SANDBOX_HEARS: [&str; 2] = ["NEMO_BOT__TELEGRAM__DRAFTS", "NEMO_BOT__DISCORD__PASS_LINKS"];

/// Nothing but [`SANDBOX_HEARS`]: the try-out must start beside any settings of an operator, tokens and all.
#[cfg(feature = "sandbox")]
fn sandbox_sources(mut sources: Sources) -> Sources {
    sources.file = None;
    sources.variables.retain(|(name, _)| SANDBOX_HEARS.iter().any(|heard| name == heard));
    sources
}

/// Writes a line for the person at the terminal.
fn say(to: &mut impl Write, line: &str) {
    let _ = writeln!(to, "{line}").and_then(|()| to.flush());
}

fn complain(line: &str) {
    say(&mut io::stderr(), line);
}

fn run(configuration: Configuration) -> ExitCode {
    let settings = match ready_to_run(&Sources::of_process(configuration.config)) {
        Ok((settings, warnings)) => {
            telemetry::init(settings.log.format == LogFormat::Json);
            for warning in warnings {
                tracing::warn!("{warning}");
            }
            settings
        }
        Err(error) => {
            complain(&error.to_string());
            return ExitCode::from(MISCONFIGURED);
        }
    };
    until_ended(async |stop| app::run(&settings, stop).await)
}

/// The settings of a bot that has something to do, and what to warn of.
fn ready_to_run(sources: &Sources) -> Result<(Settings, Vec<String>), SettingsError> {
    let loaded = Settings::load(sources)?;
    if loaded.settings.telegram.token.is_none() && loaded.settings.discord.token.is_none() {
        return Err(SettingsError(loaded.warnings.into_iter().chain([NO_PLATFORM.to_owned()]).collect()));
    }
    Ok((loaded.settings, loaded.warnings))
}

/// Runs `work` until it ends or a signal ends it.
fn until_ended(work: impl AsyncFnOnce(CancellationToken) -> anyhow::Result<()>) -> ExitCode {
    let Some(runtime) = runtime() else { return ExitCode::from(FAILED) };
    let stop = CancellationToken::new();
    let ended = runtime.block_on(async {
        match until_stopped(Box::pin(work(stop.clone())), &stop).await {
            Ok(ended) => ended,
            Err(error) => Ended::ByItself(Err(anyhow::Error::new(error).context("signals cannot be heard"))),
        }
    });
    let code = match ended {
        Ended::ByItself(Ok(())) => 0,
        Ended::ByItself(Err(error)) => {
            complain(&format!("nemo-bot: {error:#}."));
            FAILED
        }
        Ended::AtOnce(code) => {
            runtime.shutdown_background();
            return ExitCode::from(code);
        }
    };
    runtime.shutdown_timeout(LEFTOVERS);
    ExitCode::from(code)
}

fn check(configuration: Configuration, live: bool) -> ExitCode {
    let Some(runtime) = runtime() else { return ExitCode::from(FAILED) };
    let sources = Sources::of_process(configuration.config);
    let mut page = Vec::new();
    let fine = runtime.block_on(async {
        match Settings::load(&sources) {
            Ok(loaded) if live => check::live(loaded.settings.server.listen, &mut page).await,
            Ok(loaded) => check::everything(&loaded, &mut page).await,
            Err(error) => {
                say(&mut page, &error.to_string());
                false
            }
        }
    });
    runtime.shutdown_timeout(LEFTOVERS);
    let _ = io::stdout().write_all(&page);
    if fine { ExitCode::SUCCESS } else { ExitCode::from(FAILED) }
}

fn runtime() -> Option<Runtime> {
    match Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => Some(runtime),
        Err(error) => {
            complain(&format!("nemo-bot: the runtime cannot be started: {error}."));
            None
        }
    }
}
