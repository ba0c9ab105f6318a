//! A trace goes through us.

use crate::app::app;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

#[tokio::test]
async fn an_incoming_trace_is_continued_and_another_is_begun() {
    let _guard = telemetry::init("test", &telemetry::Settings::default());
    let app = app();
    let parent = format!("00-{TRACE}-b7ad6b7169203331-01");
    let answer = app
        .get("/api/trace")
        .header("traceparent", &parent)
        .send()
        .await
        .expect("an answer");
    let ours = answer.text().await.expect("a body");
    assert!(ours.starts_with(&format!("00-{TRACE}-")), "{ours}");
    assert_ne!(ours, parent);

    let own = app
        .get("/api/trace")
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("a body");
    assert!(own.len() == 55 && !own.contains(TRACE), "{own}");
    for garbage in ["", "garbage", "00-0-0-00"] {
        let answer = app
            .get("/api/trace")
            .header("traceparent", garbage)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.text().await.expect("a body").len(), 55);
    }
}
