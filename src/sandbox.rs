//! The try-out on one machine.
