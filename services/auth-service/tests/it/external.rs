//! Signing in by an identity provider: good ones, hostile ones, and what people do with them.

use serde_json::{Value, json};
use test_kit::TestDb;

use crate::{
    idp::{Bend, Idp},
    support::{Answer, Api, Person},
};
use auth_service::AuthService;
use web_kit::Service as _;

const COOKIE: &str = "__Host-onus_external";

/// A browser at the house, with the one cookie that matters here.
struct Browser<'a> {
    api: &'a Api,
    idp: &'a Idp,
    cookie: String,
}

fn minji() -> Value {
    json!({ "sub": "minji", "email": "minji@example.com", "email_verified": true, "name": "Kim Minji" })
}

async fn house(idp: &Idp, more: &[(&'static str, &str)]) -> Api {
    let all = idp.settings(more);
    let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Api::start_with(&all).await
}

/// A house whose first workspace takes in everybody of example.com.
async fn open_house(idp: &Idp, more: &[(&'static str, &str)]) -> (Api, Person) {
    let db = TestDb::new(&[AuthService::schema()]).await;
    let first = Api::on(db, &[]).await;
    let admin = first.admin("admin@example.org").await;
    let workspace = admin.workspace.to_string();
    let mut all = idp.settings(&[
        ("auth.providers.example.join.workspace", &workspace),
        ("auth.providers.example.join.domains", "example.com"),
        ("auth.providers.example.join.role", "pic"),
    ]);
    all.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
    (Api::on(first.db, &all).await, admin)
}

impl<'a> Browser<'a> {
    fn new(api: &'a Api, idp: &'a Idp) -> Self {
        Self {
            api,
            idp,
            cookie: String::new(),
        }
    }

    fn keep(&mut self, answer: &Answer) {
        let Some(cookie) = answer.header("set-cookie") else {
            return;
        };
        let (pair, rest) = cookie.split_once(';').unwrap();
        if let Some(value) = pair.strip_prefix(COOKIE).and_then(|rest| rest.strip_prefix('=')) {
            for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
                assert!(rest.contains(part), "{cookie}");
            }
            assert!(cookie.len() < 4096, "browsers drop longer ones");
            self.cookie = value.to_owned();
        }
    }

    async fn start(&mut self, return_to: &str) -> Answer {
        let path = format!("/api/auth/external/example/start?return_to={return_to}");
        let answer = self.api.get(&path).send().await;
        self.keep(&answer);
        answer
    }

    async fn come_back(&mut self, query: &[(String, String)]) -> Answer {
        let mut url = reqwest::Url::parse("http://x/api/auth/external/callback").unwrap();
        url.query_pairs_mut().extend_pairs(query);
        let path = format!("{}?{}", url.path(), url.query().unwrap());
        let cookie = format!("{COOKIE}={}", self.cookie);
        let answer = self.api.get(&path).header("cookie", &cookie).send().await;
        self.keep(&answer);
        answer
    }

    async fn complete(&mut self) -> Answer {
        let cookie = format!("{COOKIE}={}", self.cookie);
        let call = self.api.post("/api/auth/external/complete").json(&json!({}));
        call.header("cookie", &cookie)
            .header("x-onus-client", "tests")
            .send()
            .await
    }

    /// The whole way, as these claims.
    async fn sign_in(&mut self, claims: &Value) -> Answer {
        let started = self.start("/boards").await;
        assert_eq!(started.status, 303, "{started:?}");
        let brought = self.idp.sign_in(started.header("location").unwrap(), claims);
        let back = self.come_back(&brought).await;
        assert_eq!(back.header("location"), Some("/sign-in/external"), "{back:?}");
        self.complete().await
    }

    /// Links these claims to the person's account.
    async fn link(&mut self, person: &Person, claims: &Value) -> Answer {
        let body = json!({ "return_to": "/security" });
        let started = self
            .api
            .post("/api/auth/external/example/link")
            .by(person)
            .json(&body)
            .send()
            .await;
        assert_eq!(started.status, 200, "{started:?}");
        self.keep(&started);
        let brought = self
            .idp
            .sign_in(started.body["location"].as_str().unwrap(), claims);
        self.come_back(&brought).await;
        self.complete().await
    }
}

/// Who was signed in by a completed flow.
fn signed_in(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["session"]["person"].clone()
}

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
async fn a_session_that_ended_links_nothing() {
    let idp = Idp::start();
    let api = house(&idp, &[]).await;
    let person = api.admin("minji@example.com").await;
    let started = api.post("/api/auth/external/example/link").by(&person);
    let started = started.json(&json!({ "return_to": "/" })).send().await;
    let mut browser = Browser::new(&api, &idp);
    browser.keep(&started);
    let brought = idp.sign_in(started.body["location"].as_str().unwrap(), &minji());
    browser.come_back(&brought).await;
    api.post("/api/auth/sign-out").by(&person).send().await;
    assert_eq!(browser.complete().await.problem(), (401, "unauthenticated"));
    assert_eq!(api.count("select count(*) from external_identity").await, 0);
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
async fn a_hostile_provider_lets_nobody_in() {
    let idp = Idp::start();
    for bend in [
        Bend::WrongNonce,
        Bend::NoNonce,
        Bend::WrongIssuer,
        Bend::WrongAudience,
        Bend::Expired,
        Bend::SwappedKey,
        Bend::Unsigned,
        Bend::SignedWithTheClientSecret,
        Bend::NoIdToken,
        Bend::WrongHash,
        Bend::LongToken,
        Bend::SlowToken,
        Bend::RedirectedToken,
        Bend::BrokenToken,
    ] {
        let (api, _admin) = open_house(&idp, &[]).await;
        let mut browser = Browser::new(&api, &idp);
        let started = browser.start("/").await;
        let brought = idp.sign_in(started.header("location").unwrap(), &minji());
        idp.bend(bend);
        let back = browser.come_back(&brought).await;
        idp.bend(Bend::Nothing);
        assert_eq!(
            back.header("location"),
            Some("/sign-in/external?fault=provider"),
            "{bend:?}: {back:?}"
        );
        assert_eq!(browser.cookie, "", "{bend:?}: nothing is left to complete");
        assert_eq!(api.count("select count(*) from external_identity").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_is_not_believed_about_another() {
    let idp = Idp::start();
    for bend in [Bend::LongDiscovery, Bend::ForeignDiscovery] {
        idp.bend(bend);
        let api = house(&idp, &[]).await;
        let started = Browser::new(&api, &idp).start("/").await;
        assert_eq!(
            started.header("location"),
            Some("/sign-in/external?fault=provider"),
            "{bend:?}"
        );
    }
    idp.bend(Bend::AnotherSubject);
    let (api, _admin) = open_house(&idp, &[]).await;
    let mut browser = Browser::new(&api, &idp);
    let started = browser.start("/").await;
    let brought = idp.sign_in(started.header("location").unwrap(), &json!({ "sub": "minji" }));
    let back = browser.come_back(&brought).await;
    assert_eq!(back.header("location"), Some("/sign-in/external?fault=provider"));
    idp.bend(Bend::Nothing);
    let told = signed_in(&browser.sign_in(&json!({ "sub": "minji" })).await);
    assert_eq!(
        told["email"], "later@example.com",
        "what the token leaves out is asked for"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_counts_once_in_its_browser_from_its_issuer() {
    let idp = Idp::start();
    let (api, _admin) = open_house(&idp, &[]).await;
    let expired = Some("/sign-in/external?fault=expired");
    let mut browser = Browser::new(&api, &idp);
    let started = browser.start("/").await;
    let location = started.header("location").unwrap().to_owned();
    let before = browser.cookie.clone();

    let brought = idp.sign_in(&location, &minji());
    let mut stranger = Browser::new(&api, &idp);
    assert_eq!(
        stranger.come_back(&brought).await.header("location"),
        expired,
        "another browser"
    );
    let mut forged = brought.clone();
    forged[1].1 = "forged".to_owned();
    assert_eq!(
        browser.come_back(&forged).await.header("location"),
        expired,
        "another state"
    );
    browser.cookie = before.clone();
    assert_eq!(
        browser.come_back(&[]).await.header("location"),
        expired,
        "nothing"
    );

    browser.cookie = before.clone();
    let ok = browser.come_back(&brought).await;
    assert_eq!(ok.header("location"), Some("/sign-in/external"));
    let mut replayed = Browser::new(&api, &idp);
    replayed.cookie = before;
    assert_eq!(
        replayed.come_back(&brought).await.header("location"),
        expired,
        "a replay"
    );

    let started = browser.start("/").await;
    let mut mixed = idp.sign_in(started.header("location").unwrap(), &minji());
    mixed.push(("iss".to_owned(), "https://other.example".to_owned()));
    let refused = browser.come_back(&mixed).await;
    assert_eq!(
        refused.header("location"),
        Some("/sign-in/external?fault=provider"),
        "mixed up"
    );

    let started = browser.start("/").await;
    let mut denied = idp.sign_in(started.header("location").unwrap(), &minji());
    denied[0] = ("error".to_owned(), "access_denied".to_owned());
    let refused = browser.come_back(&denied).await;
    assert_eq!(refused.header("location"), Some("/sign-in/external?fault=denied"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_link_leads_elsewhere_afterwards() {
    let idp = Idp::start();
    let (api, _admin) = open_house(&idp, &[]).await;
    for evil in [
        "https://evil.example",
        "//evil.example",
        "/%5Cevil.example",
        "%5C%5Cevil.example",
        "/%09/evil",
    ] {
        let mut browser = Browser::new(&api, &idp);
        let started = browser.start(evil).await;
        let brought = idp.sign_in(started.header("location").unwrap(), &minji());
        browser.come_back(&brought).await;
        assert_eq!(browser.complete().await.body["return_to"], "/", "{evil}");
    }
    let unknown = api.get("/api/auth/external/nobody/start").send().await;
    assert_eq!(unknown.problem(), (404, "not_found"));
    let long = format!("/api/auth/external/example/start?return_to=/{}", "a".repeat(3000));
    assert_eq!(api.get(&long).send().await.problem(), (422, "invalid"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_site_completes_nothing() {
    let idp = Idp::start();
    let (api, _admin) = open_house(&idp, &[]).await;
    let mut browser = Browser::new(&api, &idp);
    let started = browser.start("/").await;
    let brought = idp.sign_in(started.header("location").unwrap(), &minji());
    browser.come_back(&brought).await;
    let cookie = format!("{COOKIE}={}", browser.cookie);
    let call = || {
        api.post("/api/auth/external/complete")
            .json(&json!({}))
            .header("cookie", &cookie)
    };
    assert_eq!(call().send().await.problem(), (403, "forbidden"), "no header");
    let foreign = call()
        .header("x-onus-client", "1")
        .header("origin", "https://evil.example");
    assert_eq!(foreign.send().await.problem(), (403, "forbidden"));
    assert_eq!(browser.complete().await.status, 200);
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

#[test]
fn faulty_settings_stop_the_start() {
    let fault = |changes: &[(&str, &str)]| {
        let mut all = vec![
            ("auth.secret", "a secret of the tests, long enough"),
            ("auth.clients.audit_service", "a secret of audit-service"),
            ("auth.clients.notify_service", "a secret of notify-service"),
            ("auth.clients.task_service", "a secret of task-service"),
            ("auth.providers.example.name", "Example"),
            ("auth.providers.example.issuer", "https://idp.example"),
            ("auth.providers.example.client_id", "onus"),
            ("auth.providers.example.client_secret", "secret"),
        ];
        all.extend(changes);
        let all: Vec<(&str, String)> = all
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        settings::load_from::<auth_service::config::Settings>(
            "AUTH",
            AuthService::DEFAULTS,
            &all,
            &mut std::iter::empty(),
        )
        .err()
        .map(|faults| faults.lines().join("\n"))
    };
    assert_eq!(fault(&[]), None);
    for (name, value, word) in [
        ("auth.providers.example.issuer", "http://idp.example", "https://"),
        ("auth.providers.example.issuer", "nonsense", "https://"),
        ("auth.providers.example.client_secret", "", "client_secret"),
        ("auth.providers.example.name", "", "name"),
        ("auth.providers.example.kind", "saml", "kind"),
        ("auth.providers.example.join.role", "pic", "join"),
    ] {
        let found = fault(&[(name, value)]).unwrap();
        assert!(found.contains(word), "{name} = {value}: {found}");
    }
    let twice = [
        ("auth.providers.other.name", "Other"),
        ("auth.providers.other.issuer", "https://idp.example"),
        ("auth.providers.other.client_id", "onus"),
        ("auth.providers.other.client_secret", "secret"),
    ];
    assert!(
        fault(&twice)
            .unwrap()
            .contains("another provider has this issuer")
    );
}
