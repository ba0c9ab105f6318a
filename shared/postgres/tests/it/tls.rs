//! `database.tls = "require"`: encrypted by a server whose certificate is trusted, or not at all.

use std::sync::Arc;

use diesel_async::RunQueryDsl as _;
use postgres::{Database, OpenError, Settings, Tls};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::fresh;

/// The message in which a client asks for TLS (PostgreSQL, "Message Formats": `SSLRequest`).
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// A certificate for `localhost` in PEM, and what a server needs to show it.
fn certificate() -> (String, Arc<ServerConfig>) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    (cert.pem(), Arc::new(config))
}

/// Takes TLS off in front of the tests' Postgres, which speaks plain text; gives its port.
async fn in_front_of(place: String, config: Arc<ServerConfig>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(relay(client, place.clone(), TlsAcceptor::from(config.clone())));
        }
    });
    port
}

async fn relay(mut client: TcpStream, place: String, acceptor: TlsAcceptor) -> Option<()> {
    let mut request = [0; 8];
    client.read_exact(&mut request).await.ok()?;
    assert_eq!(request, SSL_REQUEST, "the client asks for TLS first");
    client.write_all(b"S").await.ok()?;
    let mut client = acceptor.accept(client).await.ok()?;
    let mut server = TcpStream::connect(place).await.ok()?;
    tokio::io::copy_bidirectional(&mut client, &mut server)
        .await
        .ok()?;
    Some(())
}

/// Settings through a server with this certificate, and the certificate.
async fn encrypted() -> (Settings, String) {
    let (test, _) = fresh().await;
    let mut settings = test.settings("probe");
    let url = settings.url.expose_secret().to_owned();
    let (user, rest) = url.rsplit_once('@').unwrap();
    let (place, name) = rest.rsplit_once('/').unwrap();
    let (pem, config) = certificate();
    let port = in_front_of(place.to_owned(), config).await;
    settings.url = SecretString::from(format!("{user}@localhost:{port}/{name}"));
    settings.tls = Tls::Require;
    (settings, pem)
}

async fn reach(settings: &Settings) -> Result<(), String> {
    let database = Database::open(settings, "probe", "onus-test").map_err(|error| error.to_string())?;
    let mut connection = database.read().await.map_err(|error| format!("{error:?}"))?;
    diesel::sql_query("SELECT 1")
        .execute(&mut connection)
        .await
        .map_err(|error| error.to_string())?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_root_is_trusted_is_reached() {
    let (mut settings, pem) = encrypted().await;
    let (other, _) = certificate();
    settings.ca = Some(format!("{other}\n{pem}"));
    reach(&settings).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_nobody_vouches_for_is_not() {
    let (mut settings, _) = encrypted().await;
    assert!(reach(&settings).await.is_err(), "not by the system's roots");
    let (other, _) = certificate();
    settings.ca = Some(other);
    assert!(reach(&settings).await.is_err(), "not by another root");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_text_is_refused_where_tls_is_required() {
    let (test, _) = fresh().await;
    let mut settings = test.settings("probe");
    reach(&settings).await.unwrap();
    settings.tls = Tls::Require;
    let refused = reach(&settings).await.unwrap_err();
    assert!(refused.contains("does not support TLS"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn roots_that_are_none_stop_the_start() {
    let (mut settings, _) = encrypted().await;
    for nonsense in [
        "nonsense",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        settings.ca = Some(nonsense.to_owned());
        let refused = Database::open(&settings, "probe", "onus-test").err();
        assert!(matches!(refused, Some(OpenError::Ca(_))), "{nonsense}");
    }
    settings.ca = Some(String::new());
    assert!(
        Database::open(&settings, "probe", "onus-test").is_ok(),
        "an empty variable is none"
    );
}
