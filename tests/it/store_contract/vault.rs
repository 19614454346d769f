//! The vault: what a store sees, and changes by several at once.

use std::path::Path;

use futures::future::join_all;
use rstest::rstest;

use super::home::Backend::{self, Cluster, File, Memory, Redis};
use super::home::Home;
use super::*;

#[rstest]
#[tokio::test]
async fn what_is_on_disk_holds_names_and_no_content(#[values(File, Redis)] backend: Backend) {
    const CANARY: &str = "NEMOCANARY7f3a";
    let home = Home::of(backend).await;
    let vault = Vault::new(home.open().await, &StoreKey::generate(), &[]);
    let inbound = vec![CANARY.to_owned(); 3];
    let accept = batch()
        .expect(Expect::Absent(record()))
        .write(vault.put_write(&record(), &inbound, None).expect("sealed"))
        .write(vault.push_write(&inbox(), &inbound).expect("sealed"))
        .write(wake());
    assert!(matches!(vault.commit(&accept).await, Ok(Commit::Done { .. })));
    let loaded = vault.load::<Vec<String>>(&record()).await.expect("a document");
    assert_eq!(loaded, Some((accept.id, inbound.clone())));
    assert_eq!(vault.load_all::<Vec<String>>(&inbox()).await.expect("documents"), [(accept.id, inbound.clone())]);
    let claim = vault.claim(AGENDA, LONG).await.expect("an answer");
    if let Some(claim) = claim {
        assert_eq!(vault.open_brought::<Vec<String>>(&claim, 1).expect("opened"), [(accept.id, inbound)]);
    }
    if let Some(redis) = &home.redis {
        let client = redis::Client::open(redis.url()).expect("a client");
        let mut raw = client.get_multiplexed_async_connection().await.expect("a connection");
        let _: () = redis::cmd("SAVE").query_async(&mut raw).await.expect("a dump");
    }
    let found = |needle: &str| files(&home.disk()).iter().filter(|bytes| contains(bytes, needle)).count();
    assert!(found("record:telegram:42:7") > 0, "names stand open, so the search works");
    assert_eq!(found(CANARY), 0);
    assert_eq!(found("NEMOCANARY"), 0);
}

#[rstest]
#[tokio::test]
async fn changes_from_two_instances_at_once_are_all_kept(#[values(File, Memory, Redis, Cluster)] backend: Backend) {
    let home = Home::of(backend).await;
    let key = StoreKey::generate();
    let vaults = [Vault::new(home.open().await, &key, &[]), Vault::new(home.open().await, &key, &[])];
    let person = Key::new(Kind::Person, OWNER, OWNER);
    let changes = (0..6).map(|n| {
        let (vault, person) = (vaults[n % 2].clone(), person.clone());
        async move { vault.change(&person, Some(LONG), |count: Option<u32>| Some(count.unwrap_or(0) + 1)).await }
    });
    for change in join_all(changes).await {
        assert!(change.expect("changed").is_some());
    }
    let count = vaults[0].load::<u32>(&person).await.expect("a document").map(|(_, count)| count);
    assert_eq!(count, Some(6));
    assert_eq!(vaults[1].change(&person, None, |_: Option<u32>| None).await, Ok(None));
    assert_eq!(vaults[0].load::<u32>(&person).await, Ok(None));
}

/// The content of every file below a directory.
fn files(below: &Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(below).expect("a directory").map(|entry| entry.expect("an entry").path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![std::fs::read(path).expect("a file")] })
        .collect()
}

fn contains(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}
