//! What this service does, one use case per file.

mod accept_mail;
pub mod deliver_mail;
pub mod fetch_link;
pub mod mark_read;
pub mod plan_changes;
pub mod receive_events;
pub mod send_due_mail;
pub mod set_preferences;
