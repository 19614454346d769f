use std::time::Duration;

use serde_json::json;

use crate::chat::choice::{Action, Choice};
use crate::chat::id::{PlaceId, PreviewId, UserId};
use crate::chat::reply::{Button, ButtonAction, ButtonStyle, Reply};
use crate::chat::rich::RichText;
use crate::chat::surface::{Surface, SurfaceError};
use crate::telegram::testing::{Server, target};

fn surface(server: &Server) -> std::sync::Arc<dyn Surface> {
    server.telegram_with(|settings| settings.drafts = Some(Duration::from_secs(20)), Vec::new()).surface()
}

fn id() -> PreviewId {
    PreviewId::new(9).unwrap()
}

fn button(action: Action) -> Button {
    let choice = Choice { action, owner: UserId::new("42"), project: 1, argument: String::new() };
    Button { label: "Press".to_owned(), does: ButtonAction::Press(choice), style: ButtonStyle::Plain }
}

#[tokio::test]
async fn a_draft_carries_entities_and_telegrams_stop_and_nothing_of_a_message() {
    let server = Server::start().await;
    server.says("sendMessageDraft", crate::telegram::testing::Say::Result(json!(true)));
    let reply = Reply::new(RichText::markdown("Hello **you**")).quietly().with_buttons(vec![button(Action::Stop)]);
    surface(&server).preview(&target("42/5"), id(), &reply).await.unwrap();
    let expected = json!({
        "chat_id": 42,
        "message_thread_id": 5,
        "draft_id": 9,
        "text": "Hello you",
        "entities": [{"type": "bold", "offset": 6, "length": 3}],
        "can_stop": true,
        "keep_on_stop": true,
    });
    assert_eq!(server.only_call(), ("sendMessageDraft".to_owned(), expected));
}

#[tokio::test]
async fn where_nothing_can_be_stopped_there_is_no_stop_and_no_text_is_a_text_too() {
    let server = Server::start().await;
    server.says("sendMessageDraft", crate::telegram::testing::Say::Result(json!(true)));
    let reply = Reply::new(RichText::default()).with_buttons(vec![button(Action::Export)]);
    surface(&server).preview(&target("42"), id(), &reply).await.unwrap();
    let expected = json!({ "chat_id": 42, "draft_id": 9, "text": "" });
    assert_eq!(server.only_call(), ("sendMessageDraft".to_owned(), expected));
}

#[tokio::test]
async fn drafts_are_for_private_chats_and_by_the_operators_wish() {
    let server = Server::start().await;
    let on = surface(&server);
    assert_eq!(on.previews(&PlaceId::new("42")), Some(Duration::from_secs(20)));
    assert_eq!(on.previews(&PlaceId::new("-1001234/9")), None);
    assert_eq!(server.surface().previews(&PlaceId::new("42")), None);
}

#[tokio::test]
async fn refused_marks_go_once_without_and_a_penalty_closes_the_chat() {
    let server = Server::start().await;
    let surface = surface(&server);
    let reply = Reply::new(RichText::markdown("Hello **you**"));
    server.refuses("sendMessageDraft", 400, "Bad Request: can't parse entities: ENTITY_BOUNDS_INVALID");
    server.says("sendMessageDraft", crate::telegram::testing::Say::Result(json!(true)));
    surface.preview(&target("42"), id(), &reply).await.unwrap();
    assert!(server.calls()[1].1.get("entities").is_none());

    let body = json!({ "description": "Too Many Requests: retry after 20", "parameters": { "retry_after": 20 } });
    server.says("sendMessageDraft", crate::telegram::testing::Say::Refusal(429, body));
    let outcome = surface.preview(&target("43"), id(), &reply).await;
    assert!(
        matches!(outcome, Err(SurfaceError::RateLimited { retry_after }) if retry_after >= Duration::from_secs(20))
    );
    let calls = server.calls().len();
    let outcome = surface.preview(&target("43"), id(), &reply).await;
    assert!(matches!(outcome, Err(SurfaceError::RateLimited { .. })), "{outcome:?}");
    assert_eq!(server.calls().len(), calls, "nothing goes out inside the window");
}
