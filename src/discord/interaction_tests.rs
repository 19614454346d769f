use rstest::rstest;

use super::*;
use crate::chat::choice::{Action, Choice};
use crate::clock::Clock;

const MAY_CHANNELS: &str = "16";

fn rules() -> Rules {
    Rules { signer: Signer::new([7; 32]), reads_posts: true, default_language: Language::parse("en").unwrap() }
}

#[allow(clippy::needless_pass_by_value, reason = "written where it is used")]
fn interaction(data: Value, more: Value) -> Value {
    let mut whole = json!({
        "id": "900", "application_id": "2", "token": "canary", "channel_id": "40", "context": 0, "guild_id": "5",
        "authorizing_integration_owners": {"0": "5"}, "app_permissions": "3072", "locale": "zh-CN",
        "attachment_size_limit": 10_485_760,
        "member": {"user": {"id": "7", "username": "ann"}, "nick": "Annie", "permissions": "0"}, "data": data
    });
    whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    whole
}

fn acted(kind: Kind, data: Value, more: Value) -> Acted {
    read(kind, &interaction(data, more), Clock::system().now(), &rules()).unwrap()
}

fn accepted(acted: &Acted) -> &Inbound {
    match &acted.then {
        Then::Accept(inbound) => inbound,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_command_is_acknowledged_for_the_askers_eyes_and_keeps_its_way_back() {
    let acted = acted(Kind::Command, json!({"name": "status", "type": 1}), json!({}));
    assert_eq!(acted.answer, json!({"type": 5, "data": {"flags": 64}}));
    let inbound = accepted(&acted);
    assert_eq!((inbound.from.place.as_str(), inbound.name.as_str()), ("g5.40", "Annie"));
    assert_eq!(inbound.locale.as_deref(), Some("zh-CN"));
    let back = Back::read(inbound.back.as_ref().unwrap()).unwrap();
    assert_eq!((back.token.as_str(), back.file_limit, back.permissions), ("canary", Some(10_485_760), 3072));
    assert!(back.waits && !format!("{inbound:?}").contains("never"), "{back:?}");
}

#[test]
fn an_option_with_a_file_is_a_clip() {
    let data = json!({
        "name": "upload", "type": 1, "options": [{"name": "clip", "type": 11, "value": "3"}],
        "resolved": {"attachments": {"3": {"id": "3", "filename": "a.mp4", "size": 9, "url": "https://cdn.discordapp.com/ephemeral-attachments/1/3/a.mp4?ex=1"}}}
    });
    let acted = acted(Kind::Command, data, json!({}));
    assert!(
        matches!(&accepted(&acted).kind, InboundKind::Command { command: Command::Upload, attachments, .. } if attachments.len() == 1)
    );
}

#[rstest]
#[case::server(json!({}), "g5.40")]
#[case::only_installed_by_the_person(json!({"authorizing_integration_owners": {"1": "7"}}), "u40")]
#[case::private(json!({"guild_id": null, "member": null, "context": 1, "user": {"id": "7", "username": "ann"}}), "d40")]
#[case::between_people(
    json!({"guild_id": null, "member": null, "context": 2, "user": {"id": "7", "username": "ann"}, "authorizing_integration_owners": {"1": "7"}}),
    "u40"
)]
fn the_place_tells_whether_there_is_a_way_to_the_channel(#[case] more: Value, #[case] place: &str) {
    let acted = acted(Kind::Command, json!({"name": "help", "type": 1}), more);
    assert_eq!(accepted(&acted).from.place.as_str(), place);
}

#[test]
fn the_message_command_takes_the_clips_of_its_message() {
    let data = json!({"name": GENERATE, "type": 3, "target_id": "8", "resolved": {"messages": {"8": {"id": "8", "attachments": [
        {"id": "3", "filename": "a.mp4", "size": 9, "url": "https://cdn.discordapp.com/attachments/1/3/a.mp4?ex=1"}
    ]}}}});
    let acted = acted(Kind::Command, data, json!({}));
    let kind = &accepted(&acted).kind;
    assert!(
        matches!(kind, InboundKind::Command { command: Command::Meta, attachments, .. } if attachments.len() == 1),
        "{kind:?}"
    );
}

#[allow(clippy::needless_pass_by_value, reason = "written where it is used")]
fn press(owner: &str, more: Value) -> Acted {
    let choice = Choice { action: Action::Stop, owner: UserId::new(owner), project: 1, argument: String::new() };
    let place = Spot::Server { guild: 5, channel: 40 }.write();
    let id = rules().signer.write(&choice, Platform::Discord, &place);
    let mut whole = json!({"message": {"id": "60", "flags": 0}});
    whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    acted(Kind::Component, json!({"custom_id": id}), whole)
}

#[test]
fn a_press_is_bound_to_its_owner_and_to_who_may_manage_messages() {
    let own = press("7", json!({}));
    assert_eq!(own.answer, json!({"type": 6}));
    assert!(matches!(accepted(&own).kind, InboundKind::Pressed { .. }));
    let stranger = press("8", json!({}));
    assert_eq!((stranger.answer["type"].as_u64(), stranger.then), (Some(4), Then::Nothing));
    let moderator = press("8", json!({"member": {"user": {"id": "7"}, "permissions": "8192"}}));
    assert_eq!(accepted(&moderator).from.user.as_str(), "8");
    assert_eq!(accepted(&moderator).locale, None);
}

#[test]
fn a_button_from_elsewhere_or_of_old_is_seen_and_does_nothing() {
    let forged = acted(Kind::Component, json!({"custom_id": "v1.x"}), json!({"message": {"id": "60"}}));
    assert_eq!((forged.answer, forged.then), (json!({"type": 6}), Then::Nothing));
    let elsewhere = press("7", json!({"channel_id": "41"}));
    assert_eq!(elsewhere.then, Then::Nothing);
}

#[test]
fn clips_is_for_who_may_manage_the_channel_and_needs_to_read_posts() {
    let data = || json!({"name": "clips", "type": 1, "options": [{"name": "state", "type": 3, "value": "on"}]});
    let member = |bits: &str| json!({"member": {"user": {"id": "7"}, "permissions": bits}});
    let not = acted(Kind::Command, data(), member("0"));
    assert!(matches!(&accepted(&not).kind, InboundKind::Command { argument, .. } if argument == "no"));
    let may = acted(Kind::Command, data(), member(MAY_CHANNELS));
    assert!(matches!(may.then, Then::Clips { on: Some(true), .. }));
    let blind = Rules { reads_posts: false, ..rules() };
    let told = read(Kind::Command, &interaction(data(), member(MAY_CHANNELS)), Clock::system().now(), &blind).unwrap();
    assert_eq!((told.answer["type"].as_u64(), told.then), (Some(4), Then::Nothing));
}
