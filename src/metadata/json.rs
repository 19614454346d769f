//! A reply whose fields are an object of JSON, fenced or bare.

use serde_json::{Deserializer, Map, Value};

use super::labels::{self, Field};
use super::{Chapter, GENERIC, Set, items, limits, line};

/// What was found, and where.
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) sets: Vec<Set>,
    pub(super) recommended: Option<u32>,
    /// Values under keys that are no field of ours, as `key: value`.
    pub(super) unknown: Vec<String>,
}

/// Places that are tried: reading to the end each time would not be linear otherwise.
const MOST_TRIES: usize = 4;
/// Objects inside of objects: platforms, languages, one wrapper.
const DEEPEST: usize = 4;

/// The first object or list in `reply` that holds fields.
pub(super) fn read(reply: &str) -> Option<Found> {
    let mut tries = 0;
    let mut at = 0;
    for whole in reply.split_inclusive('\n') {
        let begin = at + whole.len() - whole.trim_start().len();
        at += whole.len();
        let text = &reply[begin.min(reply.len())..];
        if !text.starts_with(['{', '[']) || begin >= at {
            continue;
        }
        tries += 1;
        if tries > MOST_TRIES {
            return None;
        }
        let mut stream = Deserializer::from_str(text).into_iter::<Value>();
        let Some(Ok(value)) = stream.next() else { continue };
        let end = begin + stream.byte_offset();
        let mut found = Found { start: begin, end, sets: Vec::new(), recommended: None, unknown: Vec::new() };
        found.take(&value, GENERIC, None, 0);
        found.sets.retain(|set| !set.is_empty());
        if !found.sets.is_empty() {
            return Some(found);
        }
    }
    None
}

impl Found {
    fn take(&mut self, value: &Value, platform: &str, language: Option<&'static str>, depth: usize) {
        match value {
            Value::Array(list) if depth < DEEPEST => {
                for value in list.iter().filter(|value| value.is_object()).take(super::MOST_ITEMS) {
                    self.take(value, platform, language, depth + 1);
                }
            }
            Value::Object(fields) => self.object(fields, platform, language, depth),
            _ => {}
        }
    }

    fn object(&mut self, fields: &Map<String, Value>, platform: &str, language: Option<&'static str>, depth: usize) {
        let said = |keys: [&str; 2]| {
            fields
                .iter()
                .find(|(key, _)| keys.contains(&key.to_lowercase().as_str()))
                .and_then(|(_, value)| value.as_str())
        };
        let own = said(["platform", "平台"]).map(str::to_lowercase);
        let platform = own.as_deref().and_then(limits::platform).unwrap_or(platform);
        let spoken = said(["language", "lang"]).map(str::to_lowercase);
        let language = spoken.as_deref().and_then(|word| labels::language(word, true)).or(language);
        for (key, value) in fields {
            let name = key.to_lowercase().replace(['_', '-'], " ");
            match name.as_str() {
                "platform" | "平台" | "language" | "lang" => continue,
                "recommended" | "recommended title" | "best title" | "推荐" if self.recommend(value, platform) => {
                    continue;
                }
                _ => {}
            }
            let head = labels::read(&name).unwrap_or_default();
            let inner = head.platform.unwrap_or(platform);
            let tongue = head.language.or(language);
            match head.field {
                Some(field) if field != Field::Other => self.field(field, key, value, inner, tongue),
                _ if depth < DEEPEST
                    && (value.is_object()
                        || value.as_array().is_some_and(|list| list.iter().any(Value::is_object))) =>
                {
                    self.take(value, inner, tongue, depth + 1);
                }
                _ if value.is_null() => {}
                _ => self.unknown(key, value),
            }
        }
    }

    fn unknown(&mut self, key: &str, value: &Value) {
        let said = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.unknown.push(format!("{key}: {said}"));
    }

    fn recommend(&mut self, value: &Value, platform: &str) -> bool {
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        let by_words = value.as_str().and_then(|words| {
            let set = self.sets.iter().find(|set| set.platform == platform)?;
            let at = set.titles.iter().position(|title| title == words)?;
            u32::try_from(at + 1).ok()
        });
        let found = number.or(by_words);
        self.recommended = self.recommended.or(found);
        found.is_some()
    }

