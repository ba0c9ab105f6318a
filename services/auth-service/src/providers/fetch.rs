//! Requests to providers: whoever answers slowly, at length, or elsewhere is not waited for.

use std::time::Duration;

use openidconnect::{HttpRequest, HttpResponse, http};

/// For one exchange.
pub(super) const DEADLINE: Duration = Duration::from_secs(5);
/// Longest answer in bytes. Key sets and tokens have a few kilobytes.
const MAX_ANSWER: usize = 256 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// It did not come (in time).
    #[error("the provider does not answer")]
    Unreachable(#[from] reqwest::Error),
    /// It is too long.
    #[error("the provider's answer is too long")]
    TooLong,
    /// It is no HTTP.
    #[error("the provider's answer is malformed")]
    Malformed(#[from] http::Error),
}

/// A client for providers. Redirects are not followed: they could lead into our own network. No idle connections, which
/// would belong to the runtime of the thread that opened them.
pub(super) fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .timeout(DEADLINE)
        .connect_timeout(DEADLINE / 2)
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .build()
}

/// Sends a request and reads the answer.
pub(super) async fn send(client: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, FetchError> {
    let answer = client.execute(request.try_into()?).await?;
    let mut built = http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        built = built.header(name, value);
    }
    Ok(built.body(read(answer, MAX_ANSWER).await?)?)
}

/// Reads an answer of at most `limit` bytes.
pub(super) async fn read(mut answer: reqwest::Response, limit: usize) -> Result<Vec<u8>, FetchError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Err(FetchError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
