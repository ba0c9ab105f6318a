//! The relay: gives committed events their positions and sends them to their destinations.
//!
//! Stamping and each destination's sending are loops of their own, so that a dead queue stops only itself.

pub(crate) mod pending;
mod producer;
mod send;
pub(crate) mod stamp;

pub use producer::{Producer, Route, Waker};
