//! Service accounts: members that are programs.

use serde_json::json;

use crate::{
    hidden,
    support::{Api, claims},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_a_member_that_acts_by_its_tokens() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let account = api.make_account(&admin, "supervisor").await;
    insta::assert_json_snapshot!(account, { ".id" => hidden::id(), ".created_at" => hidden::now() }, @r#"
    {
      "created_at": "[now]",
      "id": "[id]",
      "name": "Release robot",
      "role": "supervisor",
      "tokens": []
    }
    "#);
    let id = account["id"].as_str().unwrap();
    let made = api.make_account_token(&admin, &account, &["read"]).await;
    assert!(made["token"].as_str().unwrap().starts_with("onus_sat_"), "{made}");
    let access = api.access_token(&made).await;
    let says = claims(&access);
    assert_eq!(
        (&says["sub"], &says["role"], &says["name"]),
        (&json!(id), &json!("supervisor"), &json!("Release robot"))
    );
    let members = api.get("/api/members").bearer(&access).send().await;
    let kinds: Vec<_> = members.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| (member["id"].clone(), member["kind"].clone()))
        .collect();
    assert_eq!(
        kinds,
        [(json!(admin.id), json!("person")), (json!(id), json!("service"))]
    );
    let list = api.get("/api/service-accounts").by(&admin).send().await;
    assert_eq!(list.body["items"][0]["tokens"][0]["id"], made["id"], "{list:?}");
    let joined = api.events(&format!("person/{}/{id}", admin.workspace)).await;
    assert_eq!(joined.len(), 1);
    assert_eq!(
        joined[0]["data"]["particulars"]["person"]["email"],
        format!("{id}@service.invalid")
    );
    assert_eq!(
        api.incidents().await,
        ["signed_in", "service_account_made", "token_made"]
    );
    let me = api.get("/api/auth/me").by(&admin).send().await;
    assert_eq!(me.body["kind"], "person");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn removing_it_ends_its_tokens() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    for by_member in [false, true] {
        let account = api.make_account(&admin, "pic").await;
        let id = account["id"].as_str().unwrap();
        let made = api.make_account_token(&admin, &account, &["read"]).await;
        let access = api.access_token(&made).await;
        let removed = if by_member {
            api.delete(&format!("/api/members/{id}"))
                .by(&admin)
                .version(1)
                .send()
                .await
        } else {
            api.delete(&format!("/api/service-accounts/{id}"))
                .by(&admin)
                .send()
                .await
        };
        assert_eq!(removed.status, 204, "{removed:?}");
        let dead = api.get("/api/members").bearer(&access).send().await;
        assert_eq!(dead.problem(), (401, "unauthenticated"));
        let dead = api.exchange(made["token"].as_str().unwrap()).await;
        assert_eq!(dead.body["error"], "invalid_grant");
        let again = api
            .delete(&format!("/api/service-accounts/{id}"))
            .by(&admin)
            .send()
            .await;
        assert_eq!(again.problem(), (404, "not_found"));
        let list = api.get("/api/service-accounts").by(&admin).send().await;
        assert_eq!(list.body["items"], json!([]));
        let events = api.events(&format!("person/{}/{id}", admin.workspace)).await;
        assert_eq!(events.len(), 2, "joined and removed");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_token_of_it_can_be_revoked() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let account = api.make_account(&admin, "pic").await;
    let other = api.make_account(&admin, "pic").await;
    let id = |account: &serde_json::Value| account["id"].as_str().unwrap().to_owned();
    let first = api.make_account_token(&admin, &account, &["read"]).await;
    let second = api.make_account_token(&admin, &account, &["read"]).await;
    let own = api.make_token(&admin, &["read"]).await;
    let revoke = |account: String, token: String| {
        api.delete(&format!("/api/service-accounts/{account}/tokens/{token}"))
            .by(&admin)
            .send()
    };
    for (account, token) in [
        (id(&other), id(&first)),
        (id(&account), id(&own)),
        (admin.id.to_string(), id(&own)),
        (id(&account), "7".to_owned()),
        ("7".to_owned(), id(&first)),
    ] {
        let answer = revoke(account, token).await;
        assert_eq!(answer.problem(), (404, "not_found"));
    }
    assert_eq!(revoke(id(&account), id(&first)).await.status, 204);
    let dead = api.exchange(first["token"].as_str().unwrap()).await;
    assert_eq!(dead.body["error"], "invalid_grant");
    api.access_token(&second).await;
    api.access_token(&own).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_never_an_admin_and_nobody_signs_in_as_it() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let body = json!({ "name": "Robot", "role": "admin" });
    let refused = api
        .post("/api/service-accounts")
        .by(&admin)
        .json(&body)
        .send()
        .await;
    assert_eq!(refused.problem(), (422, "invalid"));
    assert_eq!(refused.fields(), ["role"]);

    let account = api.make_account(&admin, "supervisor").await;
    let id = account["id"].as_str().unwrap();
    let raised = api
        .patch(&format!("/api/members/{id}"))
        .by(&admin)
        .version(1)
        .json(&json!({ "role": "admin" }))
        .send()
        .await;
    assert_eq!(raised.problem(), (422, "invalid"));
    let lowered = api
        .patch(&format!("/api/members/{id}"))
        .by(&admin)
        .version(1)
        .json(&json!({ "role": "observer" }))
        .send()
        .await;
    assert_eq!(lowered.status, 200, "{lowered:?}");
    assert_eq!(lowered.body["kind"], "service");

    let email = format!("{id}@service.invalid");
    let sign_in = api.sign_in(&email, "whatever it may be").await;
    assert_eq!(sign_in.problem(), (422, "invalid"));
    let forgot = api
        .post("/api/auth/password/forgot")
        .json(&json!({ "email": email }))
        .send()
        .await;
    assert_eq!(forgot.problem(), (422, "invalid"));
    let invited = api
        .post("/api/invitations")
        .by(&admin)
        .json(&json!({ "email": email, "role": "pic" }))
        .send()
        .await;
    assert_eq!(invited.problem(), (422, "invalid"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_are_for_admins_of_their_workspace_with_a_fresh_proof() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let supervisor = api.join(&admin, "jun@example.com", "supervisor").await;
    let foreign = api.admin("sora@example.com").await;
    let account = api.make_account(&admin, "pic").await;
    let path = format!("/api/service-accounts/{}", account["id"].as_str().unwrap());
    let token = json!({ "name": "CI", "scopes": ["read"], "expires_in_days": 1 });
    let tokens = format!("{path}/tokens");
    for (person, expected) in [(&supervisor, 403), (&foreign, 404)] {
        assert_eq!(api.delete(&path).by(person).send().await.problem().0, expected);
        let made = api.post(&tokens).by(person).json(&token).send().await;
        assert_eq!(made.problem().0, expected);
    }
    let list = api.get("/api/service-accounts").by(&supervisor).send().await;
    assert_eq!(list.problem(), (403, "forbidden"));
    let list = api.get("/api/service-accounts").by(&foreign).send().await;
    assert_eq!(list.body["items"], json!([]));

    let person = format!("/api/service-accounts/{}", supervisor.id);
    let no_account = api.delete(&person).by(&admin).send().await;
    assert_eq!(no_account.problem(), (404, "not_found"), "a person is none");

    api.age_proofs().await;
    let body = json!({ "name": "Robot", "role": "pic" });
    for answer in [
        api.post("/api/service-accounts")
            .by(&admin)
            .json(&body)
            .send()
            .await,
        api.post(&tokens).by(&admin).json(&token).send().await,
        api.delete(&path).by(&admin).send().await,
    ] {
        assert_eq!(answer.problem(), (403, "step_up_required"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn making_one_again_with_the_same_key_makes_one() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let body = json!({ "name": "Robot", "role": "pic" });
    let make = || {
        api.post("/api/service-accounts")
            .by(&admin)
            .key("one")
            .json(&body)
            .send()
    };
    let (first, second) = (make().await, make().await);
    assert_eq!((first.status, &first.body), (second.status, &second.body));
    let list = api.get("/api/service-accounts?limit=1").by(&admin).send().await;
    assert_eq!(list.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(list.body["next"], json!(null));
    api.make_account(&admin, "pic").await;
    let page = api.get("/api/service-accounts?limit=1").by(&admin).send().await;
    let next = page.body["next"].as_str().unwrap();
    let rest = api
        .get(&format!("/api/service-accounts?limit=1&cursor={next}"))
        .by(&admin)
        .send()
        .await;
    assert_eq!(rest.body["items"].as_array().unwrap().len(), 1);
    assert_ne!(rest.body["items"][0]["id"], page.body["items"][0]["id"]);
}
