//! The one table of commands. Telegram's menu, Discord's slash commands and `/help` are made from it.

use serde::{Deserialize, Serialize};

/// What adapters put behind `/help` when something came that a bot for clips cannot use, such as a sticker.
pub const NOT_VIDEO: &str = "not-video";

/// A command that a user can give with a slash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Command {
    /// Welcome.
    Start,
    /// How to use the bot.
    Help,
    /// Another project.
    New,
    /// Titles, a description and tags: the latest ones, or new ones from the agent.
    Meta,
    /// The timeline.
    Status,
    /// The balance.
    Credits,
    /// Render and send the MP4.
    Export,
    /// Add a clip by file or link.
    Upload,
    /// Stop what runs.
    Cancel,
    /// The person's own account, by its token.
    Connect,
    /// The language that the bot speaks to the person.
    Language,
    /// What is kept of the person.
    Privacy,
    /// Delete it.
    Forget,
    /// Take every clip that is posted in a place. Its adapter has checked who may and noted it; the argument says what
    /// came of it: `on`, `off`, `hidden` for "on, and the platform does not show them", or anything else for "not allowed".
    Clips,
}

impl Command {
    /// Every command, in the order of menus and `/help`.
    pub const ALL: [Self; 14] = [
        Self::Start,
        Self::Help,
        Self::New,
        Self::Meta,
        Self::Status,
        Self::Credits,
        Self::Export,
        Self::Upload,
        Self::Cancel,
        Self::Connect,
        Self::Language,
        Self::Privacy,
        Self::Forget,
        Self::Clips,
    ];

    /// Its name without the slash.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Help => "help",
            Self::New => "new",
            Self::Meta => "meta",
            Self::Status => "status",
            Self::Credits => "credits",
            Self::Export => "export",
            Self::Upload => "upload",
            Self::Cancel => "cancel",
            Self::Connect => "connect",
            Self::Language => "language",
            Self::Privacy => "privacy",
            Self::Forget => "forget",
            Self::Clips => "clips",
        }
    }

    /// Reads a name without its slash, in any case.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.name().eq_ignore_ascii_case(name))
    }

    /// Whether it waits its turn behind a running request. All others are answered at once.
    pub const fn queues(self) -> bool {
        matches!(self, Self::Export | Self::Meta | Self::Upload)
    }

    /// Whether what follows it is in the person's own words, so that it tells their language.
    pub const fn takes_words(self) -> bool {
        !self.holds_secret() && !matches!(self, Self::Language)
    }

    /// Whether what follows it is a secret, which is quoted nowhere.
    pub const fn holds_secret(self) -> bool {
        matches!(self, Self::Connect)
    }
}
