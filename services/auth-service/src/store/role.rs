//! A role as a text column.

use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    serialize::{self, Output, ToSql},
    sql_types::Text,
};
use policy::Role;

/// A role on its way to or from the database.
#[derive(Debug, Clone, Copy, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct StoredRole(pub(super) Role);

impl From<StoredRole> for Role {
    fn from(stored: StoredRole) -> Self {
        stored.0
    }
}

impl FromSql<Text, Pg> for StoredRole {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let word = <String as FromSql<Text, Pg>>::from_sql(bytes)?;
        Ok(Self(word.parse()?))
    }
}

impl ToSql<Text, Pg> for StoredRole {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let word: &'static str = self.0.into();
        <str as ToSql<Text, Pg>>::to_sql(word, out)
    }
}
