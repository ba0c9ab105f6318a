//! What the log holds and what may be asked of it. Pure: no HTTP, no SQL, no serialisation.

pub mod entry;
pub mod filter;

#[cfg(test)]
mod entry_tests;
