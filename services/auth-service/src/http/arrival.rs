//! Where a request comes from.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::USER_AGENT};
use web_kit::ClientIp;

use crate::domain::arrival::Arrival;

/// The device and network behind a request.
pub(super) struct From(pub(super) Arrival);

impl FromRequest for From {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let agent = request.headers().get(USER_AGENT);
        let agent = agent.and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        let address = ClientIp::from_request(request, payload).into_inner();
        let address = address.ok().and_then(|ClientIp(address)| address);
        ready(Ok(Self(Arrival::new(agent, address))))
    }
}
