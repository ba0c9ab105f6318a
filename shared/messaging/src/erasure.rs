//! Forgetting a person in what was published: particulars go, records stay.

use contracts::Stream;
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use postgres::{Connection, DbError, statement};
use uuid::Uuid;

/// Takes out of the log's particulars who a person is: out of the events of the given streams, which are about them, and
/// out of those that they caused, where their name becomes a pseudonym. To do it twice changes nothing.
///
/// What is under way already still says it; who takes it in drops that, see the consumers.
///
/// # Errors
/// When the database fails.
pub async fn forget(conn: &mut Connection, person: Uuid, streams: &[Stream]) -> Result<(), DbError> {
    let names: Vec<&str> = streams.iter().map(Stream::as_str).collect();
    statement("SELECT forget_events(?, ?)")
        .bind::<SqlUuid, _>(person)
        .bind::<Array<Text>, _>(names)
        .run(conn)
        .await?;
    Ok(())
}
