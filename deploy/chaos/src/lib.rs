//! What the crash tests need: the real binaries, writers that remember what was acknowledged to them, a mail server
//! that loses answers, and the questions that a house in order answers with zero.
//!
//! The tests are in `tests/it`. They run binaries that were built before: `cargo xtask test` builds them and says in
//! ONUS_BIN_DIR where they are (`target/debug` without it), and in ONUS_TEST_DATABASE_URL which server to use.

pub mod client;
pub mod database;
pub mod house;
pub mod mails;
pub mod people;
pub mod process;
pub mod ses;
pub mod wait;
pub mod writers;
