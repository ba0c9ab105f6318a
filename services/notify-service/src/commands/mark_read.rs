//! Marks notifications as read.

use futures::FutureExt as _;
use postgres::Database;
use uuid::Uuid;

use crate::error::Error;
use crate::store::notifications::{self, Owner};

/// Which notifications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Every one in the inbox.
    All,
    /// These.
    These(Vec<Uuid>),
}

/// Marks them, all or none: an id that is not in this inbox spoils the whole request.
///
/// # Errors
/// [`Error::NotFound`] for such an id.
pub async fn mark_read(db: &Database, owner: Owner, which: Which) -> Result<(), Error> {
    db.write(move |conn| {
        async move {
            let Which::These(mut ids) = which else {
                return Ok(notifications::mark_read(conn, owner, None).await?);
            };
            ids.sort_unstable();
            ids.dedup();
            let owned = notifications::count_owned(conn, owner, &ids).await?;
            if usize::try_from(owned) != Ok(ids.len()) {
                return Err(Error::NotFound);
            }
            Ok(notifications::mark_read(conn, owner, Some(&ids)).await?)
        }
        .boxed()
    })
    .await
}
