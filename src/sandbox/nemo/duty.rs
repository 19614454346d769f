//! What a client owes the service, and how a run request must look.

use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use serde_json::{Map, Value, json};

use super::server::Refusal;
use super::world::TOKEN_MARK;

/// Name the skill to the service; an export without them is refused.
const ATTRIBUTION: [&str; 3] = ["x-skill-source", "x-skill-version", "x-skill-platform"];
/// The skill that this service knows.
const SKILL: &str = "video-meta-ai";
/// Where finished renders lie: a public store, where no token belongs.
pub(super) const OUTPUT: &str = "/render-result/";

/// What a test puts into words that belong into no address.
const CANARY: &str = "NEMOCANARY";
/// Where clips go.
const UPLOAD: &str = "/api/upload-video/";

/// What a bare wish to export looks like. The client does it itself; the agent must never see it.
const EXPORT: [&str; 7] = ["export", "download", "send me the video", "导出", "導出", "export it", "export the video"];

/// The duties that this request breaks.
pub(super) fn of_request(method: &Method, uri: &Uri, headers: &HeaderMap) -> Vec<String> {
    let path = uri.path();
    let mut broken = Vec::new();
    if uri.to_string().contains(TOKEN_MARK) {
        broken.push(format!("{method} {path}: a token stands in the address"));
    }
    if uri.to_string().contains(CANARY) {
        broken.push(format!("{method} {path}: what was said in confidence stands in the address"));
    }
    let telegrams = path.split_once("/bot").is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()));
    if telegrams {
        broken.push(format!("{method}: the token of a bot stands in the address"));
    }
    if path.starts_with(OUTPUT) {
        if headers.contains_key(header::AUTHORIZATION) {
            broken.push(format!("{method} {path}: Authorization was sent to the output address"));
        }
        return broken;
    }
    if path.starts_with(UPLOAD) && !headers.contains_key(header::CONTENT_LENGTH) {
        // Half a file that ends cleanly would be taken for a whole one.
        broken.push(format!("{method} {path}: an upload without a Content-Length"));
    }
    for name in ATTRIBUTION {
        match headers.get(name) {
            None => broken.push(format!("{method} {path}: the header {name} is missing")),
            Some(value) if name == ATTRIBUTION[0] && value != SKILL => {
                broken.push(format!("{method} {path}: {name} is not {SKILL}"));
            }
            Some(value) if value.is_empty() => broken.push(format!("{method} {path}: the header {name} is empty")),
            Some(_) => {}
        }
    }
    broken
}

/// True if all attribution headers are there.
pub(super) fn is_attributed(headers: &HeaderMap) -> bool {
    ATTRIBUTION.iter().all(|name| headers.contains_key(*name))
}

/// True if the message is nothing but a wish to export.
pub(super) fn is_bare_export(text: &str) -> bool {
    let plain = text.trim().trim_end_matches(['.', '!', '。', '！']).to_lowercase();
    EXPORT.contains(&plain.as_str())
}

/// A run request that has the right form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RunRequest {
    pub(super) app: String,
    pub(super) user: String,
    pub(super) session: String,
    /// `None`: there is no message at all.
    pub(super) text: Option<String>,
}

/// Why a run request is refused; a breach, unless a person wrote it by hand.
#[derive(Debug)]
pub(super) struct Malformed {
    pub(super) refusal: Refusal,
    pub(super) breach: String,
}

/// Reads the body of `/run_sse` as ADK's models do: unknown fields pass at the top, inside `new_message` they do not.
pub(super) fn read_run(headers: &HeaderMap, body: &[u8]) -> Result<RunRequest, Malformed> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        let input = String::from_utf8_lossy(body);
        let msg = "Input should be a valid dictionary or object to extract fields from";
        return Err(malformed("model_attributes_type", &json!(["body"]), msg, &json!(input)));
    }
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return Err(malformed("json_invalid", &json!(["body", 1]), "JSON decode error", &json!({})));
    };
    let Value::Object(top) = &value else {
        let msg = "Input should be a valid dictionary or object to extract fields from";
        return Err(malformed("model_attributes_type", &json!(["body"]), msg, &value));
    };
    let app = text_field(top, &value, "app_name", "appName")?;
    let user = text_field(top, &value, "user_id", "userId")?;
    let session = text_field(top, &value, "session_id", "sessionId")?;
    let text = match top.get("new_message").or_else(|| top.get("newMessage")) {
        None | Some(Value::Null) => None,
        Some(message) => Some(message_text(message)?),
    };
    Ok(RunRequest { app, user, session, text })
}

