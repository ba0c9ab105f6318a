//! Invitations, from both sides.

use chrono::TimeDelta;
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use test_kit::eventually;
use uuid::Uuid;

use crate::{
    hidden,
    support::{Answer, Api, PASSWORD, SOON},
};

async fn inspect(api: &Api, token: &str) -> Answer {
    api.post("/api/auth/invitations/inspect")
        .json(&json!({ "token": token }))
        .send()
        .await
}

async fn accept(api: &Api, token: &str) -> Answer {
    let body = json!({ "token": token, "name": "박준", "password": PASSWORD, "language": "ko" });
    api.post("/api/auth/invitations/accept").json(&body).send().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lead_somebody_new_into_the_workspace() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let body = json!({ "email": " Jun@Example.com", "role": "supervisor", "language": "ko" });
    let answer = api.post("/api/invitations").by(&admin).json(&body).send().await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("etag")),
        (201, Some("\"1\"")),
        "{answer:?}"
    );
    let id = answer.body["id"].as_str().unwrap();
    assert_eq!(
        answer.header("location"),
        Some(format!("/api/invitations/{id}").as_str())
    );
    assert_json_snapshot!(answer.body, {
        ".id" => hidden::id(),
        ".invited_by.id" => hidden::id(),
        ".created_at" => hidden::now(),
        ".expires_at" => hidden::moment(TimeDelta::days(7), "[in seven days]"),
    }, @r#"
    {
      "created_at": "[now]",
      "email": "jun@example.com",
      "expires_at": "[in seven days]",
      "id": "[id]",
      "invited_by": {
        "id": "[id]",
        "name": "Kim Minji"
      },
      "role": "supervisor",
      "version": 1
    }
    "#);
    let listed = api.get("/api/invitations").by(&admin).send().await;
    assert_eq!(listed.body, json!({ "items": [answer.body], "next": null }));

    let token = api.link_token(&answer.body).await;
    let seen = inspect(&api, &token).await;
    assert_json_snapshot!(seen.body, {
        ".expires_at" => hidden::moment(TimeDelta::days(7), "[in seven days]"),
    }, @r#"
    {
      "email": "jun@example.com",
      "expires_at": "[in seven days]",
      "invited_by": "Kim Minji",
      "known_person": false,
      "role": "supervisor",
      "workspace_name": "Seoul"
    }
    "#);

    let accepted = accept(&api, &token).await;
    let member = accepted.created();
    assert_eq!(member.workspace, admin.workspace);
    let person = &accepted.body["person"];
    assert_eq!(
        (&person["role"], &person["language"]),
        (&json!("supervisor"), &json!("ko"))
    );
    assert_eq!(api.sign_in("jun@example.com", PASSWORD).await.status, 200);
    assert_eq!(
        api.get("/api/invitations").by(&admin).send().await.body["items"],
        json!([])
    );
    let events = api.member_events(&member).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["data"]["particulars"]["person"]["role"], "supervisor");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ask_for_a_mail_without_the_link() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let invitation = api.invite(&admin, "jun@example.com", "pic").await;
    let token = api.link_token(&invitation).await;
    let events = api
        .events(&format!("invitation/{}", invitation["id"].as_str().unwrap()))
        .await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["type"], "mail.requested");
    let text = events[0].to_string();
    assert!(!text.contains(&token) && !text.contains("join#"));
    assert_json_snapshot!(events[0]["data"]["particulars"]["mail"], { ".invitation" => hidden::id() }, @r#"
    {
      "email": "jun@example.com",
      "invitation": "[id]",
      "invited_by": "Kim Minji",
      "language": "en",
      "mail": "invitation",
      "workspace_name": "Seoul"
    }
    "#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_link_is_for_other_services_alone() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let invitation = api.invite(&admin, "jun@example.com", "pic").await;
    let path = format!(
        "/internal/invitations/{}/link",
        invitation["id"].as_str().unwrap()
    );
    assert_eq!(
        api.inside_as_stranger(&path).send().await.problem(),
        (401, "unauthenticated")
    );
    let admins = api.inside_as_stranger(&path).by(&admin).send().await;
    assert_eq!(admins.problem(), (401, "unauthenticated"));
    assert_eq!(
        api.get(&path).by(&admin).send().await.problem(),
        (404, "not_found")
    );
    let unknown = format!("/internal/invitations/{}/link", Uuid::now_v7());
    assert_eq!(api.inside(&unknown).send().await.problem(), (404, "not_found"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_once() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let token = api
        .link_token(&api.invite(&admin, "jun@example.com", "pic").await)
        .await;
    let answers = futures::future::join_all((0..4).map(|_| accept(&api, &token))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201, "{statuses:?}");
    // Who loses the race finds the invitation used, or the address already with an account.
    assert!(statuses[1..].iter().all(|status| *status == 409), "{statuses:?}");
    let late = accept(&api, &token).await;
    assert_eq!(late.problem(), (409, "conflict"));
    assert_eq!(late.body["state"], "accepted");
    assert_eq!(inspect(&api, &token).await.body["state"], "accepted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn can_be_withdrawn() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let invitation = api.invite(&admin, "jun@example.com", "pic").await;
    let token = api.link_token(&invitation).await;
    let path = format!("/api/invitations/{}", invitation["id"].as_str().unwrap());
    assert_eq!(
        api.delete(&path).by(&admin).send().await.problem(),
        (428, "version_required")
    );
    let stale = api.delete(&path).by(&admin).version(9).send().await;
    assert_eq!(stale.problem(), (412, "version_conflict"));
    assert_eq!(stale.body["current"], invitation);
    assert_eq!(api.delete(&path).by(&admin).version(1).send().await.status, 204);
    assert_eq!(
        api.delete(&path).by(&admin).version(2).send().await.problem(),
        (404, "not_found")
    );
    assert_eq!(inspect(&api, &token).await.body["state"], "withdrawn");
    assert_eq!(accept(&api, &token).await.problem(), (409, "conflict"));
    let link = format!(
        "/internal/invitations/{}/link",
        invitation["id"].as_str().unwrap()
    );
    assert_eq!(api.inside(&link).send().await.problem(), (404, "not_found"));
    api.invite(&admin, "jun@example.com", "pic").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn expire_and_can_be_made_anew() {
    let api = Api::start_with(&[("auth.invitation_seconds", "1")]).await;
    let admin = api.admin("minji@example.com").await;
    let first = api.invite(&admin, "jun@example.com", "pic").await;
    let token = api.link_token(&first).await;
    let over = eventually(SOON, async || {
        let answer = inspect(&api, &token).await;
        (answer.status == 409).then_some(answer)
    })
    .await;
    assert_eq!(over.body["state"], "expired");
    assert_eq!(accept(&api, &token).await.body["state"], "expired");
    let second = api.invite(&admin, "jun@example.com", "observer").await;
    let listed = api.get("/api/invitations").by(&admin).send().await;
    let ids: Vec<&Value> = listed.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["id"])
        .collect();
    assert_eq!(ids, [&second["id"]]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn are_not_for_members_nor_twice_for_one_address() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    api.invite(&admin, "jun@example.com", "pic").await;
    for email in ["jun@example.com", "minji@example.com"] {
        let body = json!({ "email": email, "role": "pic" });
        let again = api.post("/api/invitations").by(&admin).json(&body).send().await;
        assert_eq!(again.problem(), (409, "conflict"), "{email}");
        assert_eq!(again.fields(), ["email"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn take_the_account_somebody_has() {
    let api = Api::start().await;
    let host = api.admin("host@example.com").await;
    let guest = api.admin("guest@example.com").await;
    let token = api
        .link_token(&api.invite(&host, "guest@example.com", "pic").await)
        .await;
    assert_eq!(inspect(&api, &token).await.body["known_person"], true);
    let wrong = json!({ "token": token, "password": "not the password" });
    let refused = api.post("/api/auth/invitations/accept").json(&wrong).send().await;
    assert_eq!(refused.problem(), (422, "invalid"));
    assert_eq!(refused.fields(), ["password"]);
    let right = json!({ "token": token, "password": PASSWORD, "name": "Not Looked At" });
    let answer = api.post("/api/auth/invitations/accept").json(&right).send().await;
    let member = answer.created();
    assert_eq!((member.id, member.workspace), (guest.id, host.workspace));
    assert_eq!(answer.body["person"]["name"], "Kim Minji");
    // From now on they come in where they were last.
    let signed_in = api.sign_in("guest@example.com", PASSWORD).await.person();
    assert_eq!(signed_in.workspace, host.workspace);
    assert_eq!(api.get("/api/auth/me").by(&guest).send().await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_tokens_open_nothing() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let token = api
        .link_token(&api.invite(&admin, "jun@example.com", "pic").await)
        .await;
    let other = api
        .link_token(&api.invite(&admin, "mina@example.com", "pic").await)
        .await;
    // One invitation's id with another's proof: the id takes 16 bytes, which end within the 22nd character.
    let mixed = format!("{}{}", &token[..24], &other[24..]);
    for forged in [
        "",
        "x",
        &"A".repeat(64),
        &"가".repeat(64),
        &mixed,
        &"A".repeat(10_000),
    ] {
        assert_eq!(
            inspect(&api, forged).await.problem(),
            (404, "not_found"),
            "{forged}"
        );
        assert_eq!(
            accept(&api, forged).await.problem(),
            (404, "not_found"),
            "{forged}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ask_somebody_new_for_name_and_a_good_password() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let token = api
        .link_token(&api.invite(&admin, "jun@example.com", "pic").await)
        .await;
    let nameless = json!({ "token": token, "password": PASSWORD });
    let answer = api
        .post("/api/auth/invitations/accept")
        .json(&nameless)
        .send()
        .await;
    assert_eq!(
        (answer.problem(), answer.fields()),
        ((422, "invalid"), vec!["name"])
    );
    let short = json!({ "token": token, "password": "short", "name": "Jun" });
    let answer = api.post("/api/auth/invitations/accept").json(&short).send().await;
    assert_eq!(
        (answer.problem(), answer.fields()),
        ((422, "invalid"), vec!["password"])
    );
}
