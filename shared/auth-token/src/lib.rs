//! Who is calling: access tokens are verified here, in every service, and nowhere is one signed.
//!
//! A token is an RS256 JWT (RFC 9068: `typ` is `at+jwt`) from auth-service. Its keys come from the JWKS address in the
//! settings and are cached; a key id that is not known causes a fetch, but an attacker who invents key ids causes at
//! most one every 30 seconds. Handlers take a [`Caller`]; internal routes take a [`ServiceCaller`], which is another
//! service of this installation with a token of its own, as [`Credentials`] get and keep it. A [`Follower`] of
//! auth-service's feed makes tokens end before their time: see [`Revocations`]. Where something dangerous is done outside
//! of auth-service, handlers take a [`Proven`] caller.

mod bearer;
mod body;
mod caller;
mod claims;
mod credentials;
mod follower;
mod gate;
mod keys;
mod proofs;
mod revocations;
mod service;
mod settings;
mod verifier;

pub use body::BodyError;
pub use caller::{Caller, second_factor_needed};
pub use claims::{Act, Claims, TOKEN_TYPE};
pub use credentials::{CallError, Credentials};
pub use follower::{FeedError, Follower};
pub use gate::{Gate, Route};
pub use keys::KeysError;
pub use proofs::{Proofs, Proven};
pub use revocations::Revocations;
pub use service::{INTERNAL_AUDIENCE, SERVICE_TOKEN_TYPE, ServiceCaller, ServiceClaims, TOKEN_PATH};
pub use settings::Settings;
pub use verifier::{MAX_TOKEN, TokenError, Verifier};
