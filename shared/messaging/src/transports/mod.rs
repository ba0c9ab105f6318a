//! The transports there are.

pub(crate) mod postgres;
pub(crate) mod sqs;
