//! Renewing a session: rotation, races, theft.

use std::collections::BTreeSet;

use crate::support::{Answer, Api, Person};

async fn refresh(api: &Api, token: &str) -> Answer {
    api.post("/api/auth/refresh").cookie(token).send().await
}

async fn count(api: &Api, query: &str) -> i64 {
    api.sql().await.query_one(query, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replaces_the_token_and_keeps_the_session() {
    let api = Api::start().await;
    let first = api.admin("minji@example.com").await;
    let second = refresh(&api, &first.cookie).await.person();
    assert_ne!(second.cookie, first.cookie);
    assert_eq!(second.id, first.id);
    let third = refresh(&api, &second.cookie).await.person();
    assert_eq!(api.get("/api/auth/me").by(&third).send().await.status, 200);
    assert_eq!(count(&api, "select count(*) from session").await, 1);
    assert_eq!(
        count(&api, "select count(*) from refresh_token where used_at is null").await,
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_at_once_get_the_same_successor() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let answers = futures::future::join_all((0..8).map(|_| refresh(&api, &person.cookie))).await;
    let tokens: BTreeSet<String> = answers.iter().map(|answer| answer.person().cookie).collect();
    assert_eq!(tokens.len(), 1, "the chain forked: {tokens:?}");
    assert_eq!(count(&api, "select count(*) from refresh_token").await, 2);
    let next = refresh(&api, tokens.first().unwrap()).await;
    assert_eq!(next.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn within_the_grace_an_old_token_leads_to_the_newest() {
    let api = Api::start().await;
    let first = api.admin("minji@example.com").await;
    let second = refresh(&api, &first.cookie).await.person();
    let third = refresh(&api, &second.cookie).await.person();
    // The browser keeps whichever cookie comes last: it must never be one that is replaced already.
    assert_eq!(refresh(&api, &first.cookie).await.person().cookie, third.cookie);
    assert_eq!(refresh(&api, &second.cookie).await.person().cookie, third.cookie);
    assert_eq!(count(&api, "select count(*) from refresh_token").await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replaced_token_that_comes_back_later_ends_the_session() {
    let api = Api::start_with(&[("auth.refresh_grace_seconds", "0")]).await;
    let first = api.admin("minji@example.com").await;
    let second = refresh(&api, &first.cookie).await.person();
    let stolen = refresh(&api, &first.cookie).await;
    assert_eq!(stolen.problem(), (401, "unauthenticated"));
    assert_eq!(stolen.refresh_token(), None);
    assert_eq!(
        refresh(&api, &second.cookie).await.problem(),
        (401, "unauthenticated")
    );
    assert_eq!(
        api.get("/api/auth/me").by(&second).send().await.problem(),
        (401, "unauthenticated")
    );
    let reasons = "select count(*) from session where end_reason = 'reused'";
    assert_eq!(count(&api, reasons).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_never_issued_renews_nothing() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    for token in ["", "x", &"A".repeat(43), &"A".repeat(5000)] {
        assert_eq!(refresh(&api, token).await.problem(), (401, "unauthenticated"));
    }
    let none = api.post("/api/auth/refresh").send().await;
    assert_eq!(none.problem(), (401, "unauthenticated"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_kept_as_hashes_alone() {
    let api = Api::start().await;
    let first = api.admin("minji@example.com").await;
    let second = refresh(&api, &first.cookie).await.person();
    for Person { cookie, .. } in [first, second] {
        let query =
            "select count(*) from refresh_token where position(convert_to($1, 'UTF8') in token_hash) > 0";
        let row = api.sql().await.query_one(query, &[&cookie]).await.unwrap();
        assert_eq!(row.get::<_, i64>(0), 0);
    }
    assert_eq!(
        count(
            &api,
            "select count(*) from refresh_token where octet_length(token_hash) = 32"
        )
        .await,
        2
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_token_renews_nothing_and_is_swept() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let sql = api.sql().await;
    sql.batch_execute(
        "update refresh_token set expires_at = now() - interval '1 second';
         update session set expires_at = now() - interval '1 second'",
    )
    .await
    .unwrap();
    assert_eq!(
        refresh(&api, &person.cookie).await.problem(),
        (401, "unauthenticated")
    );
    assert_eq!(api.service.app().sweep_sessions().await.unwrap(), 2);
    assert_eq!(count(&api, "select count(*) from session").await, 0);
}
