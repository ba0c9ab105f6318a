//! The name and the rules of a workspace.

use serde_json::{Value, json};

use crate::support::{Answer, Api, Person};

pub(crate) async fn edit(api: &Api, by: &Person, version: i64, body: &Value) -> Answer {
    let call = api.patch("/api/workspace").by(by).version(version);
    call.json(body).send().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_reads_it_and_an_admin_renames_it() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let jun = api.join(&admin, "jun@example.com", "observer").await;
    let seen = api.get("/api/workspace").by(&jun).send().await;
    assert_eq!(seen.status, 200);
    assert_eq!(seen.header("etag"), Some("\"1\""));
    assert_eq!(seen.body["id"], json!(admin.workspace));
    assert_eq!(seen.body["name"], "Seoul");
    assert_eq!(seen.body["require_second_factor"], false);
    assert!(seen.body["created_at"].is_string());

    let edited = edit(&api, &admin, 1, &json!({ "name": " Busan " })).await;
    assert_eq!(edited.status, 200, "{edited:?}");
    assert_eq!(edited.header("etag"), Some("\"2\""));
    assert_eq!((edited.version(), &edited.body["name"]), (2, &json!("Busan")));
    let me = api.get("/api/auth/me").by(&jun).send().await;
    assert_eq!(me.body["workspace"]["name"], "Busan");
    assert_eq!(api.incidents().await.last().unwrap(), "workspace_changed");

    let same = edit(&api, &admin, 2, &json!({ "name": "Busan" })).await;
    assert_eq!(
        (same.status.as_u16(), same.version()),
        (200, 2),
        "nothing changes"
    );
    assert_eq!(edit(&api, &admin, 2, &json!({})).await.version(), 2);
    let logged = api.incidents().await;
    assert_eq!(
        logged.iter().filter(|kind| *kind == "workspace_changed").count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_not_or_errs_changes_nothing() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let wanted = json!({ "name": "Busan" });
    for role in ["supervisor", "pic", "observer"] {
        let person = api.join(&admin, &format!("{role}@example.com"), role).await;
        assert_eq!(
            edit(&api, &person, 1, &wanted).await.problem(),
            (403, "forbidden")
        );
    }
    let bare = api.patch("/api/workspace").by(&admin).json(&wanted).send().await;
    assert_eq!(bare.status, 428);
    let stale = edit(&api, &admin, 7, &wanted).await;
    assert_eq!(stale.problem(), (412, "version_conflict"));
    assert_eq!(stale.body["current"]["name"], "Seoul");
    for body in [
        json!({ "name": "" }),
        json!({ "name": "a\u{0}b" }),
        json!({ "name": null }),
        json!({ "require_second_factor": null }),
        json!({ "require_second_factor": "yes" }),
        json!({ "colour": "red" }),
        json!([]),
    ] {
        let refused = edit(&api, &admin, 1, &body).await;
        assert!(refused.status.is_client_error(), "{body}: {refused:?}");
    }
    api.age_proofs().await;
    let old = edit(&api, &admin, 1, &wanted).await;
    assert_eq!(old.problem(), (403, "step_up_required"));
    let seen = api.get("/api/workspace").by(&admin).send().await;
    assert_eq!((seen.version(), &seen.body["name"]), (1, &json!("Seoul")));
    assert_eq!(api.get("/api/workspace").send().await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_request_gets_the_first_answer() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let body = json!({ "name": "Busan" });
    let send = || {
        let call = api.patch("/api/workspace").by(&admin).version(1);
        call.key("one-key-for-one-rename").json(&body).send()
    };
    assert_eq!(send().await.version(), 2);
    assert_eq!(send().await.version(), 2);
}
