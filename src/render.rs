//! Render jobs.
