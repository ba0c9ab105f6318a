//! Reading answers that may be larger than they should be.

use reqwest::Response;

/// Why there is no body.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// It broke off.
    #[error("the answer broke off")]
    Http(#[from] reqwest::Error),
    /// It has more bytes than it may have.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
}

/// The body of an answer; what is larger is not read to its end.
pub(crate) async fn bounded(mut answer: Response, most: usize) -> Result<Vec<u8>, BodyError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > most {
            return Err(BodyError::TooLarge(most));
        }
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::{BodyError, bounded};
    use wiremock::matchers::any;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    #[tokio::test]
    async fn the_largest_body_is_read_and_one_byte_more_is_not() {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(200).set_body_string("x".repeat(100_000));
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let get = || reqwest::get(server.uri());
        let whole = bounded(get().await.expect("an answer"), 100_000).await;
        assert_eq!(whole.expect("a body").len(), 100_000);
        let cut = bounded(get().await.expect("an answer"), 99_999).await;
        assert!(matches!(cut, Err(BodyError::TooLarge(99_999))), "{cut:?}");
    }
}
