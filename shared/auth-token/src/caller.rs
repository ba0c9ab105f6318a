//! The person behind a request.

use crate::bearer::bearer;
use crate::gate::{Gate, admit};
use crate::{Claims, Verifier};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use policy::{Operation, Role, Scopes};
use problem::{Code, Problem};
use uuid::Uuid;

/// A person with a valid token. As an extractor it answers 401 where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The person.
    pub person: Uuid,
    /// The workspace the token is good for; a handler looks at nothing outside it.
    pub workspace: Uuid,
    /// The person's role when the token was issued.
    pub role: Role,
    /// The session.
    pub session: Uuid,
    /// The session epoch when the token was issued.
    pub epoch: i64,
    /// The person's name when the token was issued.
    pub name: String,
    /// How far the token reaches; none for a person's own session, which may do everything that the role may. The
    /// extractor has looked at it already: a handler runs only where it covers what the route is for.
    pub scope: Option<Scopes>,
    /// Nobody can tell whether the token still counts: revocations have been out of reach since before it was issued.
    pub unsure: bool,
    /// The person first has to set up the second factor that the workspace requires.
    pub restricted: bool,
}

/// Below this path people look after their own account. Only auth-service serves it, and it decides there by its own
/// tables what somebody may do who lacks a second factor.
const OWN_ACCOUNT: &str = "/api/auth/";

impl Caller {
    /// Refuses with 403 what the caller's role may not do, whoever is in charge of the task; and with 401 a dangerous
    /// act with a token of which nobody can tell whether it still counts. A refreshed token is above such doubt.
    ///
    /// # Errors
    /// [`Code::Forbidden`] or [`Code::Unauthenticated`].
    pub fn require(&self, operation: Operation) -> Result<(), Problem> {
        if !policy::may(self.role, operation) {
            return Err(Problem::new(Code::Forbidden));
        }
        if self.unsure && policy::is_dangerous(operation) {
            return Err(Problem::new(Code::Unauthenticated).detail("refresh the token first"));
        }
        Ok(())
    }
}

/// The refusal of somebody who lacks the second factor that their workspace requires.
pub fn second_factor_needed() -> Problem {
    Problem::new(Code::Forbidden)
        .detail("This workspace wants everybody to have a second factor: set one up first.")
        .with("state", "second_factor_needed")
}

impl From<Claims> for Caller {
    fn from(claims: Claims) -> Caller {
        Caller {
            person: claims.sub,
            workspace: claims.workspace,
            role: claims.role,
            session: claims.sid,
            epoch: claims.epoch,
            name: claims.name,
            scope: claims.scope,
            unsure: false,
            restricted: claims.restricted,
        }
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Caller, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            // Several extractors of one handler ask for the caller; the signature is checked once.
            if let Some(known) = request.extensions().get::<Caller>() {
                return Ok(known.clone());
            }
            let caller = identify(&request).await?;
            request.extensions_mut().insert(caller.clone());
            Ok(caller)
        }
        .boxed_local()
    }
}

async fn identify(request: &HttpRequest) -> Result<Caller, Problem> {
    let Some(verifier) = request.app_data::<web::Data<Verifier>>() else {
        return Err(Problem::internal(
            "no token verifier is configured for this server",
        ));
    };
    let Some(token) = bearer(request) else {
        return Err(Problem::new(Code::Unauthenticated).detail("a bearer token is needed"));
    };
    let gate = request.app_data::<web::Data<Gate>>();
    let route = gate.and_then(|gate| gate.route(request));
    let claims = match route {
        Some(route) => verifier.verify_at(token, route.service).await?,
        None => verifier.verify(token).await?,
    };
    if let Some(scopes) = &claims.scope {
        admit(scopes, route)?;
    }
    let out_since = verifier.revocations().out_since();
    let unsure = out_since.is_some_and(|since| claims.iat <= since);
    let caller = Caller {
        unsure,
        ..Caller::from(claims)
    };
    // Here and not in each handler, so that none can be forgotten.
    if caller.restricted && !request.path().starts_with(OWN_ACCOUNT) {
        return Err(second_factor_needed());
    }
    let span = tracing::Span::current();
    span.record("person", tracing::field::display(caller.person));
    span.record("workspace", tracing::field::display(caller.workspace));
    Ok(caller)
}
