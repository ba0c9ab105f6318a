//! Discovery and JWKS in a bucket, put there by the real binary.

use std::process::{Command, Output};

use aws_lc_rs::{digest, hmac};
use serde_json::{Value, json};
use test_kit::TestDb;
use web_kit::Service as _;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{method, path_regex},
};

const KEY_ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const REGION: &str = "eu-central-1";

/// Runs `auth-service` as a container does: with nothing but its environment.
async fn run(db: &TestDb, s3: &MockServer, line: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth-service"));
    command
        .args(line)
        .env("AUTH__DATABASE__URL", db.admin_url())
        .env("AUTH__DATABASE__ROLE", "onus_auth")
        .env("AUTH__TOKEN__ISSUER", "https://onus.test")
        .env("AUTH__AUTH__SECRET", "a secret of the tests, long enough")
        .env("AUTH__AUTH__DISCOVERY_BUCKET", "onus-site")
        .env("AUTH__AUTH__DISCOVERY_ENDPOINT", s3.uri())
        .env("AWS_REGION", REGION)
        .env("AWS_ACCESS_KEY_ID", KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET);
    for service in ["AUDIT", "NOTIFY", "TASK"] {
        command.env(
            format!("AUTH__AUTH__CLIENTS__{service}_SERVICE"),
            format!("the secret of the {service}"),
        );
    }
    tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap()
}

async fn bucket(status: u16) -> MockServer {
    let s3 = MockServer::start().await;
    Mock::given(method("PUT"))
        .and(path_regex("^/onus-site/"))
        .respond_with(ResponseTemplate::new(status))
        .mount(&s3)
        .await;
    s3
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
}

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers[name].to_str().unwrap()
}

/// Computes the signature again, step by step as the S3 reference has it ("Authenticating Requests: Using the
/// Authorization Header"), and compares.
fn check_signature(request: &Request) {
    let authorization = header(request, "authorization");
    let part = |name: &str| {
        let (_, rest) = authorization.split_once(name).unwrap();
        rest.split(',').next().unwrap().trim().to_owned()
    };
    let (credential, signed) = (part("Credential="), part("SignedHeaders="));
    let moment = header(request, "x-amz-date");
    let scope = format!("{}/{REGION}/s3/aws4_request", &moment[..8]);
    assert_eq!(credential, format!("{KEY_ID}/{scope}"));
    for name in ["host", "x-amz-content-sha256", "x-amz-date"] {
        assert!(signed.split(';').any(|header| header == name), "{signed}");
    }
    let payload = sha256(&request.body);
    assert_eq!(header(request, "x-amz-content-sha256"), payload);
    let headers: String = signed
        .split(';')
        .map(|name| format!("{name}:{}\n", header(request, name)))
        .collect();
    let path = request.url.path();
    let canonical = format!("PUT\n{path}\n\n{headers}\n{signed}\n{payload}");
    let text = format!(
        "AWS4-HMAC-SHA256\n{moment}\n{scope}\n{}",
        sha256(canonical.as_bytes())
    );
    let key = scope
        .split('/')
        .fold(format!("AWS4{SECRET}").into_bytes(), |key, part| mac(&key, part));
    assert_eq!(part("Signature="), hex(&mac(&key, &text)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_key_is_published_and_so_is_every_change() {
    let db = TestDb::new(&[auth_service::AuthService::schema()]).await;
    let s3 = bucket(200).await;
    for _ in 0..2 {
        let done = run(&db, &s3, &["keys", "init"]).await;
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(
            done.status.success(),
            "{said} {}",
            String::from_utf8_lossy(&done.stderr)
        );
        assert_eq!(
            said.matches("signing").count(),
            1,
            "a second time makes no other key: {said}"
        );
    }
    let rotated = run(&db, &s3, &["keys", "rotate"]).await;
    assert!(rotated.status.success());
    let puts = s3.received_requests().await.unwrap();
    assert_eq!(puts.len(), 6);
    for put in &puts {
        check_signature(put);
        assert_eq!(header(put, "content-type"), "application/json");
        assert_eq!(header(put, "cache-control"), "public, max-age=300");
    }
    let document = |name: &str| -> Value {
        let path = format!("/onus-site/.well-known/{name}");
        let put = puts.iter().rfind(|put| put.url.path() == path).unwrap();
        serde_json::from_slice(&put.body).unwrap()
    };
    assert_eq!(
        document("openid-configuration")["issuer"],
        json!("https://onus.test")
    );
    assert_eq!(document("jwks.json")["keys"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_refuses_is_told_of() {
    let db = TestDb::new(&[auth_service::AuthService::schema()]).await;
    let s3 = bucket(403).await;
    let refused = run(&db, &s3, &["discovery", "publish"]).await;
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("was refused with 403"), "{said}");
    assert!(!said.contains(SECRET), "{said}");
}
