//! Authenticator apps and recovery codes.

use chrono::Utc;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret, Totp};

use crate::support::{Answer, Api, PASSWORD, Person};

/// An authenticator app, as its owner holds it.
pub(crate) struct App(Totp);

impl App {
    fn new(secret: &str) -> Self {
        let secret = Secret::try_from_base32(secret).unwrap();
        let totp = Builder::new()
            .with_secret(secret)
            .with_account_name("me".to_owned());
        Self(totp.build().unwrap())
    }

    /// The code of so many steps from now.
    fn code(&self, steps: i64) -> String {
        let at = Utc::now().timestamp() + steps * 30;
        self.0.generate(u64::try_from(at).unwrap()).to_string()
    }
}

async fn propose(api: &Api, person: &Person) -> Answer {
    api.post("/api/auth/mfa/totp").by(person).send().await
}

async fn confirm(api: &Api, person: &Person, code: &str) -> Answer {
    let body = json!({ "code": code });
    api.post("/api/auth/mfa/totp/confirm")
        .by(person)
        .json(&body)
        .send()
        .await
}

/// Switches the second factor on by the code of the step before, so that today's is left to the test.
pub(crate) async fn switch_on(api: &Api, person: &Person) -> (App, Vec<String>) {
    let proposal = propose(api, person).await;
    assert_eq!(proposal.status, 200, "{proposal:?}");
    let app = App::new(proposal.body["secret"].as_str().unwrap());
    let on = confirm(api, person, &app.code(-1)).await;
    assert_eq!(on.status, 200, "{on:?}");
    let codes = on.body["recovery_codes"].as_array().unwrap();
    (
        app,
        codes
            .iter()
            .map(|code| code.as_str().unwrap().to_owned())
            .collect(),
    )
}

async fn ticket(api: &Api) -> String {
    let answer = api.sign_in("minji@example.com", PASSWORD).await;
    assert_eq!(answer.problem(), (401, "second_factor_required"));
    assert_eq!(answer.body["methods"], json!(["totp", "recovery_code"]));
    assert_eq!(answer.refresh_token(), None);
    answer.body["ticket"].as_str().unwrap().to_owned()
}

