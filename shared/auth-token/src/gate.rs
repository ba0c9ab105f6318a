//! What each route is for, so that the reach of a token is looked at once, before any handler runs.

use actix_web::HttpRequest;
use actix_web::http::Method;
use policy::{Operation, Scope, Scopes};
use problem::{Code, Problem};
use std::collections::HashMap;

/// The rows of the policy's table behind every route of a server, as the services' API documents name them.
///
/// A token with scopes gets only where the gate knows the route and its scopes cover every row of it. What nobody
/// entered here is shut, and so is what names no row.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    routes: HashMap<String, Vec<Route>>,
}

/// One operation of a service.
#[derive(Clone, Debug)]
pub struct Route {
    /// Whose it is, such as `task-service`.
    pub service: &'static str,
    /// Its method.
    pub method: Method,
    /// Its rows.
    pub rows: Vec<Operation>,
}

impl Gate {
    /// Enters a route under its path, such as `/api/tasks/{id}`.
    pub fn enter(&mut self, path: &str, route: Route) {
        self.routes.entry(path.to_owned()).or_default().push(route);
    }

    /// The route that a request takes.
    pub(crate) fn route(&self, request: &HttpRequest) -> Option<&Route> {
        let routes = self.routes.get(&request.match_pattern()?)?;
        routes.iter().find(|route| route.method == *request.method())
    }
}

/// Lets a token with these scopes through to a route, or says with 403 which scope is missing.
pub(crate) fn admit(scopes: &Scopes, route: Option<&Route>) -> Result<(), Problem> {
    let rows = route.map(|route| route.rows.as_slice()).unwrap_or_default();
    if !rows.is_empty() && rows.iter().all(|row| scopes.cover(*row)) {
        return Ok(());
    }
    let needed: Scopes = rows.iter().filter_map(|row| Scope::of(*row)).collect();
    let refusal = Problem::new(Code::Forbidden);
    Err(if needed.is_empty() {
        refusal.detail("no API token may do this")
    } else {
        refusal
            .detail("the token's scope does not cover this")
            .with("scope", needed.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(rows: &[Operation]) -> Route {
        Route {
            service: "task-service",
            method: Method::GET,
            rows: rows.to_vec(),
        }
    }

    #[test]
    fn every_row_must_be_covered() {
        let read = Scopes::known("read");
        assert!(admit(&read, Some(&route(&[Operation::BoardRead]))).is_ok());
        for rows in [
            &[][..],
            &[Operation::OwnAccount],
            &[Operation::TaskMove],
            &[Operation::BoardRead, Operation::TaskMove],
            &[Operation::BoardRead, Operation::OwnInbox],
        ] {
            assert!(admit(&read, Some(&route(rows))).is_err(), "{rows:?}");
        }
        assert!(admit(&read, None).is_err());
        assert!(admit(&Scopes::default(), Some(&route(&[Operation::BoardRead]))).is_err());
    }
}
