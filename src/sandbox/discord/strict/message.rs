//! A message that the bot sends: fields, sizes, and what goes together.

use serde_json::Value;

use super::components::{self, TEXT_DISPLAYS};
use super::{Field, Flaws, Want, step};
use crate::sandbox::discord::message::{EPHEMERAL, SILENT, SUPPRESS_EMBEDS, V2};

/// Bots have 2000; Discord counts no more than this.
const CONTENT: usize = 2000;
/// All embeds of a message together.
const EMBEDS_TOGETHER: usize = 6000;
/// All text displays of a message together.
const TEXTS_TOGETHER: usize = 4000;
/// Components of a message with [`V2`], nested ones included.
const COMPONENTS: usize = 40;
/// Rows of a message without.
const ROWS: usize = 5;

const EMBED: &[Field] = &[
    Field("title", Want::Text(0, 256)),
    Field("type", Want::Text(0, 20)),
    Field("description", Want::Text(0, 4096)),
    Field("url", Want::Text(0, 2048)),
    Field("timestamp", Want::Text(0, 40)),
    Field("color", Want::Int),
    Field("footer", Want::Object(&[Field("text", Want::Text(0, 2048)), Field("icon_url", Want::Text(0, 2048))])),
    Field("image", Want::Object(&[Field("url", Want::Text(0, 2048))])),
    Field("thumbnail", Want::Object(&[Field("url", Want::Text(0, 2048))])),
    Field(
        "author",
        Want::Object(&[
            Field("name", Want::Text(0, 256)),
            Field("url", Want::Text(0, 2048)),
            Field("icon_url", Want::Text(0, 2048)),
        ]),
    ),
    Field(
        "fields",
        Want::List(
            25,
            &Want::Object(&[
                Field("name", Want::Text(1, 256)),
                Field("value", Want::Text(1, 1024)),
                Field("inline", Want::Flag),
            ]),
        ),
    ),
];
const MENTIONS: &[Field] = &[
    Field("parse", Want::List(3, &Want::Text(1, 20))),
    Field("users", Want::List(100, &Want::Id)),
    Field("roles", Want::List(100, &Want::Id)),
    Field("replied_user", Want::Flag),
];
const ATTACHMENT: &[Field] = &[
    Field("id", Want::Id),
    Field("filename", Want::Text(0, 1024)),
    Field("description", Want::Text(0, 1024)),
    Field("title", Want::Text(0, 1024)),
    Field("duration_secs", Want::Any),
    Field("waveform", Want::Text(0, 400)),
    Field("is_remix", Want::Flag),
];
const REFERENCE: &[Field] = &[
    Field("type", Want::Int),
    Field("message_id", Want::Id),
    Field("channel_id", Want::Id),
    Field("guild_id", Want::Id),
    Field("fail_if_not_exists", Want::Flag),
];
/// What every message may have.
const SHARED: &[Field] = &[
    Field("content", Want::Text(0, CONTENT)),
    Field("embeds", Want::List(10, &Want::Object(EMBED))),
    Field("allowed_mentions", Want::Object(MENTIONS)),
    Field("components", Want::List(COMPONENTS, &Want::Any)),
    Field("attachments", Want::List(10, &Want::Object(ATTACHMENT))),
    Field("flags", Want::Int),
    Field("poll", Want::Any),
];
const NEW: &[Field] = &[
    Field("tts", Want::Flag),
    Field("sticker_ids", Want::List(3, &Want::Id)),
    Field("nonce", Want::TextOrInt(25)),
    Field("enforce_nonce", Want::Flag),
    Field("message_reference", Want::Object(REFERENCE)),
];

/// What a message is checked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox::discord) enum Purpose {
    /// A new message in a channel.
    New,
    /// A change of one; whether it is already [`V2`].
    Edit { v2: bool },
    /// The answer to an interaction, or a message after it.
    Answer,
}

