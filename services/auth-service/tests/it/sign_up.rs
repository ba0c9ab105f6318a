//! Signing up.

use std::time::Duration;

use insta::assert_json_snapshot;
use serde_json::{Value, json};
use test_kit::eventually;

use crate::{
    hidden,
    support::{Answer, Api, PASSWORD, claims},
};

impl Api {
    /// Asks for a link to sign up, and gives the token of the one that is mailed to this address.
    pub(crate) async fn sign_up_token(&self, email: &str) -> String {
        let body = json!({ "email": email });
        let asked = self.post("/api/auth/sign-up/begin").json(&body).send().await;
        assert_eq!(asked.status, 202, "{asked:?}");
        self.mailed_token("sign_up", &email.to_lowercase()).await
    }

    /// The token of the newest link that a mail of this kind brings to an address, as notify-service gets it. Another
    /// of the same test may be settling the note.
    pub(crate) async fn mailed_token(&self, mail: &str, email: &str) -> String {
        let mails =
            "select (particulars::jsonb -> 'mail' ->> 'link') from event_log where type = 'mail.requested'
                     and particulars::jsonb -> 'mail' ->> 'mail' = $1
                     and particulars::jsonb -> 'mail' ->> 'email' = $2 order by id desc limit 1";
        let sql = self.sql().await;
        let link: String = eventually(Duration::from_secs(30), async || {
            self.service.app().settle_notes().await.unwrap();
            let row = sql.query_opt(mails, &[&mail, &email]).await.unwrap();
            row.map(|row| row.get(0))
        })
        .await;
        let answer = self.inside(&format!("/internal/links/{link}")).send().await;
        let url = answer.body["url"].as_str().unwrap();
        url.split_once("#token=").unwrap().1.to_owned()
    }
}

fn body(email: &str) -> Value {
    json!({
        "email": email, "password": PASSWORD, "name": " 김민지 ", "workspace_name": "서울",
        "language": "ko", "time_zone": "Asia/Seoul"
    })
}

