//! Mail services that misbehave on purpose.

pub(crate) mod ses;
pub(crate) mod smtp;
