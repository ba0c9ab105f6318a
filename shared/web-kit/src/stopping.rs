//! A handler that waits for something must stop waiting when the server stops.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use std::convert::Infallible;
use std::future::{Ready, ready};
use tokio_util::sync::CancellationToken;

/// Tells a waiting handler (a long poll) that the server wants to stop. It then answers with what it has.
#[derive(Clone, Debug, Default)]
pub struct Stopping(pub(crate) CancellationToken);

impl Stopping {
    /// Returns when the server begins to stop.
    pub async fn requested(&self) {
        self.0.cancelled().await;
    }

    /// Whether the server has begun to stop.
    pub fn is_requested(&self) -> bool {
        self.0.is_cancelled()
    }
}

impl FromRequest for Stopping {
    type Error = Infallible;
    type Future = Ready<Result<Stopping, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let known = request
            .app_data::<web::Data<Stopping>>()
            .map(|data| data.as_ref().clone());
        ready(Ok(known.unwrap_or_default()))
    }
}
