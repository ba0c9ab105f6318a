//! Many at once: a chain of refresh tokens never forks, and a code works once.

use std::collections::BTreeSet;

use futures::{StreamExt as _, stream};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret, Totp};

use crate::support::{Api, PASSWORD, Person};

/// Families, or pairs of codes.
const MANY: usize = 1000;
/// People who try at the same time.
const AT_ONCE: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_families_none_forks() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    let forks = stream::iter(0..MANY)
        .map(async |_| {
            let family = api.sign_in("minji@example.com", PASSWORD).await.person();
            let refresh = || api.post("/api/auth/refresh").cookie(&family.cookie).send();
            let answers = futures::future::join_all((0..8).map(|_| refresh())).await;
            let successors: BTreeSet<String> = answers.iter().map(|answer| answer.person().cookie).collect();
            successors.len() - 1
        })
        .buffer_unordered(AT_ONCE)
        .fold(0, async |sum, forks| sum + forks)
        .await;
    assert_eq!(forks, 0);
    let ends = "select count(*) from refresh_token where used_at is null";
    assert_eq!(
        api.count(ends).await,
        i64::try_from(MANY).unwrap() + 1,
        "one end for each chain"
    );
    assert_eq!(
        api.count("select count(*) from session where ended_at is not null")
            .await,
        0
    );
}

/// Somebody with a second factor.
struct Guarded {
    email: String,
    person: Person,
    app: Totp,
}

async fn guarded(api: &Api, number: usize) -> Guarded {
    let email = format!("person{number}@example.com");
    let person = api.admin(&email).await;
    let proposal = api.post("/api/auth/mfa/totp").by(&person).send().await;
    let secret = Secret::try_from_base32(proposal.body["secret"].as_str().unwrap()).unwrap();
    let app = Builder::new()
        .with_secret(secret)
        .with_account_name("me".to_owned());
    let app = app.build().unwrap();
    let body = json!({ "code": app.generate_current().to_string() });
    let on = api
        .post("/api/auth/mfa/totp/confirm")
        .by(&person)
        .json(&body)
        .send()
        .await;
    assert_eq!(on.status, 200, "{on:?}");
    Guarded { email, person, app }
}

async fn ticket(api: &Api, email: &str) -> Value {
    let answer = api.sign_in(email, PASSWORD).await;
    assert_eq!(answer.problem(), (401, "second_factor_required"));
    answer.body["ticket"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_pairs_of_racing_codes_exactly_one_wins_each() {
    let api = Api::start().await;
    let sql = api.sql().await;
    let wins: Vec<usize> = stream::iter(0..AT_ONCE)
        .map(async |number| {
            let guarded = guarded(&api, number).await;
            let mut wrong = Vec::new();
            for _ in 0..MANY / AT_ONCE {
                // As if the code of this moment had not been used, and nobody had tried anything.
                sql.batch_execute(&format!(
                    "update totp set last_step = 0 where person_id = '{}'",
                    guarded.person.id
                ))
                .await
                .unwrap();
                sql.batch_execute("delete from throttle").await.unwrap();
                let (one, two) = (
                    ticket(&api, &guarded.email).await,
                    ticket(&api, &guarded.email).await,
                );
                let code = guarded.app.generate_current().to_string();
                let present = |ticket: Value| {
                    let body = json!({ "ticket": ticket, "code": code });
                    api.post("/api/auth/sign-in/second-factor").json(&body).send()
                };
                let (one, two) = tokio::join!(present(one), present(two));
                let won = [one, two].iter().filter(|answer| answer.status == 200).count();
                if won != 1 {
                    wrong.push(won);
                }
            }
            wrong
        })
        .buffer_unordered(AT_ONCE)
        .concat()
        .await;
    assert!(wins.is_empty(), "pairs of which not exactly one won: {wins:?}");
}
