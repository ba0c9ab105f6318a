//! Events that come by the queue, doubled and all.

use messaging::Outgoing;
use serde_json::json;
use uuid::Uuid;

use crate::house::{House, SOON, Team};

#[tokio::test(flavor = "multi_thread")]
async fn events_of_the_queue_become_notifications_and_mail_once() {
    let house = House::start().await;
    let team = Team::new();
    let task = Uuid::now_v7();
    let mut events = team.joined();
    let created = team
        .change(task, 1, "created")
        .field("title", serde_json::Value::Null, json!("Paint the door"))
        .field("pic_id", serde_json::Value::Null, json!(team.pat.person));
    events.push(created.into_event(None).unwrap());
    for event in events.iter().chain(&events) {
        let entry = Outgoing {
            id: Uuid::now_v7(),
            group: event.stream.to_string(),
            body: event.to_json().unwrap(),
        };
        assert_eq!(house.queue.send("notify", &[entry]).await.unwrap(), [Ok(())]);
    }
    let mails = test_kit::eventually(SOON, async || {
        let mails = house.items(&team.pat, "/api/mailbox").await;
        (!mails.is_empty()).then_some(mails)
    })
    .await;
    assert_eq!(
        mails[0]["subject"],
        json!("[House] Paint the door — Sue put you in charge")
    );
    // A later event behind the doubles: when its mail is there, theirs would be too.
    let event = team.moved(task, 2);
    let entry = Outgoing {
        id: Uuid::now_v7(),
        group: event.stream.to_string(),
        body: event.to_json().unwrap(),
    };
    house.queue.send("notify", &[entry]).await.unwrap();
    house.until_states(&[("sent", 2)]).await;
    assert_eq!(house.items(&team.pat, "/api/mailbox").await.len(), 2);
    assert_eq!(house.items(&team.pat, "/api/notifications").await.len(), 2);
    assert!(
        house.workers.drain(SOON).await,
        "workers end when they are told to"
    );
}
