//! Notifications from Postgres.

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection as _};
use futures::StreamExt as _;

use crate::DbError;

/// A connection that hears one channel.
pub struct Listener {
    connection: AsyncPgConnection,
}

impl Listener {
    pub(crate) async fn start(mut connection: AsyncPgConnection, channel: &str) -> Result<Listener, DbError> {
        let quoted = channel.replace('"', "\"\"");
        connection.batch_execute(&format!("LISTEN \"{quoted}\"")).await?;
        Ok(Listener { connection })
    }

    /// The payload of the next notification.
    ///
    /// # Errors
    /// When the connection ends; make a new listener then.
    pub async fn next(&mut self) -> Result<String, DbError> {
        let mut stream = std::pin::pin!(self.connection.notifications_stream());
        match stream.next().await {
            Some(notification) => Ok(notification?.payload),
            None => Err(DbError::Unavailable("the listening connection ended".into())),
        }
    }
}
