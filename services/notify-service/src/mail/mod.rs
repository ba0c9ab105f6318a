//! Mail: what it says (letters, words, templates) and how it leaves (channels).

pub mod account;
pub mod channel;
pub mod language;
pub mod letter;
mod mailbox;
mod moment;
pub mod render;
pub mod ses;
pub mod smtp;
mod subjects;
pub mod values;

pub use channel::{Channel, Parcel};
pub use language::Language;
pub use letter::Letter;
pub use mailbox::Mailbox;
