//! The life of a signing key: published, signing, verifying what it signed, retired.

use chrono::{DateTime, TimeDelta, Utc};

/// Longer than any access token lives, clocks that differ included.
const LAST_TOKEN: TimeDelta = TimeDelta::minutes(16);

/// What a key does at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// Published, so that verifiers learn of it.
    Waiting,
    /// It signs.
    Signing,
    /// Another one signs; tokens of this one are still about.
    Verifying,
    /// No token of it is valid any more: it may be retired.
    Idle,
}

impl Duty {
    /// The duty as one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Signing => "signing",
            Self::Verifying => "verifying",
            Self::Idle => "idle",
        }
    }
}

/// The duties of keys that are not retired, given since when each signs (or will), the newest first.
pub fn duties(signs_from: &[DateTime<Utc>], now: DateTime<Utc>) -> Vec<Duty> {
    let signer = signs_from
        .iter()
        .position(|from| *from <= now)
        // Before the very first key's time it signs all the same: there is none other.
        .unwrap_or(signs_from.len().saturating_sub(1));
    let took_over = signs_from.get(signer).copied().unwrap_or(now);
    let duty = |index| match index {
        index if index < signer => Duty::Waiting,
        index if index == signer => Duty::Signing,
        _ if now - took_over < LAST_TOKEN => Duty::Verifying,
        _ => Duty::Idle,
    };
    (0..signs_from.len()).map(duty).collect()
}

#[cfg(test)]
mod tests {
    use super::Duty::{Idle, Signing, Verifying, Waiting};
    use super::*;

    #[test]
    fn a_key_waits_signs_verifies_and_is_idle() {
        let now = Utc::now();
        let ago = |minutes| now - TimeDelta::minutes(minutes);
        assert_eq!(duties(&[ago(60)], now), [Signing]);
        assert_eq!(duties(&[ago(-120), ago(60)], now), [Waiting, Signing]);
        assert_eq!(duties(&[ago(0), ago(60)], now), [Signing, Verifying]);
        assert_eq!(duties(&[ago(1), ago(60)], now), [Signing, Verifying]);
        assert_eq!(duties(&[ago(16), ago(60)], now), [Signing, Idle]);
        assert_eq!(
            duties(&[ago(-5), ago(1), ago(60)], now),
            [Waiting, Signing, Verifying]
        );
        assert_eq!(
            duties(&[ago(-5)], now),
            [Signing],
            "the first key signs in any case"
        );
        assert_eq!(duties(&[], now), []);
    }

    #[test]
    fn a_duty_is_one_word() {
        let words = [Waiting, Signing, Verifying, Idle].map(Duty::word);
        assert_eq!(words, ["waiting", "signing", "verifying", "idle"]);
    }
}
