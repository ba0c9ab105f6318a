//! What the services' roles may not do, and that the migrations can be walked back.

use diesel_async::SimpleAsyncConnection as _;
use secrecy::SecretString;
use uuid::Uuid;

use crate::support::{AUDIT, House, TASK, events, stream};

#[tokio::test(flavor = "multi_thread")]
async fn a_service_can_neither_change_nor_forget_what_it_published() {
    let house = House::new().await;
    house.publish(events(Uuid::now_v7(), &stream(), 1..=1)).await;
    let mut conn = house.task.read().await.unwrap();
    for forbidden in [
        "UPDATE event_log SET record = '{}'",
        "UPDATE event_log SET particulars = NULL",
        "DELETE FROM event_log",
        "TRUNCATE event_log",
    ] {
        let error = conn.batch_execute(forbidden).await.unwrap_err().to_string();
        assert!(error.contains("permission denied"), "{forbidden}: {error}");
    }
    conn.batch_execute("UPDATE event_log SET position = 1")
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_reaches_the_queues_through_functions_only() {
    let house = House::new().await;
    let mut conn = house.audit.read().await.unwrap();
    for forbidden in [
        "SELECT * FROM bus.message",
        "DELETE FROM bus.message",
        "SELECT * FROM task.event_log",
    ] {
        let error = conn.batch_execute(forbidden).await.unwrap_err().to_string();
        assert!(error.contains("permission denied"), "{forbidden}: {error}");
    }
    conn.batch_execute("SELECT bus.depth('audit')").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_migrations_go_down_and_up_again() {
    let house = House::new().await;
    let url = SecretString::from(house.db.admin_url());
    drop(house.audit);
    for schema in [TASK, messaging::bus_schema()] {
        postgres::revert_all(&url, &schema).await.unwrap();
    }
    let ran = postgres::migrate(&url, &TASK).await.unwrap();
    assert_eq!(ran.len(), 4, "{ran:?}");
    assert_eq!(
        postgres::migrate(&url, &AUDIT).await.unwrap(),
        Vec::<String>::new()
    );
}
