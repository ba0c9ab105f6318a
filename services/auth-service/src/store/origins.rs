//! Which session at an identity provider a session comes from.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::schema::session;

/// Which session at an identity provider a session comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The provider.
    pub issuer: String,
    /// Its session, where it names it.
    pub session: Option<String>,
}

/// Where a session comes from; nowhere else, where nobody but ourselves vouched.
pub async fn origin(conn: &mut Connection, id: Uuid) -> Result<Option<Origin>, DbError> {
    let found: Option<(Option<String>, Option<String>)> = session::table
        .find(id)
        .select((session::issuer, session::issuer_session))
        .first(conn)
        .await
        .optional()?;
    Ok(found.and_then(|(issuer, session)| issuer.map(|issuer| Origin { issuer, session })))
}

/// The identity provider that a session came from.
pub async fn issuer_of(conn: &mut Connection, id: Uuid) -> Result<Option<String>, DbError> {
    let issuer: Option<Option<String>> = session::table
        .find(id)
        .select(session::issuer)
        .first(conn)
        .await
        .optional()?;
    Ok(issuer.flatten())
}
