//! Reading from a service's API document what each of its routes is for.

use actix_web::http::Method;
use auth_token::{Gate, Route};
use policy::Operation;
use utoipa::openapi::path::{Operation as Described, PathItem};

/// The member of an operation that names its rows of the policy's table.
const ROWS: &str = "x-policy";

/// Enters every operation of a service's API document.
pub(crate) fn enter(gate: &mut Gate, service: &'static str, api: &utoipa::openapi::OpenApi) {
    for (path, item) in &api.paths.paths {
        for (method, described) in operations(item) {
            let route = Route {
                service,
                method,
                rows: rows(described),
            };
            gate.enter(path, route);
        }
    }
}

fn operations(item: &PathItem) -> impl Iterator<Item = (Method, &Described)> {
    let all = [
        (Method::GET, &item.get),
        (Method::PUT, &item.put),
        (Method::POST, &item.post),
        (Method::DELETE, &item.delete),
        (Method::PATCH, &item.patch),
    ];
    all.into_iter()
        .filter_map(|(method, described)| Some((method, described.as_ref()?)))
}

/// The rows that an operation names. One word that is no row, as `open` is none, shuts it for every token with scopes.
fn rows(described: &Described) -> Vec<Operation> {
    let named = described.extensions.as_ref().and_then(|all| all.get(ROWS));
    let words = named.and_then(serde_json::Value::as_array).into_iter().flatten();
    let rows: Option<Vec<Operation>> = words.map(|word| word.as_str()?.parse().ok()).collect();
    rows.unwrap_or_default()
}