    fn field(&mut self, field: Field, key: &str, value: &Value, platform: &str, language: Option<&'static str>) {
        let words = strings(value);
        if let Value::Object(parts) = value
            && words.is_empty()
        {
            // `"title": {"zh": …, "en": …}`, or one for each platform.
            for (name, part) in parts.iter().take(super::MOST_ITEMS) {
                let lower = name.to_lowercase();
                let tongue = labels::language(&lower, true);
                let place = limits::platform(&lower);
                if tongue.is_none() && place.is_none() {
                    self.unknown(name, part);
                } else if !part.is_object() {
                    self.field(field, key, part, place.unwrap_or(platform), tongue.or(language));
                }
            }
            return;
        }
        let set = self.set(platform, language);
        match field {
            Field::Title => {
                let from = set.titles.len();
                let cleaned: Vec<_> =
                    words.iter().map(|word| items::title(word)).filter(|title| !title.text.is_empty()).collect();
                let best = cleaned.iter().position(|title| title.recommended);
                set.titles.extend(cleaned.into_iter().map(|title| title.text));
                let best = best.or_else(|| {
                    value
                        .as_array()?
                        .iter()
                        .position(|item| item.get("recommended").and_then(Value::as_bool) == Some(true))
                });
                self.recommended = self.recommended.or(best.and_then(|at| u32::try_from(from + at + 1).ok()));
            }
            Field::Description => {
                for word in words.iter().filter(|word| !word.trim().is_empty()) {
                    if !set.description.is_empty() {
                        set.description.push_str("\n\n");
                    }
                    set.description.push_str(word.trim());
                }
            }
            Field::Tags if value.is_array() => words.iter().for_each(|word| set.add_tags(word)),
            Field::Tags => words.iter().flat_map(|word| word.lines()).for_each(|word| set.add_tags(word)),
            Field::Hashtags => words.iter().for_each(|word| set.add_hashtags(word)),
            Field::Chapters => set.chapters.extend(chapters(value)),
            Field::Other => {}
        }
        if words.is_empty() && !matches!(value, Value::Null | Value::Array(_)) {
            self.unknown(key, value);
        }
    }

    fn set(&mut self, platform: &str, language: Option<&str>) -> &mut Set {
        let known = |set: &Set| set.platform == platform && set.language.as_deref() == language;
        let at = self.sets.iter().position(known).unwrap_or_else(|| {
            self.sets.push(Set {
                platform: platform.to_owned(),
                language: language.map(str::to_owned),
                ..Set::default()
            });
            self.sets.len() - 1
        });
        &mut self.sets[at]
    }
}

/// The words of a value: one, a list of them, or a list of objects with a text in them.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(word) => vec![word.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(list) => list.iter().flat_map(strings).collect(),
        Value::Object(fields) => {
            let texts = ["title", "text", "value", "tag", "name", "标题"];
            texts
                .iter()
                .filter_map(|key| fields.get(*key))
                .filter_map(Value::as_str)
                .take(1)
                .map(str::to_owned)
                .collect()
        }
        _ => Vec::new(),
    }
}

fn chapters(value: &Value) -> Vec<Chapter> {
    let one = |value: &Value| match value {
        Value::String(line) => items::chapter(line),
        Value::Object(fields) => {
            let get = |keys: &[&str]| {
                fields.iter().find(|(key, _)| keys.contains(&key.to_lowercase().as_str())).map(|(_, value)| value)
            };
            let at = get(&["at_s", "time", "start", "timestamp", "at", "时间"])?;
            let seconds = at.as_u64().and_then(|at| u32::try_from(at).ok());
            let at_s = seconds.or_else(|| line::time(at.as_str()?).map(|(at, _)| at))?;
            Some(Chapter { at_s, title: get(&["title", "name", "label", "标题"])?.as_str()?.trim().to_owned() })
        }
        _ => None,
    };
    match value {
        Value::Array(list) => list.iter().filter_map(one).collect(),
        Value::String(text) => text.lines().filter_map(items::chapter).collect(),
        Value::Object(fields) => {
            fields.iter().filter_map(|(at, title)| items::chapter(&format!("{at} {}", title.as_str()?))).collect()
        }
        _ => Vec::new(),
    }
}
