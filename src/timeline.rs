//! The timeline in words.