impl Purpose {
    /// The flags that may be set.
    fn flags(self) -> u64 {
        match self {
            Self::New => SUPPRESS_EMBEDS | SILENT | V2,
            Self::Edit { .. } => SUPPRESS_EMBEDS | V2,
            Self::Answer => SUPPRESS_EMBEDS | SILENT | V2 | EPHEMERAL,
        }
    }
}

/// The length as Discord's clients count it.
pub(in crate::sandbox::discord) fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Finds everything that is wrong with a message at `path`.
pub(in crate::sandbox::discord) fn check_message(flaws: &mut Flaws, body: &Value, purpose: Purpose, path: &str) {
    let mut fields = SHARED.to_vec();
    match purpose {
        Purpose::New => fields.extend(NEW),
        Purpose::Answer => fields.push(NEW[0]),
        Purpose::Edit { .. } => {}
    }
    if flaws.object(body, &fields, path).is_none() {
        return;
    }
    let flags = body["flags"].as_u64().unwrap_or_default();
    if flags & !purpose.flags() != 0 {
        flaws.add(
            &step(path, "flags"),
            "BITFIELD_INVALID",
            "A flag that may not be set here (the emulator is stricter).",
        );
    }
    let v2 = flags & V2 != 0 || purpose == Purpose::Edit { v2: true };
    let given = |name: &str| match &body[name] {
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(_) => true,
        _ => false,
    };
    if v2 {
        for name in ["content", "embeds", "poll", "sticker_ids"] {
            if given(name) {
                let words = format!("The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2");
                flaws.add(&step(path, name), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", words);
            }
        }
    }
    let total: usize = body["embeds"].as_array().into_iter().flatten().map(embed_size).sum();
    if total > EMBEDS_TOGETHER {
        let words = format!("Embed size exceeds maximum size of {EMBEDS_TOGETHER}");
        flaws.add(&step(path, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", words);
    }
    let parse = body["allowed_mentions"]["parse"].as_array().into_iter().flatten();
    if !parse.clone().all(|kind| matches!(kind.as_str(), Some("users" | "roles" | "everyone"))) {
        let words = "Value must be one of ('everyone', 'users', 'roles').";
        flaws.add(&step(path, "allowed_mentions.parse"), "BASE_TYPE_CHOICES", words);
    }
    check_components(flaws, &body["components"], v2, &step(path, "components"));
}

fn check_components(flaws: &mut Flaws, parts: &Value, v2: bool, path: &str) {
    for (at, part) in parts.as_array().into_iter().flatten().enumerate() {
        let here = step(path, &at.to_string());
        let top: &[u64] = if v2 { &[1, 9, 10, 12, 13, 14, 17] } else { &[1] };
        components::check(flaws, part, top, &here);
    }
    let (count, text) = (components::count(parts), components::text(parts));
    if v2 {
        flaws.length(path, 0, COMPONENTS, count);
        if text > TEXTS_TOGETHER {
            let words = format!("The total text of all components may not exceed {TEXTS_TOGETHER} characters.");
            flaws.add(path, TEXT_DISPLAYS, words);
        }
    } else {
        flaws.length(path, 0, ROWS, parts.as_array().map_or(0, Vec::len));
    }
    let mut seen = Vec::new();
    for (place, id) in components::custom_ids(parts, path) {
        if seen.contains(&id) {
            let words = "Component custom id cannot be duplicated";
            flaws.add(&step(&place, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", words);
        }
        seen.push(id);
    }
}

fn embed_size(embed: &Value) -> usize {
    let size = |value: &Value| value.as_str().map_or(0, utf16);
    let fields = embed["fields"].as_array().into_iter().flatten();
    let fields: usize = fields.map(|field| size(&field["name"]) + size(&field["value"])).sum();
    let rest = [&embed["title"], &embed["description"], &embed["footer"]["text"], &embed["author"]["name"]];
    fields + rest.into_iter().map(size).sum::<usize>()
}
