//! The layers under the typed settings: which key has which value, and where it was set.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use config::{ConfigError, FileFormat, Map, Source, Value, ValueKind};

use super::check::Problem;
use super::{Settings, Sources};

/// The lowest layer, and the list of the keys that exist.
pub(super) const DEFAULTS: &str = include_str!("../../config/default.toml");
/// Variables that name a key in full begin so.
const PREFIX: &str = "NEMO_BOT__";
/// Well-known names; each loses to the full name of its key.
const ALIASES: [(&str, &str); 6] = [
    ("DISCORD_TOKEN", "discord.token"),
    ("TELEGRAM_BOT_TOKEN", "telegram.token"),
    ("NEMO_TOKEN", "nemo.token"),
    ("NEMO_API_URL", "nemo.api_url"),
    ("NEMO_WEB_URL", "nemo.web_url"),
    ("REDIS_URL", "store.url"),
];
/// Keys whose values are told to nobody.
const SECRET: [&str; 6] =
    ["nemo.token", "discord.token", "telegram.token", "telegram.webhook_secret", "store.key", "store.previous_keys"];
/// A larger file is not a configuration.
const FILE_LIMIT: u64 = 1024 * 1024;
/// More of a wrong value does not help.
const SHOWN_LIMIT: usize = 80;

/// Where a value was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Defaults,
    File(PathBuf),
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Defaults => f.write_str("the defaults"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

struct Found {
    value: ValueKind,
    origin: Origin,
}

/// All values by `section.key`.
pub(super) struct Layers {
    defaults: BTreeMap<String, ValueKind>,
    set: BTreeMap<String, Found>,
    pub(super) warnings: Vec<String>,
}

impl Layers {
    /// Reads the layers, and says which keys do not exist and what cannot be read at all.
    pub(super) fn read(sources: &Sources) -> (Self, Vec<String>) {
        let mut wrong = Vec::new();
        let defaults = flat(DEFAULTS).unwrap_or_else(|error| {
            wrong.push(format!("The defaults cannot be read: {error}."));
            BTreeMap::new()
        });
        let mut layers = Self { defaults, set: BTreeMap::new(), warnings: Vec::new() };
        if let Some(path) = &sources.file {
            match load(path) {
                Ok(text) => match flat(&text) {
                    Ok(values) => {
                        for (key, value) in values {
                            layers.set(key, value, Origin::File(path.clone()), &mut wrong);
                        }
                    }
                    Err(error) => wrong.push(format!("{} is not TOML: {error}.", path.display())),
                },
                Err(error) => wrong.push(format!("{} cannot be read: {error}.", path.display())),
            }
        }
        layers.variables(sources, &mut wrong);
        (layers, wrong)
    }

    fn variables(&mut self, sources: &Sources, wrong: &mut Vec<String>) {
        let mut named = Vec::new();
        for (name, value) in &sources.variables {
            let Some(name) = name.to_str() else { continue };
            let alias = ALIASES.iter().position(|(alias, _)| *alias == name);
            let key = match (alias, name.strip_prefix(PREFIX)) {
                (Some(at), _) => ALIASES[at].1.to_owned(),
                (None, Some(rest)) => rest.to_ascii_lowercase().replace("__", "."),
                (None, None) => continue,
            };
            match value.to_str() {
                Some("") => {}
                Some(value) => named.push((alias.is_none(), name, key, value)),
                None => wrong.push(format!("{name} is not UTF-8.")),
            }
        }
        // Aliases first, so that full names win; and always in the same order.
        named.sort_unstable();
        for (_, name, key, value) in named {
            let value = match self.defaults.get(&key) {
                Some(ValueKind::Array(_)) => {
                    let items = value.split(',').map(str::trim).filter(|item| !item.is_empty());
                    ValueKind::Array(items.map(|item| Value::new(None, item)).collect())
                }
                _ => value.into(),
            };
            self.set(key, value, Origin::Variable(name.to_owned()), wrong);
        }
    }

    fn set(&mut self, key: String, value: ValueKind, origin: Origin, wrong: &mut Vec<String>) {
        if self.defaults.contains_key(&key) {
            self.set.insert(key, Found { value, origin });
        } else {
            let guess = self.nearest(&key).map_or(String::new(), |guess| format!(" Did you mean {guess}?"));
            wrong.push(format!("Unknown setting {} in {origin}.{guess}", shown(&key)));
        }
    }

    /// The known key that is most like `key`. The section counts less than the key in it, which is often written
    /// under another's name.
    fn nearest(&self, key: &str) -> Option<&str> {
        let last = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
        let wanted = last(key);
        let likeness = |known: &str| strsim::jaro_winkler(known, key) + strsim::jaro_winkler(&last(known), &wanted);
        let known = self.defaults.keys().map(|known| (likeness(known), known));
        known.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, known)| known.as_str())
    }

    /// The typed settings, and a sentence for each value that cannot be read; such a value counts as not set.
    pub(super) fn settings(&self) -> (Option<Settings>, Vec<String>) {
        let mut wrong = Vec::new();
        let mut good: BTreeMap<&str, &ValueKind> = self.defaults.iter().map(|(key, value)| (&**key, value)).collect();
        for (key, found) in &self.set {
            // Each alone upon what is good, so that every mistake is found and not only the first.
            let before = good.insert(key, &found.value);
            if let Err(allowed) = typed(&good) {
                wrong.push(self.sentence(&Problem::Value { key: key.clone(), allowed }));
                before.map(|value| good.insert(key, value));
            }
        }
        match typed(&good) {
            Ok(settings) => (Some(settings), wrong),
            Err(error) => {
                wrong.push(format!("The defaults cannot be used: {error}."));
                (None, wrong)
            }
        }
    }

    /// A problem with the value and its origin, as far as they may be told.
    pub(super) fn sentence(&self, problem: &Problem) -> String {
        let (key, allowed) = match problem {
            Problem::Sentence(sentence) => return sentence.clone(),
            Problem::Value { key, allowed } => (key, allowed),
        };
        let set = self.set.get(key);
        let origin = set.map_or(Origin::Defaults, |found| found.origin.clone());
        let value = set.map(|found| &found.value).or_else(|| self.defaults.get(key));
        let value = value.map_or_else(String::new, written);
        // An address may hold a password.
        if SECRET.contains(&key.as_str()) || value.contains('@') {
            return format!("{key} in {origin} is wrong (not shown); allowed: {allowed}.");
        }
        format!("{key} in {origin} is \"{}\"; allowed: {allowed}.", shown(&value))
    }
}

