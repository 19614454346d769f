//! The video service: is somebody there, and has the operator's account credits? Never asks for a new account.

use secrecy::{ExposeSecret, SecretString};

use super::ask::{Answer, Asker, quoted};
use super::{Finding, State};
use crate::settings::{Nemo, Settings};

const SERVICE: &str = "nemo";
/// Body codes of a token that is refused. Source: the service's list of errors.
const REFUSED: [i64; 3] = [1001, 1010, 1011];

pub(super) async fn probe(settings: &Settings) -> Finding {
    let nemo = &settings.nemo;
    let asked = match (Asker::of(&nemo.api_url), &nemo.token) {
        (Err(reason), _) => Err(reason),
        (Ok(asker), None) => asker.head(&nemo.api_url).await.map(|_| {
            let host = nemo.api_url.host_str().unwrap_or_default();
            (State::Fine, format!("{host} answers; each user gets an account of its own, of about 10 in 7 days"))
        }),
        (Ok(asker), Some(token)) => {
            credits(&asker, nemo, token).await.map(|answer| judged(&answer, settings.credits.low, token))
        }
    };
    let (state, detail) = asked.unwrap_or_else(|reason| {
        (State::Fail, format!("The video service cannot be reached: {reason}. Check nemo.api_url."))
    });
    Finding::new(SERVICE, state, detail)
}

async fn credits(asker: &Asker, nemo: &Nemo, token: &SecretString) -> Result<Answer, String> {
    let address = format!("{}/api/credits/balance/simple", nemo.api_url.as_str().trim_end_matches('/'));
    let bearer = SecretString::from(format!("Bearer {}", token.expose_secret()));
    let headers = [
        ("authorization", bearer.expose_secret()),
        ("x-skill-source", &nemo.skill_source),
        ("x-skill-version", &nemo.skill_version),
        ("x-skill-platform", &nemo.skill_platform),
    ];
    asker.get(&address, &headers).await
}

fn judged(answer: &Answer, low: u64, token: &SecretString) -> (State, String) {
    let code = answer.json["code"].as_i64();
    if answer.status.as_u16() == 401 || code.is_some_and(|code| REFUSED.contains(&code)) {
        return (State::Fail, "The service refuses NEMO_TOKEN. New work waits until it is replaced.".to_owned());
    }
    // Amounts may come as integers or not.
    let available = answer.json["data"]["available"].as_f64();
    match available {
        Some(available) if answer.status.is_success() && code.unwrap_or(0) == 0 => {
            let is_low = low > 0 && available < u32::try_from(low).unwrap_or(u32::MAX).into();
            let state = if is_low { State::Warn } else { State::Fine };
            let hint = if is_low { format!(", fewer than credits.low ({low})") } else { String::new() };
            (state, format!("{available} credits available{hint}"))
        }
        _ => {
            let words = ["reason", "message", "detail", "error"].iter().find_map(|key| answer.json[key].as_str());
            let said = quoted(words.unwrap_or_default(), Some(token));
            (State::Fail, format!("The service answers {} {said}. Check nemo.api_url.", answer.status.as_u16()))
        }
    }
}
