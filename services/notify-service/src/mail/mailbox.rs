//! The channel `mailbox`: mails are kept in the database and shown in the app instead of being sent.

use async_trait::async_trait;
use postgres::{Database, DbError};

use super::channel::{Channel, Parcel};
use crate::domain::delivery::Outcome;
use crate::store::deliveries::Purpose;
use crate::store::mailbox::{self, NewMail};

/// The local mailbox.
#[derive(Clone)]
pub struct Mailbox {
    db: Database,
}

impl Mailbox {
    /// A mailbox in the service's database.
    pub fn new(db: Database) -> Mailbox {
        Mailbox { db }
    }

    async fn keep(&self, row: &NewMail) -> Result<(), DbError> {
        let mut conn = self.db.read().await?;
        // A single statement is its own transaction, and a row with the delivery's id is written once.
        mailbox::keep(&mut conn, row).await
    }
}

#[async_trait]
impl Channel for Mailbox {
    fn name(&self) -> &'static str {
        "mailbox"
    }

    fn knows_repeats(&self) -> bool {
        true
    }

    async fn send(&self, parcel: &Parcel) -> Outcome {
        let recipient_id = match parcel.purpose {
            Purpose::Change(group) => Some(group.recipient),
            Purpose::Invitation | Purpose::Account => None,
        };
        let row = NewMail {
            id: parcel.delivery,
            workspace_id: parcel.workspace,
            purpose: parcel.purpose.as_str(),
            recipient_id,
            address: parcel.message.to.to_string(),
            subject: parcel.message.subject.clone(),
            body_text: parcel.message.text.clone(),
            body_html: parcel.message.html.clone(),
        };
        match self.keep(&row).await {
            Ok(()) => Outcome::Accepted { message_id: None },
            Err(error) => Outcome::Lost {
                reason: error.to_string(),
            },
        }
    }
}
