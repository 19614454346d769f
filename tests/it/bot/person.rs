//! People, as each platform knows them.

use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicI64, Ordering};

use nemo_bot::sandbox::{discord, telegram};

/// Where a story is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Platform {
    Telegram,
    Discord,
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Telegram => "telegram",
            Self::Discord => "discord",
        })
    }
}

/// Somebody on one platform. Stories of Telegram alone use it as Telegram's person.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub(crate) platform: Platform,
    person: telegram::Person,
}

impl Who {
    /// Somebody whose app speaks this language.
    pub(crate) fn new(platform: Platform, language: &str) -> Self {
        static NEXT: AtomicI64 = AtomicI64::new(7_000_000_001);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let person = telegram::Person { language: Some(language.to_owned()), ..telegram::Person::new(id, "New user") };
        Self { platform, person }
    }

    /// The person as Discord knows them.
    pub(crate) fn on_discord(&self) -> discord::Person {
        let locale = match self.language.as_deref() {
            Some("zh-hans") => "zh-CN",
            Some("en") | None => "en-US",
            Some(other) => other,
        };
        discord::Person::new(u64::try_from(self.id).unwrap(), self.name.clone()).speaking(locale)
    }
}

impl Deref for Who {
    type Target = telegram::Person;

    fn deref(&self) -> &telegram::Person {
        &self.person
    }
}
