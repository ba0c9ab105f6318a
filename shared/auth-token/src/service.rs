//! Another service of this installation as the caller of an internal route.

use crate::bearer::bearer;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use aws_lc_rs::{constant_time, digest};
use problem::{Code, Problem};
use secrecy::{ExposeSecret as _, SecretString};
use std::future::{Ready, ready};

/// The secret that the services of one installation share.
#[derive(Clone, Debug)]
pub struct ServiceToken(SecretString);

impl ServiceToken {
    /// Takes the secret from the settings.
    pub fn new(secret: SecretString) -> ServiceToken {
        ServiceToken(secret)
    }

    /// Whether `token` is the secret; the time it takes tells nothing about how much of it was right.
    pub fn accepts(&self, token: &str) -> bool {
        let secret = self.0.expose_secret();
        // Digests have one length, so the comparison does not give away the secret's.
        let ours = digest::digest(&digest::SHA256, secret.as_bytes());
        let theirs = digest::digest(&digest::SHA256, token.as_bytes());
        !secret.is_empty() && constant_time::verify_slices_are_equal(ours.as_ref(), theirs.as_ref()).is_ok()
    }

    /// The secret, to be sent along with a call to another service.
    pub fn secret(&self) -> &SecretString {
        &self.0
    }
}

impl From<SecretString> for ServiceToken {
    fn from(secret: SecretString) -> ServiceToken {
        ServiceToken::new(secret)
    }
}

/// Proof that the caller holds the service token. Internal routes take it as an argument.
#[derive(Clone, Copy, Debug)]
pub struct ServiceCaller {
    _proof: (),
}

impl FromRequest for ServiceCaller {
    type Error = Problem;
    type Future = Ready<Result<ServiceCaller, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(check(request))
    }
}

fn check(request: &HttpRequest) -> Result<ServiceCaller, Problem> {
    let Some(secret) = request.app_data::<web::Data<ServiceToken>>() else {
        return Err(Problem::internal(
            "no service token is configured for this server",
        ));
    };
    match bearer(request) {
        Some(token) if secret.accepts(token) => Ok(ServiceCaller { _proof: () }),
        _ => Err(Problem::new(Code::Unauthenticated).detail("the service token is needed")),
    }
}
