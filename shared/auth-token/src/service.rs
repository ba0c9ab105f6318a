//! Another service of this installation as the caller of an internal route.

use crate::Verifier;
use crate::bearer::bearer;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use problem::{Code, Problem};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The `typ` header of a service's token. A person's token never passes for one, nor the other way round.
pub const SERVICE_TOKEN_TYPE: &str = "service+jwt";
/// The `aud` of a service's token: the internal ports of the installation, and nothing that people use.
pub const INTERNAL_AUDIENCE: &str = "onus-internal";
/// Where auth-service gives services their tokens, on its internal port. Whoever asks there shows a secret, no token.
pub const TOKEN_PATH: &str = "/internal/token";

/// The claims of a service's token. auth-service serializes them, internal routes read them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceClaims {
    /// Who issued it.
    pub iss: String,
    /// Always [`INTERNAL_AUDIENCE`].
    pub aud: String,
    /// The service, such as `task-service`.
    pub sub: String,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// Its own id.
    pub jti: Uuid,
}

/// Another service with a valid token of its own. Internal routes take it as an argument and say which service they
/// are there for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceCaller {
    /// Its name.
    pub service: String,
}

impl ServiceCaller {
    /// Refuses with 403 every service that is not among these.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn only(&self, services: &[&str]) -> Result<(), Problem> {
        if services.contains(&self.service.as_str()) {
            Ok(())
        } else {
            Err(Problem::new(Code::Forbidden).detail("this is not for your service"))
        }
    }
}

impl FromRequest for ServiceCaller {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<ServiceCaller, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            // The server asks before the handler does; the signature is checked once.
            if let Some(known) = request.extensions().get::<ServiceCaller>() {
                return Ok(known.clone());
            }
            let caller = identify(&request).await?;
            request.extensions_mut().insert(caller.clone());
            Ok(caller)
        }
        .boxed_local()
    }
}

async fn identify(request: &HttpRequest) -> Result<ServiceCaller, Problem> {
    let Some(verifier) = request.app_data::<web::Data<Verifier>>() else {
        return Err(Problem::internal(
            "no token verifier is configured for this server",
        ));
    };
    let Some(token) = bearer(request) else {
        return Err(Problem::new(Code::Unauthenticated).detail("a service's token is needed"));
    };
    let claims = verifier.verify_service(token).await?;
    Ok(ServiceCaller { service: claims.sub })
}
