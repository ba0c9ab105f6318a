//! The gateway leads every path of every API document to the service that has it.

use std::fs;

use crate::{assert_none, root};

const SERVICES: [&str; 4] = ["auth", "task", "audit", "notify"];

/// One rule of nginx: `location = PATH` or `location ^~ PREFIX`.
struct Rule {
    exact: bool,
    path: String,
    /// None for what leads to no service.
    service: Option<String>,
}

fn rules() -> Vec<Rule> {
    let file = root().join("docker/nginx/gateway.conf.template");
    let text = fs::read_to_string(file).expect("the gateway's rules");
    let rules: Vec<_> = text.lines().filter_map(rule).collect();
    assert!(rules.len() > SERVICES.len(), "the rules were not understood");
    rules
}

fn rule(line: &str) -> Option<Rule> {
    let words: Vec<_> = line.split_ascii_whitespace().collect();
    let [place, kind, path, rest @ ..] = words.as_slice() else {
        return None;
    };
    if *place != "location" || !["=", "^~"].contains(kind) {
        return None;
    }
    let target = rest.iter().find_map(|word| {
        let upstream = word.trim_end_matches(';').strip_prefix("http://")?;
        upstream.trim_start_matches('$').strip_suffix("_service")
    });
    Some(Rule {
        exact: *kind == "=",
        path: (*path).to_owned(),
        service: target.map(str::to_owned),
    })
}

/// As nginx chooses among rules without regular expressions: an equal path first, then the longest prefix.
fn led_to<'a>(rules: &'a [Rule], path: &str) -> Option<&'a str> {
    let equal = rules.iter().find(|rule| rule.exact && rule.path == path);
    let longest = || {
        rules
            .iter()
            .filter(|rule| !rule.exact && path.starts_with(&rule.path))
            .max_by_key(|rule| rule.path.len())
    };
    equal.or_else(longest)?.service.as_deref()
}

#[test]
fn every_path_comes_to_its_service() {
    let rules = rules();
    let mut breaches = Vec::new();
    for service in SERVICES {
        let file = root().join(format!("services/{service}-service/openapi.json"));
        let text = fs::read_to_string(file).expect("an API document");
        let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for path in document["paths"].as_object().expect("paths").keys() {
            match led_to(&rules, path) {
                Some(found) if found == service => {}
                Some(found) => breaches.push(format!("{path} of {service} is led to {found}")),
                None => breaches.push(format!("{path} of {service} is led nowhere")),
            }
        }
    }
    assert_none(
        "docker/nginx/gateway.conf.template leads every path to the service that documents it",
        &breaches,
    );
}

#[test]
fn what_is_internal_is_led_nowhere() {
    let rules = rules();
    let breaches: Vec<_> = ["/internal/token", "/internal", "/metrics"]
        .into_iter()
        .filter(|path| led_to(&rules, path).is_some())
        .map(str::to_owned)
        .collect();
    assert_none("no rule leads to an internal port's routes", &breaches);
}

#[test]
fn rules_are_chosen_as_nginx_does() {
    let rules: Vec<_> = [
        "    location ^~ /api/ { proxy_pass http://$task_service; }",
        "    location ^~ /api/auth/ { proxy_pass http://auth_service; }",
        "    location = /api/auth/x { return 404; }",
        "    location / { try_files $uri =404; }",
    ]
    .iter()
    .filter_map(|line| rule(line))
    .collect();
    assert_eq!(led_to(&rules, "/api/auth/me"), Some("auth"));
    assert_eq!(led_to(&rules, "/api/tasks"), Some("task"));
    assert_eq!(led_to(&rules, "/api/auth/x"), None);
    assert_eq!(led_to(&rules, "/somewhere"), None);
}
