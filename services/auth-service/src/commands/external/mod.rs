//! Signing in by an identity provider, in three steps: the browser is sent there ([`start`]), comes back with a code that
//! is exchanged ([`callback`]), and asks for what it gets for it ([`complete`]). Between the steps a sealed cookie holds
//! what the next one must know.

pub mod callback;
pub mod complete;
mod join;
pub mod log_out;
pub mod start;
pub mod unlink;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::providers::{Expected, Profile};

/// How long a person may take at the provider.
pub const LIFE: TimeDelta = TimeDelta::minutes(10);

const SENT: &str = "sent to a provider";
const BACK: &str = "back from a provider";

/// What somebody wants of a provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Purpose {
    /// To sign in.
    SignIn,
    /// To link their identity there to the account of a session here.
    Link { person: Uuid, session: Uuid },
}

/// A browser that was sent to a provider.
#[derive(Serialize, Deserialize)]
struct Gone {
    provider: String,
    purpose: Purpose,
    return_to: String,
    expected: Expected,
}

/// A browser that came back.
#[derive(Serialize, Deserialize)]
struct Back {
    purpose: Purpose,
    return_to: String,
    profile: Profile,
}
