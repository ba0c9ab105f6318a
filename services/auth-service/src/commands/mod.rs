//! What people do: one use case per file. Each writes its rows, its event and its idempotency key in one transaction.

pub mod accept_invitation;
pub mod ask_for_reset;
pub mod change_password;
pub mod change_role;
pub mod edit_me;
pub mod end_sessions;
pub mod invite;
pub mod open_keys;
pub mod open_session;
pub mod present_code;
pub mod refresh_session;
pub mod remove_member;
pub mod reset_password;
pub mod rotate_keys;
pub mod second_factor;
pub mod send_link;
pub mod settle_notes;
pub mod sign_in;
pub mod sign_out;
pub mod sign_up;
pub mod step_up;
pub mod sweep_sessions;
pub mod verify_address;
pub mod withdraw_invitation;
