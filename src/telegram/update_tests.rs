#![allow(clippy::needless_pass_by_value, reason = "fixtures are written where they are used")]

use rstest::rstest;
use serde_json::json;

use super::*;
use crate::chat::choice::{Action, Choice};
use crate::chat::id::{ConversationId, UserId};
use crate::chat::inbound::Attachment;
use crate::telegram::files::Held;
use crate::telegram::place::Spot;

const GROUP: i64 = -100_500;

struct World {
    me: Me,
    signer: Signer,
    albums: Albums,
    clip_chats: Vec<i64>,
}

impl World {
    fn new() -> Self {
        Self {
            me: Me { id: 1, username: "nemo_bot".to_owned(), reads_all: true },
            signer: Signer::new([3; 32]),
            albums: Albums::default(),
            clip_chats: Vec::new(),
        }
    }

    fn steps(&self, update: &Value) -> Vec<Step> {
        let rules = Rules {
            me: &self.me,
            clip_chats: &self.clip_chats,
            signer: &self.signer,
            strangers: "Only the owner can use this button.",
            albums: &self.albums,
        };
        steps(update, &rules)
    }

    /// The one inbound that a message leads to.
    fn accepts(&self, message: Value) -> Inbound {
        match self.steps(&update(message)).as_slice() {
            [Step::Accept(inbound)] => inbound.clone(),
            other => panic!("not accepted: {other:?}"),
        }
    }

    fn message(&self, message: Value) -> (String, Vec<Attachment>) {
        match self.accepts(message).kind {
            InboundKind::Message { text, attachments, .. } => (text, attachments),
            other => panic!("not a message: {other:?}"),
        }
    }

    fn command(&self, message: Value) -> (Command, String, Vec<Attachment>) {
        match self.accepts(message).kind {
            InboundKind::Command { command, argument, attachments, .. } => (command, argument, attachments),
            other => panic!("not a command: {other:?}"),
        }
    }
}

fn update(message: Value) -> Value {
    json!({ "update_id": 10, "message": message })
}

fn with(mut base: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().unwrap() {
        base[name] = value.clone();
    }
    base
}

fn private(fields: Value) -> Value {
    let base = json!({
        "message_id": 7, "date": 0, "chat": {"id": 42, "type": "private", "first_name": "Ada"},
        "from": {"id": 42, "is_bot": false, "first_name": "Ada", "language_code": "de"},
    });
    with(base, fields)
}

fn group(fields: Value) -> Value {
    let base = json!({
        "message_id": 7, "date": 0, "chat": {"id": GROUP, "type": "supergroup", "title": "Room"},
        "from": {"id": 42, "is_bot": false, "first_name": "Ada"},
    });
    with(base, fields)
}

fn ids(attachments: &[Attachment]) -> Vec<String> {
    attachments.iter().map(|attachment| Held::read(&attachment.media).unwrap().file).collect()
}

#[test]
fn a_private_text_is_a_message_of_its_sender() {
    let inbound = World::new().accepts(private(json!({"text": " make it short "})));
    assert_eq!(
        inbound,
        Inbound {
            id: EventId::new("10"),
            from: ConversationId {
                platform: Platform::Telegram,
                place: Spot::new(42, None).write(),
                user: UserId::new("42")
            },
            name: "Ada".to_owned(),
            locale: Some("de".to_owned()),
            burst: None,
            back: None,
            replies: false,
            kind: InboundKind::Message {
                message: MessageId::new("7"),
                text: "make it short".to_owned(),
                attachments: Vec::new(),
            },
        }
    );
}

#[test]
fn a_caption_is_the_text_of_its_clip() {
    let (text, files) = World::new().message(private(json!({"caption": "cut", "video": {"file_id": "A"}})));
    assert_eq!((text.as_str(), ids(&files)), ("cut", vec!["A".to_owned()]));
}

#[test]
fn fields_and_kinds_that_nobody_knows_yet_lose_no_message() {
    let odd = json!({
        "text": "hi", "entities": [{"type": "hologram", "offset": "x", "length": null}], "reply_markup": {"disabled": 1},
        "external_reply": {"origin": 5}, "quote": null, "new_thing": {"deep": [[[{}]]]}, "media_group_id": null,
        "sender_chat": null, "reply_to_message": null, "is_topic_message": null, "via_bot": {"id": 9, "is_bot": true},
    });
    assert_eq!(World::new().message(private(odd)).0, "hi");
}

