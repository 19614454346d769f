//! Which language to speak.
