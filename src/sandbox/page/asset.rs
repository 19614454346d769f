//! The page's own files, embedded in the binary.

use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// Path, media type, content. The scripts are modules that import each other by these paths; there is no build step.
const ASSETS: [(&str, &str, &str); 32] = [
    ("/", "text/html; charset=utf-8", include_str!("index.html")),
    ("/icon.svg", "image/svg+xml", include_str!("icon.svg")),
    ("/page.css", STYLE, include_str!("page.css")),
    ("/toasts.css", STYLE, include_str!("toasts.css")),
    ("/chat.css", STYLE, include_str!("chat.css")),
    ("/message.css", STYLE, include_str!("message.css")),
    ("/attached.css", STYLE, include_str!("attached.css")),
    ("/composer.css", STYLE, include_str!("composer.css")),
    ("/discord.css", STYLE, include_str!("discord.css")),
    ("/post.css", STYLE, include_str!("post.css")),
    ("/post-attached.css", STYLE, include_str!("post-attached.css")),
    ("/log.css", STYLE, include_str!("log.css")),
    ("/page.js", SCRIPT, include_str!("page.js")),
    ("/chat.js", SCRIPT, include_str!("chat.js")),
    ("/messages.js", SCRIPT, include_str!("messages.js")),
    ("/message.js", SCRIPT, include_str!("message.js")),
    ("/text.js", SCRIPT, include_str!("text.js")),
    ("/media.js", SCRIPT, include_str!("media.js")),
    ("/composer.js", SCRIPT, include_str!("composer.js")),
    ("/tray.js", SCRIPT, include_str!("tray.js")),
    ("/menu.js", SCRIPT, include_str!("menu.js")),
    ("/discord.js", SCRIPT, include_str!("discord.js")),
    ("/post.js", SCRIPT, include_str!("post.js")),
    ("/markdown.js", SCRIPT, include_str!("markdown.js")),
    ("/embed.js", SCRIPT, include_str!("embed.js")),
    ("/actions.js", SCRIPT, include_str!("actions.js")),
    ("/writer.js", SCRIPT, include_str!("writer.js")),
    ("/slash.js", SCRIPT, include_str!("slash.js")),
    ("/log.js", SCRIPT, include_str!("log.js")),
    ("/scenarios.js", SCRIPT, include_str!("scenarios.js")),
    ("/words.js", SCRIPT, include_str!("words.js")),
    ("/kit.js", SCRIPT, include_str!("kit.js")),
];

/// Where they are.
#[cfg(test)]
pub(super) fn paths() -> impl Iterator<Item = &'static str> {
    ASSETS.iter().map(|(path, ..)| *path)
}

/// Sends one of them.
pub(super) async fn send(uri: Uri) -> Response {
    match ASSETS.iter().find(|(path, ..)| *path == uri.path()) {
        Some((_, mime, content)) => ([(header::CONTENT_TYPE, *mime)], *content).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
