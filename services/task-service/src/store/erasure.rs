//! Forgetting who somebody was. What they wrote stays, and so does that one person wrote it.

use contracts::PSEUDONYM;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use postgres::{Connection, DbError, idempotency, statement};
use uuid::Uuid;

/// Takes a person's name off their comments and off what was published of them. The copy of the person is a pseudonym
/// already; to do it twice changes nothing.
///
/// # Errors
/// The database's.
pub async fn forget(connection: &mut Connection, person: Uuid) -> Result<(), DbError> {
    statement("UPDATE comment SET author_name = ? WHERE author_id = ? AND author_name <> ?")
        .bind::<Text, _>(PSEUDONYM)
        .bind::<SqlUuid, _>(person)
        .bind::<Text, _>(PSEUDONYM)
        .run(connection)
        .await?;
    messaging::erasure::forget(connection, person, &[]).await?;
    let id = person.to_string();
    idempotency::forget(connection, &id, std::slice::from_ref(&id)).await
}
