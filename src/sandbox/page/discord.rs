//! What the person does on Discord, as the script sends it.

use std::io;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Deed, Page, Refusal, known};

/// Discord's limit of a person's message, in characters.
const TEXT_LIMIT: usize = 2000;
/// Files in one message; Discord's limit.
const FILES: usize = 10;

/// A deed, in the language of the person's client, with the numbers of staged files.
#[derive(Deserialize)]
pub(super) struct Act {
    language: String,
    #[serde(default)]
    files: Vec<u64>,
    #[serde(flatten)]
    deed: Deed,
}

/// Does it. What comes of it shows in the feed.
pub(super) async fn act(State(page): State<Arc<Page>>, Json(act): Json<Act>) -> Result<Json<Value>, Refusal> {
    let language = known(&act.language)?;
    let deed = checked(act.deed, act.files.len())?;
    let staged = page.staged.take(&act.files)?;
    let files = staged.iter().map(super::upload::Staged::seen).collect();
    page.views.discord.does(language, deed, files).await.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Refusal::Gone,
        io::ErrorKind::FileTooLarge => Refusal::TooLarge,
        _ => Refusal::Disk,
    })?;
    staged.into_iter().for_each(super::upload::Staged::count);
    Ok(Json(json!({})))
}

/// Refuses what a client would not let the person do.
fn checked(mut deed: Deed, files: usize) -> Result<Deed, Refusal> {
    let most = match deed {
        Deed::Say { .. } => FILES,
        Deed::Use { .. } => 1,
        _ => 0,
    };
    if files > most {
        return Err(Refusal::Wrong);
    }
    if let Deed::Say { text, .. } | Deed::Edit { text, .. } = &mut deed {
        *text = text.trim().to_owned();
        if text.is_empty() && files == 0 {
            return Err(Refusal::Wrong);
        }
        if text.chars().count() > TEXT_LIMIT {
            return Err(Refusal::TooLong);
        }
    }
    Ok(deed)
}
