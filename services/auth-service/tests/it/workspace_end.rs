//! The end of a workspace.

use serde_json::json;

use crate::support::{Answer, Api, PASSWORD, Person};

async fn delete(api: &Api, by: &Person, name: &str) -> Answer {
    let call = api.delete("/api/workspace").by(by);
    call.json(&json!({ "name": name })).send().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memberships_sessions_and_invitations_end_with_it() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let jun = api.join(&admin, "jun@example.com", "pic").await;
    let elsewhere = api.admin("own@example.com").await;
    let invited = api.invite(&admin, "late@example.com", "pic").await;
    let token = api.link_token(&invited).await;
    assert_eq!(delete(&api, &admin, " Seoul ").await.status, 204);

    for person in [&admin, &jun] {
        assert_eq!(api.get("/api/auth/me").by(person).send().await.status, 401);
        let refreshed = api.post("/api/auth/refresh").cookie(&person.cookie).send().await;
        assert_eq!(refreshed.status, 401);
        let last = api.member_events(person).await.pop().unwrap();
        assert_eq!(last["data"]["particulars"]["person"]["removed"], true);
    }
    let feed = api.inside("/internal/revocations?after=0").send().await;
    assert_eq!(feed.body["items"].as_array().unwrap().len(), 2);
    let body = json!({ "token": token, "name": "Late", "password": PASSWORD });
    let over = api.post("/api/auth/invitations/accept").json(&body).send().await;
    assert_eq!(over.problem(), (409, "conflict"), "{over:?}");
    let nowhere = api.sign_in("jun@example.com", PASSWORD).await;
    assert_eq!(nowhere.problem(), (403, "forbidden"));
    assert_eq!(api.get("/api/auth/me").by(&elsewhere).send().await.status, 200);
    assert_eq!(api.incidents().await.last().unwrap(), "workspace_deleted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_wants_an_admin_a_proof_and_its_name() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let jun = api.join(&admin, "jun@example.com", "supervisor").await;
    assert_eq!(delete(&api, &jun, "Seoul").await.problem(), (403, "forbidden"));
    for name in ["seoul", "Busan", ""] {
        let wrong = delete(&api, &admin, name).await;
        assert_eq!(wrong.problem(), (422, "invalid"));
        assert_eq!(wrong.fields(), ["name"]);
    }
    for body in [json!({}), json!({ "name": "Seoul", "more": 1 }), json!([])] {
        let refused = api.delete("/api/workspace").by(&admin).json(&body).send().await;
        assert!(refused.status.is_client_error(), "{body}: {refused:?}");
    }
    api.age_proofs().await;
    let old = delete(&api, &admin, "Seoul").await;
    assert_eq!(old.problem(), (403, "step_up_required"));
    assert_eq!(api.get("/api/auth/me").by(&jun).send().await.status, 200);
    assert_eq!(
        api.count("select count(*) from membership where removed_at is null")
            .await,
        2
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_members_leave_in_one_go() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let sql = format!(
        "insert into person (id, email, name, language, time_zone, created_at)
         select gen_random_uuid(), n || '@many.example', 'Many', 'en', 'UTC', now() from generate_series(1, 9999) n;
         insert into membership (workspace_id, person_id, role, version, epoch, joined_at)
         select '{workspace}', id, 'pic', 1, 1, now() from person where email like '%@many.example';
         insert into session (id, workspace_id, person_id, created_at, expires_at)
         select gen_random_uuid(), '{workspace}', person_id, now(), now() + interval '1 day' from membership
         where role = 'pic'",
        workspace = admin.workspace
    );
    api.sql().await.batch_execute(&sql).await.unwrap();
    assert_eq!(delete(&api, &admin, "Seoul").await.status, 204);
    let removed = "select count(*) from event_log where record::json ->> 'kind' = 'removed'";
    assert_eq!(api.count(removed).await, 10_000);
    let revoked = "select count(*) from revocation where minimum_epoch = 9223372036854775807";
    assert_eq!(api.count(revoked).await, 10_000);
}
