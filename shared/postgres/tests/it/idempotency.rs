//! The contract of idempotency keys.

use futures::FutureExt as _;
use postgres::Answer;
use postgres::idempotency::{Key, Refusal};

use crate::{Failure, fresh, notes, number, write_note};

fn key(name: &str, fingerprint: u8) -> Option<Key> {
    Some(Key {
        scope: "mina".to_owned(),
        key: name.to_owned(),
        fingerprint: [fingerprint; 32],
    })
}

async fn note_once(database: &postgres::Database, key: Option<Key>) -> Result<Answer<i64>, Failure> {
    database
        .write_once(key, |connection| {
            async move {
                write_note(connection).await?;
                Ok(number(connection, "SELECT count(*) AS number FROM note").await)
            }
            .boxed()
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_answer_comes_back() {
    let (_test, database) = fresh().await;
    assert_eq!(
        note_once(&database, key("a", 1)).await.unwrap(),
        Answer {
            value: 1,
            replayed: false
        }
    );
    assert_eq!(
        note_once(&database, key("b", 1)).await.unwrap(),
        Answer {
            value: 2,
            replayed: false
        }
    );
    assert_eq!(
        note_once(&database, key("a", 1)).await.unwrap(),
        Answer {
            value: 1,
            replayed: true
        }
    );
    assert_eq!(notes(&database).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_belongs_to_its_request() {
    let (_test, database) = fresh().await;
    note_once(&database, key("a", 1)).await.unwrap();
    let second = note_once(&database, key("a", 2)).await;
    assert!(
        matches!(second, Err(Failure::Refused(Refusal::Reused))),
        "{second:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_under_way_is_refused_at_once() {
    let (_test, database) = fresh().await;
    let (finish, may_finish) = tokio::sync::oneshot::channel::<()>();
    let (started, has_started) = tokio::sync::oneshot::channel();
    let first = tokio::spawn({
        let database = database.clone();
        async move {
            database
                .write_once::<i64, Failure, _>(key("a", 1), |connection| {
                    async move {
                        write_note(connection).await?;
                        let _ = started.send(());
                        let _ = may_finish.await;
                        Ok(7)
                    }
                    .boxed()
                })
                .await
        }
    });
    has_started.await.unwrap();
    let second = note_once(&database, key("a", 1)).await;
    assert!(
        matches!(second, Err(Failure::Refused(Refusal::InFlight))),
        "{second:?}"
    );
    finish.send(()).unwrap();
    assert_eq!(first.await.unwrap().unwrap().value, 7);
    assert_eq!(notes(&database).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_leaves_its_key_free() {
    let (_test, database) = fresh().await;
    let refused: Result<Answer<i64>, Failure> = database
        .write_once(key("a", 1), |_| async move { Err(Failure::No) }.boxed())
        .await;
    assert!(refused.is_err());
    assert!(!note_once(&database, key("a", 2)).await.unwrap().replayed);
}
