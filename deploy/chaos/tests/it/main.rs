//! Kills the house in the middle of its work, and counts what is missing afterwards.
#![expect(
    clippy::print_stdout,
    reason = "the figures are half of what these tests are for"
)]

mod crash;
mod queue;
