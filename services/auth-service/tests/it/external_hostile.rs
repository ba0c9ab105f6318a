//! Identity providers, browsers and settings that mean no good.

use auth_service::AuthService;
use serde_json::json;
use web_kit::Service as _;

use crate::{
    browser::{Browser, COOKIE, house, minji, open_house, signed_in},
    idp::{Bend, Idp},
};

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
