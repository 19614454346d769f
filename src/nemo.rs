//! The client of the NEMO backend.
