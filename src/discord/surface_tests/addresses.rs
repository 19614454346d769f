//! Addresses of attachments that somebody else fetches.

use super::*;

#[tokio::test]
async fn an_address_is_passed_on_and_made_new_where_it_ends_soon() {
    let stage = Stage::open().await;
    let sends = async |life: Duration| {
        stage.emulator.cdn_life(life);
        stage.emulator.mentions_with_files(&stage.me, stage.channel, vec![movie("a.mp4")], "look").await.unwrap();
        stage.emulator.cdn_life(Duration::from_hours(1));
        stage.next().await
    };
    let lives = sends(Duration::from_hours(1)).await;
    let passed = stage.surface.address(&media(&lives)).await.unwrap();
    assert_eq!(passed.as_str(), address(&lives));
    assert!(stage.calls("POST", "refresh-urls").is_empty());

    let dying = sends(Duration::from_secs(20)).await;
    let passed = stage.surface.address(&media(&dying)).await.unwrap();
    assert_ne!(passed.as_str(), address(&dying));
    assert_eq!(reqwest::get(passed).await.unwrap().bytes().await.unwrap(), "MOVIE!");
    assert_eq!(stage.calls("POST", "refresh-urls").len(), 1);

    let elsewhere = MediaRef::Held("{}".to_owned());
    assert_eq!(stage.surface.address(&elsewhere).await, None);
    stage.is_clean();
}
