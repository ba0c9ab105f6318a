//! Having oneself erased: who may, when, and what is left here. That nothing is left anywhere in the house is shown by the
//! tests of the house.

use serde_json::{Value, json};

use crate::second_factor::switch_on;
use crate::support::{Answer, Api, PASSWORD, Person};

async fn erase(api: &Api, by: &Person, email: &str) -> Answer {
    let call = api.post("/api/auth/me/erase").by(by);
    call.json(&json!({ "email": email })).send().await
}

fn record(event: &Value) -> Value {
    serde_json::from_str(event["data"]["record"].as_str().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pseudonym_stays_and_the_address_is_free() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let jun = api.join(&admin, "jun@example.com", "pic").await;
    switch_on(&api, &jun).await;
    let gone = erase(&api, &jun, " JUN@example.com").await;
    assert_eq!(gone.status, 204, "{gone:?}");
    assert!(gone.header("set-cookie").unwrap().contains("Max-Age=0"));

    assert_eq!(api.get("/api/auth/me").by(&jun).send().await.status, 401);
    let refreshed = api.post("/api/auth/refresh").cookie(&jun.cookie).send().await;
    assert_eq!(refreshed.status, 401);
    assert_eq!(api.sign_in("jun@example.com", PASSWORD).await.status, 401);
    let feed = api.inside("/internal/revocations?after=0").send().await;
    assert_eq!(feed.body["items"].as_array().unwrap().len(), 1);
    for table in [
        "session",
        "password_credential",
        "totp",
        "recovery_code",
        "account_link",
    ] {
        let query = format!("select count(*) from {table} where person_id = '{}'", jun.id);
        assert_eq!(api.count(&query).await, 0, "{table}");
    }
    let events = api.member_events(&jun).await;
    let last = events.last().unwrap();
    assert_eq!(record(last)["kind"], "erased");
    let person = &last["data"]["particulars"]["person"];
    assert_eq!(person["name"], "Former member");
    assert_eq!(person["email"], format!("{}@erased.invalid", jun.id));
    assert_eq!(person["removed"], true);
    let forgotten = last["data"]["particulars"]["forget"].as_array().unwrap();
    assert_eq!(
        forgotten.len(),
        2,
        "the invitation's mail and the notice of the second factor"
    );
    assert_eq!(record(&events[0])["kind"], "joined", "the record stays");
    assert!(
        !serde_json::to_string(&events)
            .unwrap()
            .contains("jun@example.com")
    );
    let members = api.get("/api/members").by(&admin).send().await;
    assert_eq!(members.body["items"].as_array().unwrap().len(), 1);

    let again = api.join(&admin, "jun@example.com", "observer").await;
    assert_ne!(again.id, jun.id, "somebody new");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_workspace_that_ever_knew_them_hears_of_it() {
    let api = Api::start().await;
    let minji = api.admin("minji@example.com").await;
    let jun = api.admin("jun@example.com").await;
    let token = api
        .link_token(&api.invite(&minji, "jun@example.com", "pic").await)
        .await;
    let body = json!({ "token": token, "password": PASSWORD });
    let there = api
        .post("/api/auth/invitations/accept")
        .json(&body)
        .send()
        .await
        .created();
    let left = format!("/api/auth/workspaces/{}/leave", there.workspace);
    assert_eq!(api.post(&left).by(&there).send().await.status, 204);
    let open = api
        .link_token(&api.invite(&jun, "friend@example.com", "pic").await)
        .await;

    assert_eq!(erase(&api, &jun, "jun@example.com").await.status, 204);
    for known in [&jun, &there] {
        let last = api.member_events(known).await.pop().unwrap();
        assert_eq!(record(&last)["kind"], "erased");
    }
    let closed = "select count(*) from workspace where deleted_at is not null";
    assert_eq!(api.count(closed).await, 1, "the one in which nobody else was");
    let body = json!({ "token": open, "name": "Friend", "password": PASSWORD });
    let over = api.post("/api/auth/invitations/accept").json(&body).send().await;
    assert_eq!(over.problem(), (409, "conflict"));
    let traces = "select count(*) from invitation where email like 'jun@%'";
    assert_eq!(api.count(traces).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_errs_or_would_leave_others_without_an_admin_stays() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let jun = api.join(&admin, "jun@example.com", "pic").await;
    for email in ["jun@example.com", "nobody@example.com"] {
        let wrong = erase(&api, &admin, email).await;
        assert_eq!(wrong.problem(), (422, "invalid"));
        assert_eq!(wrong.fields(), ["email"]);
    }
    for body in [
        json!({}),
        json!({ "email": "no address" }),
        json!({ "email": "minji@example.com", "more": 1 }),
        json!({ "email": null }),
        json!([]),
    ] {
        let refused = api.post("/api/auth/me/erase").by(&admin).json(&body).send().await;
        assert!(refused.status.is_client_error(), "{body}: {refused:?}");
    }
    let last = erase(&api, &admin, "minji@example.com").await;
    assert_eq!(last.problem(), (409, "conflict"));
    assert_eq!(last.body["state"], "last_admin");
    api.age_proofs().await;
    let old = erase(&api, &jun, "jun@example.com").await;
    assert_eq!(old.problem(), (403, "step_up_required"));
    let nobody = api.post("/api/auth/me/erase").json(&json!({})).send().await;
    assert_eq!(nobody.status, 401);
    for person in [&admin, &jun] {
        assert_eq!(api.get("/api/auth/me").by(person).send().await.status, 200);
        assert_eq!(api.member_events(person).await.len(), 1);
    }
    let erased = "select count(*) from person where erased_at is not null";
    assert_eq!(api.count(erased).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_at_once_one_is_enough() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let jun = api.join(&admin, "jun@example.com", "pic").await;
    let (one, other) = tokio::join!(
        erase(&api, &jun, "jun@example.com"),
        erase(&api, &jun, "jun@example.com")
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 401]);
    assert_eq!(api.member_events(&jun).await.len(), 2);
}
