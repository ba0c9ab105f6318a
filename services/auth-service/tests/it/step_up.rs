//! Dangerous acts want a fresh proof of identity.

use serde_json::json;

use crate::support::{Api, PASSWORD};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_sign_in_is_no_proof_and_the_password_is() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let jun = api.join(&admin, "jun@example.com", "pic").await;
    api.age_proofs().await;
    let path = format!("/api/members/{}", jun.id);
    let role = json!({ "role": "observer" });
    let change = || api.patch(&path).by(&admin).version(1).json(&role).send();
    let refused = change().await;
    assert_eq!(refused.problem(), (403, "step_up_required"));
    assert_eq!(refused.body["methods"], json!(["password"]));
    let removal = api.delete(&path).by(&admin).version(1).send().await;
    assert_eq!(removal.problem(), (403, "step_up_required"));

    let wrong = api
        .post("/api/auth/step-up")
        .by(&admin)
        .json(&json!({ "password": "not the password" }))
        .send()
        .await;
    assert_eq!(wrong.problem(), (422, "invalid"));
    assert_eq!(wrong.fields(), ["password"]);
    assert_eq!(change().await.problem(), (403, "step_up_required"));

    let right = api
        .post("/api/auth/step-up")
        .by(&admin)
        .json(&json!({ "password": PASSWORD }))
        .send()
        .await;
    assert_eq!(right.status, 200, "{right:?}");
    assert_eq!(change().await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_counts_for_its_session_alone() {
    let api = Api::start().await;
    let first = api.admin("minji@example.com").await;
    api.age_proofs().await;
    let second = api.sign_in("minji@example.com", PASSWORD).await.person();
    let change = |person| {
        let body = json!({ "new_password": "another horse battery" });
        api.post("/api/auth/password").by(person).json(&body).send()
    };
    assert_eq!(change(&first).await.problem(), (403, "step_up_required"));
    assert_eq!(change(&second).await.status, 204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exactly_one_proof_is_taken() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    for body in [
        json!({}),
        json!({ "password": PASSWORD, "code": "123456" }),
        json!({ "code": "12345" }),
        json!({ "password": "" }),
        json!({ "pass": PASSWORD }),
    ] {
        let answer = api.post("/api/auth/step-up").by(&person).json(&body).send().await;
        assert!((400..500).contains(&answer.status.as_u16()), "{body}: {answer:?}");
    }
    // Nobody has an app yet, so no code can be right.
    let body = json!({ "code": "123456" });
    let answer = api.post("/api/auth/step-up").by(&person).json(&body).send().await;
    assert_eq!(
        (answer.problem(), answer.fields()),
        ((422, "invalid"), vec!["code"])
    );
}
