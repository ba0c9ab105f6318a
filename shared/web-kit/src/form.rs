//! A form as OAuth sends it (RFC 6749, appendix B).

use crate::body::bounds;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use problem::{Code, Problem};

/// Tokens and a few words: no form comes near this many bytes.
const MAX_FORM: usize = 16 * 1024;

/// The parameters of a form, which may hold secrets: nothing prints them.
///
/// The extractor answers 413 to what is larger than 16 KiB, and 415 to what is no form.
pub struct Form(Vec<(String, String)>);

/// A parameter is there more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parameter is given more than once")]
pub struct Repeated;

impl Form {
    /// A parameter's value. One without a value is as good as none.
    ///
    /// # Errors
    /// When it is there twice: readers differ in which of the two they take.
    pub fn one(&self, name: &str) -> Result<Option<&str>, Repeated> {
        let mut values = self.0.iter().filter(|(known, _)| known == name);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Repeated),
            (found, None) => Ok(found
                .map(|(_, value)| value.as_str())
                .filter(|value| !value.is_empty())),
        }
    }
}

impl FromRequest for Form {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Form, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        async move {
            if !request
                .content_type()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
            {
                return Err(Problem::new(Code::UnsupportedMediaType)
                    .detail("the body must be a form")
                    .field("Content-Type", "must be application/x-www-form-urlencoded"));
            }
            let bounds = bounds(&request).at_most(MAX_FORM);
            let body = bounds.read(request.headers(), payload).await?;
            Ok(Form(form_urlencoded::parse(&body).into_owned().collect()))
        }
        .boxed_local()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_there_once_or_not_at_all() {
        let form = |body: &str| Form(form_urlencoded::parse(body.as_bytes()).into_owned().collect());
        assert_eq!(form("a=1&b=2").one("a"), Ok(Some("1")));
        assert_eq!(form("a=%EA%B9%80+b").one("a"), Ok(Some("김 b")));
        assert_eq!(form("a=&b=2").one("a"), Ok(None));
        assert_eq!(form("b=2").one("a"), Ok(None));
        assert_eq!(form("a=1&a=1").one("a"), Err(Repeated));
        assert_eq!(form("a=1&a=").one("a"), Err(Repeated));
        assert_eq!(form("%zz&&=").one("a"), Ok(None));
    }
}
