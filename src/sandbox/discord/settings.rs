//! What a run of the emulator may choose: who the bot is, what it was granted, times, rates, sizes and oddities.

use std::time::Duration;

const MEBIBYTE: u64 = 1 << 20;

/// How the emulator is set up.
#[derive(Clone, Debug)]
pub struct DiscordEmulatorSettings {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The one token that is accepted.
    pub token: String,
    /// The application's id, which is also the bot's.
    pub application: u64,
    /// The bot's name.
    pub name: String,
    /// The privileged intent to read messages was granted. Without it, asking for it closes the gateway with 4014, and
    /// content of others is blanked. Changed later by
    /// [`grants_message_content`](super::DiscordEmulator::grants_message_content).
    pub message_content: bool,
    /// Times and rates.
    pub times: DiscordTimes,
    /// Largest files.
    pub sizes: DiscordSizes,
    /// What Discord does now and then.
    pub behaviour: DiscordBehaviour,
}

impl Default for DiscordEmulatorSettings {
    fn default() -> Self {
        Self {
            port: 0,
            token: "MTAwMDAwMDAwMDAwMDAwMDAx.SANDBOX.not-a-secret".to_owned(),
            application: 1_000_000_000_000_000_001,
            name: "NEMO".to_owned(),
            message_content: true,
            times: DiscordTimes::default(),
            sizes: DiscordSizes::default(),
            behaviour: DiscordBehaviour::default(),
        }
    }
}

impl DiscordEmulatorSettings {
    /// For stories that are not about rates: short heartbeats, generous rates. All else as in reality.
    pub fn quick() -> Self {
        Self { times: DiscordTimes::quick(), ..Self::default() }
    }
}

/// So many calls in so much time; the window begins with its first call.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Calls.
    pub limit: u32,
    /// The length of the window.
    pub span: Duration,
}

impl Rate {
    /// `limit` calls in any window of `span`.
    pub const fn new(limit: u32, span: Duration) -> Self {
        Self { limit, span }
    }
}

/// Discord's times and rates. The default holds the real numbers, as far as they are published or known by report.
#[derive(Clone, Debug)]
pub struct DiscordTimes {
    /// Until then an interaction must have its first answer.
    pub first_answer: Duration,
    /// How long an interaction's token lives.
    pub token_life: Duration,
    /// From this age on a message is old: its edits have their own rate.
    pub old_message: Duration,
    /// Edits of old messages, per channel (30046).
    pub old_edits: Rate,
    /// New messages, per channel.
    pub messages: Rate,
    /// Edits, per channel.
    pub edits: Rate,
    /// Follow-ups and edits of answers, each per interaction token.
    pub answers: Rate,
    /// Every other route, per top-level id.
    pub others: Rate,
    /// All routes of a bot but those of interactions.
    pub all: Rate,
    /// How many invalid requests (401, 403, 429) in how much time close the door for the whole address.
    pub invalid: Rate,
    /// How long "is typing" shows.
    pub typing: Duration,
    /// The gateway's heartbeat interval.
    pub heartbeat: Duration,
    /// Two IDENTIFYs within this time are one too many (op 9).
    pub identify_every: Duration,
    /// How long the address of an attachment works.
    pub cdn_life: Duration,
    /// How long a nonce is remembered.
    pub nonce_life: Duration,
}

impl Default for DiscordTimes {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            first_answer: seconds(3),
            token_life: Duration::from_mins(15),
            old_message: Duration::from_hours(1),
            old_edits: Rate::new(3, seconds(6)),
            messages: Rate::new(5, seconds(5)),
            edits: Rate::new(5, seconds(5)),
            answers: Rate::new(5, seconds(5)),
            others: Rate::new(10, seconds(10)),
            all: Rate::new(50, seconds(1)),
            invalid: Rate::new(10_000, Duration::from_mins(10)),
            typing: seconds(10),
            heartbeat: Duration::from_millis(41_250),
            identify_every: seconds(5),
            cdn_life: Duration::from_hours(24),
            nonce_life: Duration::from_mins(5),
        }
    }
}

impl DiscordTimes {
    /// The same structure with generous rates and a short heartbeat. A storm of calls still meets a 429.
    pub fn quick() -> Self {
        let many = Rate::new(200, Duration::from_secs(1));
        Self {
            old_edits: many,
            messages: many,
            edits: many,
            answers: many,
            others: many,
            all: Rate::new(500, Duration::from_secs(1)),
            heartbeat: Duration::from_secs(3),
            identify_every: Duration::ZERO,
            ..Self::default()
        }
    }

    /// For people who try things out: generous rates, everything else as in reality.
    pub fn relaxed() -> Self {
        Self { heartbeat: Self::default().heartbeat, ..Self::quick() }
    }
}

/// The largest files, in bytes.
#[derive(Clone, Debug)]
pub struct DiscordSizes {
    /// What one file of the bot may hold; also `attachment_size_limit` of interactions. Discord moved it more than
    /// once, and servers may buy more.
    pub upload: u64,
    /// What all files of one request may hold together, where `upload` is not more than that.
    pub request: u64,
    /// What a person may send.
    pub user_upload: u64,
}

impl Default for DiscordSizes {
    fn default() -> Self {
        Self { upload: 10 * MEBIBYTE, request: 25 * MEBIBYTE, user_upload: 500 * MEBIBYTE }
    }
}

/// What Discord does now and then, and a client must bear.
#[derive(Clone, Debug, Default)]
pub struct DiscordBehaviour {
    /// Events and answers carry fields that nobody knows, optional fields are left out, and kinds of events appear that
    /// nobody knows.
    pub novelties: bool,
    /// A thread made from a message is announced by a copy of that message (type 0, with the thread's id) besides the
    /// usual type 21.
    pub starter_copy: bool,
    /// A resumed session gets everything again, whatever it says it has seen.
    pub replays_all: bool,
}