#[test]
fn a_message_without_a_language_or_a_name_is_still_one() {
    let mut message = private(json!({"text": "hi"}));
    message["from"] = json!({"id": 42});
    message["chat"] = json!({"id": 42});
    let inbound = World::new().accepts(message);
    assert_eq!((inbound.name.as_str(), inbound.locale), ("", None));
}

#[rstest]
#[case("/start", Command::Start, "")]
#[case("/start deep_link", Command::Start, "deep_link")]
#[case("/export@nemo_bot", Command::Export, "")]
#[case("/dance", Command::Help, "")]
#[case("@nemo_bot /status", Command::Status, "")]
fn commands_in_private(#[case] text: &str, #[case] command: Command, #[case] argument: &str) {
    let given = World::new().command(private(json!({ "text": text })));
    assert_eq!(given, (command, argument.to_owned(), Vec::new()));
}

#[test]
fn a_command_brings_the_file_that_it_captions_or_answers() {
    let world = World::new();
    let captioned = private(json!({"caption": "/upload", "video": {"file_id": "A"}}));
    assert_eq!(ids(&world.command(captioned).2), ["A"]);
    let older = json!({"message_id": 3, "from": {"id": 42}, "video": {"file_id": "B"}});
    let answering = private(json!({"text": "/upload", "reply_to_message": older}));
    assert_eq!(ids(&world.command(answering).2), ["B"]);
}

#[test]
fn a_clip_with_a_command_that_nobody_has_is_still_a_clip() {
    let (text, files) = World::new().message(private(json!({"caption": "/dance", "video": {"file_id": "A"}})));
    assert_eq!((text.as_str(), ids(&files)), ("/dance", vec!["A".to_owned()]));
}

#[rstest]
#[case(json!({"sticker": {"file_id": "S"}}), NOT_VIDEO)]
#[case(json!({"contact": {}}), NOT_VIDEO)]
#[case(json!({"poll": {}}), NOT_VIDEO)]
#[case(json!({"text": "@nemo_bot"}), "")]
fn what_is_of_no_use_is_answered_with_help_in_private(#[case] content: Value, #[case] argument: &str) {
    let (command, given, _) = World::new().command(private(content));
    assert_eq!((command, given.as_str()), (Command::Help, argument));
}

#[rstest]
#[case::notice(private(json!({"pinned_message": {"message_id": 1}})))]
#[case::joined(group(json!({"new_chat_members": [{"id": 1}]})))]
#[case::chatter(group(json!({"text": "hello all"})))]
#[case::other_bot(group(json!({"text": "@nemo_bot hi", "from": {"id": 8, "is_bot": true}})))]
#[case::copied_post(group(json!({"text": "@nemo_bot", "is_automatic_forward": true, "sender_chat": {"id": -9}})))]
#[case::other_command(group(json!({"text": "/export@other_bot"})))]
#[case::unknown_command(group(json!({"text": "/dance"})))]
#[case::picture(group(json!({"photo": [{"file_id": "P"}]})))]
#[case::sticker(group(json!({"sticker": {"file_id": "S"}})))]
#[case::reply_to_another(group(json!({"text": "no", "reply_to_message": {"message_id": 2, "from": {"id": 8}}})))]
#[case::in_a_topic_of_ours(group(json!({
    "text": "hello", "is_topic_message": true, "message_thread_id": 2,
    "reply_to_message": {"message_id": 2, "from": {"id": 1}, "forum_topic_created": {"name": "x"}},
})))]
fn what_does_not_speak_to_the_bot_is_passed_over(#[case] message: Value) {
    assert_eq!(World::new().steps(&update(message)), []);
}

#[rstest]
#[case::mention(json!({"text": "@nemo_bot, cut it"}))]
#[case::reply(json!({"text": "cut it", "reply_to_message": {"message_id": 2, "from": {"id": 1, "is_bot": true}}}))]
#[case::caption(json!({"caption": "@Nemo_Bot cut it", "video": {"file_id": "A"}}))]
fn a_group_speaks_to_the_bot(#[case] content: Value) {
    assert_eq!(World::new().message(group(content)).0, "cut it");
}

