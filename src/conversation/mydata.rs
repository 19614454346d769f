//! **My data**: all that is kept of a person, as a file. Tokens are left out; nothing else is.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::forget::Kept;
use super::private::Errand;
use super::record::{Entry, Record, Shelf};
use super::shift::Shift;
use crate::chat::inbound::InboundKind;
use crate::chat::reply::{FileSource, OutFile, Reply};
use crate::render::RenderJob;
use crate::say::Say;
use crate::store::{Key, Vault};
use crate::work::held::HeldError;

/// The file is made in memory, so it has a bound. What a person has is some kilobytes; beyond this whole conversations
/// are left out, and the file says how many.
const FILE_LIMIT: usize = 4 * 1024 * 1024;
/// Fields that hold a secret or an adapter's own means, wherever they stand.
const LEFT_OUT: [&str; 2] = ["token", "back"];

impl Shift {
    /// Sends what is kept of the person, to the person alone.
    pub(super) async fn my_data(&self) -> Result<(), HeldError> {
        if self.shared() {
            self.lead_away(Say::GroupPrivateOnly, Errand::MyData).await;
            return Ok(());
        }
        let data = written(&self.worker.vault, &self.shelf, &self.kept().await?);
        let file = OutFile {
            name: "my-data.json".to_owned(),
            mime: "application/json".to_owned(),
            size: Some(data.len() as u64),
            source: FileSource::Bytes(data),
            resolution: None,
            duration: None,
            alt: None,
        };
        self.post(Reply { files: vec![file], ..Reply::default() }.for_asker()).await;
        Ok(())
    }
}

fn written(vault: &Vault, shelf: &Shelf, kept: &Kept) -> Bytes {
    let rows = |key: &Key| {
        kept.rows.iter().find(|(known, _)| known == key).map(|(_, rows)| rows.as_slice()).unwrap_or_default()
    };
    let person = &kept.person;
    let mut about = shown(person);
    if let Some(about) = about.as_object_mut() {
        about.insert("own".to_owned(), person.own.is_some().into());
        about.remove("jobs");
        about.remove("places");
    }
    let mut data = Map::new();
    data.insert("user".to_owned(), shelf.owner().into());
    data.insert("person".to_owned(), about);
    let jobs = person.jobs.iter().map(|(job, _)| shelf.job(job));
    let jobs = jobs.filter_map(|key| vault.open::<RenderJob>(&key, rows(&key).first()?).ok());
    data.insert("renders".to_owned(), jobs.map(|job| shown(&job)).collect());
    let (mut size, mut left_out) = (length(&data), 0_u64);
    let mut conversations = Vec::new();
    for conversation in &kept.conversations {
        let shelf = Shelf::of(conversation);
        let record = rows(&shelf.record()).first().and_then(|row| vault.open::<Record>(&shelf.record(), row).ok());
        let waiting = rows(&shelf.inbox()).iter().filter_map(|row| vault.open::<Entry>(&shelf.inbox(), row).ok());
        let waiting: Vec<_> = waiting.map(|entry| shown(&without_secret(entry))).collect();
        let told = json!({ "place": conversation.place, "record": record.as_ref().map(shown), "waiting": waiting });
        size += length(&told);
        if size > FILE_LIMIT {
            left_out += 1;
        } else {
            conversations.push(told);
        }
    }
    data.insert("conversations".to_owned(), conversations.into());
    if left_out > 0 {
        data.insert("conversations_left_out".to_owned(), left_out.into());
    }
    serde_json::to_vec_pretty(&data).unwrap_or_default().into()
}

fn length(value: &impl Serialize) -> usize {
    serde_json::to_vec(value).map_or(0, |bytes| bytes.len())
}

/// What follows a command that takes a secret is one.
fn without_secret(mut entry: Entry) -> Entry {
    if let InboundKind::Command { command, argument, .. } = &mut entry.inbound.kind
        && command.holds_secret()
    {
        argument.clear();
    }
    entry
}

/// A document as its owner may see it.
fn shown(document: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(document).unwrap_or_default();
    leave_out(&mut value);
    value
}

fn leave_out(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
            fields.values_mut().for_each(leave_out);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out),
        _ => {}
    }
}
