//! Typed settings in layers.
