//! Discovery and JWKS as static objects: behind a CDN they answer while every process here is down, and API Gateway can
//! fetch them before there is one (it looks when its authorizer is made, and waits for 1.5 s).

use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use anyhow::{Context, bail};
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::ProvideCredentials as _;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    },
    http_request::{UriPathNormalizationMode, sign},
    sign::v4,
};
use reqwest::{Client, header};

use crate::{
    app::{App, Jwks},
    http::Configuration,
};

/// The folder of both, as RFC 8414 wants it.
const FOLDER: &str = ".well-known";
/// How long a cache may keep them: a new key is published for two hours before it signs.
const CACHE_CONTROL: &str = "public, max-age=300";
const DEADLINE: Duration = Duration::from_secs(10);

struct Document {
    name: &'static str,
    content: Vec<u8>,
}

/// The very bytes that the routes answer with.
async fn documents(app: &App) -> anyhow::Result<[Document; 2]> {
    let keys = app.keys().await?;
    Ok([
        Document {
            name: "openid-configuration",
            content: serde_json::to_vec(&Configuration::of(app))?,
        },
        Document {
            name: "jwks.json",
            content: serde_json::to_vec(&Jwks { keys: keys.public() })?,
        },
    ])
}

/// Writes them below `.well-known` in a folder.
///
/// # Errors
/// When the keys cannot be read or the files not be written.
pub async fn export(app: &App, folder: &Path) -> anyhow::Result<String> {
    let folder = folder.join(FOLDER);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for document in documents(app).await? {
        let file = folder.join(document.name);
        fs::write(&file, document.content).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(format!("published in {}", folder.display()))
}

/// Puts them into a bucket, with the credentials of the process (on ECS the task's role).
///
/// Two requests in the life of a key do not need S3's whole SDK: they are signed by the part of it that the SDK for
/// queues brings along anyway (Signature Version 4; S3's `PutObject`).
///
/// # Errors
/// When the keys cannot be read, there are no credentials, or S3 refuses.
pub async fn publish(app: &App, bucket: &str, endpoint: Option<&str>) -> anyhow::Result<String> {
    let aws = aws_config::defaults(BehaviorVersion::latest()).load().await;
    let region = aws.region().context("no AWS region: set AWS_REGION")?.as_ref();
    let base = match endpoint {
        Some(endpoint) => format!("{}/{bucket}", endpoint.trim_end_matches('/')),
        None => format!("https://{bucket}.s3.{region}.amazonaws.com"),
    };
    let client = Client::builder().timeout(DEADLINE).build()?;
    for document in documents(app).await? {
        let url = format!("{base}/{FOLDER}/{}", document.name);
        put(&client, &aws, &url, document.content).await?;
    }
    Ok(format!("published in {bucket}"))
}

async fn put(client: &Client, aws: &SdkConfig, url: &str, content: Vec<u8>) -> anyhow::Result<()> {
    let headers = [
        (header::CONTENT_TYPE.as_str(), "application/json"),
        (header::CACHE_CONTROL.as_str(), CACHE_CONTROL),
    ];
    let mut request = client.put(url);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    for (name, value) in signature(aws, url, &headers, &content).await? {
        request = request.header(name, value);
    }
    let answer = request.body(content).send().await?;
    if !answer.status().is_success() {
        let status = answer.status();
        bail!(
            "{url} was refused with {status}: {}",
            answer.text().await.unwrap_or_default()
        );
    }
    Ok(())
}

/// The headers that prove who sends this.
async fn signature(
    aws: &SdkConfig,
    url: &str,
    headers: &[(&str, &str)],
    content: &[u8],
) -> anyhow::Result<Vec<(String, String)>> {
    let credentials = aws.credentials_provider().context("no AWS credentials")?;
    let identity = credentials.provide_credentials().await?.into();
    let mut settings = SigningSettings::default();
    // What S3 wants and other services do not.
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(aws.region().map(AsRef::as_ref).unwrap_or_default())
        .name("s3")
        .time(SystemTime::now())
        .settings(settings)
        .build()?
        .into();
    let request = SignableRequest::new("PUT", url, headers.iter().copied(), SignableBody::Bytes(content))?;
    let (instructions, _) = sign(request, &parameters)?.into_parts();
    let (headers, _) = instructions.into_parts();
    let signed = headers.into_iter();
    Ok(signed
        .map(|header| (header.name().to_owned(), header.value().to_owned()))
        .collect())
}
