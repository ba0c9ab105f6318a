//! kill -9, twenty times for each process, under 1,000 acknowledged writes.

use std::sync::atomic::AtomicUsize;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use chaos::database::{Faults, complete_log, count};
use chaos::house::House;
use chaos::mails::tally;
use chaos::people::Workspace;
use chaos::wait::until;
use chaos::writers::Work;
use futures::future::try_join;

const WRITES: usize = 1_000;
const KILLS: usize = 20;

/// How long the last mails may take.
const MAILS: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread")]
async fn onus_is_killed_and_nothing_is_lost_or_doubled() -> Result<()> {
    kill_under_load(House::one_process().await?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_service_is_killed_and_nothing_is_lost_or_doubled() -> Result<()> {
    kill_under_load(House::four_processes().await?).await
}

async fn kill_under_load(mut house: House) -> Result<()> {
    let start = Instant::now();
    let workspace = Workspace::found(&house).await?;
    let work = Work::new(&house, workspace, WRITES);
    let progress = AtomicUsize::new(0);
    let (ledger, kills) = try_join(work.run(&progress), house.kill_along(KILLS, &progress, WRITES)).await?;
    let (acknowledged, tries, wrote) = (ledger.acknowledged, ledger.tries, start.elapsed());
    assert_eq!(acknowledged, WRITES);
    let lost = work.lost(&ledger).await?;

    let database = house.database.connect().await?;
    let (faults, entries) = complete_log(&database).await?;
    let logged = start.elapsed();
    until("all mails to be settled", MAILS, || async {
        let unsettled = "notify.notification n WHERE NOT EXISTS (SELECT FROM notify.carried c \
                         JOIN notify.delivery d ON d.id = c.delivery_id \
                         WHERE c.notification_id = n.id AND d.state NOT IN ('pending', 'sending'))";
        let told = count(&database, "notify.notification").await?;
        let all = i64::try_from(ledger.marks.len())? <= told;
        Ok((all && count(&database, unsettled).await? == 0).then_some(()))
    })
    .await?;
    let mails = tally(&house.ses.mails(), ledger.marks.iter());
    let doubled = count(
        &database,
        "(SELECT FROM notify.notification GROUP BY event_id, recipient_id HAVING count(*) > 1) twice",
    )
    .await?;
    println!(
        "{kills} kills; writes: {acknowledged} acknowledged in {tries} tries and {wrote:.1?}, {lost} lost; \
         log: {entries} entries, complete after {logged:.1?}, {faults:?}; change mail: {mails:?} of {} changes, \
         {doubled} notifications doubled",
        ledger.marks.len(),
    );

    assert_eq!(lost, 0);
    assert_eq!(faults, Faults::default());
    assert_eq!((mails.repeated, mails.told_again, doubled), (0, 0, 0));
    ensure!(
        mails.told * 10 >= ledger.marks.len() * 9,
        "too few changes were told: {mails:?}"
    );
    house.remove().await
}
