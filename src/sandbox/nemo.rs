//! An emulator of the NEMO backend.
