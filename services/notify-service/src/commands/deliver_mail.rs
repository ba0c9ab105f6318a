//! Delivers one claimed mail: writes it, sends it outside any transaction, and settles the claim.

use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;
use lettre::Address;
use postgres::{Database, DbError};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use uuid::Uuid;

use super::fetch_link::{Links, NoLink};
use crate::domain::delivery::{Next, Outcome, Patience, Promise, judge};
use crate::domain::planning::{Wish, is_nobodys};
use crate::events::FieldChange;
use crate::mail::account::about_account;
use crate::mail::letter::{self, about_changes, about_invitation};
use crate::mail::render::Templates;
use crate::mail::values::Reader;
use crate::mail::{Channel, Language, Letter, Parcel};
use crate::store::deliveries::{self, Claim, Group, Purpose, Settlement};
use crate::store::letters::{self, ChangeRow};
use crate::store::{people, preferences};

/// How often a settlement is tried. A claim that stays unsettled lapses, and change mail becomes `unknown`.
const SETTLE_TRIES: u32 = 6;

/// Everything it takes to deliver.
#[derive(Clone)]
pub struct Courier {
    /// The service's database.
    pub db: Database,
    /// The way out.
    pub channel: Arc<dyn Channel>,
    /// The templates.
    pub templates: Arc<Templates>,
    /// Where links of invitations and of mails about accounts come from.
    pub links: Links,
    /// Links to tasks, and to the page for a forgotten password, begin with this.
    pub public_url: String,
    /// How long one try may take.
    pub deadline: Duration,
    /// Waits and the end of waiting.
    pub patience: Patience,
}

/// Why a mail cannot be written.
enum NoLetter {
    /// It may be possible later.
    NotNow(String),
    /// It will never be.
    Never(String),
}

impl From<DbError> for NoLetter {
    fn from(error: DbError) -> NoLetter {
        NoLetter::NotNow(error.to_string())
    }
}

impl From<NoLink> for NoLetter {
    fn from(error: NoLink) -> NoLetter {
        match error {
            NoLink::Closed => NoLetter::Never(error.to_string()),
            NoLink::NotNow => NoLetter::NotNow(error.to_string()),
        }
    }
}

impl From<NoLetter> for Outcome {
    fn from(error: NoLetter) -> Outcome {
        match error {
            NoLetter::NotNow(reason) => Outcome::NotTaken {
                reason,
                channel_down: false,
            },
            NoLetter::Never(reason) => Outcome::Refused { reason },
        }
    }
}

impl Courier {
    /// Delivers. Says whether the channel is in trouble, so that the next mail had better wait.
    pub async fn deliver(&self, claim: &Claim) -> bool {
        let outcome = match self.write(claim).await {
            Ok(parcel) => self.send(&parcel).await,
            Err(error) => error.into(),
        };
        let end = self.end(claim, &outcome);
        let state = self.settle(claim, &end).await;
        metrics::counter!("notify_deliveries_total", "state" => state, "purpose" => claim.purpose.as_str())
            .increment(1);
        tracing::info!(
            delivery = %claim.id, purpose = claim.purpose.as_str(), channel = self.channel.name(),
            attempt = claim.attempt, state, reason = end.reason.as_deref(), "a delivery was tried"
        );
        matches!(
            outcome,
            Outcome::NotTaken {
                channel_down: true,
                ..
            }
        )
    }

    async fn send(&self, parcel: &Parcel) -> Outcome {
        match tokio::time::timeout(self.deadline, self.channel.send(parcel)).await {
            Ok(outcome) => outcome,
            Err(_) => Outcome::Lost {
                reason: "no answer within the deadline".to_owned(),
            },
        }
    }

    fn end(&self, claim: &Claim, outcome: &Outcome) -> Settlement {
        let once = matches!(claim.purpose, Purpose::Change(_)) && !self.channel.knows_repeats();
        let promise = if once {
            Promise::AtMostOnce
        } else {
            Promise::AtLeastOnce
        };
        let attempts = u32::try_from(claim.attempt).unwrap_or(1);
        let next = judge(promise, outcome, attempts, claim.age, &self.patience);
        match outcome {
            Outcome::Accepted { message_id } => Settlement {
                next,
                reason: None,
                message_id: message_id.clone(),
            },
            Outcome::NotTaken { reason, .. } | Outcome::Refused { reason } | Outcome::Lost { reason } => {
                Settlement {
                    next,
                    reason: Some(reason.clone()),
                    message_id: None,
                }
            }
        }
    }

