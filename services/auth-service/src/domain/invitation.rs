//! The life of an invitation: open until it is accepted, withdrawn or seven days old.

use chrono::{DateTime, Utc};

/// Where an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its link opens the door.
    Open,
    /// Somebody came in by it.
    Accepted,
    /// It was taken back.
    Withdrawn,
    /// Its time is over.
    Expired,
}

/// The moments that decide.
#[derive(Debug, Clone, Copy)]
pub struct Moments {
    /// From here on it is expired.
    pub expires_at: DateTime<Utc>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// The invitation no longer opens anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the invitation is {}", .0.word())]
pub struct Over(pub State);

impl State {
    /// The state as one word, as the API says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }
}

impl Moments {
    /// Where the invitation stands at `now`. What somebody did outlasts the clock.
    pub fn state(&self, now: DateTime<Utc>) -> State {
        if self.accepted_at.is_some() {
            State::Accepted
        } else if self.withdrawn_at.is_some() {
            State::Withdrawn
        } else if now >= self.expires_at {
            State::Expired
        } else {
            State::Open
        }
    }

    /// Refuses anything but an open invitation.
    pub fn check_open(&self, now: DateTime<Utc>) -> Result<(), Over> {
        match self.state(now) {
            State::Open => Ok(()),
            over => Err(Over(over)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn opens_until_it_expires_or_is_used() {
        let now = Utc::now();
        let open = Moments {
            expires_at: now + TimeDelta::days(7),
            accepted_at: None,
            withdrawn_at: None,
        };
        assert_eq!(open.state(now), State::Open);
        assert_eq!(open.state(open.expires_at), State::Expired);
        assert_eq!(
            Moments {
                withdrawn_at: Some(now),
                ..open
            }
            .check_open(now),
            Err(Over(State::Withdrawn))
        );
        let accepted = Moments {
            accepted_at: Some(now),
            ..open
        };
        assert_eq!(accepted.state(now + TimeDelta::days(30)), State::Accepted);
    }
}