/// Reads `values` as settings; the error says what is allowed.
fn typed(values: &BTreeMap<&str, &ValueKind>) -> Result<Settings, String> {
    let mut sections: Map<String, Map<String, Value>> = Map::new();
    for (key, value) in values {
        let (section, name) = key.split_once('.').unwrap_or((key, ""));
        let section = sections.entry(section.to_owned()).or_default();
        section.insert(name.to_owned(), Value::new(None, (*value).clone()));
    }
    Value::new(None, ValueKind::from(sections)).try_deserialize().map_err(innermost)
}

/// What a field says is allowed.
fn innermost(error: ConfigError) -> String {
    match error {
        ConfigError::At { error, .. } => innermost(*error),
        ConfigError::Message(allowed) => allowed,
        _ => "a value of another kind".to_owned(),
    }
}

/// The values of a TOML text by `section.key`. What is deeper stays a table, which no setting is.
fn flat(text: &str) -> Result<BTreeMap<String, ValueKind>, String> {
    let tables = config::File::from_str(text, FileFormat::Toml).collect().map_err(|error| place(&error))?;
    let mut flat = BTreeMap::new();
    for (section, value) in tables {
        match value.kind {
            ValueKind::Table(keys) => {
                flat.extend(keys.into_iter().map(|(key, value)| (format!("{section}.{key}"), value.kind)));
            }
            kind => drop(flat.insert(section, kind)),
        }
    }
    Ok(flat)
}

/// Where TOML is broken. Never the rest of the message: it shows the line, which may hold a token.
fn place(error: &ConfigError) -> String {
    let text = match error {
        ConfigError::FileParse { cause, .. } => cause.to_string(),
        _ => String::new(),
    };
    let first = text.lines().next().unwrap_or_default();
    let place = first.split_once(" at ").map(|(_, place)| place);
    place.map_or_else(|| "it cannot be parsed".to_owned(), |place| format!("see {place}"))
}

fn load(path: &Path) -> Result<String, String> {
    let io = |error: std::io::Error| error.to_string();
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(FILE_LIMIT + 1).read_to_string(&mut text)).map_err(io)?;
    if read as u64 > FILE_LIMIT {
        return Err("it is larger than 1 MiB".to_owned());
    }
    Ok(text)
}

fn written(value: &ValueKind) -> String {
    match value {
        ValueKind::Table(_) => "a table".to_owned(),
        ValueKind::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| written(&item.kind)).collect();
            format!("[{}]", items.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

/// A text from outside in one short line.
fn shown(text: &str) -> String {
    let mut line: String = text.chars().take(SHOWN_LIMIT).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN_LIMIT).is_some() {
        line.push('…');
    }
    line
}
