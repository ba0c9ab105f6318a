//! Passkeys: adding, signing in, proving, removing, and whatever does not count.

use serde_json::{Value, json};

use crate::{
    authenticator::{Authenticator, PRESENT},
    support::{Answer, Api, PASSWORD, Person},
};

const EMAIL: &str = "minji@example.com";

async fn begin(api: &Api, path: &str, body: &Value) -> Answer {
    let begun = api.post(path).json(body).send().await;
    assert_eq!(begun.status, 200, "{begun:?}");
    begun
}

async fn begin_by(api: &Api, person: &Person, path: &str) -> Answer {
    let begun = api.post(path).by(person).send().await;
    assert_eq!(begun.status, 200, "{begun:?}");
    begun
}

async fn add(api: &Api, person: &Person, begun: &Answer, credential: &Value) -> Answer {
    let body = json!({ "ceremony": begun.body["ceremony"], "name": "My phone", "credential": credential });
    api.post("/api/auth/mfa/passkeys")
        .by(person)
        .json(&body)
        .send()
        .await
}

/// Adds a passkey of a new device.
async fn enrol(api: &Api, person: &Person) -> (Authenticator, Answer) {
    let mut device = Authenticator::new();
    let begun = begin_by(api, person, "/api/auth/mfa/passkeys/begin").await;
    let credential = device.create(&begun.body["options"]);
    let added = add(api, person, &begun, &credential).await;
    assert_eq!(added.status, 201, "{added:?}");
    (device, added)
}

async fn answer(api: &Api, begun: &Answer, credential: &Value) -> Answer {
    let body = json!({ "ceremony": begun.body["ceremony"], "credential": credential });
    api.post("/api/auth/passkeys/sign-in").json(&body).send().await
}

async fn sign_in(api: &Api, device: &mut Authenticator) -> Answer {
    let begun = begin(api, "/api/auth/passkeys/begin", &json!({})).await;
    let credential = device.get(&begun.body["options"]);
    answer(api, &begun, &credential).await
}

