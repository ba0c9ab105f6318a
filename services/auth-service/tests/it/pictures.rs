//! What people look like: what they choose, and what providers tell of them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    browser::{Browser, minji, open_house, signed_in},
    idp::Idp,
    support::{Answer, Api, Person},
};

const OWN: &str = "/api/auth/me/picture";

/// The beginning of a PNG, which says how large it is.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 6, 0, 0, 0]);
    bytes
}

async fn choose(api: &Api, person: &Person, bytes: Vec<u8>) -> Answer {
    let call = api.call(Method::PUT, OWN).by(person);
    call.header("content-type", "image/png").body(bytes).send().await
}

fn path_of(person: &Person) -> String {
    format!("/api/members/{}/picture", person.id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_chosen_seen_and_taken_away() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let colleague = api.join(&admin, "jun@example.com", "observer").await;
    assert_eq!(
        api.get(&path_of(&admin)).by(&colleague).send().await.problem(),
        (404, "not_found")
    );

    let chosen = choose(&api, &admin, png(96, 96)).await;
    assert_eq!(chosen.status, 200, "{chosen:?}");
    let version = chosen.body["picture"].as_str().unwrap().to_owned();
    let members = api.get("/api/members").by(&colleague).send().await;
    assert_eq!(members.body["items"][0]["picture"], version);
    assert_eq!(members.body["items"][1]["picture"], Value::Null);
    let seen = api.get(&path_of(&admin)).by(&colleague).send_raw().await;
    assert_eq!(seen.0, 200);
    assert_eq!(seen.1["content-type"], "image/png");
    assert_eq!(seen.1["cache-control"], "private, no-cache");
    assert_eq!(seen.1["x-content-type-options"], "nosniff");
    assert_eq!(seen.1["etag"], format!("\"{version}\""));
    assert_eq!(seen.2, png(96, 96));
    let known = api.get(&path_of(&admin)).by(&colleague);
    let known = known
        .header("if-none-match", &format!("\"{version}\""))
        .send_raw()
        .await;
    assert_eq!((known.0.as_u16(), known.2.len()), (304, 0));

    let again = choose(&api, &admin, png(96, 96)).await;
    assert_eq!(again.body, chosen.body, "what is there already changes nothing");
    let events = api.member_events(&admin).await;
    assert_eq!(events.len(), 2, "{events:?}");
    assert_eq!(
        events[1]["data"]["particulars"]["fields"]["picture"]["after"]["value"],
        version
    );

    let removed = api.delete(OWN).by(&admin).send().await;
    assert_eq!(
        (removed.status.as_u16(), &removed.body["picture"]),
        (200, &Value::Null)
    );
    assert_eq!(api.get(&path_of(&admin)).by(&colleague).send().await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_seen_by_members_alone() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let stranger = api.admin("stranger@example.com").await;
    let former = api.join(&admin, "jun@example.com", "pic").await;
    choose(&api, &admin, png(96, 96)).await;
    choose(&api, &former, png(64, 64)).await;
    assert_eq!(api.get(&path_of(&admin)).by(&stranger).send().await.status, 404);
    assert_eq!(api.get(&path_of(&admin)).send().await.status, 401);
    assert_eq!(
        api.call(Method::PUT, OWN).body(png(1, 1)).send().await.status,
        401
    );

    let leave = api.delete(&format!("/api/members/{}", former.id)).by(&admin);
    let left = leave.version(2).send().await;
    assert_eq!(left.status, 204, "{left:?}");
    assert_eq!(api.get(&path_of(&admin)).by(&former).send().await.status, 401);
    assert_eq!(api.get(&path_of(&former)).by(&admin).send().await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_none_changes_nothing() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let kept = choose(&api, &person, png(96, 96)).await.body["picture"].clone();
    let mut heavy = png(96, 96);
    heavy.resize(256 * 1024 + 1, 0);
    for (bytes, reason) in [
        (Vec::new(), "kind"),
        (
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec(),
            "kind",
        ),
        (b"GIF89a\x01\0\x01\0".to_vec(), "kind"),
        (png(96, 96)[..12].to_vec(), "kind"),
        (png(30_000, 30_000), "pixels"),
    ] {
        let refused = choose(&api, &person, bytes).await;
        assert_eq!(refused.problem(), (422, "invalid"));
        assert_eq!(refused.fields(), ["picture"]);
        assert_eq!(refused.body["errors"][0]["reason"], reason);
    }
    assert_eq!(
        choose(&api, &person, heavy).await.problem(),
        (413, "payload_too_large")
    );
    let me = api.get("/api/auth/me").by(&person).send().await;
    assert_eq!(me.body["picture"], kept);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_taken_along_and_erased() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    choose(&api, &person, png(96, 96)).await;
    let export = api.get("/api/auth/me/export").by(&person).send().await;
    assert_eq!(export.body["picture"][0]["media_type"], "image/png");
    assert_eq!(export.body["picture"][0]["chosen"], true);
    let text = export.body["picture"][0]["base64"].as_str().unwrap();
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).unwrap();
    assert_eq!(bytes, png(96, 96));
    let erase = api.post("/api/auth/me/erase").by(&person);
    let erased = erase.json(&json!({ "email": "minji@example.com" })).send().await;
    assert_eq!(erased.status, 204, "{erased:?}");
    assert_eq!(api.count("select count(*) from picture").await, 0);
    assert_eq!(api.count("select count(picture) from person").await, 0);
}

/// Signs somebody in whose picture is there, and has it fetched; gives the profile afterwards.
async fn told_of(api: &Api, idp: &Idp, url: &str) -> Value {
    let mut claims = minji();
    claims["picture"] = json!(url);
    let answer = Browser::new(api, idp).sign_in(&claims).await;
    signed_in(&answer);
    api.service.app().fetch_pictures().await.unwrap();
    let token = answer.body["session"]["access_token"].as_str().unwrap();
    api.get("/api/auth/me").bearer(token).send().await.body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_tells_where_it_is() {
    let idp = Idp::start();
    let (api, _admin) = open_house(&idp, &[]).await;
    let at = |name: &str| format!("{}/pictures/{name}", idp.issuer());
    let first = told_of(&api, &idp, &at("one")).await;
    assert!(first["picture"].is_string(), "{first}");
    let same = told_of(&api, &idp, &at("one")).await;
    assert_eq!(same, first, "it is not fetched anew with every sign-in");
    assert_eq!(idp.pictures_sent(), 1);
    let other = told_of(&api, &idp, &at("two")).await;
    assert_ne!(other["picture"], first["picture"]);

    // After a day it may be another one at the same place.
    let aged = "update picture set fetched_at = now() - interval '25 hours'";
    api.sql().await.batch_execute(aged).await.unwrap();
    assert_eq!(told_of(&api, &idp, &at("two")).await, other);
    assert_eq!(idp.pictures_sent(), 3);

    // Whoever chose for themselves is asked no more, also where they chose to have none.
    let mut browser = Browser::new(&api, &idp);
    let session = browser.sign_in(&minji()).await.body["session"].clone();
    let own = api.delete(OWN).bearer(session["access_token"].as_str().unwrap());
    assert_eq!(own.send().await.status, 200);
    assert_eq!(told_of(&api, &idp, &at("one")).await["picture"], Value::Null);
    assert_eq!(idp.pictures_sent(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_leads_nowhere_else_and_shows_nothing_else() {
    let idp = Idp::start();
    let (api, _admin) = open_house(&idp, &[]).await;
    let at = |name: &str| format!("{}/pictures/{name}", idp.issuer());
    // Not even noted.
    for url in [
        "http://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/a.png",
        "file:///etc/passwd",
    ] {
        assert_eq!(told_of(&api, &idp, url).await["picture"], Value::Null, "{url}");
        assert_eq!(api.count("select count(*) from picture").await, 0, "{url}");
    }
    // Noted and asked for in vain; whether it is worth another try.
    for (url, again) in [
        ("https://localhost/a.png".to_owned(), true),
        (at("moved"), false),
        (at("missing"), false),
        (at("html"), false),
        (at("long"), false),
        (at("broken"), true),
    ] {
        assert_eq!(told_of(&api, &idp, &url).await["picture"], Value::Null, "{url}");
        let row = api
            .sql()
            .await
            .query_one(
                "select coalesce(due_at > now(), false), tries, bytes is null from picture",
                &[],
            )
            .await
            .unwrap();
        assert_eq!(row.get::<_, bool>(0), again, "{url}");
        assert_eq!((row.get::<_, i32>(1), row.get::<_, bool>(2)), (1, true), "{url}");
    }
    assert_eq!(idp.pictures_sent(), 0, "a redirect was followed");
    // What is not worth it any more is left alone.
    let now = "update picture set due_at = now(), tries = 4";
    api.sql().await.batch_execute(now).await.unwrap();
    assert_eq!(api.service.app().fetch_pictures().await.unwrap(), 1);
    assert_eq!(api.count("select count(due_at) from picture").await, 0);
    assert_eq!(api.service.app().fetch_pictures().await.unwrap(), 0);
}
