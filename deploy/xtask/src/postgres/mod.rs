//! A Postgres of our own: its binaries and its cluster.

pub(crate) mod binaries;
pub(crate) mod cluster;
