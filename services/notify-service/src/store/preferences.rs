//! Which mails people want.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::schema::preference;
use crate::domain::planning::Wish;

/// The version of preferences nobody has touched yet.
pub const FIRST_VERSION: i64 = 1;

/// A wish and its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preference {
    /// Which mails.
    pub wish: Wish,
    /// Raised by every change.
    pub version: i64,
}

impl Preference {
    fn from_row((mail, version): (String, i64)) -> Preference {
        Preference {
            wish: Wish::from_word(&mail).unwrap_or_default(),
            version,
        }
    }
}

/// A person's preferences; the default where nobody has set any.
pub async fn find(conn: &mut Connection, workspace: Uuid, person: Uuid) -> Result<Preference, DbError> {
    let row = preference::table
        .find((workspace, person))
        .select((preference::mail, preference::version))
        .first(conn)
        .await
        .optional()?;
    Ok(row.map_or(
        Preference {
            wish: Wish::default(),
            version: FIRST_VERSION,
        },
        Preference::from_row,
    ))
}

/// Sets the wish if the version is still the expected one; nothing otherwise.
pub async fn set(
    conn: &mut Connection,
    workspace: Uuid,
    person: Uuid,
    wish: Wish,
    expected: i64,
) -> Result<Option<Preference>, DbError> {
    // The row is made first, so that two first changes at once meet at its lock.
    diesel::insert_into(preference::table)
        .values((
            preference::workspace_id.eq(workspace),
            preference::person_id.eq(person),
            preference::mail.eq(Wish::default().as_str()),
            preference::version.eq(FIRST_VERSION),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    let row = diesel::update(preference::table.find((workspace, person)))
        .filter(preference::version.eq(expected))
        .set((
            preference::mail.eq(wish.as_str()),
            preference::version.eq(preference::version + 1),
        ))
        .returning((preference::mail, preference::version))
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.map(Preference::from_row))
}
