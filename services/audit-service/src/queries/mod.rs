//! What can be asked of the log.

pub mod list_entries;
