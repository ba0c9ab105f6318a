//! What a container is told by environment variables: the READMEs, Terraform and compose must agree, and every variable
//! must be a setting of its service.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::{assert_none, root};

const SERVICES: [&str; 4] = ["auth", "task", "audit", "notify"];
const COMPOSE: &str = "docker/compose.yml";
const TERRAFORM: &str = "terraform/settings.tf";
/// Not set in that place.
const ABSENT: &str = "–";
/// The command `migrate` reads these by itself, before there are settings.
const OF_MIGRATE: [&str; 2] = ["_ADMIN_URL", "_ADMIN_PASSWORD"];

/// Variables by name, without `_FILE`, and how each is given.
type Given = BTreeMap<String, String>;

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).expect(name)
}

fn prefix(service: &str) -> String {
    format!("{}_", service.to_uppercase())
}

/// The variables that a line assigns to, each with what stands behind the separator.
fn assignments(line: &str, separator: char, prefix: &str) -> Vec<(String, String)> {
    let line = line.trim();
    if line.starts_with('#') {
        return Vec::new();
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for (at, _) in line.match_indices(prefix) {
        let inside = line[..at].chars().next_back().is_some_and(is_part);
        let name: String = line[at..].chars().take_while(|c| is_part(*c)).collect();
        let rest = line[at + name.len()..].trim_start();
        if let (false, Some(value)) = (inside, rest.strip_prefix(separator)) {
            found.push((name, value.trim().to_owned()));
        }
    }
    found
}

fn given(file: &str, separator: char, service: &str, how: impl Fn(&str) -> &'static str) -> Given {
    let prefix = prefix(service);
    let mut found = Given::new();
    for (name, value) in text(file)
        .lines()
        .flat_map(|line| assignments(line, separator, &prefix))
    {
        match name.strip_suffix("_FILE") {
            Some(name) => found.insert(name.to_owned(), "file".to_owned()),
            None => found.insert(name, how(&value).to_owned()),
        };
    }
    found
}

fn compose(service: &str) -> Given {
    given(COMPOSE, ':', service, |value| match value {
        "" => ".env",
        _ => "value",
    })
}

/// Secrets are named in a map of their own, by what Secrets Manager has for them.
fn terraform(service: &str) -> Given {
    given(TERRAFORM, '=', service, |value| {
        if value.contains("secret") {
            "secret"
        } else {
            "value"
        }
    })
}

/// The rows of the README's table "In a container": name, compose, AWS.
fn documented(service: &str) -> Vec<(String, String, String)> {
    let readme = text(&format!("services/{service}-service/README.md"));
    let section = readme.split("## In a container").nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    section
        .lines()
        .filter_map(|line| {
            let cells: Vec<_> = line.trim().split('|').map(str::trim).collect();
            let [_, name, compose, aws, _, ..] = cells.as_slice() else {
                return None;
            };
            let name = name.strip_prefix('`')?.strip_suffix('`')?;
            Some((name.to_owned(), (*compose).to_owned(), (*aws).to_owned()))
        })
        .collect()
}

fn compare(place: &str, given: &Given, cells: &BTreeMap<&str, &str>, breaches: &mut Vec<String>) {
    for (name, how) in given {
        match cells.get(name.as_str()) {
            None => breaches.push(format!("{name} is set in {place} and stands in no README")),
            Some(cell) if cell != how => {
                breaches.push(format!(
                    "{name} is `{how}` in {place}, and the README says `{cell}`"
                ));
            }
            Some(_) => {}
        }
    }
    for (name, cell) in cells {
        if *cell != ABSENT && !given.contains_key(*name) {
            breaches.push(format!(
                "{name} is not set in {place}, and the README says `{cell}`"
            ));
        }
    }
}

#[test]
fn containers_are_told_what_the_readme_says() {
    let mut breaches = Vec::new();
    for service in SERVICES {
        let rows = documented(service);
        let compose_cells = rows.iter().map(|row| (row.0.as_str(), row.1.as_str())).collect();
        let aws_cells = rows.iter().map(|row| (row.0.as_str(), row.2.as_str())).collect();
        compare(COMPOSE, &compose(service), &compose_cells, &mut breaches);
        compare(TERRAFORM, &terraform(service), &aws_cells, &mut breaches);
    }
    assert_none(
        "the table \"In a container\" of a service's README, compose and Terraform name the same variables",
        &breaches,
    );
}

/// The settings of a defaults file, also those that are commented out, as variables.
fn settings(service: &str) -> BTreeSet<String> {
    let mut section = String::new();
    let mut names = BTreeSet::new();
    for line in text(&format!("services/{service}-service/config.default.toml")).lines() {
        let line = line.trim_start_matches(['#', ' ']);
        if let Some(head) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            section = head.to_owned();
        } else if let Some((key, _)) = line.split_once('=') {
            let key = key.trim();
            if !key.is_empty()
                && key
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            {
                let path = format!("{service}.{section}.{key}");
                names.insert(path.replace('.', "__").to_uppercase());
            }
        }
    }
    names
}

#[test]
fn every_variable_is_a_setting() {
    let mut breaches = Vec::new();
    for service in SERVICES {
        let settings = settings(service);
        let all = documented(service)
            .into_iter()
            .map(|row| row.0)
            .chain(compose(service).into_keys())
            .chain(terraform(service).into_keys());
        for name in all.collect::<BTreeSet<_>>() {
            let of_migrate = OF_MIGRATE
                .iter()
                .any(|ending| name == format!("{}{ending}", service.to_uppercase()));
            if !of_migrate && !settings.contains(&name) {
                breaches.push(name);
            }
        }
    }
    assert_none(
        "every variable is a key of its service's config.default.toml",
        &breaches,
    );
}

#[test]
fn lines_are_understood() {
    let names = |line: &str, separator: char| assignments(line, separator, "AUTH_");
    let found = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    assert_eq!(
        names("      AUTH__HTTP__PORT: 8081", ':'),
        found("AUTH__HTTP__PORT", "8081")
    );
    assert_eq!(
        names("  AUTH__AUTH__SIGN_UP:", ':'),
        found("AUTH__AUTH__SIGN_UP", "")
    );
    assert_eq!(
        names("local.x ? { AUTH__HTTP__PORT = \"1\" } : {},", '='),
        found("AUTH__HTTP__PORT", "\"1\" } : {},")
    );
    assert_eq!(names("# AUTH__HTTP__PORT: 1", ':'), []);
    assert_eq!(names("TASK__AUTH__PORT: 1", ':'), []);
    assert!(settings("notify").contains("NOTIFY__SMTP__PASSWORD"));
    assert!(!settings("notify").contains("NOTIFY__SMTP__COLOUR"));
}
