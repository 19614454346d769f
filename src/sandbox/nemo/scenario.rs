//! What the emulator plays: one name per way in which the service can behave.

/// One line per scenario; what it does stands where it happens (`agent`, `run`, `render`, `accounts`, `upload`).
macro_rules! scenarios {
    ($($(#[$mark:meta])* $variant:ident $name:literal $about:literal)*) => {
        /// A way in which the service behaves.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum Scenario { $(#[doc = $about] $(#[$mark])* $variant,)* }

        impl Scenario {
            /// All of them, in the order of a menu.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name on a command line.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// One sentence for a menu.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)* }
            }
        }
    };
}

scenarios! {
    #[default]
    Normal "normal" "Everything works."
    SilentEdit "silent-edit" "The edit is done, and the agent says nothing about it."
    SilentNothing "silent-nothing" "The agent says nothing, and nothing changes."
    Slow "slow" "A long tool call, with heartbeats only."
    Dropped "dropped" "The connection breaks in the middle of a run; the edit was done."
    DroppedUndone "dropped-undone" "The connection breaks in the middle of a run; nothing was done."
    Hang "hang" "A run stops in the middle and stays open until it is released."
    ErrorEvent "error-event" "The run fails with an error event."
    CrashFrame "crash-frame" "The run ends with the server's own error frame."
    OutOfCredits "out-of-credits" "Every run is refused because the credits are used up."
    NoAnonymous "no-anonymous" "No free account is to be had."
    RenderFailsOnce "render-fails-once" "The next render fails, those after it succeed."
    RenderFails "render-fails" "Every render fails."
    RenderSlow "render-slow" "A render takes many polls, or until it is released."
    RenderNoUrl "render-no-url" "A finished render names no address; the download call does."
    PlanBlocked "plan-blocked" "Export is refused on the free plan."
    TokenExpired "token-expired" "The account's token expires once."
    SessionGone "session-gone" "The session of the next call is lost, once."
    RateLimited "rate-limited" "The next run is refused once, with a time to wait."
    TooLarge "too-large" "Every upload is too large."
    TypedDialect "typed-dialect" "The stream speaks the second dialect."
    Deltas "deltas" "The stream carries words, then the whole text again."
    Long "long" "A reply of some 20,000 characters, in small pieces."
}

impl Scenario {
    /// The scenario of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scenario| scenario.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::Scenario;

    #[test]
    fn every_name_leads_back_to_its_scenario() {
        for scenario in Scenario::ALL {
            assert_eq!(Scenario::parse(scenario.name()), Some(*scenario));
            assert!(scenario.about().ends_with('.'));
        }
        assert_eq!(Scenario::parse("no-such-thing"), None);
    }
}