async fn ticket(api: &Api) -> Answer {
    let refused = api.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(refused.problem(), (401, "second_factor_required"));
    refused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_signs_in_alone() {
    let api = Api::start().await;
    let person = api.admin(EMAIL).await;
    let begun = begin_by(&api, &person, "/api/auth/mfa/passkeys/begin").await;
    let selection = &begun.body["options"]["authenticatorSelection"];
    assert_eq!(selection["residentKey"], "required");
    assert_eq!(selection["userVerification"], "required");

    let (mut device, added) = enrol(&api, &person).await;
    assert_eq!(added.body["passkey"]["name"], "My phone");
    assert_eq!(added.body["recovery_codes"].as_array().unwrap().len(), 10);
    let back = sign_in(&api, &mut device).await.person();
    assert_eq!(back.id, person.id);

    let own = api.get("/api/auth/mfa").by(&person).send().await;
    assert_eq!(own.body["passkeys"].as_array().unwrap().len(), 1);
    assert!(own.body["passkeys"][0]["last_used_at"].is_string());
    assert_eq!(own.body["totp"]["enabled"], false);
    let (_second, added) = enrol(&api, &person).await;
    assert_eq!(added.body["recovery_codes"], Value::Null, "there were some");
    assert_eq!(api.mails().await, ["passkey_added", "passkey_added"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_is_a_second_factor() {
    let api = Api::start().await;
    let person = api.admin(EMAIL).await;
    let (mut device, added) = enrol(&api, &person).await;
    let refused = ticket(&api).await;
    assert_eq!(refused.body["methods"], json!(["passkey", "recovery_code"]));

    let body = json!({ "ticket": refused.body["ticket"] });
    let begun = begin(&api, "/api/auth/passkeys/begin", &body).await;
    let allowed = begun.body["options"]["allowCredentials"].as_array().unwrap();
    assert_eq!(allowed.len(), 1);
    let credential = device.get(&begun.body["options"]);
    assert_eq!(answer(&api, &begun, &credential).await.person().id, person.id);

    let code = &added.body["recovery_codes"][0];
    let body = json!({ "ticket": refused.body["ticket"], "code": code });
    let by_code = api.post("/api/auth/sign-in/second-factor").json(&body);
    assert_eq!(by_code.send().await.person().id, person.id);

    let over = api
        .post("/api/auth/passkeys/begin")
        .json(&json!({ "ticket": refused.body["ticket"] }));
    assert_eq!(over.send().await.problem(), (409, "conflict"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_proves_who_one_is() {
    let api = Api::start().await;
    let person = api.admin(EMAIL).await;
    let (mut device, _added) = enrol(&api, &person).await;
    api.age_proofs().await;
    let dangerous = || api.post("/api/auth/mfa/passkeys/begin").by(&person).send();
    let refused = dangerous().await;
    assert_eq!(refused.problem(), (403, "step_up_required"));
    assert_eq!(refused.body["methods"], json!(["passkey", "recovery_code"]));
    let step_up = |body: Value| api.post("/api/auth/step-up").by(&person).json(&body).send();
    let password = step_up(json!({ "password": PASSWORD })).await;
    assert_eq!(password.fields(), ["password"], "is not enough");

    let begun = begin_by(&api, &person, "/api/auth/step-up/passkey").await;
    let credential = device.get(&begun.body["options"]);
    let proof = json!({ "ceremony": begun.body["ceremony"], "credential": credential });
    let elsewhere = sign_in(&api, &mut device).await.person();
    let borrowed = api.post("/api/auth/step-up").by(&elsewhere).json(&proof);
    assert_eq!(
        borrowed.send().await.problem(),
        (409, "conflict"),
        "another session"
    );
    api.age_proofs().await;
    assert_eq!(step_up(proof.clone()).await.status, 200);
    assert_eq!(step_up(proof).await.problem(), (409, "conflict"), "works once");
    assert_eq!(dangerous().await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_quite_right_does_not_count() {
    let api = Api::start().await;
    let person = api.admin(EMAIL).await;
    let (mut device, _added) = enrol(&api, &person).await;

    device.origin = "https://onus.test.evil.example".to_owned();
    assert_eq!(
        sign_in(&api, &mut device).await.problem(),
        (401, "unauthenticated")
    );
    device.origin = "https://onus.test".to_owned();

    let verified = device.flags;
    device.flags = PRESENT;
    assert_eq!(
        sign_in(&api, &mut device).await.status,
        401,
        "nobody was verified"
    );
    device.flags = verified;

    let begun = begin(&api, "/api/auth/passkeys/begin", &json!({})).await;
    let other = begin(&api, "/api/auth/passkeys/begin", &json!({})).await;
    let credential = device.get(&other.body["options"]);
    assert_eq!(
        answer(&api, &begun, &credential).await.status,
        401,
        "another challenge"
    );

    let mut forged = Authenticator::new();
    let begun = begin(&api, "/api/auth/passkeys/begin", &json!({})).await;
    let mut credential = device.get(&begun.body["options"]);
    credential["response"]["signature"] = forged.get(&begun.body["options"])["response"]["signature"].clone();
    assert_eq!(
        answer(&api, &begun, &credential).await.status,
        401,
        "another's key"
    );

    let begun = begin(&api, "/api/auth/passkeys/begin", &json!({})).await;
    let unknown = forged.get(&begun.body["options"]);
    assert_eq!(
        answer(&api, &begun, &unknown).await.status,
        401,
        "an unknown passkey"
    );

    assert_eq!(sign_in(&api, &mut device).await.status, 200);
    device.counter = 0;
    assert_eq!(
        sign_in(&api, &mut device).await.status,
        401,
        "a copy that was used less"
    );
    let refused = api.incidents().await;
    let refused = refused.iter().filter(|kind| *kind == "passkey_refused").count();
    assert_eq!(refused, 5, "each that named a known passkey");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_works_once_and_where_it_was_asked_for() {
    let api = Api::start().await;
    let person = api.admin(EMAIL).await;
    let (mut device, _added) = enrol(&api, &person).await;
    let begun = begin(&api, "/api/auth/passkeys/begin", &json!({})).await;
    let credential = device.get(&begun.body["options"]);
    let racing = futures::future::join_all((0..4).map(|_| answer(&api, &begun, &credential))).await;
    let mut statuses: Vec<u16> = racing.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409]);

    let begun = begin_by(&api, &person, "/api/auth/step-up/passkey").await;
    let credential = device.get(&begun.body["options"]);
    let misused = answer(&api, &begun, &credential).await;
    assert_eq!(misused.problem(), (409, "conflict"), "a proof is no sign-in");
    assert_eq!(misused.body["state"], "over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_is_added_once_and_by_whoever_began() {
    let api = Api::start().await;
    let person = api.admin(EMAIL).await;
    let other = api.admin("jun@example.com").await;
    let mut device = Authenticator::new();
    let begun = begin_by(&api, &person, "/api/auth/mfa/passkeys/begin").await;
    let credential = device.create(&begun.body["options"]);
    assert_eq!(
        add(&api, &other, &begun, &credential).await.problem(),
        (409, "conflict"),
        "another's ceremony"
    );
    assert_eq!(add(&api, &person, &begun, &credential).await.status, 201);
    assert_eq!(
        add(&api, &person, &begun, &credential).await.problem(),
        (409, "conflict"),
        "twice"
    );
    let begun = begin_by(&api, &other, "/api/auth/mfa/passkeys/begin").await;
    let stolen = device.create(&begun.body["options"]);
    assert_eq!(
        add(&api, &other, &begun, &stolen).await.problem(),
        (409, "conflict"),
        "known already"
    );
    for broken in [json!(null), json!("x"), json!({ "id": "x" }), json!([])] {
        let begun = begin_by(&api, &person, "/api/auth/mfa/passkeys/begin").await;
        let refused = add(&api, &person, &begun, &broken).await;
        assert_eq!(refused.problem(), (422, "invalid"), "{broken}");
        assert_eq!(refused.fields(), ["credential"]);
        let begun = begin(&api, "/api/auth/passkeys/begin", &json!({})).await;
        assert_eq!(answer(&api, &begun, &broken).await.fields(), ["credential"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_passkey_takes_the_recovery_codes_along() {
    let api = Api::start().await;
    let person = api.admin(EMAIL).await;
    let other = api.admin("jun@example.com").await;
    let (mut device, added) = enrol(&api, &person).await;
    let path = format!(
        "/api/auth/mfa/passkeys/{}",
        added.body["passkey"]["id"].as_str().unwrap()
    );
    assert_eq!(
        api.delete(&path).by(&other).send().await.status,
        404,
        "not theirs"
    );
    assert_eq!(api.delete(&path).by(&person).send().await.status, 204);
    let own = api.get("/api/auth/mfa").by(&person).send().await;
    assert_eq!(own.body["recovery_codes_left"], 0);
    assert_eq!(own.body["passkeys"], json!([]));
    assert_eq!(sign_in(&api, &mut device).await.status, 401);
    assert_eq!(api.sign_in(EMAIL, PASSWORD).await.status, 200);
    assert_eq!(api.mails().await, ["passkey_added", "passkey_removed"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_adds_too_many_nor_removes_the_last_way_in() {
    let api = Api::start().await;
    let person = api.admin(EMAIL).await;
    let begun = begin_by(&api, &person, "/api/auth/mfa/passkeys/begin").await;
    let (_device, added) = enrol(&api, &person).await;
    api.sql()
        .await
        .batch_execute("delete from password_credential")
        .await
        .unwrap();
    let path = format!(
        "/api/auth/mfa/passkeys/{}",
        added.body["passkey"]["id"].as_str().unwrap()
    );
    let refused = api.delete(&path).by(&person).send().await;
    assert_eq!(refused.problem(), (409, "conflict"));
    assert_eq!(refused.body["state"], "last_way_in");

    let fill = "insert into passkey (id, person_id, credential_id, credential, name, created_at)
                select gen_random_uuid(), person_id, decode(lpad(to_hex(n), 8, '0'), 'hex'), credential, name, created_at
                from passkey, generate_series(1, 19) n";
    api.sql().await.batch_execute(fill).await.unwrap();
    let mut device = Authenticator::new();
    let credential = device.create(&begun.body["options"]);
    let refused = add(&api, &person, &begun, &credential).await;
    assert_eq!(refused.problem(), (409, "conflict"), "begun when there was room");
    assert_eq!(api.count("select count(*) from passkey").await, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passkeys_need_a_host_name() {
    let api = Api::start_with(&[("http.public_url", "http://127.0.0.1:8080")]).await;
    let options = api.get("/api/auth/sign-in-options").send().await;
    assert_eq!(options.body["passkeys"], false);
    let refused = api.post("/api/auth/passkeys/begin").json(&json!({})).send().await;
    assert_eq!(refused.problem(), (409, "conflict"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ways_in_are_said() {
    let api = Api::start_with(&[("auth.sign_up", "first")]).await;
    let ways = async || api.get("/api/auth/sign-in-options").send().await.body;
    assert_eq!(
        ways().await,
        json!({ "sign_up": "first", "passkeys": true, "providers": [] })
    );
    api.admin(EMAIL).await;
    assert_eq!(ways().await["sign_up"], "closed");
}
