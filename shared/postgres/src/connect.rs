//! One connection: who connects, as which role, into which schema, with which deadlines.

use std::sync::Arc;
use std::time::Duration;

use diesel::ConnectionError;
use diesel_async::AsyncPgConnection;
use secrecy::ExposeSecret as _;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_postgres::NoTls;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{OpenError, Settings, Tls};

/// Everything that is needed to connect, checked once.
#[derive(Clone)]
pub(crate) struct Connector {
    config: Arc<tokio_postgres::Config>,
    tls: Option<MakeRustlsConnect>,
    timeout: Duration,
    runtime: Option<Handle>,
}

impl Connector {
    pub(crate) fn new(settings: &Settings, schema: &str, application: &str) -> Result<Connector, OpenError> {
        let mut config: tokio_postgres::Config =
            settings.url.expose_secret().parse().map_err(OpenError::Url)?;
        config.application_name(application);
        config.connect_timeout(settings.connect_timeout());
        // A dead peer is noticed in seconds, not after the kernel's two hours.
        config.keepalives_idle(Duration::from_secs(30));
        config.tcp_user_timeout(Duration::from_secs(20));
        let mut options = config.get_options().map(str::to_owned).unwrap_or_default();
        options.push_str(&format!(
            " -c search_path={schema} -c statement_timeout={} -c idle_in_transaction_session_timeout=60000",
            settings.statement_timeout_ms
        ));
        if let Some(role) = settings.role.as_deref().filter(|role| !role.is_empty()) {
            options.push_str(&format!(" -c role={role}"));
        }
        config.options(options.trim());
        let tls = match settings.tls {
            Tls::Disable => None,
            Tls::Require => Some(client_tls()?),
        };
        Ok(Connector {
            config: Arc::new(config),
            tls,
            timeout: settings.connect_timeout(),
            runtime: Handle::try_current().ok(),
        })
    }

    /// Connects, within the connect timeout.
    pub(crate) async fn connect(&self) -> Result<AsyncPgConnection, ConnectionError> {
        let connector = self.clone();
        let task =
            self.spawn(async move { tokio::time::timeout(connector.timeout, connector.handshake()).await });
        match task.await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(ConnectionError::BadConnection("no answer in time".to_owned())),
            Err(ended) => Err(ConnectionError::BadConnection(ended.to_string())),
        }
    }

    /// Spawns on the runtime that opened the database. Each HTTP thread has a runtime of its own, which ends
    /// before the workers have drained and would take the connections that were opened on it along.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        match &self.runtime {
            Some(runtime) => runtime.spawn(work),
            None => tokio::spawn(work),
        }
    }

    async fn handshake(&self) -> Result<AsyncPgConnection, ConnectionError> {
        let refused = |error: tokio_postgres::Error| {
            ConnectionError::CouldntSetupConfiguration(diesel::result::Error::DatabaseError(
                diesel::result::DatabaseErrorKind::UnableToSendCommand,
                Box::new(error.to_string()),
            ))
        };
        match &self.tls {
            None => {
                let (client, connection) = self.config.connect(NoTls).await.map_err(refused)?;
                AsyncPgConnection::try_from_client_and_connection(client, connection).await
            }
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await.map_err(refused)?;
                AsyncPgConnection::try_from_client_and_connection(client, connection).await
            }
        }
    }
}

fn client_tls() -> Result<MakeRustlsConnect, OpenError> {
    // A second installation is refused, which is as good: the process has a provider then.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let (connect, _unreadable) = MakeRustlsConnect::with_native_certs()
        .map_err(|errors| OpenError::Roots(format!("{errors:?}").into()))?;
    Ok(connect)
}
