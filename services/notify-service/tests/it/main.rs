//! notify-service from outside: real Postgres, real HTTP, real sockets for mail.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod accounts;
mod house;
mod inbox;
mod invitations;
mod letters;
mod mailbox;
mod openapi;
mod people;
mod preferences;
mod queue;
mod ses;
mod smtp;
mod stand_ins;
mod start;
mod store;
