//! Settings, typed and checked.
//!
//! Three layers, the later wins: `config/default.toml`, which is embedded; one file of the operator; variables. Every
//! key stands in the lowest layer, so that file is also the list of the keys that exist. A mistake is told in a
//! sentence that names the key, where it was set, and what is allowed; all mistakes are told at once. The operator's
//! file is never written.

mod check;
mod field;
mod layers;
mod sections;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use self::layers::Layers;
pub use self::sections::{
    Credits, Discord, Flood, LanguageDefault, Listen, Log, LogFormat, MessageContent, Nemo, PictureTheme, Privacy, Run,
    Server, Settings, Store, StoreUrl, Stream, Telegram,
};

/// The variable that names the operator's file where the command line does not.
pub const FILE_VARIABLE: &str = "NEMO_BOT_CONFIG";

/// Where settings are read from, besides what is embedded.
#[derive(Clone, Default)]
pub struct Sources {
    /// The operator's file, if there is one.
    pub file: Option<PathBuf>,
    /// The environment.
    pub variables: Vec<(OsString, OsString)>,
}

/// Variables hold tokens.
impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Sources {
    /// This process's environment, and the file of `--config` or else of [`FILE_VARIABLE`].
    pub fn of_process(file: Option<PathBuf>) -> Self {
        let named = || std::env::var_os(FILE_VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
        Self { file: file.or_else(named), variables: std::env::vars_os().collect() }
    }
}

/// Settings, and what the operator should know about them although they are right.
#[derive(Debug)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// Sentences to be logged as warnings once.
    pub warnings: Vec<String>,
}

/// What is wrong with the settings: one sentence for each mistake, and no secret in any of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct SettingsError(pub Vec<String>);

impl Settings {
    /// Reads all layers and checks the whole.
    pub fn load(sources: &Sources) -> Result<Loaded, SettingsError> {
        let (layers, mut wrong) = Layers::read(sources);
        let (settings, misread) = layers.settings();
        wrong.extend(misread);
        let Some(settings) = settings else { return Err(SettingsError(wrong)) };
        wrong.extend(settings.validate().into_iter().map(|problem| layers.sentence(&problem)));
        if !wrong.is_empty() {
            return Err(SettingsError(wrong));
        }
        Ok(Loaded { settings, warnings: layers.warnings })
    }

    /// The embedded defaults alone, for a caller that sets the rest itself.
    pub fn built_in() -> Result<Self, SettingsError> {
        Self::load(&Sources::default()).map(|loaded| loaded.settings)
    }
}
