//! All sets of permissions that matter, against an emulator that refuses as Discord does.

use std::collections::BTreeSet;

use super::*;
use crate::chat::permission::Permission;
use crate::chat::permission::Permission::{AttachFiles, OpenThreads, ReadHistory, Send, SendInThreads, View};

/// What counts, as the emulator knows it.
const BITS: [(Permission, u64); 6] = [
    (View, permissions::VIEW),
    (Send, permissions::SEND),
    (SendInThreads, permissions::SEND_IN_THREADS),
    (AttachFiles, permissions::ATTACH_FILES),
    (ReadHistory, permissions::READ_HISTORY),
    (OpenThreads, permissions::CREATE_THREADS),
];

/// Posts a text, a file, and opens a thread.
async fn tries_all(stage: &Stage, to: &Target) {
    let _ = stage.post(to, &reply("words")).await;
    let files = vec![file("cut.mp4", FileSource::Bytes(Bytes::from_static(b"mp4")))];
    let _ = stage.post(to, &Reply { files, ..reply("a video") }).await;
    let _ = stage.surface.open_thread(to, None, "a project").await;
}

#[tokio::test]
async fn whatever_is_missing_is_found_out_and_nothing_else() {
    let stage = Stage::open().await;
    for set in 0..1_u64 << BITS.len() {
        let has = |permission| BITS.iter().enumerate().any(|(at, (one, _))| *one == permission && set >> at & 1 == 1);
        let bits: u64 = BITS.iter().filter(|(one, _)| has(*one)).map(|(_, bit)| bit).sum();
        // Refusals alone: of a channel that takes no words nobody can be told anything.
        let channel = stage.emulator.a_channel(stage.server, "clips");
        stage.emulator.allows(channel, bits);
        let to = stage.server_target(channel);
        tries_all(&stage, &to).await;
        let mut expected = BTreeSet::new();
        if has(View) && has(Send) {
            expected.extend([AttachFiles, OpenThreads].into_iter().filter(|one| !has(*one)));
        }
        let missing = BTreeSet::from_iter(stage.surface.missing(&to));
        assert_eq!(missing, expected, "by refusals, {bits:b}");

        // An interaction tells what refusals cannot, and its token reaches whoever asks.
        let channel = stage.emulator.a_channel(stage.server, "clips");
        stage.emulator.allows(channel, bits);
        let to = stage.commands(channel).await;
        let told = BTreeSet::from_iter(stage.surface.missing(&to));
        let expected: BTreeSet<Permission> = if has(View) {
            [Send, AttachFiles, ReadHistory].into_iter().filter(|one| !has(*one)).collect()
        } else {
            BTreeSet::from([View])
        };
        assert_eq!(told, expected, "by an interaction, {bits:b}");
        stage.post(&to, &reply("words")).await.unwrap();
    }
    stage.is_clean();
}

#[tokio::test]
async fn what_a_thread_refuses_stands_beside_it_and_is_not_tried_there_again() {
    let stage = Stage::open().await;
    let thread = stage.emulator.opens_thread(&stage.me, stage.channel, "a project");
    stage.emulator.allows(thread, permissions::USUAL & !permissions::SEND_IN_THREADS);
    let thread_place = stage.server_target(thread).conversation.place;
    let to = Target { thread: Some(thread_place), ..stage.here() };
    for text in ["one", "two"] {
        stage.post(&to, &reply(text)).await.unwrap();
    }
    let shown: Vec<String> = stage.emulator.shown(stage.channel).into_iter().map(|message| message.content).collect();
    assert_eq!(shown, ["one", "two"]);
    assert_eq!(stage.emulator.invalid_requests(), 1, "refused once");
    assert_eq!(stage.surface.missing(&to), [SendInThreads]);
    stage.is_clean();
}

#[tokio::test]
async fn a_permission_that_was_given_back_is_missing_no_more() {
    let stage = Stage::open().await;
    let to = stage.here();
    stage
        .emulator
        .allows(stage.channel, permissions::USUAL & !(permissions::ATTACH_FILES | permissions::CREATE_THREADS));
    tries_all(&stage, &to).await;
    assert_eq!(stage.surface.missing(&to), [AttachFiles, OpenThreads]);
    stage.emulator.allows(stage.channel, permissions::USUAL);
    tries_all(&stage, &to).await;
    assert_eq!(stage.surface.missing(&to), []);
    stage.is_clean();
}

#[tokio::test]
async fn a_thread_in_which_the_bot_would_not_be_heard_is_not_opened() {
    let stage = Stage::open().await;
    for (lacks, named) in [(permissions::SEND_IN_THREADS, SendInThreads), (permissions::CREATE_THREADS, OpenThreads)] {
        let channel = stage.emulator.a_channel(stage.server, "clips");
        stage.emulator.allows(channel, permissions::USUAL & !lacks);
        let to = stage.commands(channel).await;
        let opened = stage.surface.open_thread(&to, None, "a project").await;
        assert!(matches!(opened, Err(SurfaceError::Forbidden)), "{opened:?}");
        assert_eq!(stage.surface.missing(&to), [named]);
        stage.post(&to, &reply("words")).await.unwrap();
        // Somebody allows it, and then a message comes, which tells nothing.
        stage.emulator.allows(channel, permissions::USUAL);
        let to = stage.server_target(channel);
        stage.surface.open_thread(&to, None, "a project").await.unwrap();
        assert_eq!(stage.surface.missing(&to), []);
    }
    assert!(stage.calls("POST", "/threads").len() == 2 && stage.emulator.invalid_requests() == 0, "nothing is tried");
    stage.is_clean();
}
