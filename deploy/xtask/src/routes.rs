//! `cargo xtask routes`: what the gateway in the cloud lets through, by method and path, and which of it needs no
//! access token. Made from the services' API documents, so that a route cannot be forgotten there.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use crate::generated::{remark, settle};
use crate::session::Session;
use crate::ui::Steps;
use crate::up::separate::SERVICES;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// `cargo xtask routes`.
pub(crate) fn routes_command(check: bool) -> Result<()> {
    let session = Session::open()?;
    Steps::new().step("Routes", |_| routes(&session, check))
}

/// `terraform/routes.json`: one route a line.
pub(crate) fn routes(session: &Session, check: bool) -> Result<String> {
    let mut lines = Vec::new();
    for service in SERVICES {
        let file = session
            .root
            .join("services")
            .join(format!("{service}-service/openapi.json"));
        let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        let document = serde_json::from_str(&text).with_context(|| file.display().to_string())?;
        lines.extend(routes_of(service, &document));
    }
    let content = format!("[\n{}\n]\n", lines.join(",\n"));
    let file = session.root.join("terraform/routes.json");
    let written = settle(&file, content.as_bytes(), check, "cargo xtask routes")?;
    Ok(remark(if written { &["terraform/routes.json"] } else { &[] }))
}

fn routes_of(service: &str, document: &Value) -> Vec<String> {
    let bearers = bearers(document);
    let mut lines = Vec::new();
    for (path, item) in object(&document["paths"]) {
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            let security = operation.get("security").or_else(|| document.get("security"));
            lines.push(format!(
                r#"  {{"service": "{service}", "method": "{}", "path": "{path}", "open": {}}}"#,
                method.to_uppercase(),
                is_open(security, &bearers)
            ));
        }
    }
    lines
}

/// The security schemes that are access tokens, whatever a document calls them.
fn bearers(document: &Value) -> Vec<&String> {
    object(&document["components"]["securitySchemes"])
        .filter(|(_, scheme)| scheme["scheme"] == "bearer")
        .map(|(name, _)| name)
        .collect()
}

/// Whether there is a way in without an access token. A cookie is one: the gateway's authorizer knows nothing of it.
fn is_open(security: Option<&Value>, bearers: &[&String]) -> bool {
    let alternatives = security.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    alternatives.is_empty()
        || alternatives
            .iter()
            .any(|schemes| !object(schemes).any(|(name, _)| bearers.contains(&name)))
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::routes_of;

    #[test]
    fn a_route_is_open_when_some_way_in_needs_no_access_token() {
        let document = json!({
            "paths": {
                "/a": {"get": {"security": [{"token": []}]}, "post": {"security": [{}]}, "parameters": []},
                "/b/{id}": {
                    "delete": {"security": [{"cookie": []}]},
                    "patch": {"security": [{"cookie": []}, {"token": []}]},
                    "put": {"security": [{"cookie": [], "token": []}]},
                    "get": {"security": []},
                },
            },
            "components": {"securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie"},
            }},
        });
        let found: Vec<String> = routes_of("task", &document)
            .iter()
            .map(|line| {
                line.replace(r#"  {"service": "task", "method": "#, "")
                    .replace('"', "")
            })
            .collect();
        assert_eq!(
            found,
            [
                "GET, path: /a, open: false}",
                "POST, path: /a, open: true}",
                "GET, path: /b/{id}, open: true}",
                "PUT, path: /b/{id}, open: false}",
                "DELETE, path: /b/{id}, open: true}",
                "PATCH, path: /b/{id}, open: true}",
            ]
        );
    }
}
