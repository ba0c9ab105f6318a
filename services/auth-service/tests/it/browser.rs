//! A browser that signs in by an identity provider, and houses that know one.

use serde_json::{Value, json};
use test_kit::TestDb;

use crate::{
    idp::Idp,
    support::{Answer, Api, Person},
};
use auth_service::AuthService;
use web_kit::Service as _;

pub(crate) const COOKIE: &str = "__Host-onus_external";

/// A browser at the house, with the one cookie that matters here.
pub(crate) struct Browser<'a> {
    api: &'a Api,
    idp: &'a Idp,
    pub(crate) cookie: String,
}

pub(crate) fn minji() -> Value {
    json!({ "sub": "minji", "email": "minji@example.com", "email_verified": true, "name": "Kim Minji" })
}

pub(crate) async fn house(idp: &Idp, more: &[(&'static str, &str)]) -> Api {
    let all = idp.settings(more);
    let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Api::start_with(&all).await
}

/// A house whose first workspace takes in everybody of example.com.
pub(crate) async fn open_house(idp: &Idp, more: &[(&'static str, &str)]) -> (Api, Person) {
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
    pub(crate) fn new(api: &'a Api, idp: &'a Idp) -> Self {
        Self {
            api,
            idp,
            cookie: String::new(),
        }
    }

    pub(crate) fn keep(&mut self, answer: &Answer) {
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

    pub(crate) async fn start(&mut self, return_to: &str) -> Answer {
        let path = format!("/api/auth/external/example/start?return_to={return_to}");
        let answer = self.api.get(&path).send().await;
        self.keep(&answer);
        answer
    }

    pub(crate) async fn come_back(&mut self, query: &[(String, String)]) -> Answer {
        let mut url = reqwest::Url::parse("http://x/api/auth/external/callback").unwrap();
        url.query_pairs_mut().extend_pairs(query);
        let path = format!("{}?{}", url.path(), url.query().unwrap());
        let cookie = format!("{COOKIE}={}", self.cookie);
        let answer = self.api.get(&path).header("cookie", &cookie).send().await;
        self.keep(&answer);
        answer
    }

    pub(crate) async fn complete(&mut self) -> Answer {
        let cookie = format!("{COOKIE}={}", self.cookie);
        let call = self.api.post("/api/auth/external/complete").json(&json!({}));
        call.header("cookie", &cookie)
            .header("x-onus-client", "tests")
            .send()
            .await
    }

    /// The whole way, as these claims.
    pub(crate) async fn sign_in(&mut self, claims: &Value) -> Answer {
        let started = self.start("/boards").await;
        assert_eq!(started.status, 303, "{started:?}");
        let brought = self.idp.sign_in(started.header("location").unwrap(), claims);
        let back = self.come_back(&brought).await;
        assert_eq!(back.header("location"), Some("/sign-in/external"), "{back:?}");
        self.complete().await
    }

    /// Links these claims to the person's account.
    pub(crate) async fn link(&mut self, person: &Person, claims: &Value) -> Answer {
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
pub(crate) fn signed_in(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["session"]["person"].clone()
}
