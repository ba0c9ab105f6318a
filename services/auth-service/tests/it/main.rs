//! The service from outside: over HTTP, on a real Postgres.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

mod account;
mod answer;
mod api_tokens;
mod authenticator;
mod bad_input;
mod browser;
mod delegation;
mod discovery;
mod erasure;
mod external;
mod external_hostile;
mod hidden;
mod idempotency;
mod idp;
mod invitations;
mod keys;
mod machines;
mod me;
mod members;
mod migrations;
mod openapi;
mod passkeys;
mod pictures;
mod races;
mod refresh;
mod revocations;
mod rotation;
mod second_factor;
mod security_log;
mod service_accounts;
mod service_tokens;
mod sessions;
mod sign_in;
mod sign_up;
mod step_up;
mod support;
mod throttle;
mod workspace;
mod workspace_end;
mod workspace_rule;
mod workspaces;
