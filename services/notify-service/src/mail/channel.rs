//! A way out for mail.

use async_trait::async_trait;
use lettre::Address;
use uuid::Uuid;

use crate::domain::delivery::Outcome;
use crate::store::deliveries::Purpose;

/// A mail ready to go. Its texts hold no control characters, and its address is a parsed one, so nothing
/// in it can start a header line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Whom it goes to.
    pub to: Address,
    /// The subject: one line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same in HTML.
    pub html: String,
}

/// A mail with what a channel may want to know of it.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// The delivery; the same at every try.
    pub delivery: Uuid,
    /// The workspace.
    pub workspace: Uuid,
    /// What it is for.
    pub purpose: Purpose,
    /// The mail.
    pub message: Message,
}

/// Something that takes mail over. One call is one try: a channel never repeats by itself.
#[async_trait]
pub trait Channel: Send + Sync + 'static {
    /// Its name in settings and in the database.
    fn name(&self) -> &'static str;

    /// Whether a repeated delivery is told from a new one, so that repeating does no harm.
    fn knows_repeats(&self) -> bool {
        false
    }

    /// Tries once. The caller sets the deadline by dropping the future, and then counts the answer as lost.
    async fn send(&self, parcel: &Parcel) -> Outcome;
}
