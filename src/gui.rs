//! GUI talk of the agent, made fit for a chat.
