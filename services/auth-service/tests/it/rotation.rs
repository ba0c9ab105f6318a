//! Rotating the keys that sign.

use std::time::Duration;

use auth_service::{commands::rotate_keys, domain::rotation::Duty};
use auth_token::Verifier;
use chrono::TimeDelta;
use serde_json::json;

use crate::support::{Api, PASSWORD, settings};

async fn learn(api: &Api, verifier: &Verifier) {
    let jwks = api.get("/.well-known/jwks.json").send().await.body.to_string();
    verifier.learn(jwks.as_bytes()).unwrap();
}

async fn duties(api: &Api) -> Vec<Duty> {
    let states = rotate_keys::list(api.service.app()).await.unwrap();
    states.iter().map(|state| state.duty).collect()
}

fn kid(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

/// Lets time go by for the keys.
async fn pass(api: &Api, minutes: i32) {
    let sql = format!("update signing_key set signs_from = signs_from - interval '{minutes} minutes'");
    api.sql().await.batch_execute(&sql).await.unwrap();
    api.service.app().keys.expire();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_refuses_no_valid_token() {
    let api = Api::start().await;
    let app = api.service.app();
    api.admin("minji@example.com").await;
    let verifier = Verifier::new(&settings(&api.db, &[]).token);
    learn(&api, &verifier).await;
    let before = api.sign_in("minji@example.com", PASSWORD).await.person();

    let waiting = rotate_keys::rotate(app, TimeDelta::hours(2)).await.unwrap();
    let again = rotate_keys::rotate(app, TimeDelta::hours(2)).await.unwrap();
    assert_eq!(again.kid, waiting.kid, "one rotation at a time");
    assert_eq!(duties(&api).await, [Duty::Waiting, Duty::Signing]);
    let published = api.get("/.well-known/jwks.json").send().await;
    assert_eq!(published.body["keys"].as_array().unwrap().len(), 2);
    // Verifiers renew what they know every ten minutes, long before the new key signs.
    learn(&api, &verifier).await;
    let between = api.sign_in("minji@example.com", PASSWORD).await.person();
    assert_eq!(kid(&between.token), kid(&before.token));

    pass(&api, 121).await;
    assert_eq!(duties(&api).await, [Duty::Signing, Duty::Verifying]);
    let after = api.sign_in("minji@example.com", PASSWORD).await.person();
    assert_eq!(kid(&after.token), waiting.kid);
    for person in [&before, &between, &after] {
        assert!(verifier.verify(&person.token).await.is_ok());
        assert_eq!(api.get("/api/auth/me").by(person).send().await.status, 200);
    }
    let old = kid(&before.token);
    assert!(
        rotate_keys::retire(app, old.clone(), false).await.is_err(),
        "its tokens are still about"
    );
    pass(&api, 16).await;
    assert_eq!(duties(&api).await, [Duty::Signing, Duty::Idle]);
    rotate_keys::retire(app, old, false).await.unwrap();
    let published = api.get("/.well-known/jwks.json").send().await;
    assert_eq!(published.body["keys"].as_array().unwrap().len(), 1);
    assert!(
        rotate_keys::retire(app, waiting.kid, true).await.is_err(),
        "the last key stays"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_under_way_notice_nothing() {
    let api = Api::start().await;
    let app = api.service.app();
    let person = api.admin("minji@example.com").await;
    let verifier = Verifier::new(&settings(&api.db, &[]).token);
    learn(&api, &verifier).await;
    let rotating = async {
        for _ in 0..3 {
            rotate_keys::rotate(app, TimeDelta::hours(2)).await.unwrap();
            learn(&api, &verifier).await;
            pass(&api, 121).await;
        }
    };
    let mut rotating = std::pin::pin!(rotating);
    let (mut cookie, mut token) = (person.cookie.clone(), person.token.clone());
    let (mut refused, mut asked, mut kids) = (0, 0, std::collections::BTreeSet::new());
    let mut tick = tokio::time::interval(Duration::from_millis(5));
    let mut rotated = false;
    while !rotated || asked < 200 {
        tokio::select! {
            () = &mut rotating, if !rotated => rotated = true,
            _ = tick.tick() => {
                if asked % 10 == 0 {
                    let renewed = api.post("/api/auth/refresh").cookie(&cookie).send().await.person();
                    (cookie, token) = (renewed.cookie, renewed.token);
                }
                asked += 1;
                kids.insert(kid(&token));
                refused += usize::from(verifier.verify(&token).await.is_err());
                refused += usize::from(api.get("/api/auth/me").bearer(&token).send().await.status != 200);
            }
        }
    }
    assert_eq!(refused, 0, "of {asked}");
    assert!(kids.len() > 1, "the rotations were seen");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_rotate_on_the_command_line() {
    let api = Api::start().await;
    let app = api.service.app();
    let run = async |line: &[&str]| {
        let command = clap::Command::new("auth-service").subcommands(auth_service::tools::commands());
        let matches = command
            .try_get_matches_from([&["auth-service"], line].concat())
            .unwrap();
        let (tool, args) = matches.subcommand().unwrap();
        auth_service::tools::run(app, tool, args).await
    };
    assert!(run(&["keys", "list"]).await.unwrap().contains("signing"));
    assert!(run(&["keys", "rotate"]).await.unwrap().contains("waiting"));
    let list = run(&["keys", "list"]).await.unwrap();
    assert_eq!(list.lines().count(), 2, "{list}");
    let signing = list.lines().nth(1).unwrap().split(' ').next().unwrap().to_owned();
    assert!(run(&["keys", "retire", &signing]).await.is_err());
    run(&["keys", "retire", &signing, "--leaked"]).await.unwrap();

    let folder = std::env::temp_dir().join(format!("onus-discovery-{}", uuid::Uuid::now_v7()));
    run(&["discovery", "export", folder.to_str().unwrap()])
        .await
        .unwrap();
    let read = |name: &str| {
        let text = std::fs::read_to_string(folder.join(".well-known").join(name)).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    assert_eq!(read("openid-configuration")["issuer"], json!("https://onus.test"));
    assert_eq!(
        read("jwks.json"),
        api.get("/.well-known/jwks.json").send().await.body
    );
    std::fs::remove_dir_all(folder).unwrap();
}
