//! Calls of the functions in the schema `bus`.

use std::time::Duration;

use ::postgres::{Database, DbError, statement};
use chrono::TimeDelta;
use diesel::sql_types::{Array, BigInt, Integer, Interval, Text, Uuid as SqlUuid};
use uuid::Uuid;

use crate::transport::{Delivery, Outgoing, Receipt, ReceiveOrder};

#[derive(diesel::QueryableByName)]
struct Received {
    #[diesel(sql_type = BigInt)]
    out_id: i64,
    #[diesel(sql_type = Text)]
    out_group: String,
    #[diesel(sql_type = Text)]
    out_body: String,
    #[diesel(sql_type = Integer)]
    out_attempts: i32,
}

#[derive(diesel::QueryableByName)]
struct Depth {
    #[diesel(sql_type = BigInt)]
    depth: i64,
}

pub(super) async fn send(db: &Database, queue: &str, entries: &[Outgoing]) -> Result<(), DbError> {
    let ids: Vec<Uuid> = entries.iter().map(|entry| entry.id).collect();
    let groups: Vec<&str> = entries.iter().map(|entry| entry.group.as_str()).collect();
    let bodies: Vec<&str> = entries.iter().map(|entry| entry.body.as_str()).collect();
    let mut conn = db.read().await?;
    statement("SELECT bus.send(?, ?, ?, ?)")
        .bind::<Text, _>(queue)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Text>, _>(groups)
        .bind::<Array<Text>, _>(bodies)
        .run(&mut conn)
        .await?;
    Ok(())
}

pub(super) async fn receive(
    db: &Database,
    queue: &str,
    order: &ReceiveOrder,
) -> Result<Vec<Delivery>, DbError> {
    let mut conn = db.read().await?;
    let rows: Vec<Received> =
        statement("SELECT out_id, out_group, out_body, out_attempts FROM bus.receive(?, ?, ?)")
            .bind::<Text, _>(queue)
            .bind::<Integer, _>(i32::try_from(order.most).unwrap_or(i32::MAX))
            .bind::<Interval, _>(interval(order.visibility))
            .all(&mut conn)
            .await?;
    Ok(rows.into_iter().map(Received::into_delivery).collect())
}

pub(super) async fn acknowledge(db: &Database, queue: &str, receipts: &[Receipt]) -> Result<(), DbError> {
    let (ids, attempts) = split(receipts);
    let mut conn = db.read().await?;
    statement("SELECT bus.acknowledge(?, ?, ?)")
        .bind::<Text, _>(queue)
        .bind::<Array<BigInt>, _>(ids)
        .bind::<Array<Integer>, _>(attempts)
        .run(&mut conn)
        .await?;
    Ok(())
}

pub(super) async fn postpone(
    db: &Database,
    queue: &str,
    receipts: &[Receipt],
    delay: Duration,
) -> Result<(), DbError> {
    let (ids, attempts) = split(receipts);
    let mut conn = db.read().await?;
    statement("SELECT bus.postpone(?, ?, ?, ?)")
        .bind::<Text, _>(queue)
        .bind::<Array<BigInt>, _>(ids)
        .bind::<Array<Integer>, _>(attempts)
        .bind::<Interval, _>(interval(delay))
        .run(&mut conn)
        .await?;
    Ok(())
}

pub(super) async fn depth(db: &Database, queue: &str) -> Result<i64, DbError> {
    let mut conn = db.read().await?;
    let row: Option<Depth> = statement("SELECT bus.depth(?) AS depth")
        .bind::<Text, _>(queue)
        .first_row(&mut conn)
        .await?;
    Ok(row.map_or(0, |row| row.depth))
}

impl Received {
    fn into_delivery(self) -> Delivery {
        Delivery {
            receipt: Receipt(format!("{}:{}", self.out_id, self.out_attempts)),
            group: self.out_group,
            body: self.out_body,
            attempt: u32::try_from(self.out_attempts).unwrap_or(u32::MAX),
        }
    }
}

/// Receipts are `id:attempt`; one that is not ours names nothing.
fn split(receipts: &[Receipt]) -> (Vec<i64>, Vec<i32>) {
    receipts
        .iter()
        .filter_map(|receipt| {
            let (id, attempt) = receipt.0.split_once(':')?;
            Some((id.parse::<i64>().ok()?, attempt.parse::<i32>().ok()?))
        })
        .unzip()
}

fn interval(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or_else(|_| TimeDelta::days(1))
}
