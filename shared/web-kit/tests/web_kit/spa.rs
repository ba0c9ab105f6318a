//! The web app.

use crate::harness::{Running, header, problem, settings, start};
use flate2::read::GzDecoder;
use std::io::Read as _;
use std::path::PathBuf;
use web_kit::Server;
use web_kit::spa::Spa;

/// A built app in a directory that goes away with the test.
struct Built(PathBuf);

impl Built {
    fn new() -> Built {
        let directory = std::env::temp_dir().join(format!("onus-spa-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(directory.join("assets")).expect("a directory");
        let write = |name: &str, text: &str| std::fs::write(directory.join(name), text).expect("a file");
        write("index.html", "<!doctype html><title>Onus</title>");
        write("favicon.svg", "<svg/>");
        write("assets/app-4f2a.js", &"console.log('hello');".repeat(200));
        Built(directory)
    }
}

impl Drop for Built {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn app() -> Running {
    let built = Built::new();
    start(Server::new(&settings()).spa(Spa::open(&built.0).expect("an app")))
}

#[tokio::test]
async fn the_page_is_asked_for_each_time_and_assets_are_kept() {
    let app = app();
    for path in ["/", "/boards/0198", "/index.html"] {
        let answer = app
            .get(path)
            .header("accept", "text/html,*/*")
            .send()
            .await
            .expect("an answer");
        assert_eq!(
            (answer.status().as_u16(), header(&answer, "cache-control")),
            (200, "no-cache"),
            "{path}"
        );
        let policy = header(&answer, "content-security-policy").to_owned();
        assert!(
            policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
        assert!(answer.text().await.expect("a body").contains("Onus"));
    }
    let answer = app.get("/assets/app-4f2a.js").send().await.expect("an answer");
    assert_eq!(
        header(&answer, "cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(header(&answer, "content-type"), "text/javascript; charset=utf-8");
    assert_eq!(header(&answer, "content-encoding"), "");
    let answer = app.get("/favicon.svg").send().await.expect("an answer");
    assert_eq!(
        (header(&answer, "cache-control"), header(&answer, "content-type")),
        ("no-cache", "image/svg+xml")
    );
}

#[tokio::test]
async fn what_is_no_page_stays_an_error() {
    let app = app();
    let html = |path: &str| app.get(path).header("accept", "text/html");
    for path in [
        "/api/nothing",
        "/api",
        "/.well-known/nothing",
        "/internal/events",
        "/assets/gone-1234.js",
    ] {
        problem(html(path), 404, "not_found").await;
    }
    problem(
        app.get("/gone.png").header("accept", "image/*,*/*"),
        404,
        "not_found",
    )
    .await;
    problem(
        app.get("/data").header("accept", "application/json"),
        404,
        "not_found",
    )
    .await;
    problem(app.post("/boards"), 404, "not_found").await;
    for path in [
        "/..%2f..%2fetc%2fpasswd",
        "/assets/..%2findex.html",
        "/%2e%2e/secret",
    ] {
        let answer = app.get(path).send().await.expect("an answer");
        let page = answer.text().await.expect("a body");
        assert!(
            page.contains("Onus") || page.contains("not_found"),
            "{path}: {page}"
        );
    }
}

#[tokio::test]
async fn a_browser_that_takes_gzip_gets_it_and_one_that_knows_the_file_gets_nothing() {
    let app = app();
    let answer = app
        .get("/assets/app-4f2a.js")
        .header("accept-encoding", "br, gzip")
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        (header(&answer, "content-encoding"), header(&answer, "vary")),
        ("gzip", "accept-encoding")
    );
    let etag = header(&answer, "etag").to_owned();
    let packed = answer.bytes().await.expect("a body");
    let mut text = String::new();
    GzDecoder::new(&packed[..])
        .read_to_string(&mut text)
        .expect("gzip");
    assert!(text.starts_with("console.log") && packed.len() < text.len());

    let known = app
        .get("/assets/app-4f2a.js")
        .header("if-none-match", format!("W/{etag}"));
    let answer = known.send().await.expect("an answer");
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.bytes().await.expect("a body").len()
        ),
        (304, 0)
    );
}

#[tokio::test]
async fn a_directory_without_a_page_is_no_app() {
    let built = Built::new();
    std::fs::remove_file(built.0.join("index.html")).expect("the page");
    assert!(Spa::open(&built.0).is_err());
    assert!(Spa::open(built.0.join("nowhere")).is_err());
}
