//! The queue is wiped in the middle of the run: the log is complete within two minutes all the same.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use chaos::database::{Faults, complete_log, count};
use chaos::house::House;
use chaos::people::Workspace;
use chaos::wait::until;
use chaos::writers::Work;
use futures::future::try_join;
use tokio_postgres::Client;

const WRITES: usize = 1_000;
const WIPES: usize = 4;

/// How many events must lie on the queue before it is wiped.
const LYING: i64 = 50;

/// How long the writes and the relay may take to bring them there.
const SOON: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_wiped_queue_leaves_no_hole_in_the_log() -> Result<()> {
    let mut house = House::four_processes().await?;
    let workspace = Workspace::found(&house).await?;
    let work = Work::new(&house, workspace, WRITES);
    let progress = AtomicUsize::new(0);
    let database = house.database.connect().await?;
    let (ledger, mut wiped) =
        try_join(work.run(&progress), wipe_along(&mut house, &database, &progress)).await?;
    assert_eq!(ledger.acknowledged, WRITES);

    // The last events of most streams lie on the queue now, and no later event will tell that they are gone.
    let sent = "task.event_send WHERE destination = 'audit'";
    until("everything to be sent", SOON, || async {
        Ok((count(&database, sent).await? == 0).then_some(()))
    })
    .await?;
    wiped += wipe(&database).await?;
    let http = house.client().http().clone();
    house.process("audit-service")?.start(&http).await?;
    let start = Instant::now();
    let (faults, entries) = complete_log(&database).await?;
    println!(
        "{wiped} events wiped; log: {entries} entries, complete {:.1?} after the last wipe",
        start.elapsed()
    );
    assert_eq!(faults, Faults::default());
    assert_eq!(work.lost(&ledger).await?, 0);
    house.remove().await
}

/// Stops the audit-service, lets events pile up, wipes them and starts it again; in the end leaves it stopped.
async fn wipe_along(house: &mut House, database: &Client, progress: &AtomicUsize) -> Result<u64> {
    let http = house.client().http().clone();
    let mut wiped = 0;
    for round in 1..=WIPES {
        let due = round * WRITES / (WIPES + 2);
        until(&format!("write {due}"), SOON, || async {
            Ok((progress.load(Ordering::SeqCst) >= due).then_some(()))
        })
        .await?;
        house.process("audit-service")?.kill()?;
        until("events on the queue", SOON, || async {
            Ok((count(database, "bus.message WHERE queue = 'audit'").await? >= LYING).then_some(()))
        })
        .await?;
        wiped += wipe(database).await?;
        if round < WIPES {
            house.process("audit-service")?.start(&http).await?;
        }
    }
    Ok(wiped)
}

async fn wipe(database: &Client) -> Result<u64> {
    Ok(database
        .execute("DELETE FROM bus.message WHERE queue = 'audit'", &[])
        .await?)
}
