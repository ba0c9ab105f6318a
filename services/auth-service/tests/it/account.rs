//! One's own password and address.

use serde_json::json;
use test_kit::eventually;

use crate::support::{Answer, Api, PASSWORD, Person, SOON};

const NEW: &str = "another horse battery";

async fn change(api: &Api, person: &Person, new: &str) -> Answer {
    let body = json!({ "new_password": new });
    api.post("/api/auth/password").by(person).json(&body).send().await
}

async fn forget(api: &Api, email: &str) -> Answer {
    let body = json!({ "email": email });
    api.post("/api/auth/password/forgot").json(&body).send().await
}

async fn reset(api: &Api, token: &str, new: &str) -> Answer {
    let body = json!({ "token": token, "new_password": new });
    api.post("/api/auth/password/reset").json(&body).send().await
}

/// Asks for a reset, has the request answered, and gives the link's token.
async fn reset_token(api: &Api) -> String {
    assert_eq!(forget(api, "minji@example.com").await.status, 202);
    assert_eq!(api.service.app().settle_notes().await.unwrap(), 1);
    api.account_token("reset").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_password_ends_all_other_sessions() {
    let api = Api::start().await;
    let here = api.admin("minji@example.com").await;
    let there = api.sign_in("minji@example.com", PASSWORD).await.person();
    assert_eq!(change(&api, &here, NEW).await.status, 204);
    assert_eq!(api.get("/api/auth/me").by(&here).send().await.status, 200);
    assert_eq!(api.get("/api/auth/me").by(&there).send().await.status, 401);
    assert_eq!(api.sign_in("minji@example.com", PASSWORD).await.status, 401);
    assert_eq!(api.sign_in("minji@example.com", NEW).await.status, 200);
    assert_eq!(api.mails().await, ["password_changed"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_guessed_first_is_refused_wherever_one_chooses() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    for common in [
        "password1234",
        "qwertyuiop12",
        "aaaaaaaaaaaa",
        "minji@example.com",
        "123456789012",
    ] {
        let answer = change(&api, &person, common).await;
        assert_eq!(
            (answer.problem(), answer.fields()),
            ((422, "invalid"), vec!["new_password"]),
            "{common}"
        );
    }
    let token = api.sign_up_token("jun@example.com").await;
    let body =
        json!({ "token": token, "password": "iloveyou1234", "name": "Jun", "workspace_name": "Busan" });
    let answer = api.post("/api/auth/sign-up/complete").json(&body).send().await;
    assert_eq!(
        (answer.problem(), answer.fields()),
        ((422, "invalid"), vec!["password"])
    );
    for wrong in ["short", &"a".repeat(129)] {
        assert_eq!(change(&api, &person, wrong).await.fields(), ["new_password"]);
    }
    assert_eq!(api.mails().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_password_is_replaced_by_a_link() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let token = reset_token(&api).await;
    assert_eq!(reset(&api, &token, NEW).await.status, 204);
    assert_eq!(
        api.get("/api/auth/me").by(&person).send().await.status,
        401,
        "every session ends"
    );
    assert_eq!(api.sign_in("minji@example.com", PASSWORD).await.status, 401);
    let back = api.sign_in("minji@example.com", NEW).await;
    assert_eq!(back.body["person"]["email_verified"], true, "the mail was read");
    let again = reset(&api, &token, "a third horse battery").await;
    assert_eq!(again.problem(), (409, "conflict"));
    assert_eq!(again.body["state"], "used");
    assert_eq!(api.mails().await, ["reset", "password_reset"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_works_once_also_for_two_at_once() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    let token = reset_token(&api).await;
    let (one, two) = tokio::join!(
        reset(&api, &token, NEW),
        reset(&api, &token, "a third horse battery")
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_expire_and_forged_ones_never_worked() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    let token = reset_token(&api).await;
    let old = "update account_link set expires_at = now() - interval '1 second'";
    api.sql().await.batch_execute(old).await.unwrap();
    let answer = reset(&api, &token, NEW).await;
    assert_eq!(
        (answer.problem(), &answer.body["state"]),
        ((409, "conflict"), &json!("expired"))
    );
    let forged = format!("{}{}", &token[..63], if token.ends_with('A') { "B" } else { "A" });
    for token in [forged.as_str(), "", "x", &"A".repeat(64), &"A".repeat(60_000)] {
        assert_eq!(reset(&api, token, NEW).await.problem(), (404, "not_found"));
    }
    assert_eq!(api.sign_in("minji@example.com", PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn known_and_unknown_addresses_are_answered_alike() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    let known = forget(&api, "minji@example.com").await;
    let unknown = forget(&api, "nobody@example.com").await;
    assert_eq!((known.status, known.body), (unknown.status, unknown.body));
    assert_eq!(
        api.count("select count(*) from address_note").await,
        2,
        "both cost one row"
    );
    assert_eq!(api.service.app().settle_notes().await.unwrap(), 2);
    assert_eq!(api.mails().await, ["reset"]);
    assert_eq!(api.count("select count(*) from address_note").await, 0);
    assert_eq!(forget(&api, "not an address").await.fields(), ["email"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_can_fill_a_mailbox() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    for _ in 0..10 {
        forget(&api, "minji@example.com").await;
    }
    assert_eq!(api.service.app().settle_notes().await.unwrap(), 10);
    assert_eq!(api.mails().await.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_worker_answers_by_itself() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    let workers = web_kit::Workers::new();
    web_kit::Service::start_workers(&api.service, &workers);
    forget(&api, "minji@example.com").await;
    eventually(SOON, async || (api.mails().await == ["reset"]).then_some(())).await;
    assert!(workers.drain(SOON).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_is_verified_by_a_link() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let me = api.get("/api/auth/me").by(&person).send().await;
    assert_eq!(me.body["email_verified"], false);
    let ask = || api.post("/api/auth/email/send-verification").by(&person).send();
    assert_eq!(ask().await.status, 202);
    let body = json!({ "token": api.account_token("verify").await });
    let verify = || api.post("/api/auth/email/verify").json(&body).send();
    // A link for one purpose is none for another.
    let token = body["token"].as_str().unwrap();
    assert_eq!(reset(&api, token, NEW).await.problem(), (404, "not_found"));
    assert_eq!(verify().await.status, 204);
    assert_eq!(verify().await.problem(), (409, "conflict"));
    let me = api.get("/api/auth/me").by(&person).send().await;
    assert_eq!(me.body["email_verified"], true);
    assert_eq!(ask().await.status, 202);
    assert_eq!(api.mails().await, ["verify"], "nothing is left to verify");
    let guest = api.join(&person, "jun@example.com", "pic").await;
    let me = api.get("/api/auth/me").by(&guest).send().await;
    assert_eq!(
        me.body["email_verified"], true,
        "who came by an invitation has read its mail"
    );
}
