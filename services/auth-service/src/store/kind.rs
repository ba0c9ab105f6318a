//! What kind of member a row of `person` is, as a text column.

use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    pg::{Pg, PgValue},
    sql_types::Text,
};

use crate::domain::membership::MemberKind;

/// A kind on its way from the database.
#[derive(Debug, Clone, Copy, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct StoredKind(MemberKind);

impl From<StoredKind> for MemberKind {
    fn from(stored: StoredKind) -> Self {
        stored.0
    }
}

impl FromSql<Text, Pg> for StoredKind {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let word = <String as FromSql<Text, Pg>>::from_sql(bytes)?;
        Ok(Self(MemberKind::of(&word).ok_or("no kind of member")?))
    }
}
