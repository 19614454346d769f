//! `check`: would the bot run? Every configured service is contacted once, with short times.

mod ask;
mod discord;
mod nemo;
mod store;
mod telegram;
#[cfg(test)]
mod tests;

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use self::ask::Asker;
use super::{NO_PLATFORM, say};
use crate::settings::{Listen, Loaded};

/// A service that needs longer is as good as down for whoever watches.
const PATIENCE: Duration = Duration::from_secs(5);

/// How a service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// As it should be.
    Fine,
    /// The bot runs, and something should be known.
    Warn,
    /// The bot would not run, or not do its work.
    Fail,
    /// Not configured.
    Off,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
            Self::Off => "off",
        }
    }
}

/// A line of the table.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    service: &'static str,
    state: State,
    detail: String,
}

impl Finding {
    fn new(service: &'static str, state: State, detail: impl Into<String>) -> Self {
        Self { service, state, detail: detail.into() }
    }
}

/// Contacts every configured service and prints a table. Whether the bot would run.
pub(super) async fn everything(loaded: &Loaded, to: &mut impl Write) -> bool {
    let settings = &loaded.settings;
    let mut findings: Vec<_> =
        loaded.warnings.iter().map(|warning| Finding::new("settings", State::Warn, warning)).collect();
    if findings.is_empty() {
        findings.push(Finding::new("settings", State::Fine, "complete and allowed"));
    }
    let (store, discord, telegram, nemo) = futures::join!(
        store::probe(&settings.store),
        discord::probe(&settings.discord),
        telegram::probe(&settings.telegram),
        nemo::probe(settings)
    );
    findings.extend(store);
    findings.push(discord);
    findings.push(telegram);
    if settings.telegram.token.is_none() && settings.discord.token.is_none() {
        findings.push(Finding::new("platforms", State::Fail, NO_PLATFORM));
    }
    findings.push(nemo);
    table(&findings, to);
    findings.iter().all(|finding| finding.state != State::Fail)
}

fn table(findings: &[Finding], to: &mut impl Write) {
    let width = findings.iter().map(|finding| finding.service.len()).max().unwrap_or_default();
    say(to, &format!("{:width$}  state  detail", "service", width = width.max("service".len())));
    for Finding { service, state, detail } in findings {
        say(to, &format!("{service:width$}  {:5}  {detail}", state.name(), width = width.max("service".len())));
    }
}

/// Asks the running bot whether it lives.
pub(super) async fn live(listen: Listen, to: &mut impl Write) -> bool {
    let outcome = match listen {
        Listen::Off => Err("server.listen is off, so nobody can be asked.".to_owned()),
        Listen::At(address) => healthy(address).await,
    };
    match &outcome {
        Ok(()) => say(to, "The bot is alive."),
        Err(reason) => say(to, reason),
    }
    outcome.is_ok()
}

async fn healthy(listen: SocketAddr) -> Result<(), String> {
    let host = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let address = SocketAddr::new(host, listen.port());
    let answer = Asker::of_this_machine()?.get(&format!("http://{address}/healthz"), &[]).await;
    match answer {
        Ok(answer) if answer.status.is_success() => Ok(()),
        Ok(answer) => Err(format!("{address} answers {}.", answer.status)),
        Err(reason) => Err(format!("The bot does not answer at {address}: {reason}.")),
    }
}
