//! A body that is taken as it is.

use crate::body::bounds;
use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use problem::Problem;

/// The bytes of a body, at most `LIMIT` of them. What they are is for the handler to see; their `Content-Type` is only
/// what somebody calls them.
///
/// The extractor answers 413 to what is larger, and 415 to what is compressed.
#[derive(Clone, Debug)]
pub struct Raw<const LIMIT: usize>(pub Bytes);

impl<const LIMIT: usize> FromRequest for Raw<LIMIT> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        async move {
            let bounds = bounds(&request).at_most(LIMIT);
            Ok(Self(bounds.read(request.headers(), payload).await?))
        }
        .boxed_local()
    }
}
