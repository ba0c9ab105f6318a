//! What tests about API tokens and service accounts have in common.

use serde_json::{Value, json};

use crate::support::{Answer, Api, Call, Person};

/// What every exchange of an API token says.
pub(crate) const EXCHANGE: [(&str, &str); 2] = [
    ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
    ("subject_token_type", "urn:onus:token-type:api_token"),
];

impl Api {
    /// Makes an API token of somebody's own; gives the answer's body.
    pub(crate) async fn make_token(&self, person: &Person, scopes: &[&str]) -> Value {
        let body = json!({ "name": "Nightly report", "scopes": scopes, "expires_in_days": 30 });
        let answer = self.post("/api/auth/tokens").by(person).json(&body).send().await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body
    }

    /// Makes a service account; gives the answer's body.
    pub(crate) async fn make_account(&self, admin: &Person, role: &str) -> Value {
        let body = json!({ "name": "Release robot", "role": role });
        let answer = self
            .post("/api/service-accounts")
            .by(admin)
            .json(&body)
            .send()
            .await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body
    }

    /// Makes an API token of a service account; gives the answer's body.
    pub(crate) async fn make_account_token(&self, admin: &Person, account: &Value, scopes: &[&str]) -> Value {
        let body = json!({ "name": "Deploy", "scopes": scopes, "expires_in_days": 1 });
        let path = format!("/api/service-accounts/{}/tokens", account["id"].as_str().unwrap());
        let answer = self.post(&path).by(admin).json(&body).send().await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body
    }

    /// Exchanges an API token, made or made up.
    pub(crate) async fn exchange(&self, token: &str) -> Answer {
        let mut form = EXCHANGE.to_vec();
        form.push(("subject_token", token));
        self.post("/api/auth/token").form(&form).send().await
    }

    /// The access token for an API token that was just made.
    pub(crate) async fn access_token(&self, made: &Value) -> String {
        let answer = self.exchange(made["token"].as_str().unwrap()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["access_token"].as_str().unwrap().to_owned()
    }
}

impl Call<'_> {
    pub(crate) fn form(self, parameters: &[(&str, &str)]) -> Self {
        let encoded = parameters.iter().map(|(name, value)| {
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            format!("{name}={value}")
        });
        let body = encoded.collect::<Vec<_>>().join("&");
        self.header("content-type", "application/x-www-form-urlencoded")
            .body(body.into_bytes())
    }
}
