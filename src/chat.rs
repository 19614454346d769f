//! The vocabulary that the core and the adapters share: who speaks, what came in, what goes out.
//!
//! Nothing here knows a platform's wire format, the store or the backend. An adapter turns its platform's updates into
//! [`inbound::Inbound`] values and renders [`reply::Reply`] values; the core never asks which platform it talks to and
//! reads [`surface::Capabilities`] instead.

pub mod choice;
pub mod command;
pub mod id;
pub mod inbound;
pub mod media;
pub mod permission;
pub mod reply;
pub mod rich;
pub mod surface;
