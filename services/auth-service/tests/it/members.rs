//! Members: listing, roles, removal.

use insta::assert_json_snapshot;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    hidden,
    support::{Answer, Api, PASSWORD, Person, claims},
};

async fn give_role(api: &Api, admin: &Person, member: Uuid, version: i64, role: &str) -> Answer {
    let path = format!("/api/members/{member}");
    api.patch(&path)
        .by(admin)
        .version(version)
        .json(&json!({ "role": role }))
        .send()
        .await
}

async fn remove(api: &Api, admin: &Person, member: Uuid, version: i64) -> Answer {
    api.delete(&format!("/api/members/{member}"))
        .by(admin)
        .version(version)
        .send()
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn are_listed_to_everybody_in_pages() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    for name in ["b", "c", "d"] {
        api.join(&admin, &format!("{name}@example.com"), "pic").await;
    }
    let observer = api.join(&admin, "e@example.com", "observer").await;
    let mut emails = Vec::new();
    let mut path = "/api/members?limit=2".to_owned();
    loop {
        let page = api.get(&path).by(&observer).send().await;
        assert_eq!(page.status, 200, "{page:?}");
        emails.extend(
            page.body["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["email"].clone()),
        );
        match page.body["next"].as_str() {
            Some(next) => path = format!("/api/members?limit=2&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(
        emails,
        ["minji", "b", "c", "d", "e"].map(|name| json!(format!("{name}@example.com")))
    );
    let page = api.get("/api/members?limit=1").by(&admin).send().await;
    assert_json_snapshot!(page.body["items"], { "[].id" => hidden::id(), "[].joined_at" => hidden::now() }, @r#"
    [
      {
        "email": "minji@example.com",
        "id": "[id]",
        "joined_at": "[now]",
        "kind": "person",
        "name": "Kim Minji",
        "picture": null,
        "role": "admin",
        "version": 1
      }
    ]
    "#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_role_raises_the_epoch_and_outdates_tokens() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let member = api.join(&admin, "jun@example.com", "pic").await;
    let answer = give_role(&api, &admin, member.id, 1, "supervisor").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("etag")),
        (200, Some("\"2\"")),
        "{answer:?}"
    );
    assert_eq!(answer.body["role"], "supervisor");
    assert_eq!(
        api.get("/api/auth/me").by(&member).send().await.problem(),
        (401, "unauthenticated")
    );
    let renewed = api
        .post("/api/auth/refresh")
        .cookie(&member.cookie)
        .send()
        .await
        .person();
    let claims = claims(&renewed.token);
    assert_eq!(
        (&claims["role"], &claims["epoch"]),
        (&json!("supervisor"), &json!(2))
    );
    assert_eq!(
        api.get("/api/auth/me").by(&renewed).send().await.body["role"],
        "supervisor"
    );

    let events = api.member_events(&member).await;
    assert_eq!(events.len(), 2);
    let record: Value = serde_json::from_str(events[1]["data"]["record"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&record["kind"], &record["actor"]),
        (&json!("role_changed"), &json!(admin.id))
    );
    let particulars = &events[1]["data"]["particulars"];
    assert_eq!(particulars["actor_name"], "Kim Minji");
    assert_eq!(particulars["fields"]["role"]["before"]["value"], "pic");
    assert_eq!(particulars["fields"]["role"]["after"]["value"], "supervisor");
    assert_eq!(
        (&particulars["person"]["role"], &particulars["person"]["epoch"]),
        (&json!("supervisor"), &json!(2))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_role_again_changes_nothing() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let member = api.join(&admin, "jun@example.com", "pic").await;
    let answer = give_role(&api, &admin, member.id, 1, "pic").await;
    assert_eq!((answer.status.as_u16(), answer.version()), (200, 1));
    assert_eq!(api.get("/api/auth/me").by(&member).send().await.status, 200);
    assert_eq!(api.member_events(&member).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_member_is_out_at_once() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let member = api.join(&admin, "jun@example.com", "pic").await;
    assert_eq!(remove(&api, &admin, member.id, 1).await.status, 204);
    assert_eq!(
        api.get("/api/auth/me").by(&member).send().await.problem(),
        (401, "unauthenticated")
    );
    let renewed = api.post("/api/auth/refresh").cookie(&member.cookie).send().await;
    assert_eq!(renewed.problem(), (401, "unauthenticated"));
    assert_eq!(
        api.sign_in("jun@example.com", PASSWORD).await.problem(),
        (403, "forbidden")
    );
    assert_eq!(
        remove(&api, &admin, member.id, 2).await.problem(),
        (404, "not_found")
    );
    let members = api.get("/api/members").by(&admin).send().await;
    assert_eq!(members.body["items"].as_array().unwrap().len(), 1);
    let events = api.member_events(&member).await;
    let person = &events[1]["data"]["particulars"]["person"];
    assert_eq!((&person["removed"], &person["epoch"]), (&json!(true), &json!(2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_member_can_come_back_with_versions_going_on() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let member = api.join(&admin, "jun@example.com", "pic").await;
    remove(&api, &admin, member.id, 1).await;
    let back = api.join(&admin, "jun@example.com", "observer").await;
    assert_eq!(back.id, member.id);
    assert_eq!(claims(&back.token)["epoch"], 3);
    let versions: Vec<Value> = api
        .member_events(&back)
        .await
        .iter()
        .map(|event| event["sequence"].clone())
        .collect();
    assert_eq!(versions, ["1", "2", "3"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_admin_stays_admin_and_member() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    assert_eq!(
        give_role(&api, &admin, admin.id, 1, "pic").await.problem(),
        (409, "conflict")
    );
    assert_eq!(
        remove(&api, &admin, admin.id, 1).await.problem(),
        (409, "conflict")
    );
    let other = api.join(&admin, "jun@example.com", "admin").await;
    assert_eq!(give_role(&api, &admin, admin.id, 1, "observer").await.status, 200);
    assert_eq!(
        remove(&api, &other, other.id, 1).await.problem(),
        (409, "conflict")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_admins_cannot_remove_each_other_at_once() {
    let api = Api::start().await;
    let one = api.admin("minji@example.com").await;
    let other = api.join(&one, "jun@example.com", "admin").await;
    let answers =
        futures::future::join(remove(&api, &one, other.id, 1), remove(&api, &other, one.id, 1)).await;
    let statuses = [answers.0.status.as_u16(), answers.1.status.as_u16()];
    assert_eq!(
        statuses.iter().filter(|status| **status == 204).count(),
        1,
        "{statuses:?}"
    );
    let left = if statuses[0] == 204 { &one } else { &other };
    let members = api.get("/api/members").by(left).send().await;
    assert_eq!(members.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_admins_change_members() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    for role in ["supervisor", "pic", "observer"] {
        let member = api.join(&admin, &format!("{role}@example.com"), role).await;
        assert_eq!(
            give_role(&api, &member, member.id, 1, "admin").await.problem(),
            (403, "forbidden")
        );
        assert_eq!(
            remove(&api, &member, admin.id, 1).await.problem(),
            (403, "forbidden")
        );
        let invite = json!({ "email": "x@example.com", "role": "pic" });
        let invited = api
            .post("/api/invitations")
            .by(&member)
            .json(&invite)
            .send()
            .await;
        assert_eq!(invited.problem(), (403, "forbidden"));
        assert_eq!(
            api.get("/api/invitations").by(&member).send().await.problem(),
            (403, "forbidden")
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_workspaces_are_not_there() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let stranger = api.admin("stranger@example.com").await;
    for id in [stranger.id, Uuid::now_v7()] {
        assert_eq!(
            give_role(&api, &admin, id, 1, "pic").await.problem(),
            (404, "not_found")
        );
        assert_eq!(remove(&api, &admin, id, 1).await.problem(), (404, "not_found"));
    }
    let invitation = api.invite(&stranger, "jun@example.com", "pic").await;
    let path = format!("/api/invitations/{}", invitation["id"].as_str().unwrap());
    let withdrawn = api.delete(&path).by(&admin).version(1).send().await;
    assert_eq!(withdrawn.problem(), (404, "not_found"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_need_the_version_they_are_based_on() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let member = api.join(&admin, "jun@example.com", "pic").await;
    let path = format!("/api/members/{}", member.id);
    let blind = api
        .patch(&path)
        .by(&admin)
        .json(&json!({ "role": "observer" }))
        .send()
        .await;
    assert_eq!(blind.problem(), (428, "version_required"));
    assert_eq!(
        api.delete(&path).by(&admin).send().await.problem(),
        (428, "version_required")
    );
    give_role(&api, &admin, member.id, 1, "observer").await;
    let stale = give_role(&api, &admin, member.id, 1, "supervisor").await;
    assert_eq!(stale.problem(), (412, "version_conflict"));
    assert_eq!(stale.body["current"]["role"], "observer");
    assert_eq!(stale.body["current"]["version"], 2);
    assert_eq!(
        remove(&api, &admin, member.id, 1).await.problem(),
        (412, "version_conflict")
    );
    // A proxy that compresses weakens entity tags.
    let weak = api
        .patch(&path)
        .by(&admin)
        .header("if-match", "W/\"2\"")
        .json(&json!({ "role": "pic" }));
    assert_eq!(weak.send().await.status, 200);
}
