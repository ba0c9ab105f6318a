//! All SQL of the bus except the Postgres transport's own.

pub(crate) mod gap;
pub(crate) mod inbox;
pub(crate) mod log;
pub(crate) mod mark;
pub(crate) mod quarantine;
pub(crate) mod relay;
mod row;
