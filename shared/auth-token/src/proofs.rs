//! Dangerous acts outside of auth-service: it is asked whether the caller has proved lately who they are.

use crate::body::bounded;
use crate::{CallError, Caller, Credentials, Verifier};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, web};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use problem::{Code, Problem};
use serde::Deserialize;
use std::fmt;
use std::time::Duration;
use uuid::Uuid;

const TIMEOUT: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(2);
/// An answer is a few words.
const MAX_ANSWER: usize = 4096;

/// Asks auth-service for the proofs of sessions.
pub struct Proofs {
    url: String,
    credentials: Credentials,
    client: reqwest::Client,
}

/// What auth-service knows of a session's last proof.
#[derive(Debug, Deserialize)]
struct Known {
    fresh: bool,
    methods: Vec<String>,
}

impl fmt::Debug for Proofs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proofs")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Proofs {
    /// Will ask at the internal address `base` (`http://…`, without `/internal`).
    ///
    /// # Errors
    /// When no HTTP client can be made on this machine.
    pub fn new(base: &str, credentials: Credentials) -> Result<Proofs, reqwest::Error> {
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Proofs {
            url: format!("{}/internal/sessions", base.trim_end_matches('/')),
            credentials,
            client,
        })
    }

    /// Refuses a session whose last proof of identity is too old.
    ///
    /// # Errors
    /// [`Code::StepUpRequired`]; [`Code::Unauthenticated`] when the session is over; [`Code::Unavailable`] when
    /// auth-service does not answer.
    pub async fn check(&self, session: Uuid) -> Result<(), Problem> {
        let away = |error: CallError| Problem::new(Code::Unavailable).retry_after(1).caused_by(error);
        let request = self.client.get(format!("{}/{session}/proof", self.url));
        let answer = self.credentials.send(request).await.map_err(away)?;
        if answer.status() == StatusCode::NOT_FOUND.as_u16() {
            return Err(Problem::new(Code::Unauthenticated).detail("The session is over: sign in again."));
        }
        let answer = answer.error_for_status().map_err(|error| away(error.into()))?;
        let body = bounded(answer, MAX_ANSWER)
            .await
            .map_err(|error| away(error.into()))?;
        let known: Known = serde_json::from_slice(&body).map_err(|error| away(error.into()))?;
        if known.fresh {
            return Ok(());
        }
        Err(Problem::new(Code::StepUpRequired).with("methods", known.methods))
    }
}

/// A [`Caller`] who has proved within the last minutes who they are. As an extractor it answers 403
/// `step_up_required` where that is too long ago.
#[derive(Clone, Debug)]
pub struct Proven(pub Caller);

impl FromRequest for Proven {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Proven, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            let caller = Caller::from_request(&request, &mut Payload::None).await?;
            let proofs = request
                .app_data::<web::Data<Verifier>>()
                .and_then(|verifier| verifier.proofs())
                .ok_or_else(|| Problem::internal("this server knows nobody to ask for proofs"))?;
            proofs.check(caller.session).await?;
            Ok(Proven(caller))
        }
        .boxed_local()
    }
}
