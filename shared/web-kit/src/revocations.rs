//! Learning of revoked tokens, as a task of the process and as a part of `/readyz`.

use crate::{PartState, Probe, Workers};
use async_trait::async_trait;
use auth_token::{Follower, Revocations};

/// Follows the feed of revocations until the workers are told to end.
pub fn follow(follower: Follower, workers: &Workers) {
    let stop = workers.stop.clone();
    workers.spawn("revocations", async move {
        tokio::select! {
            () = follower.run() => {}
            () = stop.cancelled() => {}
        }
    });
}

/// The feed as a part: while it is out of reach everything goes on, but tokens end late.
pub(crate) struct RevocationsProbe(pub(crate) Revocations);

#[async_trait]
impl Probe for RevocationsProbe {
    fn name(&self) -> &str {
        "revocations"
    }

    async fn check(&self) -> PartState {
        match self.0.out_since() {
            None => PartState::Ok,
            Some(since) => PartState::Degraded(format!("not heard since {since} (seconds since 1970)")),
        }
    }
}
