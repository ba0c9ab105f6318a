//! One connection: who connects, as which role, into which schema, with which deadlines.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use diesel::ConnectionError;
use diesel_async::AsyncPgConnection;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use secrecy::ExposeSecret as _;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_postgres::NoTls;
use tokio_postgres::config::SslMode;
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
        if let Some(password) = settings.password() {
            config.password(password);
        }
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
            Tls::Require => {
                // Without this a server that offers no TLS would be spoken to in plain text.
                config.ssl_mode(SslMode::Require);
                Some(client_tls(settings.ca.as_deref())?)
            }
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
            // Why a handshake failed, such as an unknown root, stands only in the cause.
            let text = match error.source() {
                Some(cause) => format!("{error}: {cause}"),
                None => error.to_string(),
            };
            ConnectionError::CouldntSetupConfiguration(diesel::result::Error::DatabaseError(
                diesel::result::DatabaseErrorKind::UnableToSendCommand,
                Box::new(text),
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

fn client_tls(ca: Option<&str>) -> Result<MakeRustlsConnect, OpenError> {
    // A second installation is refused, which is as good: the process has a provider then.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match ca.filter(|ca| !ca.trim().is_empty()) {
        None => {
            let (connect, _unreadable) = MakeRustlsConnect::with_native_certs()
                .map_err(|errors| OpenError::Roots(format!("{errors:?}").into()))?;
            Ok(connect)
        }
        Some(ca) => {
            let config = ClientConfig::builder()
                .with_root_certificates(roots(ca)?)
                .with_no_client_auth();
            Ok(MakeRustlsConnect::new(config))
        }
    }
}

fn roots(pem: &str) -> Result<RootCertStore, OpenError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|error| OpenError::Ca(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| OpenError::Ca(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(OpenError::Ca("there is no certificate in it".to_owned()));
    }
    Ok(roots)
}