    async fn settle(&self, claim: &Claim, end: &Settlement) -> &'static str {
        let mut wait = Duration::from_millis(100);
        for left in (0..SETTLE_TRIES).rev() {
            match self.try_settle(claim, end).await {
                Ok(true) => return state(&end.next),
                Ok(false) => return "lapsed",
                Err(error) if left == 0 => {
                    tracing::warn!(delivery = %claim.id, %error, "a delivery could not be settled");
                }
                Err(_) => {
                    tokio::time::sleep(wait).await;
                    wait *= 2;
                }
            }
        }
        "unsettled"
    }

    async fn try_settle(&self, claim: &Claim, end: &Settlement) -> Result<bool, DbError> {
        let mut conn = self.db.read().await?;
        deliveries::settle(&mut conn, claim, end).await
    }

    async fn write(&self, claim: &Claim) -> Result<Parcel, NoLetter> {
        let (to, letter) = match claim.purpose {
            Purpose::Change(group) => self.write_change(claim.id, group).await?,
            Purpose::Invitation => self.write_invitation(claim.id).await?,
            Purpose::Account => self.write_to_account(claim.id).await?,
        };
        let message = self
            .templates
            .render(&letter, to)
            .map_err(|error| NoLetter::Never(error.to_string()))?;
        Ok(Parcel {
            delivery: claim.id,
            workspace: claim.workspace,
            purpose: claim.purpose,
            message,
        })
    }

    async fn write_change(&self, delivery: Uuid, group: Group) -> Result<(Address, Letter), NoLetter> {
        let mut conn = self.db.read().await?;
        let Some(person) = people::find(&mut conn, group.workspace, group.recipient).await? else {
            return Err(NoLetter::NotNow("the recipient is not known yet".to_owned()));
        };
        if person.removed {
            return Err(NoLetter::Never("the recipient has left the workspace".to_owned()));
        }
        // The wish counted when the change was planned; since then it may have become "none".
        if preferences::find(&mut conn, group.workspace, group.recipient)
            .await?
            .wish
            == Wish::None
        {
            return Err(NoLetter::Never("the recipient wants no mail any more".to_owned()));
        }
        let changes = letters::changes(&mut conn, delivery).await?;
        let named = named(&changes);
        let names = people::names(&mut conn, group.workspace, &named).await?;
        // Nothing of the database is held while the mail is being sent.
        drop(conn);
        let reader = Reader {
            language: Language::from_code(&person.language),
            zone: person.time_zone.parse().unwrap_or(Tz::UTC),
            names: &names,
        };
        let letter = about_changes(&changes, group.task, &self.public_url, reader)
            .ok_or_else(|| NoLetter::Never("it carries no change".to_owned()))?;
        Ok((address(&person.email)?, letter))
    }

    async fn write_invitation(&self, delivery: Uuid) -> Result<(Address, Letter), NoLetter> {
        let mut conn = self.db.read().await?;
        let found = letters::invitation(&mut conn, delivery).await?;
        drop(conn);
        let row = found.ok_or_else(|| NoLetter::Never("it carries no invitation".to_owned()))?;
        let to = address(&row.email)?;
        let link = self.links.of_invitation(row.invitation_id).await?;
        Ok((to, about_invitation(&row, link.expose_secret())))
    }

    async fn write_to_account(&self, delivery: Uuid) -> Result<(Address, Letter), NoLetter> {
        let mut conn = self.db.read().await?;
        let found = letters::account(&mut conn, delivery).await?;
        drop(conn);
        let row = found.ok_or_else(|| NoLetter::Never("it carries no mail about an account".to_owned()))?;
        let to = address(&row.email)?;
        let link = match row.link_id {
            Some(id) => Some(self.links.of_account(id).await?),
            None => None,
        };
        let link = link.as_ref().map(|link| link.expose_secret());
        let letter = about_account(&row, link, &self.public_url)
            .ok_or_else(|| NoLetter::Never("it is a mail about an account of no known kind".to_owned()))?;
        Ok((to, letter))
    }
}

fn state(next: &Next) -> &'static str {
    match next {
        Next::Sent => "sent",
        Next::Failed => "failed",
        Next::Unknown => "unknown",
        Next::Again(_) => "pending",
    }
}

fn named(changes: &[ChangeRow]) -> Vec<Uuid> {
    let fields =
        |value: &Value| serde_json::from_value::<Vec<FieldChange>>(value.clone()).unwrap_or_default();
    changes
        .iter()
        .flat_map(|change| letter::people_named(&fields(&change.fields)).collect::<Vec<_>>())
        .collect()
}

/// Only what parses as an address goes into a header or an envelope.
fn address(text: &str) -> Result<Address, NoLetter> {
    if is_nobodys(text) {
        return Err(NoLetter::Never("nobody has the address".to_owned()));
    }
    text.parse()
        .map_err(|_| NoLetter::Never("the address is not one".to_owned()))
}
