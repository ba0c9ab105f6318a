//! The id in a path.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use problem::{Code, Problem};
use std::future::{Ready, ready};
use uuid::Uuid;

/// The `{id}` of the path. What is not a UUID in its usual form names nothing: 404.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathId(pub Uuid);

impl PathId {
    /// The same of another part of the path, for paths with two ids.
    ///
    /// # Errors
    /// 404 when it is not a UUID in its usual form.
    pub fn named(request: &HttpRequest, name: &str) -> Result<PathId, Problem> {
        let text = request.match_info().get(name).unwrap_or_default();
        // Uuid also reads braces, URNs and bare digits; one thing has one address here.
        let id = (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten();
        id.map(PathId).ok_or_else(|| Problem::new(Code::NotFound))
    }
}

impl FromRequest for PathId {
    type Error = Problem;
    type Future = Ready<Result<PathId, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(PathId::named(request, "id"))
    }
}
