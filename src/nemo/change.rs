//! What can change in a project, in the words that a user is told.

/// One change, as it is told to the user. Times are milliseconds from the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A clip is new.
    ClipAdded {
        /// Where it begins.
        at: u64,
        /// How long it plays.
        duration: u64,
    },
    /// A clip is gone.
    ClipRemoved {
        /// Where it began.
        at: u64,
    },
    /// A clip became longer or shorter.
    ClipTrimmed {
        /// Where it begins.
        at: u64,
        /// How long it played.
        before: u64,
        /// How long it plays.
        after: u64,
    },
    /// A clip begins elsewhere.
    ClipMoved {
        /// Where it began.
        before: u64,
        /// Where it begins.
        after: u64,
    },
    /// A text is new.
    TextAdded {
        /// What it says, if that can be read.
        text: Option<String>,
        /// Where it begins.
        from: u64,
        /// Where it ends.
        to: u64,
    },
    /// A text says something else, or stands elsewhere or for another time.
    TextChanged {
        /// Where it begins.
        at: u64,
        /// What it says, if that can be read.
        text: Option<String>,
    },
    /// A text is gone.
    TextRemoved {
        /// Where it began.
        at: u64,
    },
    /// Music or a voice is new.
    AudioAdded {
        /// Its name, if that can be read.
        name: Option<String>,
        /// Its volume in percent, if that can be read.
        volume: Option<u32>,
        /// Where it begins.
        from: u64,
        /// Where it ends.
        to: u64,
    },
    /// Music or a voice is louder, or plays at another time.
    AudioChanged {
        /// Its name, if that can be read.
        name: Option<String>,
        /// As it was.
        before: AudioValue,
        /// As it is; of the same sort.
        after: AudioValue,
    },
    /// Music or a voice is gone.
    AudioRemoved {
        /// Its name, if that could be read.
        name: Option<String>,
    },
    /// The picture has another size, in pixels.
    Canvas {
        /// Width and height as they were.
        before: (u64, u64),
        /// Width and height as they are.
        after: (u64, u64),
    },
    /// The whole is longer or shorter.
    Duration {
        /// How long it played.
        before: u64,
        /// How long it plays.
        after: u64,
    },
    /// So many clips or generated pieces are new, on the timeline or off it.
    Media(usize),
    /// Something that cannot be named.
    Other,
}

/// What can change in music.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AudioValue {
    /// Its volume in percent.
    Volume(u32),
    /// When it plays.
    Span {
        /// Where it begins, in milliseconds.
        from: u64,
        /// Where it ends, in milliseconds.
        to: u64,
    },
}
