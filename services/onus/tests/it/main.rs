//! The house as a whole: one change travels all the way, and bad settings stop the start.
#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

mod erasure;
mod export;
mod house;
mod journey;
mod policy;
mod scopes;
mod settings;
mod traces;
