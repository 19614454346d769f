//! The routes that are served.

/// What a route does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Gateway,
    GatewayBot,
    Me,
    Application,
    Commands,
    PutCommands,
    Channel,
    PatchChannel,
    Messages,
    Message,
    CreateMessage,
    EditMessage,
    DeleteMessage,
    Typing,
    React,
    Unreact,
    ThreadFromMessage,
    Thread,
    OpenDm,
    Guild,
    Member,
    Callback,
    FollowUp,
    Answer,
    EditAnswer,
    DeleteAnswer,
    RefreshUrls,
}

/// One route; its template is spelled as in Discord's description.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) method: &'static str,
    pub(super) template: &'static str,
    pub(super) deed: Deed,
    /// The names that its query may have.
    pub(super) query: &'static [&'static str],
}

const fn route(method: &'static str, template: &'static str, deed: Deed, query: &'static [&'static str]) -> Route {
    Route { method, template, deed, query }
}

const ANSWER_QUERY: &[&str] = &["thread_id", "with_components"];

/// Literal steps stand before placeholders, so that the first that fits is right.
pub(super) const ROUTES: &[Route] = &[
    route("GET", "/gateway", Deed::Gateway, &[]),
    route("GET", "/gateway/bot", Deed::GatewayBot, &[]),
    route("GET", "/users/@me", Deed::Me, &[]),
    route("GET", "/applications/@me", Deed::Application, &[]),
    route("GET", "/oauth2/applications/@me", Deed::Application, &[]),
    route("GET", "/applications/{application_id}/commands", Deed::Commands, &["with_localizations"]),
    route("PUT", "/applications/{application_id}/commands", Deed::PutCommands, &[]),
    route("GET", "/channels/{channel_id}", Deed::Channel, &[]),
    route("PATCH", "/channels/{channel_id}", Deed::PatchChannel, &[]),
    route("GET", "/channels/{channel_id}/messages", Deed::Messages, &["around", "before", "after", "limit"]),
    route("POST", "/channels/{channel_id}/messages", Deed::CreateMessage, &[]),
    route("GET", "/channels/{channel_id}/messages/{message_id}", Deed::Message, &[]),
    route("PATCH", "/channels/{channel_id}/messages/{message_id}", Deed::EditMessage, &[]),
    route("DELETE", "/channels/{channel_id}/messages/{message_id}", Deed::DeleteMessage, &[]),
    route("POST", "/channels/{channel_id}/typing", Deed::Typing, &[]),
    route("PUT", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me", Deed::React, &[]),
    route("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me", Deed::Unreact, &[]),
    route("POST", "/channels/{channel_id}/messages/{message_id}/threads", Deed::ThreadFromMessage, &[]),
    route("POST", "/channels/{channel_id}/threads", Deed::Thread, &[]),
    route("POST", "/users/@me/channels", Deed::OpenDm, &[]),
    route("GET", "/guilds/{guild_id}", Deed::Guild, &["with_counts"]),
    route("GET", "/guilds/{guild_id}/members/{user_id}", Deed::Member, &[]),
    route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", Deed::Callback, &["with_response"]),
    route("POST", "/webhooks/{webhook_id}/{webhook_token}", Deed::FollowUp, &["wait", "thread_id", "with_components"]),
    route("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", Deed::Answer, &["thread_id"]),
    route("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", Deed::EditAnswer, ANSWER_QUERY),
    route("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", Deed::DeleteAnswer, &["thread_id"]),
    route("POST", "/attachments/refresh-urls", Deed::RefreshUrls, &[]),
];

impl Route {
    /// Routes of interactions need no bot token and do not count for the limit of the whole bot.
    pub(super) fn is_interaction(&self) -> bool {
        self.template.starts_with("/interactions/") || self.template.starts_with("/webhooks/")
    }

    /// What stands in `path` for the placeholders; `None` if it is another route's path.
    pub(super) fn captures(&self, path: &str) -> Option<Vec<String>> {
        let (mut template, mut steps, mut found) = (self.template.split('/'), path.split('/'), Vec::new());
        loop {
            match (template.next(), steps.next()) {
                (None, None) => return Some(found),
                (Some(name), Some(step)) if name.starts_with('{') && !step.is_empty() => found.push(step.to_owned()),
                (Some(name), Some(step)) if name == step => {}
                _ => return None,
            }
        }
    }
}
