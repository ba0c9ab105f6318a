//! What this service answers, one question per file.

pub mod access;
pub mod inbox;
pub mod mailbox;