async fn sign_up(api: &Api, email: &str) -> Answer {
    api.post("/api/auth/sign-up").json(&body(email)).send().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn makes_a_person_a_workspace_and_a_session() {
    let api = Api::start().await;
    let answer = sign_up(&api, " Minji@Example.COM ").await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_json_snapshot!(answer.body, {
        ".access_token" => hidden::token(),
        ".person.id" => hidden::id(),
        ".person.workspace.id" => hidden::id(),
    }, @r#"
    {
      "access_token": "[token]",
      "expires_in": 300,
      "person": {
        "email": "minji@example.com",
        "email_verified": false,
        "id": "[id]",
        "kind": "person",
        "language": "ko",
        "name": "김민지",
        "picture": null,
        "role": "admin",
        "second_factor_needed": false,
        "time_zone": "Asia/Seoul",
        "version": 1,
        "workspace": {
          "id": "[id]",
          "name": "서울"
        }
      },
      "second_factor_needed": false,
      "token_type": "Bearer"
    }
    "#);
    let cookie = answer.header("set-cookie").unwrap();
    let attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
    assert_eq!(
        attributes,
        [
            "HttpOnly",
            "SameSite=Strict",
            "Secure",
            "Path=/",
            "Max-Age=1209600"
        ]
    );
    assert_eq!(answer.refresh_token().unwrap().len(), 43);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_token_says_who_where_and_as_what() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let claims = claims(&person.token);
    assert_eq!(claims["iss"], "https://onus.test");
    assert_eq!(claims["aud"], "onus");
    assert_eq!(claims["sub"], person.id.to_string());
    assert_eq!(claims["workspace"], person.workspace.to_string());
    assert_eq!(claims["role"], "admin");
    assert_eq!(claims["name"], "Kim Minji");
    assert_eq!(claims["epoch"], 1);
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        300
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tells_the_other_services() {
    let api = Api::start().await;
    let person = sign_up(&api, "minji@example.com").await.created();
    let events = api.member_events(&person).await;
    assert_eq!(events.len(), 1);
    let event = &events[0];
    assert_eq!(event["type"], "user.changed");
    assert_eq!(event["sequence"], "1");
    let record: Value = serde_json::from_str(event["data"]["record"].as_str().unwrap()).unwrap();
    assert_eq!(record["kind"], "joined");
    assert_eq!(record["actor"], person.id.to_string());
    assert_json_snapshot!(event["data"]["particulars"]["person"], { ".id" => hidden::id() }, @r#"
    {
      "email": "minji@example.com",
      "epoch": 1,
      "id": "[id]",
      "language": "ko",
      "name": "김민지",
      "removed": false,
      "role": "admin",
      "time_zone": "Asia/Seoul"
    }
    "#);
}

/// What the page behind the mailed link sends.
fn completion(token: &str) -> Value {
    json!({ "token": token, "password": PASSWORD, "name": "Park Jun", "workspace_name": "Busan", "language": "ko" })
}

async fn complete(api: &Api, token: &str) -> Answer {
    let call = api.post("/api/auth/sign-up/complete");
    call.json(&completion(token)).send().await
}

async fn begin(api: &Api, email: &str) -> Answer {
    let body = json!({ "email": email, "language": "ko" });
    api.post("/api/auth/sign-up/begin").json(&body).send().await
}

/// Which mails were asked for at an address.
async fn mails(api: &Api, email: &str) -> Vec<String> {
    let query = "select particulars::jsonb -> 'mail' ->> 'mail' from event_log where type = 'mail.requested'
                 and particulars::jsonb -> 'mail' ->> 'email' = $1 order by id";
    let rows = api.sql().await.query(query, &[&email]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn racing_to_be_the_first_makes_one_account() {
    let api = Api::start().await;
    let body = body("minji@example.com");
    let calls = (0..6).map(|_| api.post("/api/auth/sign-up").json(&body).send());
    let answers = futures::future::join_all(calls).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 403, 403, 403, 403, 403]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_else_signs_up_by_a_mailed_link() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    let direct = sign_up(&api, "jun@example.com").await;
    assert_eq!(direct.problem(), (403, "forbidden"), "not by typing an address");

    let token = api.sign_up_token("Jun@Example.com").await;
    let people = "select count(*) from person";
    assert_eq!(api.count(people).await, 1, "nothing is made of it yet");
    let person = complete(&api, &token).await;
    assert_eq!(person.status, 201, "{person:?}");
    assert_eq!(person.body["person"]["email"], "jun@example.com");
    assert_eq!(person.body["person"]["email_verified"], true);
    assert_eq!(person.body["person"]["role"], "admin");
    assert_eq!(person.body["person"]["workspace"]["name"], "Busan");
    assert_eq!(api.sign_in("jun@example.com", PASSWORD).await.status, 200);

    let again = complete(&api, &token).await;
    assert_eq!(again.problem(), (409, "conflict"));
    assert_eq!(again.body["state"], "used");
    let kept = "select count(*) from account_link where email is not null";
    assert_eq!(
        api.count(kept).await,
        0,
        "the address stands in the account alone"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_has_an_account_is_answered_alike() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    let (known, unknown) = (
        begin(&api, "MINJI@example.com").await,
        begin(&api, "jun@example.com").await,
    );
    assert_eq!((known.status.as_u16(), unknown.status.as_u16()), (202, 202));
    assert_eq!(known.body, unknown.body);
    let notes = "select count(*) from address_note";
    assert_eq!(api.count(notes).await, 2, "both cost one row");
    assert_eq!(api.service.app().settle_notes().await.unwrap(), 2);
    assert_eq!(mails(&api, "minji@example.com").await, ["account_exists"]);
    assert_eq!(mails(&api, "jun@example.com").await, ["sign_up"]);

    // Whose account it is may want another password; the link is for nothing else.
    let token = api.mailed_token("account_exists", "minji@example.com").await;
    assert_eq!(complete(&api, &token).await.problem(), (404, "not_found"));
    let body = json!({ "token": token, "new_password": "another horse battery" });
    let reset = api.post("/api/auth/password/reset").json(&body).send().await;
    assert_eq!(reset.status, 204, "{reset:?}");
    let token = api.mailed_token("sign_up", "jun@example.com").await;
    let body = json!({ "token": token, "new_password": "another horse battery" });
    let reset = api.post("/api/auth/password/reset").json(&body).send().await;
    assert_eq!(reset.problem(), (404, "not_found"), "nor the other way round");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_s_mailbox_is_filled() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    for _ in 0..5 {
        begin(&api, "minji@example.com").await;
        begin(&api, "jun@example.com").await;
    }
    while api.service.app().settle_notes().await.unwrap() > 0 {}
    assert_eq!(mails(&api, "minji@example.com").await.len(), 3);
    assert_eq!(mails(&api, "jun@example.com").await.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_makes_one_account_however_often_it_is_used_at_once() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    let first = api.sign_up_token("jun@example.com").await;
    let second = api.sign_up_token("jun@example.com").await;
    let calls = [&first, &first, &first, &second, &second].map(|token| complete(&api, token));
    let answers = futures::future::join_all(calls).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1, "{answers:?}");
    let refused = answers.iter().filter(|answer| answer.status == 409);
    assert_eq!(refused.count(), 4, "{answers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_asked_for_again() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    let token = api.sign_up_token("jun@example.com").await;
    let send = || {
        let call = api.post("/api/auth/sign-up/complete").key("lost");
        call.json(&completion(&token)).send()
    };
    let (first, again) = (send().await, send().await);
    assert_eq!(
        (first.status.as_u16(), again.status.as_u16()),
        (201, 201),
        "{again:?}"
    );
    assert_eq!(first.body["person"]["id"], again.body["person"]["id"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_that_are_forged_or_old_lead_nowhere() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    for forged in ["", "x", &"A".repeat(4000)] {
        assert_eq!(
            complete(&api, forged).await.problem(),
            (404, "not_found"),
            "{forged}"
        );
    }
    let token = api.sign_up_token("jun@example.com").await;
    let age = "update account_link set expires_at = now() - interval '1 second'";
    api.sql().await.batch_execute(age).await.unwrap();
    let late = complete(&api, &token).await;
    assert_eq!(late.problem(), (409, "conflict"));
    assert_eq!(late.body["state"], "expired");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_first_where_that_is_set() {
    let api = Api::start_with(&[("auth.sign_up", "first")]).await;
    let calls = ["a", "b", "c", "d"].map(|name| {
        let call = api
            .post("/api/auth/sign-up")
            .json(&body(&format!("{name}@example.com")));
        call.send()
    });
    let answers = futures::future::join_all(calls).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 403, 403, 403]);
    assert_eq!(
        sign_up(&api, "late@example.com").await.problem(),
        (403, "forbidden")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_where_it_is_closed() {
    let api = Api::start_with(&[("auth.sign_up", "closed")]).await;
    assert_eq!(
        sign_up(&api, "minji@example.com").await.problem(),
        (403, "forbidden")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_are_sent_only_where_anybody_may_sign_up() {
    for mode in ["first", "closed"] {
        let api = Api::start_with(&[("auth.sign_up", mode)]).await;
        assert_eq!(
            begin(&api, "jun@example.com").await.problem(),
            (403, "forbidden"),
            "{mode}"
        );
    }
}