#[test]
fn a_command_in_a_group_needs_no_name() {
    assert_eq!(World::new().command(group(json!({"text": "/credits"}))).0, Command::Credits);
    assert_eq!(World::new().command(group(json!({"text": "/dance@nemo_bot"}))).0, Command::Help);
}

#[test]
fn a_clip_in_a_group_is_taken_where_clips_are() {
    let mut world = World::new();
    let clip = group(json!({"video": {"file_id": "A"}, "reply_to_message": {"message_id": 2, "from": {"id": 8}}}));
    assert!(matches!(world.steps(&update(clip.clone())).as_slice(), [Step::AcceptIfClips(_)]));
    world.clip_chats.push(GROUP);
    assert_eq!(ids(&world.message(clip).1), ["A"]);
    assert_eq!(world.steps(&update(group(json!({"audio": {"file_id": "B"}})))), []);
    assert_eq!(world.steps(&update(group(json!({"text": "nice"})))), []);
}

#[test]
fn a_reply_to_an_older_clip_brings_it_along() {
    let world = World::new();
    let older = |from: i64| json!({"message_id": 3, "from": {"id": from}, "document": {"file_id": "OLD"}});
    let files = |fields| ids(&world.message(private(with(json!({"text": "cut"}), fields))).1);
    assert_eq!(files(json!({"reply_to_message": older(42)})), ["OLD"]);
    assert_eq!(files(json!({"reply_to_message": older(42), "video": {"file_id": "NEW"}})), ["NEW"]);
    assert_eq!(files(json!({"external_reply": {"video": {"file_id": "FAR"}}})), ["FAR"]);
    assert!(files(json!({"reply_to_message": older(1)})).is_empty(), "our own videos are no clips");
}

#[rstest]
#[case(json!({"message_thread_id": 9, "is_topic_message": true}), "-100500/9")]
#[case(json!({"message_thread_id": 9}), "-100500")]
#[case(json!({"message_thread_id": 1, "is_topic_message": true}), "-100500")]
#[case(json!({"is_topic_message": true}), "-100500")]
fn a_topic_is_a_place_only_where_it_is_one(#[case] fields: Value, #[case] place: &str) {
    let inbound = World::new().accepts(group(with(json!({"text": "/status"}), fields)));
    assert_eq!(inbound.from.place.as_str(), place);
}

#[test]
fn who_speaks_for_a_chat_is_not_mixed_with_others_who_do() {
    let message = group(json!({
        "text": "/status", "from": {"id": 1_087_968_824, "is_bot": true}, "sender_chat": {"id": GROUP, "title": "Room"},
    }));
    let inbound = World::new().accepts(message);
    assert_eq!((inbound.from.user.as_str(), inbound.name.as_str()), ("-100500", "Room"));
}

#[test]
fn the_items_of_an_album_share_a_burst() {
    let item = private(json!({"media_group_id": "99", "video": {"file_id": "A"}}));
    assert_eq!(World::new().accepts(item).burst, Some(BurstId::new("42/99")));
}

#[test]
fn an_album_that_calls_the_bot_calls_it_with_every_item() {
    let mut world = World::new();
    let item = |id: i64, caption: Option<&str>| {
        update(group(json!({"message_id": id, "media_group_id": "99", "video": {"file_id": "A"}, "caption": caption})))
    };
    let batch = [item(1, None), item(2, Some("@nemo_bot join these")), item(3, None)];
    for update in &batch {
        world.albums.learn(update, &world.me);
    }
    for update in &batch {
        assert!(matches!(world.steps(update).as_slice(), [Step::Accept(_)]), "{update}");
    }
    let other = update(group(json!({"media_group_id": "98", "photo": [{"file_id": "A"}]})));
    assert_eq!(world.steps(&other), []);
}

#[test]
fn albums_are_remembered_only_so_long() {
    let mut albums = Albums::default();
    let me = World::new().me;
    for number in 0..1000 {
        let caption = json!({"media_group_id": number.to_string(), "caption": "@nemo_bot"});
        albums.learn(&update(group(caption)), &me);
    }
    assert_eq!(albums.0.len(), ALBUMS_KEPT);
}