fn text_field(top: &Map<String, Value>, whole: &Value, snake: &str, camel: &str) -> Result<String, Malformed> {
    match top.get(snake).or_else(|| top.get(camel)) {
        Some(Value::String(text)) => Ok(text.clone()),
        // A session id that went through a number ends here.
        Some(other) => Err(malformed("string_type", &json!(["body", camel]), "Input should be a valid string", other)),
        None => Err(malformed("missing", &json!(["body", camel]), "Field required", whole)),
    }
}

/// The text of `new_message`, whose fields and whose parts' fields are known.
fn message_text(message: &Value) -> Result<String, Malformed> {
    let place = json!(["body", "newMessage"]);
    let Value::Object(fields) = message else {
        let msg = "Input should be a valid dictionary or object to extract fields from";
        return Err(malformed("model_attributes_type", &place, msg, message));
    };
    for (name, value) in fields {
        if !["parts", "role"].contains(&name.as_str()) {
            let place = json!(["body", "newMessage", name]);
            return Err(malformed("extra_forbidden", &place, "Extra inputs are not permitted", value));
        }
    }
    let mut text = String::new();
    for (at, part) in fields.get("parts").and_then(Value::as_array).into_iter().flatten().enumerate() {
        for (name, value) in part.as_object().into_iter().flatten() {
            if !PART_FIELDS.contains(&name.as_str()) {
                let place = json!(["body", "newMessage", "parts", at, name]);
                return Err(malformed("extra_forbidden", &place, "Extra inputs are not permitted", value));
            }
        }
        text.push_str(part.get("text").and_then(Value::as_str).unwrap_or_default());
    }
    Ok(text)
}

/// What a part may hold, in both spellings.
const PART_FIELDS: [&str; 20] = [
    "text",
    "thought",
    "thought_signature",
    "thoughtSignature",
    "inline_data",
    "inlineData",
    "file_data",
    "fileData",
    "function_call",
    "functionCall",
    "function_response",
    "functionResponse",
    "executable_code",
    "executableCode",
    "code_execution_result",
    "codeExecutionResult",
    "video_metadata",
    "videoMetadata",
    "media_resolution",
    "mediaResolution",
];

fn malformed(kind: &str, place: &Value, msg: &str, input: &Value) -> Malformed {
    let detail = json!([{ "type": kind, "loc": place, "msg": msg, "input": input }]);
    Malformed {
        refusal: Refusal::detail(StatusCode::UNPROCESSABLE_ENTITY, detail),
        breach: format!("POST /run_sse: {msg} at {place}"),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn json_headers() -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))])
    }

    #[test]
    fn a_plain_request_is_read() {
        let body = br#"{"app_name":"nemo_agent","user_id":"me","session_id":"7","extra":1,
            "new_message":{"parts":[{"text":"a"},{"text":"b"}]}}"#;
        let read = read_run(&json_headers(), body).unwrap();
        assert_eq!((read.session.as_str(), read.text.as_deref()), ("7", Some("ab")));
    }

    #[test]
    fn an_upload_declares_its_length() {
        let uri = Uri::from_static("/api/upload-video/nemo_agent/me/7");
        let mut headers: HeaderMap =
            ATTRIBUTION.iter().map(|name| (name.parse().unwrap(), HeaderValue::from_static(SKILL))).collect();
        assert_eq!(of_request(&Method::POST, &uri, &headers).len(), 1);
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("9"));
        assert_eq!(of_request(&Method::POST, &uri, &headers), Vec::<String>::new());
    }

    #[test]
    fn only_a_bare_export_is_one() {
        for text in ["export", " Export! ", "导出", "download"] {
            assert!(is_bare_export(text), "{text}");
        }
        for text in ["a title about export", "导出之前加标题"] {
            assert!(!is_bare_export(text), "{text}");
        }
    }
}
