//! Tables of scenarios, played row by row.

use futures::StreamExt;
use tokio::task::JoinSet;

/// Rows that are played beside each other.
const AT_ONCE: usize = 4;

/// Plays rows, each by its name, a few at a time. `NEMO_SCENARIO` picks some by their names.
pub(crate) async fn play<C, F>(rows: impl IntoIterator<Item = (&'static str, C)>, journey: impl Fn(C) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let only = std::env::var("NEMO_SCENARIO").ok();
    let chosen = |name: &str| only.as_deref().is_none_or(|only| only.split(',').any(|only| only == name));
    let rows: Vec<_> = rows.into_iter().filter(|(name, _)| chosen(name)).collect();
    let played: Vec<_> = futures::stream::iter(rows)
        .map(|(name, row)| {
            let journey = journey(row);
            async move {
                // A panic of one row lets the others play on.
                let mut row = JoinSet::new();
                row.spawn(journey);
                (name, row.join_next().await.is_some_and(|outcome| outcome.is_ok()))
            }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    assert!(!played.is_empty(), "no such scenario");
    let failed: Vec<_> = played.iter().filter(|(_, well)| !well).map(|(name, _)| name).collect();
    assert!(failed.is_empty(), "these went wrong: {failed:?}");
}
