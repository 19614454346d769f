//! Which language to speak.

use std::borrow::Cow;

/// A language, as the shortest tag that tells what we write apart: `en`, `zh-Hans`, `zh-Hant`, `ja`, `pt-BR`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Language(Cow<'static, str>);

impl Language {
    /// One whose canonical tag is known to be `tag`.
    pub(crate) const fn known(tag: &'static str) -> Self {
        Self(Cow::Borrowed(tag))
    }

    /// Its canonical tag.
    pub fn tag(&self) -> &str {
        &self.0
    }

    /// The tag without script and region: `zh` for both kinds of Chinese.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }
}
