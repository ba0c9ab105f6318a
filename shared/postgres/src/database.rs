//! A service's database: a pool and the two ways to use it.

use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig};
use diesel_async::{
    AnsiTransactionManager, AsyncPgConnection, SimpleAsyncConnection as _, TransactionManager as _,
};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tracing::Instrument as _;

use crate::connect::Connector;
use crate::idempotency::{self, Claim, Key, Refusal};
use crate::{DbError, Listener, OpenError, Settings};

/// A connection that goes back to its pool when dropped.
pub type PooledConnection = Object<AsyncPgConnection>;

/// The result of a write that carries an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// What was answered, now or the first time.
    pub value: T,
    /// Whether this is the stored first answer.
    pub replayed: bool,
}

/// A pool of connections to one schema under one role.
#[derive(Clone)]
pub struct Database {
    pool: Pool<AsyncPgConnection>,
    connector: Connector,
    settings: Settings,
}

impl Database {
    /// Makes the pool; nothing is connected yet. Unqualified names resolve to `schema`.
    ///
    /// # Errors
    /// When the URL or the TLS settings cannot be used.
    pub fn open(settings: &Settings, schema: &str, application_name: &str) -> Result<Database, OpenError> {
        let connector = Connector::new(settings, schema, application_name)?;
        let setup = connector.clone();
        let mut config = ManagerConfig::<AsyncPgConnection>::default();
        config.custom_setup = Box::new(move |_| {
            let connector = setup.clone();
            async move { connector.connect().await }.boxed()
        });
        let manager = AsyncDieselConnectionManager::new_with_config(application_name, config);
        let pool = Pool::builder(manager)
            .max_size(settings.pool_size)
            .wait_timeout(Some(settings.connect_timeout()))
            .create_timeout(Some(settings.connect_timeout()))
            .recycle_timeout(Some(settings.connect_timeout()))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(|error| OpenError::Pool(Box::new(error)))?;
        Ok(Database {
            pool,
            connector,
            settings: settings.clone(),
        })
    }

    /// A connection for reading, within the connect timeout.
    ///
    /// # Errors
    /// When none is to be had in time.
    pub async fn read(&self) -> Result<PooledConnection, DbError> {
        self.pool
            .get()
            .await
            .map_err(|error| DbError::Unavailable(Box::new(error)))
    }

    /// Runs `work` in one transaction: committed when it returns `Ok`, rolled back when it returns `Err`.
    ///
    /// It runs on a task of its own, so that a client that hangs up cannot abort it half-way, and under a
    /// deadline.
    ///
    /// # Errors
    /// What `work` returns, or what the database does.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'c> FnOnce(&'c mut AsyncPgConnection) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let database = self.clone();
        let deadline = self.settings.write_timeout();
        let task = async move {
            match tokio::time::timeout(deadline, database.transaction(work)).await {
                Ok(result) => result,
                // The deadline may have struck during the COMMIT.
                Err(elapsed) => Err(DbError::OutcomeUnknown(Box::new(elapsed)).into()),
            }
        };
        match self.connector.spawn(task.in_current_span()).await {
            Ok(result) => result,
            Err(panicked) => Err(DbError::OutcomeUnknown(Box::new(panicked)).into()),
        }
    }

    async fn transaction<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'c> FnOnce(&'c mut AsyncPgConnection) -> BoxFuture<'c, Result<T, E>> + Send,
        E: From<DbError>,
    {
        let mut connection = self.begin().await?;
        match work(&mut connection).await {
            Ok(value) => {
                AnsiTransactionManager::commit_transaction(&mut *connection)
                    .await
                    .map_err(DbError::of_commit)?;
                Ok(value)
            }
            Err(error) => {
                // A failed rollback leaves a broken connection, which the pool throws away.
                if let Err(rollback) = AnsiTransactionManager::rollback_transaction(&mut *connection).await {
                    tracing::debug!(error = %rollback, "rollback failed");
                }
                Err(error)
            }
        }
    }

    /// A connection with an open transaction. A pooled connection may have died unnoticed: since nothing
    /// has been done yet, the next one is tried instead of failing the caller.
    async fn begin(&self) -> Result<PooledConnection, DbError> {
        let mut tries = 0;
        loop {
            let mut connection = self.read().await?;
            match AnsiTransactionManager::begin_transaction(&mut *connection)
                .await
                .map_err(DbError::from)
            {
                Ok(()) => return Ok(connection),
                Err(error) if error.is_transient() && tries < self.settings.pool_size => {
                    tries += 1;
                    drop(Object::take(connection));
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// [`Database::write`] with an idempotency key: the answer is stored in the transaction of the work,
    /// and a second request with the same key gets it back instead of doing the work again.
    ///
    /// # Errors
    /// As [`Database::write`]; [`Refusal`] when the key is in flight or belongs to another request.
    pub async fn write_once<T, E, F>(&self, key: Option<Key>, work: F) -> Result<Answer<T>, E>
    where
        F: for<'c> FnOnce(&'c mut AsyncPgConnection) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
        E: From<DbError> + From<Refusal> + Send + 'static,
    {
        self.write(move |connection| {
            async move {
                let Some(key) = key else {
                    return Ok(Answer {
                        value: work(connection).await?,
                        replayed: false,
                    });
                };
                match idempotency::claim(connection, &key).await? {
                    Claim::Fresh => {}
                    Claim::Replay(text) => {
                        let value = serde_json::from_str(&text).map_err(DbError::Stored)?;
                        return Ok(Answer {
                            value,
                            replayed: true,
                        });
                    }
                    Claim::Refused(refusal) => return Err(refusal.into()),
                }
                let value = work(connection).await?;
                let text = serde_json::to_string(&value).map_err(DbError::Stored)?;
                idempotency::save(connection, &key, &text).await?;
                Ok(Answer {
                    value,
                    replayed: false,
                })
            }
            .boxed()
        })
        .await
    }

    /// A connection of its own that hears notifications on a channel.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn listen(&self, channel: &str) -> Result<Listener, DbError> {
        let connection = self
            .connector
            .connect()
            .await
            .map_err(|error| DbError::Unavailable(Box::new(error)))?;
        Listener::start(connection, channel).await
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// When there is none.
    pub async fn ping(&self) -> Result<(), DbError> {
        let mut connection = self.read().await?;
        connection.batch_execute("SELECT 1").await?;
        Ok(())
    }

    /// A connection outside the pool, for a caller that keeps it for long (a session-level lock).
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn dedicated(&self) -> Result<AsyncPgConnection, DbError> {
        self.connector
            .connect()
            .await
            .map_err(|error| DbError::Unavailable(Box::new(error)))
    }
}
