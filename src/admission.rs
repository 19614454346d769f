//! May this user start this turn now?