#[test]
fn a_reworded_message_is_an_edit() {
    let world = World::new();
    let edit = |message: Value| world.steps(&json!({"update_id": 10, "edited_message": message}));
    let [Step::Accept(inbound)] = &edit(private(json!({"caption": "shorter", "video": {"file_id": "A"}})))[..] else {
        panic!("not accepted")
    };
    assert_eq!(inbound.kind, InboundKind::Edited { message: MessageId::new("7"), text: "shorter".to_owned() });
    assert_eq!(edit(private(json!({"location": {"latitude": 1}}))), []);
    assert_eq!(edit(group(json!({"text": "chatter"}))), []);
    assert!(matches!(edit(group(json!({"text": "@nemo_bot shorter"}))).as_slice(), [Step::Accept(_)]));
    assert!(matches!(edit(group(json!({"video": {"file_id": "A"}}))).as_slice(), [Step::AcceptIfClips(_)]));
}

fn press(world: &World, owner: &str, presser: i64, signed_for: Spot, message: Value) -> Vec<Step> {
    let choice = Choice { action: Action::Export, owner: UserId::new(owner), project: 2, argument: String::new() };
    let data = world.signer.write(&choice, Platform::Telegram, &signed_for.write());
    let query = json!({
        "id": "q", "from": {"id": presser, "first_name": "Ada"}, "message": message, "chat_instance": "x", "data": data,
    });
    world.steps(&json!({"update_id": 11, "callback_query": query}))
}

#[test]
fn an_owner_presses_and_is_answered_first() {
    let world = World::new();
    let message = json!({
        "message_id": 70, "chat": {"id": GROUP, "type": "supergroup"}, "message_thread_id": 9, "is_topic_message": true,
    });
    let steps = press(&world, "42", 42, Spot::new(GROUP, Some(9)), message);
    let [Step::Answer { query, text: None }, Step::Accept(inbound)] = &steps[..] else { panic!("{steps:?}") };
    assert_eq!(query, "q");
    assert_eq!((inbound.from.place.as_str(), inbound.from.user.as_str()), ("-100500/9", "42"));
    let InboundKind::Pressed { message, choice, .. } = &inbound.kind else { panic!("not a press") };
    assert_eq!((message.as_str(), choice.action), ("70", Action::Export));
}

#[test]
fn a_message_that_is_out_of_reach_can_still_be_pressed() {
    let message = json!({"message_id": 70, "chat": {"id": 42, "type": "private"}, "date": 0});
    assert_eq!(press(&World::new(), "42", 42, Spot::new(42, None), message).len(), 2);
}

#[test]
fn a_stranger_is_told_and_nothing_happens() {
    let message = json!({"message_id": 70, "chat": {"id": 42, "type": "private"}});
    let steps = press(&World::new(), "42", 43, Spot::new(42, None), message);
    assert_eq!(
        steps,
        [Step::Answer { query: "q".to_owned(), text: Some("Only the owner can use this button.".to_owned()) }]
    );
}

#[test]
fn in_a_group_anothers_press_is_for_telegram_to_judge() {
    let message = json!({"message_id": 70, "chat": {"id": GROUP}});
    let steps = press(&World::new(), "42", 43, Spot::new(GROUP, None), message);
    let [Step::PressForOther { query, chat: GROUP, user: 43, inbound }] = &steps[..] else { panic!("{steps:?}") };
    assert_eq!((query.as_str(), inbound.from.user.as_str(), &inbound.locale), ("q", "42", &None));
}

#[test]
fn the_bot_introduces_itself_once_it_is_added_and_never_else() {
    let change = |kind: &str, old: &str, new: &str| {
        let update = json!({"update_id": 11, "my_chat_member": {
            "chat": {"id": GROUP, "type": kind}, "from": {"id": 42, "first_name": "Ada"}, "date": 0,
            "old_chat_member": {"status": old}, "new_chat_member": {"status": new},
        }});
        World::new().steps(&update)
    };
    let steps = change("supergroup", "left", "member");
    let [Step::Accept(inbound)] = &steps[..] else { panic!("{steps:?}") };
    assert!(matches!(inbound.kind, InboundKind::Command { command: Command::Start, .. }));
    assert_eq!(change("supergroup", "member", "administrator"), []);
    assert_eq!(change("supergroup", "member", "kicked"), []);
    assert_eq!(change("channel", "left", "administrator"), []);
}

