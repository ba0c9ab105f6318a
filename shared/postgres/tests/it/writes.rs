//! A write happens whole or not at all.

use std::time::Duration;

use futures::FutureExt as _;
use postgres::DbError;
use test_kit::eventually;

use crate::{Failure, as_superuser, fresh, notes, number, write_note};

#[tokio::test(flavor = "multi_thread")]
async fn work_that_says_no_leaves_nothing() {
    let (_test, database) = fresh().await;
    let result: Result<(), Failure> = database
        .write(|connection| {
            async move {
                write_note(connection).await?;
                Err(Failure::No)
            }
            .boxed()
        })
        .await;
    assert!(matches!(result, Err(Failure::No)));
    assert_eq!(notes(&database).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_goes_away_does_not_abort_the_work() {
    let (_test, database) = fresh().await;
    let (started, has_started) = tokio::sync::oneshot::channel();
    let (finish, may_finish) = tokio::sync::oneshot::channel::<()>();
    let writer = database.clone();
    let caller = tokio::spawn(async move {
        writer
            .write::<(), Failure, _>(|connection| {
                async move {
                    write_note(connection).await?;
                    let _ = started.send(());
                    let _ = may_finish.await;
                    write_note(connection).await
                }
                .boxed()
            })
            .await
    });
    has_started.await.unwrap();
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    finish.send(()).unwrap();
    eventually(Duration::from_secs(5), async || {
        (notes(&database).await == 2).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_died_in_the_pool_are_replaced() {
    let (test, database) = fresh().await;
    database.ping().await.unwrap();
    let mut admin = test.admin("probe").await;
    number(
        &mut admin,
        "SELECT count(pg_terminate_backend(pid)) AS number FROM pg_stat_activity
         WHERE application_name = 'onus-test' AND datname = current_database()",
    )
    .await;
    database
        .write(|connection| write_note(connection).boxed())
        .await
        .unwrap();
    assert_eq!(notes(&database).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backend_terminated_during_the_work_is_unavailable_and_leaves_nothing() {
    let (test, _) = fresh().await;
    let database = as_superuser(&test);
    let result: Result<(), Failure> = database
        .write(|connection| {
            async move {
                write_note(connection).await?;
                diesel_async::RunQueryDsl::execute(
                    diesel::sql_query("SELECT pg_terminate_backend(pg_backend_pid())"),
                    connection,
                )
                .await
                .map_err(DbError::from)?;
                Ok(())
            }
            .boxed()
        })
        .await;
    assert!(
        matches!(result, Err(Failure::Db(DbError::Unavailable(_)))),
        "{result:?}"
    );
    assert_eq!(notes(&database).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_cut_off_is_unknown_not_failed() {
    let (test, _) = fresh().await;
    let database = as_superuser(&test);
    let result: Result<(), Failure> = database
        .write(|connection| {
            async move {
                write_note(connection).await?;
                // The trigger strikes while COMMIT runs.
                diesel_async::SimpleAsyncConnection::batch_execute(
                    connection,
                    "CREATE FUNCTION pg_temp.cut() RETURNS trigger LANGUAGE plpgsql AS
                     $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
                     CREATE TEMPORARY TABLE bait (x int);
                     CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON bait DEFERRABLE INITIALLY DEFERRED
                     FOR EACH ROW EXECUTE FUNCTION pg_temp.cut();
                     INSERT INTO bait VALUES (1);",
                )
                .await
                .map_err(DbError::from)?;
                Ok(())
            }
            .boxed()
        })
        .await;
    let Err(Failure::Db(DbError::OutcomeUnknown(cause))) = result else {
        panic!("{result:?}")
    };
    assert!(cause.to_string().contains("terminating connection"), "{cause}");
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_arrive() {
    let (test, database) = fresh().await;
    let mut listener = database.listen("feed").await.unwrap();
    let mut admin = test.admin("probe").await;
    number(&mut admin, "SELECT count(pg_notify('feed', 'seven')) AS number").await;
    let payload = tokio::time::timeout(Duration::from_secs(5), listener.next())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(payload, "seven");
}
