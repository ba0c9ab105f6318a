//! The chassis over real HTTP, on ports of its own.

#![expect(clippy::expect_used, reason = "a test that cannot go on must stop")]

mod app;
mod bodies;
mod cli;
mod harness;
mod health;
mod keyed;
mod problems;
mod spa;
mod stop;
mod traces;