#[test]
fn clips_are_switched_in_groups_by_members_or_by_the_group_itself() {
    let ask = |text: &str, sender: Value| {
        let mut message = json!({"message_id": 7, "chat": {"id": GROUP, "type": "supergroup"}, "text": text});
        message.as_object_mut().unwrap().extend(sender.as_object().unwrap().clone());
        World::new().steps(&json!({"update_id": 11, "message": message}))
    };
    let member = json!({"from": {"id": 42, "first_name": "Ada"}});
    let steps = ask("/clips ON", member.clone());
    assert!(matches!(&steps[..], [Step::Clips { chat: GROUP, user: Some(42), on: Some(true), .. }]), "{steps:?}");
    let steps = ask("/clips off", json!({"sender_chat": {"id": GROUP, "title": "Group"}}));
    assert!(matches!(&steps[..], [Step::Clips { user: None, on: Some(false), .. }]), "{steps:?}");
    assert!(matches!(&ask("/clips", member)[..], [Step::Clips { on: None, .. }]));
}

#[test]
fn a_button_from_elsewhere_does_nothing_but_stop_spinning() {
    let message = json!({"message_id": 70, "chat": {"id": GROUP}});
    let silent = [Step::Answer { query: "q".to_owned(), text: None }];
    assert_eq!(press(&World::new(), "42", 42, Spot::new(5, None), message.clone()), silent);
    assert_eq!(press(&World::new(), "42", 42, Spot::new(GROUP, None), json!(null)), silent);
}

#[test]
fn telegrams_own_stop_names_the_draft_and_whose_chat_it_is_in() {
    let stop = |chat: i64, more: Value| {
        let mut stop = json!({"chat": {"id": chat, "type": "private", "first_name": "New user"}, "draft_id": 9});
        stop.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        World::new().steps(&json!({"update_id": 7, "stopped_message_generation": stop}))
    };
    let accepted = |steps: Vec<Step>| match steps.as_slice() {
        [Step::Accept(inbound)] => inbound.clone(),
        other => panic!("not accepted: {other:?}"),
    };
    let inbound = accepted(stop(42, json!({})));
    assert_eq!(inbound.from.to_string(), "telegram:42:42");
    assert_eq!(inbound.kind, InboundKind::Stopped { preview: PreviewId::new(9).unwrap() });
    let inbound = accepted(stop(42, json!({"message_thread_id": 5})));
    assert_eq!(inbound.from.to_string(), "telegram:42:42/5", "a topic of a private chat");
    for strange in
        [json!({"draft_id": 0}), json!({"draft_id": -1}), json!({"draft_id": u64::MAX}), json!({"chat": null})]
    {
        assert_eq!(stop(42, strange.clone()), [], "{strange}");
    }
    assert_eq!(stop(GROUP, json!({})), [], "groups have no drafts");
}

#[test]
fn a_group_that_moves_is_followed() {
    let message = group(json!({"migrate_to_chat_id": -777}));
    assert_eq!(World::new().steps(&update(message)), [Step::Moved { from: GROUP, to: -777 }]);
    let message = group(json!({"migrate_from_chat_id": -777}));
    assert_eq!(World::new().steps(&update(message)), [Step::Moved { from: -777, to: GROUP }]);
}

#[rstest]
#[case(json!({}))]
#[case(json!([]))]
#[case(json!(null))]
#[case(json!({"update_id": "x", "message": {}}))]
#[case(json!({"update_id": 1}))]
#[case(json!({"update_id": 1, "message": null}))]
#[case(json!({"update_id": 1, "subscription": {"user": {}}}))]
#[case(json!({"update_id": 1, "message": {}}))]
#[case(json!({"update_id": 1, "message": {"message_id": 1, "chat": {"id": 5}}}))]
#[case(json!({"update_id": 1, "edited_message": {"chat": 5}}))]
#[case(json!({"update_id": 1, "callback_query": {"data": "x"}}))]
fn what_can_never_be_understood_says_so(#[case] update: Value) {
    assert!(matches!(World::new().steps(&update).as_slice(), [Step::Unreadable(_)]));
}

#[test]
fn a_block_is_no_riddle() {
    assert_eq!(World::new().steps(&json!({"update_id": 1, "my_chat_member": {"chat": {}}})), []);
}
