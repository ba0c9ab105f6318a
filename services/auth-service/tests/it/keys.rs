//! Signing keys and what is published of them.

use insta::assert_json_snapshot;
use serde_json::Value;
use test_kit::TestDb;
use web_kit::Service as _;

use auth_service::AuthService;
use auth_token::Verifier;

use crate::support::{Api, settings};

fn hide_base64url(length: std::ops::RangeInclusive<usize>) -> insta::internals::Redaction {
    insta::dynamic_redaction(move |value, _path| {
        let text = value.as_str().unwrap();
        assert!(length.contains(&text.len()), "{text}");
        assert!(
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)),
            "{text}"
        );
        insta::internals::Content::from("[base64url]")
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn are_published() {
    let api = Api::start().await;
    let jwks = api.get("/.well-known/jwks.json").send().await;
    assert_eq!(jwks.header("cache-control"), Some("public, max-age=300"));
    assert_json_snapshot!(jwks.body, {
        ".keys[].kid" => hide_base64url(43..=43),
        ".keys[].n" => hide_base64url(342..=342),
    }, @r#"
    {
      "keys": [
        {
          "alg": "RS256",
          "e": "AQAB",
          "kid": "[base64url]",
          "kty": "RSA",
          "n": "[base64url]",
          "use": "sig"
        }
      ]
    }
    "#);
    let configuration = api.get("/.well-known/openid-configuration").send().await;
    assert_json_snapshot!(configuration.body, @r#"
    {
      "id_token_signing_alg_values_supported": [
        "RS256"
      ],
      "issuer": "https://onus.test",
      "jwks_uri": "https://onus.test/.well-known/jwks.json",
      "response_types_supported": [
        "token"
      ],
      "subject_types_supported": [
        "public"
      ]
    }
    "#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_tokens_that_others_can_verify() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let header = jsonwebtoken::decode_header(&person.token).unwrap();
    assert_eq!(
        (header.typ.as_deref(), header.alg),
        (Some("at+jwt"), jsonwebtoken::Algorithm::RS256)
    );
    // Another service: it knows nothing but what is published.
    let verifier = Verifier::new(&settings(&api.db, &[]).token);
    let jwks = api.get("/.well-known/jwks.json").send().await.body.to_string();
    assert_eq!(verifier.learn(jwks.as_bytes()).unwrap(), 1);
    let claims = verifier.verify(&person.token).await.unwrap();
    assert_eq!((claims.sub, claims.workspace), (person.id, person.workspace));
    assert_eq!(claims.exp - claims.iat, 300, "five minutes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn are_one_for_replicas_that_start_together() {
    let db = TestDb::new(&[AuthService::schema()]).await;
    let builds = (0..4).map(|_| AuthService::build(settings(&db, &[])));
    let services = futures::future::join_all(builds).await;
    let mut kids = Vec::new();
    for service in services {
        let ring = service.unwrap().app().keys().await.unwrap();
        kids.push(ring.signer(chrono::Utc::now()).unwrap().kid().to_owned());
    }
    kids.dedup();
    assert_eq!(kids.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn are_sealed_in_the_table_and_survive_a_restart() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let sql = api.sql().await;
    let row = sql
        .query_one("select sealed_private from signing_key", &[])
        .await
        .unwrap();
    let sealed: Vec<u8> = row.get(0);
    // A PKCS#8 key begins with a SEQUENCE that holds version 0 and the algorithm rsaEncryption.
    let rsa_encryption = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
    assert!(
        !sealed
            .windows(rsa_encryption.len())
            .any(|window| window == rsa_encryption)
    );
    let Api { db, .. } = api;
    let restarted = Api::on(db, &[]).await;
    assert_eq!(restarted.get("/api/auth/me").by(&person).send().await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stay_shut_under_another_secret() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let Api { db, .. } = api;
    let other = Api::on(db, &[("auth.secret", "quite another secret, long enough")]).await;
    let refused = other
        .post("/api/auth/refresh")
        .cookie(&person.cookie)
        .send()
        .await;
    assert_eq!(refused.problem(), (500, "internal"));
    let ready = other.get("/readyz").send().await;
    assert_eq!(
        (ready.status.as_u16(), &ready.body["status"]),
        (200, &Value::from("degraded"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_part_is_ready() {
    let api = Api::start().await;
    let ready = api.get("/readyz").send().await;
    assert_json_snapshot!(ready.body, @r#"
    {
      "parts": [
        {
          "name": "database",
          "state": "ok"
        },
        {
          "name": "keys",
          "state": "ok"
        },
        {
          "name": "queue",
          "state": "ok"
        }
      ],
      "status": "ok"
    }
    "#);
}
