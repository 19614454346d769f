//! Puts people and renders into a store, sealed and worded as the bot writes them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use futures::{StreamExt, stream};
use nemo_bot::chat::id::{ConversationId, MessageId, PlaceId, Platform, UserId};
use nemo_bot::chat::surface::Target;
use nemo_bot::clock::Timestamp;
use nemo_bot::conversation::person::{Account, AccountKind, Anonymous, Person};
use nemo_bot::conversation::record::{Offer, Project, Record, Shelf};
use nemo_bot::language::Language;
use nemo_bot::nemo::{RenderId, SessionId, Token};
use nemo_bot::render::{Payer, Phase, RenderJob};
use nemo_bot::store::{Agenda, Batch, Commit, Expect, Partition, Vault, Write};
use uuid::Uuid;

/// `privacy.keep`.
const KEEP: Duration = Duration::from_hours(90 * 24);
/// Rows are written in the order of their names, some at a time, so that each batch touches few pages.
const CHUNK: u64 = 32_000;
/// Batches on their way.
const AT_ONCE: usize = 8;
/// As long as real ones of the service.
const TOKEN_LENGTH: usize = 300;

/// A person and the only conversation of theirs. Numbers have ten digits, so that names sort as they do.
pub(crate) fn conversation(number: u64) -> ConversationId {
    let name = (7_000_000_000 + number).to_string();
    ConversationId { platform: Platform::Telegram, place: PlaceId::new(name.clone()), user: UserId::new(name) }
}

/// Stores people who have worked with the bot and rest.
pub(crate) async fn users(vault: &Vault, numbers: Range<u64>) {
    let writes = |number| {
        let from = conversation(number);
        let shelf = Shelf::of(&from);
        let person = vault.put_write(&shelf.person(), &person(&from), Some(KEEP)).unwrap();
        (shelf, vec![person, vault.put_write(&Shelf::of(&from).record(), &record(number), Some(KEEP)).unwrap()])
    };
    all(vault, numbers, writes).await;
}

/// Stores render jobs that are due.
pub(crate) async fn renders(vault: &Vault, numbers: Range<u64>) {
    let writes = |number| {
        let from = conversation(number);
        let (shelf, job) = (Shelf::of(&from), job(from, number));
        let put = vault.put_write(&shelf.job(&job.name), &job, Some(KEEP)).unwrap();
        let item = shelf.render_item(&job.name);
        (shelf, vec![put, Write::Wake { agenda: Agenda::Renders, item, after: Duration::ZERO }])
    };
    all(vault, numbers, writes).await;
}

async fn all(vault: &Vault, numbers: Range<u64>, writes: impl Fn(u64) -> (Shelf, Vec<Write>)) {
    let mut from = numbers.start;
    while from < numbers.end {
        let to = numbers.end.min(from + CHUNK);
        let mut batches: BTreeMap<Partition, Batch> = BTreeMap::new();
        for number in from..to {
            let (shelf, writes) = writes(number);
            let partition = shelf.item().partition;
            let batch = batches.entry(partition).or_insert_with(|| Batch::new(partition));
            // The first row makes it once.
            if let (true, Some(Write::Put { key, .. })) = (batch.expects.is_empty(), writes.first()) {
                batch.expects.push(Expect::Absent(key.clone()));
            }
            batch.writes.extend(writes);
        }
        let commits = batches.into_values().map(|batch| {
            let vault = vault.clone();
            async move { assert!(matches!(vault.commit(&batch).await, Ok(Commit::Done { .. }))) }
        });
        stream::iter(commits).buffer_unordered(AT_ONCE).collect::<()>().await;
        from = to;
    }
}

fn token() -> Token {
    Token::new(format!("nmv_usr_{}", "x".repeat(TOKEN_LENGTH)))
}

fn person(from: &ConversationId) -> Person {
    let now = Timestamp::from_millis(0);
    let account = Anonymous { token: token(), user_id: Some(format!("anon_{}", from.user)), expires: now.after(KEEP) };
    Person {
        notice: true,
        client: Some(Uuid::new_v4()),
        account: Some(account),
        places: vec![(from.place.clone(), now)],
        ..Person::default()
    }
}

fn record(number: u64) -> Record {
    Record {
        project: Project {
            number: 1,
            session: Some(SessionId::new(format!("55297987060244{number:08}"))),
            task: Some(number.to_string()),
            clips: vec!["holiday.mp4".to_owned()],
            ..Project::default()
        },
        offers: [Offer {
            mark: "a1b2c3".to_owned(),
            request: "add a title and make the second clip two seconds shorter".to_owned().into(),
        }]
        .into(),
        last_reply: Some("Done: the title stands above the first clip, and the second is shorter. ".repeat(3)),
        language: Language::parse("en"),
        locale: Some("en".to_owned()),
        listed: Some(Timestamp::from_millis(0)),
        ..Record::default()
    }
}

fn job(conversation: ConversationId, number: u64) -> RenderJob {
    let name = RenderId::random();
    RenderJob {
        name: name.clone(),
        render: name,
        target: Target { conversation, back: None, thread: None },
        language: Language::parse("en").unwrap(),
        payer: Payer::new(Account { token: token(), kind: AccountKind::Operator, switches: 0 }),
        session: SessionId::new(format!("55297987060244{number:08}")),
        project: 1,
        status: Some(MessageId::new(number.to_string())),
        stands: None,
        card: None,
        web: false,
        requested: Timestamp::from_millis(0),
        attempt: 1,
        waited: false,
        phase: Phase::Rendering,
    }
}
