//! The log's tables. All SQL of this service is here.

mod append;
mod page;

pub use append::{AppendError, append};
pub use page::{Row, page};

#[cfg(test)]
mod append_tests;
#[cfg(test)]
mod plan_tests;