async fn present(api: &Api, ticket: &str, code: &str) -> Answer {
    let body = json!({ "ticket": ticket, "code": code });
    api.post("/api/auth/sign-in/second-factor")
        .json(&body)
        .send()
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_of_the_app_completes_the_sign_in() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let (app, codes) = switch_on(&api, &person).await;
    assert_eq!(codes.len(), 10);
    let status = api.get("/api/auth/mfa").by(&person).send().await;
    assert_eq!(status.body["totp"]["enabled"], true);
    assert_eq!(status.body["recovery_codes_left"], 10);

    let held = ticket(&api).await;
    let wrong = present(&api, &held, &app.code(40)).await;
    assert_eq!(wrong.problem(), (401, "unauthenticated"));
    let code = app.code(0);
    let back = present(&api, &held, &code).await.person();
    assert_eq!(back.id, person.id);
    assert_eq!(
        present(&api, &held, &app.code(1)).await.problem(),
        (409, "conflict"),
        "a ticket works once"
    );
    let another = ticket(&api).await;
    assert_eq!(
        present(&api, &another, &code).await.status,
        401,
        "a code works once"
    );
    assert_eq!(api.mails().await, ["second_factor_on"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_code_that_confirmed_is_used_up() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let proposal = propose(&api, &person).await;
    assert!(
        proposal.body["uri"]
            .as_str()
            .unwrap()
            .starts_with("otpauth://totp/Onus:")
    );
    let app = App::new(proposal.body["secret"].as_str().unwrap());
    let code = app.code(0);
    assert_eq!(confirm(&api, &person, &code).await.status, 200);
    let held = ticket(&api).await;
    assert_eq!(
        present(&api, &held, &code).await.problem(),
        (401, "unauthenticated")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_racing_codes_one_wins() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let (app, _) = switch_on(&api, &person).await;
    let (one, two) = (ticket(&api).await, ticket(&api).await);
    let code = app.code(0);
    let (one, two) = tokio::join!(present(&api, &one, &code), present(&api, &two, &code));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recovery_code_works_once() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let (_, codes) = switch_on(&api, &person).await;
    let typed = codes[3].to_lowercase();
    let held = ticket(&api).await;
    assert_eq!(present(&api, &held, &typed).await.status, 200);
    let held = ticket(&api).await;
    assert_eq!(
        present(&api, &held, &typed).await.problem(),
        (401, "unauthenticated")
    );
    let status = api.get("/api/auth/mfa").by(&person).send().await;
    assert_eq!(status.body["recovery_codes_left"], 9);
    let row = "select count(*) from recovery_code where octet_length(code_hash) = 32";
    assert_eq!(api.count(row).await, 10, "kept as hashes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_is_good_for_five_tries_and_five_minutes() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let (app, codes) = switch_on(&api, &person).await;
    let held = ticket(&api).await;
    for _ in 0..5 {
        assert_eq!(present(&api, &held, &app.code(40)).await.status, 401);
    }
    let over = present(&api, &held, &codes[0]).await;
    assert_eq!(
        (over.problem(), &over.body["state"]),
        ((409, "conflict"), &json!("over"))
    );
    // And the next sign-in has to wait, although the password is right.
    let waiting = api.sign_in("minji@example.com", PASSWORD).await;
    assert_eq!(waiting.problem(), (429, "too_many_requests"));
    api.sql()
        .await
        .batch_execute("delete from throttle")
        .await
        .unwrap();
    let held = ticket(&api).await;
    let late = "update sign_in_ticket set expires_at = now() - interval '1 second'";
    api.sql().await.batch_execute(late).await.unwrap();
    assert_eq!(present(&api, &held, &codes[0]).await.problem(), (409, "conflict"));
    assert_eq!(
        present(&api, "no ticket at all", &codes[0]).await.problem(),
        (409, "conflict")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_counts_before_it_is_confirmed() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    assert_eq!(
        confirm(&api, &person, "123456").await.problem(),
        (409, "conflict")
    );
    let first = propose(&api, &person).await;
    let second = propose(&api, &person).await;
    assert_ne!(first.body["secret"], second.body["secret"]);
    assert_eq!(api.sign_in("minji@example.com", PASSWORD).await.status, 200);
    let replaced = App::new(first.body["secret"].as_str().unwrap());
    let wrong = confirm(&api, &person, &replaced.code(0)).await;
    assert_eq!(
        (wrong.problem(), wrong.fields()),
        ((422, "invalid"), vec!["code"])
    );
    let app = App::new(second.body["secret"].as_str().unwrap());
    assert_eq!(confirm(&api, &person, &app.code(0)).await.status, 200);
    assert_eq!(
        propose(&api, &person).await.problem(),
        (409, "conflict"),
        "it is on already"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_second_factor_only_that_is_a_proof() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let (app, _) = switch_on(&api, &person).await;
    api.age_proofs().await;
    let remove = || api.delete("/api/auth/mfa/totp").by(&person).send();
    let refused = remove().await;
    assert_eq!(refused.problem(), (403, "step_up_required"));
    assert_eq!(refused.body["methods"], json!(["totp", "recovery_code"]));
    let prove = |body: Value| api.post("/api/auth/step-up").by(&person).json(&body).send();
    let password = prove(json!({ "password": PASSWORD })).await;
    assert_eq!(
        (password.problem(), password.fields()),
        ((422, "invalid"), vec!["password"])
    );
    assert_eq!(remove().await.problem(), (403, "step_up_required"));
    assert_eq!(prove(json!({ "code": app.code(0) })).await.status, 200);
    assert_eq!(remove().await.status, 204);
    assert_eq!(api.sign_in("minji@example.com", PASSWORD).await.status, 200);
    assert_eq!(remove().await.problem(), (404, "not_found"));
    assert_eq!(api.mails().await, ["second_factor_on", "second_factor_off"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_recovery_codes_replace_the_old_ones() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let renew = || api.post("/api/auth/mfa/recovery-codes").by(&person).send();
    assert_eq!(renew().await.problem(), (404, "not_found"));
    let (_, old) = switch_on(&api, &person).await;
    let new = renew().await;
    let new = new.body["recovery_codes"][0].as_str().unwrap();
    let held = ticket(&api).await;
    assert_eq!(present(&api, &held, &old[0]).await.status, 401);
    assert_eq!(present(&api, &held, new).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_secret_lies_sealed() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let proposal = propose(&api, &person).await;
    let raw = Secret::try_from_base32(proposal.body["secret"].as_str().unwrap()).unwrap();
    let query = "select count(*) from totp where position($1 in sealed_secret) > 0";
    let row = api
        .sql()
        .await
        .query_one(query, &[&raw.as_bytes()])
        .await
        .unwrap();
    assert_eq!(row.get::<_, i64>(0), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_is_no_way_around_it() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let (app, _) = switch_on(&api, &person).await;
    let other = api.admin("jun@example.com").await;
    let token = api
        .link_token(&api.invite(&other, "minji@example.com", "pic").await)
        .await;
    let body = json!({ "token": token, "password": PASSWORD });
    let accept = || api.post("/api/auth/invitations/accept").json(&body).send();
    let answer = accept().await;
    assert_eq!(answer.problem(), (401, "second_factor_required"));
    assert_eq!(answer.refresh_token(), None);
    let held = answer.body["ticket"].as_str().unwrap();
    assert_eq!(present(&api, held, &app.code(0)).await.person().id, person.id);
    let members = api.get("/api/members").by(&other).send().await;
    assert_eq!(members.body["items"].as_array().unwrap().len(), 2, "a member now");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_a_place_to_guess_passwords() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    let other = api.admin("jun@example.com").await;
    let token = api
        .link_token(&api.invite(&other, "minji@example.com", "pic").await)
        .await;
    let accept = |password: &'static str| {
        let body = json!({ "token": token, "password": password });
        api.post("/api/auth/invitations/accept").json(&body).send()
    };
    for _ in 0..5 {
        assert_eq!(accept("not the password").await.problem(), (422, "invalid"));
    }
    assert_eq!(accept(PASSWORD).await.problem(), (429, "too_many_requests"));
}
