//! Requests that are sent again.

use serde_json::json;
use test_kit::eventually;

use crate::support::{Api, PASSWORD, SOON};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_is_made_once() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let body = json!({ "email": "jun@example.com", "role": "pic" });
    let first = api
        .post("/api/invitations")
        .by(&admin)
        .key("invite-1")
        .json(&body)
        .send()
        .await;
    let again = api
        .post("/api/invitations")
        .by(&admin)
        .key("invite-1")
        .json(&body)
        .send()
        .await;
    assert_eq!(
        (first.status, again.status),
        (201.try_into().unwrap(), first.status)
    );
    assert_eq!(first.body, again.body);
    assert_eq!(first.header("etag"), again.header("etag"));
    let events = api
        .events(&format!("invitation/{}", first.body["id"].as_str().unwrap()))
        .await;
    assert_eq!(events.len(), 1);
    let other = json!({ "email": "mina@example.com", "role": "pic" });
    let reused = api
        .post("/api/invitations")
        .by(&admin)
        .key("invite-1")
        .json(&other)
        .send()
        .await;
    assert_eq!(reused.problem(), (422, "idempotency_key_reused"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_answer_again_as_they_did() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let member = api.join(&admin, "jun@example.com", "pic").await;
    let path = format!("/api/members/{}", member.id);
    let role = json!({ "role": "observer" });
    let name = json!({ "name": "Minji" });
    for _ in 0..2 {
        let changed = api
            .patch(&path)
            .by(&admin)
            .version(1)
            .key("role")
            .json(&role)
            .send()
            .await;
        assert_eq!(
            (changed.status.as_u16(), changed.version()),
            (200, 2),
            "{changed:?}"
        );
        let edited = api
            .patch("/api/auth/me")
            .by(&admin)
            .version(1)
            .key("name")
            .json(&name)
            .send()
            .await;
        assert_eq!((edited.status.as_u16(), edited.version()), (200, 2), "{edited:?}");
    }
    for _ in 0..2 {
        let removed = api.delete(&path).by(&admin).version(2).key("remove").send().await;
        assert_eq!(removed.status, 204, "{removed:?}");
    }
    let invitation = api.invite(&admin, "mina@example.com", "pic").await;
    let path = format!("/api/invitations/{}", invitation["id"].as_str().unwrap());
    for _ in 0..2 {
        let withdrawn = api
            .delete(&path)
            .by(&admin)
            .version(1)
            .key("withdraw")
            .send()
            .await;
        assert_eq!(withdrawn.status, 204, "{withdrawn:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_up_again_gives_the_same_account() {
    let api = Api::start_with(&[("auth.sign_up", "first")]).await;
    let body =
        json!({ "email": "minji@example.com", "password": PASSWORD, "name": "M", "workspace_name": "S" });
    let first = api
        .post("/api/auth/sign-up")
        .key("sign-up")
        .json(&body)
        .send()
        .await
        .created();
    let again = api
        .post("/api/auth/sign-up")
        .key("sign-up")
        .json(&body)
        .send()
        .await
        .created();
    assert_eq!((first.id, first.workspace), (again.id, again.workspace));
    assert_ne!(first.cookie, again.cookie);
    let mut guess = body.clone();
    guess["password"] = json!("a guess at the password");
    let guessed = api
        .post("/api/auth/sign-up")
        .key("sign-up")
        .json(&guess)
        .send()
        .await;
    assert_eq!(guessed.problem(), (422, "idempotency_key_reused"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accepting_again_gives_the_same_member() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let token = api
        .link_token(&api.invite(&admin, "jun@example.com", "pic").await)
        .await;
    let body = json!({ "token": token, "name": "Jun", "password": PASSWORD });
    let path = "/api/auth/invitations/accept";
    let first = api.post(path).key("accept").json(&body).send().await.created();
    let again = api.post(path).key("accept").json(&body).send().await.created();
    assert_eq!((first.id, first.workspace), (again.id, again.workspace));
    assert_eq!(api.member_events(&first).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_left_with_the_key() {
    let api = Api::start().await;
    let body =
        json!({ "email": "minji@example.com", "password": PASSWORD, "name": "M", "workspace_name": "S" });
    let person = api
        .post("/api/auth/sign-up")
        .key("sign-up")
        .json(&body)
        .send()
        .await
        .created();
    let row = api
        .sql()
        .await
        .query_one("select answer, fingerprint from idempotency_key", &[])
        .await
        .unwrap();
    let answer: String = row.get(0);
    assert!(
        !answer.contains(&person.cookie) && !answer.contains(&person.token) && !answer.contains(PASSWORD)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_in_flight_is_refused_at_once() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let member = api.join(&admin, "jun@example.com", "pic").await;
    let path = format!("/api/members/{}", member.id);
    let role = json!({ "role": "observer" });
    let request = || {
        api.patch(&path)
            .by(&admin)
            .version(1)
            .key("same")
            .json(&role)
            .send()
    };

    let mut holder = api.sql().await;
    let held = holder.transaction().await.unwrap();
    held.execute("select 1 from workspace for update", &[])
        .await
        .unwrap();
    let watcher = api.sql().await;
    let (first, second) = futures::join!(request(), async {
        eventually(SOON, async || {
            let waiting = "select count(*) from pg_stat_activity
                           where datname = current_database() and wait_event_type = 'Lock'";
            let count: i64 = watcher.query_one(waiting, &[]).await.unwrap().get(0);
            (count > 0).then_some(())
        })
        .await;
        let second = request().await;
        held.commit().await.unwrap();
        second
    });
    assert_eq!(second.problem(), (409, "idempotency_key_in_flight"));
    assert_eq!((first.status.as_u16(), first.version()), (200, 2));
    assert_eq!(request().await.body, first.body);
}
