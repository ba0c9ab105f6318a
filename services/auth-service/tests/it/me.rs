//! One's own profile.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::{
    hidden,
    support::{Api, PASSWORD},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_read_and_edited() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let me = api.get("/api/auth/me").by(&person).send().await;
    assert_eq!((me.status.as_u16(), me.header("etag")), (200, Some("\"1\"")));
    let wanted = json!({ "name": "Minji K.", "language": "ko", "time_zone": "Asia/Seoul" });
    let edited = api
        .patch("/api/auth/me")
        .by(&person)
        .version(1)
        .json(&wanted)
        .send()
        .await;
    assert_eq!(
        (edited.status.as_u16(), edited.header("etag")),
        (200, Some("\"2\""))
    );
    assert_json_snapshot!(edited.body, { ".id" => hidden::id(), ".workspace.id" => hidden::id() }, @r#"
    {
      "email": "minji@example.com",
      "email_verified": false,
      "id": "[id]",
      "kind": "person",
      "language": "ko",
      "name": "Minji K.",
      "picture": null,
      "role": "admin",
      "second_factor_needed": false,
      "time_zone": "Asia/Seoul",
      "version": 2,
      "workspace": {
        "id": "[id]",
        "name": "Seoul"
      }
    }
    "#);
    assert_eq!(api.get("/api/auth/me").by(&person).send().await.body, edited.body);
    assert_eq!(
        api.sign_in("minji@example.com", PASSWORD).await.body["person"],
        edited.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_is_an_event_with_what_changed() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let wanted = json!({ "name": "Minji K.", "language": "en" });
    api.patch("/api/auth/me")
        .by(&person)
        .version(1)
        .json(&wanted)
        .send()
        .await;
    let events = api.member_events(&person).await;
    assert_eq!(events.len(), 2);
    let record: Value = serde_json::from_str(events[1]["data"]["record"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&record["kind"], &record["version"]),
        (&json!("edited"), &json!(2))
    );
    let fields = events[1]["data"]["particulars"]["fields"].as_object().unwrap();
    assert_eq!(
        fields.keys().collect::<Vec<_>>(),
        ["name"],
        "English it was before"
    );
    assert_eq!(fields["name"]["before"]["value"], "Kim Minji");
    assert_eq!(fields["name"]["after"]["value"], "Minji K.");
    assert_eq!(events[1]["data"]["particulars"]["person"]["epoch"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_that_changes_nothing_is_no_event() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    for body in [json!({}), json!({ "name": " Kim Minji ", "language": "en" })] {
        let answer = api
            .patch("/api/auth/me")
            .by(&person)
            .version(1)
            .json(&body)
            .send()
            .await;
        assert_eq!((answer.status.as_u16(), answer.version()), (200, 1));
    }
    assert_eq!(api.member_events(&person).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_workspace_of_a_person_hears_of_an_edit() {
    let api = Api::start().await;
    let host = api.admin("host@example.com").await;
    let own = api.admin("guest@example.com").await;
    let token = api
        .link_token(&api.invite(&host, "guest@example.com", "pic").await)
        .await;
    let body = json!({ "token": token, "password": PASSWORD });
    let guest = api
        .post("/api/auth/invitations/accept")
        .json(&body)
        .send()
        .await
        .created();
    assert_eq!((guest.id, guest.workspace), (own.id, host.workspace));
    let answer = api
        .patch("/api/auth/me")
        .by(&own)
        .version(1)
        .json(&json!({ "name": "Guest" }))
        .send()
        .await;
    assert_eq!(answer.version(), 2);
    for person in [&own, &guest] {
        let events = api.member_events(person).await;
        assert_eq!(events.len(), 2);
        assert_eq!(events[1]["data"]["particulars"]["person"]["name"], "Guest");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_needs_the_version_it_is_based_on() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let wanted = json!({ "name": "Minji" });
    let blind = api.patch("/api/auth/me").by(&person).json(&wanted).send().await;
    assert_eq!(blind.problem(), (428, "version_required"));
    let stale = api
        .patch("/api/auth/me")
        .by(&person)
        .version(7)
        .json(&wanted)
        .send()
        .await;
    assert_eq!(stale.problem(), (412, "version_conflict"));
    assert_eq!(stale.body["current"]["name"], "Kim Minji");
    assert_eq!(stale.body["current"]["version"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn racing_edits_lose_nothing() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let names = ["a", "b", "c", "d"].map(|name| json!({ "name": name }));
    let calls = names
        .iter()
        .map(|body| api.patch("/api/auth/me").by(&person).version(1).json(body).send());
    let answers = futures::future::join_all(calls).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412]);
    assert_eq!(api.member_events(&person).await.len(), 2);
}
