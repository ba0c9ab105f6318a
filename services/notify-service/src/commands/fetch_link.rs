//! Fetches the link of an invitation, or of a mail about an account, at the moment of sending. It opens a
//! door, so it is in no event, no log line and no table (but for the mailbox channel, whose mails are their
//! own store).

use std::time::Duration;

use auth_token::Credentials;
use reqwest::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use uuid::Uuid;
use web_kit::client::{Traced as _, internal};

/// How long auth-service may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// The longest link that is believed.
const LONGEST: usize = 2048;

/// Where links come from.
#[derive(Clone, Debug)]
pub struct Links {
    client: reqwest::Client,
    base: String,
    credentials: Credentials,
}

/// Why there is no link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoLink {
    /// It was withdrawn, used, or has run out.
    #[error("the link is no longer open")]
    Closed,
    /// auth-service does not answer, or not as agreed.
    #[error("auth-service gave no link")]
    NotNow,
}

#[derive(Deserialize)]
struct Answer {
    url: SecretString,
}

impl Links {
    /// Fetches from auth-service's internal address.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(base: &str, credentials: Credentials) -> reqwest::Result<Links> {
        Ok(Links {
            client: internal(DEADLINE)?,
            base: base.trim_end_matches('/').to_owned(),
            credentials,
        })
    }

    /// The link of an invitation.
    ///
    /// # Errors
    /// [`NoLink`].
    pub async fn of_invitation(&self, invitation: Uuid) -> Result<SecretString, NoLink> {
        self.fetch(&format!("invitations/{invitation}/link")).await
    }

    /// The link that resets a password or verifies an address.
    ///
    /// # Errors
    /// [`NoLink`].
    pub async fn of_account(&self, link: Uuid) -> Result<SecretString, NoLink> {
        self.fetch(&format!("links/{link}")).await
    }

    async fn fetch(&self, path: &str) -> Result<SecretString, NoLink> {
        let request = self.client.get(format!("{}/internal/{path}", self.base));
        let answer = self
            .credentials
            .send(request.traced())
            .await
            .map_err(|_| NoLink::NotNow)?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(NoLink::Closed),
            _ => return Err(NoLink::NotNow),
        }
        let Answer { url } = answer.json().await.map_err(|_| NoLink::NotNow)?;
        if usable(url.expose_secret()) {
            Ok(url)
        } else {
            Err(NoLink::NotNow)
        }
    }
}

/// It becomes the target of a button: nothing but a plain web address will do.
fn usable(url: &str) -> bool {
    let web = url.starts_with("https://") || url.starts_with("http://");
    web && url.len() <= LONGEST && url.chars().all(|c| c.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::usable;

    #[test]
    fn only_plain_web_addresses_are_links() {
        assert!(usable("https://onus.example/join#abc_DEF-123"));
        for bad in [
            "javascript:alert(1)",
            "https://x/\r\nBcc: y",
            "",
            "https://x/ y",
            "data:text/html,x",
        ] {
            assert!(!usable(bad), "{bad}");
        }
    }
}
