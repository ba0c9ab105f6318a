//! Signing in by an identity provider, and what people do with the identities they have there.

use serde_json::{Value, json};

use crate::{
    browser::{Browser, house, minji, open_house, signed_in},
    idp::Idp,
    second_factor::switch_on,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_join_comes_in_and_comes_back() {
    let idp = Idp::start();
    let (api, admin) = open_house(&idp, &[]).await;
    let options = api.get("/api/auth/sign-in-options").send().await;
    assert_eq!(
        options.body["providers"],
        json!([{ "id": "example", "name": "Example" }])
    );

    let mut browser = Browser::new(&api, &idp);
    let first = browser.sign_in(&minji()).await;
    let person = signed_in(&first);
    assert_eq!(person["email"], "minji@example.com");
    assert_eq!(person["email_verified"], true);
    assert_eq!(person["role"], "pic");
    assert_eq!(person["workspace"]["id"], admin.workspace.to_string());
    assert_eq!(first.body["return_to"], "/boards");
    assert_eq!(first.body["linked"], false);
    let again = browser.sign_in(&minji()).await;
    assert_eq!(signed_in(&again)["id"], person["id"]);
    assert_eq!(
        browser.complete().await.problem(),
        (409, "conflict"),
        "a flow works once"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_comes_in() {
    let idp = Idp::start();
    let (api, _admin) = open_house(&idp, &[]).await;
    for claims in [
        json!({ "sub": "a", "email": "a@elsewhere.example", "email_verified": true }),
        json!({ "sub": "b", "email": "b@example.com", "email_verified": false }),
        json!({ "sub": "c", "email": "c@example.com" }),
        // Nobody vouches for the address, so it does not betray that it has an account.
        json!({ "sub": "d", "email": "admin@example.org", "email_verified": false }),
    ] {
        let refused = Browser::new(&api, &idp).sign_in(&claims).await;
        assert_eq!(refused.problem(), (403, "forbidden"), "{claims}");
        assert_eq!(refused.body["state"], "no_account");
    }
    let known = json!({ "sub": "e", "email": "Admin@example.org", "email_verified": true });
    let refused = Browser::new(&api, &idp).sign_in(&known).await;
    assert_eq!(refused.problem(), (409, "conflict"));
    assert_eq!(refused.body["state"], "link_first");
    assert_eq!(api.count("select count(*) from external_identity").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_identity_is_linked_by_whoever_shows_both() {
    let idp = Idp::start();
    let api = house(&idp, &[]).await;
    let person = api.admin("minji@example.com").await;
    let other = api.admin("jun@example.com").await;
    let mut browser = Browser::new(&api, &idp);
    let linked = browser.link(&person, &minji()).await;
    assert_eq!(
        linked.body,
        json!({ "session": null, "linked": true, "return_to": "/security" })
    );
    assert_eq!(
        signed_in(&browser.sign_in(&minji()).await)["id"],
        person.id.to_string()
    );

    let taken = browser.link(&other, &minji()).await;
    assert_eq!(taken.problem(), (409, "conflict"));
    assert_eq!(taken.body["state"], "taken");
    api.age_proofs().await;
    let stale = api.post("/api/auth/external/example/link").by(&person);
    let stale = stale.json(&json!({ "return_to": "/" })).send().await;
    assert_eq!(stale.problem(), (403, "step_up_required"));

    let own = api.get("/api/auth/external/identities").by(&person).send().await;
    assert_eq!(own.body["items"][0]["provider_name"], "Example");
    assert_eq!(own.body["items"][0]["email"], "minji@example.com");
    assert_eq!(api.mails().await, ["identity_linked"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_way_in_stays() {
    let idp = Idp::start();
    let (api, _admin) = open_house(&idp, &[]).await;
    let mut browser = Browser::new(&api, &idp);
    let answer = browser.sign_in(&minji()).await;
    let token = answer.body["session"]["access_token"].as_str().unwrap();
    let own = api
        .get("/api/auth/external/identities")
        .bearer(token)
        .send()
        .await;
    let id = own.body["items"][0]["id"].as_str().unwrap();
    let path = format!("/api/auth/external/identities/{id}");
    let refused = api.delete(&path).bearer(token).send().await;
    assert_eq!(refused.problem(), (409, "conflict"));
    assert_eq!(refused.body["state"], "last_way_in");
    let foreign = api.admin("jun@example.com").await;
    assert_eq!(api.delete(&path).by(&foreign).send().await.status, 404);
    let password = json!({ "new_password": "a password of their own" });
    let chosen = api
        .post("/api/auth/password")
        .bearer(token)
        .json(&password)
        .send()
        .await;
    assert_eq!(chosen.status, 204, "{chosen:?}");
    assert_eq!(api.delete(&path).bearer(token).send().await.status, 204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_factor_is_asked_for_all_the_same() {
    let idp = Idp::start();
    let api = house(&idp, &[]).await;
    let person = api.admin("minji@example.com").await;
    let mut browser = Browser::new(&api, &idp);
    browser.link(&person, &minji()).await;
    let sql = "insert into totp (person_id, sealed_secret, created_at, confirmed_at) \
               select id, '', now(), now() from person";
    api.sql().await.batch_execute(sql).await.unwrap();
    let refused = browser.sign_in(&minji()).await;
    assert_eq!(refused.problem(), (401, "second_factor_required"));
    assert_eq!(refused.body["methods"], json!(["totp"]));
    assert!(refused.body["ticket"].is_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_give_the_role_with_every_sign_in() {
    let idp = Idp::start();
    let (api, admin) = open_house(&idp, &[("auth.providers.example.join.roles.leads", "supervisor")]).await;
    let with = |groups: Value| {
        let mut claims = minji();
        claims["groups"] = groups;
        claims
    };
    let mut browser = Browser::new(&api, &idp);
    let lead = signed_in(&browser.sign_in(&with(json!(["staff", "leads"]))).await);
    assert_eq!(lead["role"], "supervisor");
    let body = json!({ "role": "observer" });
    let path = format!("/api/members/{}", lead["id"].as_str().unwrap());
    let demoted = api.patch(&path).by(&admin).version(1).json(&body).send().await;
    assert_eq!(demoted.status, 200, "{demoted:?}");
    let again = signed_in(&browser.sign_in(&with(json!("leads"))).await);
    assert_eq!(again["role"], "supervisor", "what the groups say");
    let left = signed_in(&browser.sign_in(&with(json!([]))).await);
    assert_eq!(
        left["role"], "supervisor",
        "no group says anything: the role stays"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_a_session_is_told_both_ways() {
    let idp = Idp::start();
    let (api, _admin) = open_house(&idp, &[]).await;
    let mut browser = Browser::new(&api, &idp);
    let token = async |browser: &mut Browser<'_>| {
        let answer = browser.sign_in(&minji()).await;
        answer.body["session"]["access_token"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let first = token(&mut browser).await;
    let out = api.post("/api/auth/sign-out").bearer(&first).send().await;
    assert_eq!(out.status, 200, "{out:?}");
    let url = out.body["end_session_url"].as_str().unwrap();
    assert!(
        url.starts_with(&format!("{}/end?client_id=onus-client&", idp.issuer())),
        "{url}"
    );
    assert!(
        url.ends_with("post_logout_redirect_uri=https%3A%2F%2Fonus.test%2Fsign-in"),
        "{url}"
    );

    let second = token(&mut browser).await;
    let told = async |issuer: &str, sid: &str| {
        let path = format!("/api/auth/external/example/logged-out?iss={issuer}&sid={sid}");
        assert_eq!(api.get(&path).send().await.status, 204);
        api.get("/api/auth/me")
            .bearer(&second)
            .send()
            .await
            .status
            .as_u16()
    };
    assert_eq!(told(&idp.issuer(), "another").await, 200);
    assert_eq!(told("https://other.example", "provider%20session").await, 200);
    assert_eq!(told(&idp.issuer(), "provider%20session").await, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_factor_and_another_workspace_keep_what_a_session_came_from() {
    let idp = Idp::start();
    let api = house(&idp, &[]).await;
    let person = api.admin("minji@example.com").await;
    let mut browser = Browser::new(&api, &idp);
    browser.link(&person, &minji()).await;
    let (_app, codes) = switch_on(&api, &person).await;
    let asked = browser.sign_in(&minji()).await;
    assert_eq!(asked.problem(), (401, "second_factor_required"));
    assert_eq!(
        asked.body["return_to"], "/boards",
        "where the browser wanted to go"
    );
    let body = json!({ "ticket": asked.body["ticket"], "code": codes[0] });
    let inside = api
        .post("/api/auth/sign-in/second-factor")
        .json(&body)
        .send()
        .await;
    let inside = inside.person();
    let call = api.post("/api/auth/workspaces").by(&inside);
    let there = call.json(&json!({ "name": "Busan" })).send().await.created();
    assert_eq!(api.get("/api/auth/me").by(&there).send().await.status, 200);
    let over = format!(
        "/api/auth/external/example/logged-out?iss={}&sid=provider%20session",
        idp.issuer()
    );
    assert_eq!(api.get(&over).send().await.status, 204);
    assert_eq!(api.get("/api/auth/me").by(&there).send().await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kakao_has_nicknames_and_says_nothing_of_addresses() {
    let idp = Idp::start();
    let claims = json!({ "sub": "42", "email": "minji@example.com", "nickname": "민지" });
    let kakao = ("auth.providers.example.kind", "kakao");
    let (api, _admin) = open_house(&idp, &[kakao]).await;
    let mut browser = Browser::new(&api, &idp);
    let started = browser.start("/").await;
    let location = started.header("location").unwrap();
    assert!(
        location.contains("account_email+profile_nickname+profile_image"),
        "{location}"
    );
    let refused = browser.sign_in(&claims).await;
    assert_eq!(
        refused.body["state"], "no_account",
        "nobody vouches for the address"
    );

    let trusted = ("auth.providers.example.trust_email", "true");
    let (api, _admin) = open_house(&idp, &[kakao, trusted]).await;
    let person = signed_in(&Browser::new(&api, &idp).sign_in(&claims).await);
    assert_eq!(person["name"], "민지");
}
