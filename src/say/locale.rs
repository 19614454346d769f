//! The messages of one language, out of `config/locales`.

use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_templates::LanguageIdentifier;
use fluent_templates::fluent_bundle::FluentValue;

use super::LANGUAGES;
use crate::language::Language;

/// Named values of a message.
pub(super) type Arguments = HashMap<&'static str, FluentValue<'static>>;

mod embedded {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "the macro's; the locale test loads every file")]

    // A new locale is seen when this crate is compiled anew; its line in `LANGUAGES` takes care of that.
    fluent_templates::static_loader! {
        pub(super) static BUNDLES = {
            locales: "config/locales",
            fallback_language: "en",
            // Invisible direction marks around values would end up in file names, links and copied titles.
            customise: |bundle| bundle.set_use_isolating(false),
        };
    }
}

/// [`LANGUAGES`] as Fluent names them.
static TAGS: LazyLock<Vec<LanguageIdentifier>> =
    LazyLock::new(|| LANGUAGES.iter().map(|language| language.tag().parse().unwrap_or_default()).collect());

/// A language that we have messages in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Locale(usize);

impl Locale {
    /// That of `language`, else one with the same main tag (Chinese in the other script), else English.
    pub(super) fn of(language: &Language) -> Self {
        let exact = LANGUAGES.iter().position(|known| known == language);
        let related = || LANGUAGES.iter().position(|known| known.primary() == language.primary());
        Self(exact.or_else(related).unwrap_or_default())
    }

    /// The message `key`. One that this locale lacks, or that does not fit the arguments, is said in a related one
    /// (Traditional Chinese is easier to read in Simplified than in English), else in English.
    pub(super) fn message(self, key: &str, arguments: &Arguments) -> String {
        self.nearest().find_map(|locale| locale.own(key, arguments)).unwrap_or_else(|| key.to_owned())
    }

    /// This locale, those with the same main tag, and English.
    fn nearest(self) -> impl Iterator<Item = Self> {
        let primary = LANGUAGES.get(self.0).map(Language::primary);
        let related = move |known: &Language| Some(known.primary()) == primary;
        let others = LANGUAGES.iter().enumerate().filter(move |(_, known)| related(known)).map(|(at, _)| Self(at));
        std::iter::once(self).chain(others).chain([Self(0)])
    }

    /// The message `key` of this locale itself.
    pub(super) fn own(self, key: &str, arguments: &Arguments) -> Option<String> {
        embedded::BUNDLES.lookup_single_language(TAGS.get(self.0)?, key, Some(arguments)).ok()
    }
}
