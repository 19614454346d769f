//! What each publishing platform allows: `config/metadata-limits.toml`, embedded.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The table.
#[derive(Debug, Default, Deserialize)]
pub struct Limits {
    /// Platforms by their keys.
    pub platform: BTreeMap<String, Platform>,
    /// All rules, in the order of the file.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
}

/// A place where clips are published.
#[derive(Debug, Deserialize)]
pub struct Platform {
    /// As it calls itself.
    pub name: String,
    /// As it calls itself in a language, by the language's tag, where that differs.
    #[serde(default)]
    pub local: BTreeMap<String, String>,
    /// Words that mean it in a reply, in lower case.
    pub says: Vec<String>,
}

/// One limit.
#[derive(Debug, Default, Deserialize)]
pub struct Rule {
    /// Such as `T1`.
    pub id: String,
    /// What a finding is called; `{error_over}` and `{warn_over}` stand for the numbers below.
    pub name: String,
    /// Keys of platforms, or `*`.
    pub platforms: Vec<String>,
    /// What is counted.
    pub field: String,
    /// In which unit.
    #[serde(default)]
    pub count: Option<Unit>,
    /// More is an error.
    pub error_over: Option<usize>,
    /// Less is an error.
    pub error_under: Option<usize>,
    /// More is worth a word.
    pub warn_over: Option<usize>,
    /// More entries are worth a word.
    pub warn_over_items: Option<usize>,
}

/// How something is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// UTF-16 code units.
    Utf16,
    /// Bytes.
    Utf8,
    /// Entries of a list.
    Items,
    /// As YouTube counts all tags together.
    YoutubeTags,
    /// As X counts a post.
    XWeighted,
    /// As Xiaohongshu counts a title.
    Xiaohongshu,
}

static LIMITS: LazyLock<Limits> = LazyLock::new(|| {
    // The table is part of the program; a test reads it.
    toml::from_str(include_str!("../../config/metadata-limits.toml")).unwrap_or_default()
});

/// The table that is built in.
pub fn limits() -> &'static Limits {
    &LIMITS
}

/// The key of the platform that `word`, in lower case, means.
pub fn platform(word: &str) -> Option<&'static str> {
    says().find(|(_, said)| *said == word).map(|(key, _)| key)
}

/// Keys of platforms with the words that mean them, the longer ones first.
pub(super) fn says() -> impl Iterator<Item = (&'static str, &'static str)> {
    static SAYS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
        let mut says: Vec<(&str, &str)> = limits()
            .platform
            .iter()
            .flat_map(|(key, platform)| platform.says.iter().map(move |said| (key.as_str(), said.as_str())))
            .collect();
        says.sort_by_key(|(_, said)| std::cmp::Reverse(said.len()));
        says
    });
    SAYS.iter().copied()
}

impl Limits {
    /// Rule `id`.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The names of platforms in one line, in the language of that tag.
    pub fn names_in(&self, platforms: &[String], tag: &str) -> String {
        platforms.iter().map(|key| self.name_in(key, tag)).collect::<Vec<_>>().join(", ")
    }

    /// The name of a platform as it calls itself, else its key.
    pub fn name<'a>(&'a self, platform: &'a str) -> &'a str {
        self.platform.get(platform).map_or(platform, |platform| platform.name.as_str())
    }

    /// The name of a platform for somebody who reads the language with this tag, else as it calls itself.
    pub fn name_in<'a>(&'a self, platform: &'a str, tag: &str) -> &'a str {
        let local = self.platform.get(platform).and_then(|platform| platform.local.get(tag));
        local.map_or_else(|| self.name(platform), String::as_str)
    }
}

impl Rule {
    /// Whether it holds on `platform`.
    pub fn holds_on(&self, platform: &str) -> bool {
        self.platforms.iter().any(|name| name == "*" || name == platform)
    }

    /// The name with its limit filled in.
    pub fn named(&self) -> String {
        let number = |value: Option<usize>| value.map_or_else(String::new, |value| value.to_string());
        self.name.replace("{error_over}", &number(self.error_over)).replace("{warn_over}", &number(self.warn_over))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_table_is_read_and_its_words_mean_platforms() {
        assert_eq!(limits().platform.len(), 9);
        assert_eq!(limits().rules.len(), 27);
        for rule in &limits().rules {
            for name in &rule.platforms {
                assert!(name == "*" || limits().platform.contains_key(name), "{}: {name}", rule.id);
            }
        }
        assert_eq!(platform("b站"), Some("bilibili"));
        assert_eq!(platform("youtube shorts"), Some("youtube_shorts"));
        assert_eq!(platform("x/twitter"), Some("x"));
        assert_eq!(platform("vimeo"), None);
        for (key, known) in &limits().platform {
            for local in known.local.values() {
                assert_eq!(platform(local), Some(key.as_str()), "an agent answers with the name that it was asked for");
            }
        }
        assert_eq!(limits().name_in("xiaohongshu", "zh-Hans"), "小红书");
        assert_eq!(limits().name_in("xiaohongshu", "en"), "Xiaohongshu");
        assert_eq!(limits().name_in("youtube", "zh-Hans"), "YouTube");
        assert_eq!(limits().rule("T1").unwrap().named(), "max_100_chars");
        assert_eq!(limits().rule("R1").unwrap().count, Some(Unit::Xiaohongshu));
    }
}
