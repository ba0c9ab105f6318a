//! Where finished spans go: to an OTLP collector over HTTP, or nowhere.

use crate::Settings;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use std::time::Duration;

/// A collector slower than this loses the batch; requests never wait for it.
const EXPORT: Duration = Duration::from_secs(5);

/// The tracer provider, and why spans are not exported although they should be.
pub(crate) fn provider(
    service: &str,
    settings: &Settings,
) -> (SdkTracerProvider, Option<ExporterBuildError>) {
    let resource = Resource::builder().with_service_name(service.to_owned()).build();
    let base = SdkTracerProvider::builder().with_resource(resource);
    // Never sampled still means trace and span ids: logs and events carry them, nothing is collected.
    let silent = Sampler::AlwaysOff;
    let Some(endpoint) = settings.collector() else {
        return (base.with_sampler(silent).build(), None);
    };
    match exporter(endpoint) {
        Ok(exporter) => {
            let sampler = Sampler::ParentBased(Box::new(Sampler::AlwaysOn));
            (
                base.with_sampler(sampler).with_batch_exporter(exporter).build(),
                None,
            )
        }
        Err(error) => (base.with_sampler(silent).build(), Some(error)),
    }
}

fn exporter(endpoint: &str) -> Result<SpanExporter, ExporterBuildError> {
    SpanExporter::builder()
        .with_http()
        .with_endpoint(traces_address(endpoint))
        .with_timeout(EXPORT)
        .build()
}

/// Adds the path that the OTLP specification gives to traces, unless the address has a path of its own.
fn traces_address(endpoint: &str) -> String {
    let trimmed = endpoint.trim_end_matches('/');
    let host_and_path = trimmed.split_once("://").map_or(trimmed, |(_, rest)| rest);
    if host_and_path.contains('/') {
        trimmed.to_owned()
    } else {
        format!("{trimmed}/v1/traces")
    }
}

#[cfg(test)]
mod tests {
    use super::traces_address;

    #[test]
    fn the_path_is_added_only_where_there_is_none() {
        assert_eq!(
            traces_address("http://collector:4318"),
            "http://collector:4318/v1/traces"
        );
        assert_eq!(
            traces_address("http://collector:4318/"),
            "http://collector:4318/v1/traces"
        );
        assert_eq!(
            traces_address("https://one/otlp/v1/traces"),
            "https://one/otlp/v1/traces"
        );
    }
}
