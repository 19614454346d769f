//! The page that shows the chats.
