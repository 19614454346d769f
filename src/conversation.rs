//! The worker of one conversation.
