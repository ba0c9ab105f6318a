//! Forgetting a person in what was published: particulars go, records stay.

use contracts::Stream;
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use postgres::{Connection, DbError, statement};
use uuid::Uuid;

/// Takes out of the log's particulars who a person is: out of the events of the given streams, which are about them, and
/// out of those that they caused, where their name becomes a pseudonym. To do it twice changes nothing.
///
/// What is under way already still says it: see [`forget_queued`]. Who takes it in nevertheless drops that.
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

/// Takes out of the queues in this database what says who a person was; what is lost with it is fetched again by its
/// consumers. To be called when the producers' logs have forgotten, and never in a hurry: it reads whatever waits. Queues
/// elsewhere keep their messages until they are taken in, or expire.
///
/// # Errors
/// When the database fails.
pub async fn forget_queued(conn: &mut Connection, person: Uuid, email: &str) -> Result<(), DbError> {
    // As the parts of an event stand in a message; the record is a text within the text.
    let words = [
        format!(r#"\"actor\":\"{person}\""#),
        format!(r#"/{person}""#),
        format!(r#""account":{{"after":{{"value":"{person}""#),
        format!(r#""email":"{email}""#),
    ];
    statement("SELECT bus.forget(?)")
        .bind::<Array<Text>, _>(&words[..])
        .run(conn)
        .await?;
    Ok(())
}
