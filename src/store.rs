//! What is kept, and who may work on it.
