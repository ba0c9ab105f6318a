//! Which library may be used where.

use std::fs;

use crate::{assert_none, files_below};

/// The Rust sources of services and shared crates, without tests: path and code lines with their numbers.
fn sources() -> Vec<(String, Vec<(usize, String)>)> {
    ["services", "shared"]
        .iter()
        .flat_map(|folder| files_below(folder))
        .filter(|(name, _)| name.ends_with(".rs") && name.contains("/src/") && !name.ends_with("tests.rs"))
        .map(|(name, path)| {
            let text = fs::read_to_string(path).expect("a source file");
            let lines = text
                .lines()
                .enumerate()
                .map(|(index, line)| (index + 1, code(line).to_owned()))
                .collect();
            (name, lines)
        })
        .collect()
}

/// The line without its comment. A `//` inside a string ends it too, which costs nothing here.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

/// Whether the word stands there as a word of its own, as a crate's name does.
fn mentions(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

fn breaches(words: &[&str], allowed: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (name, lines) in sources().into_iter().filter(|(name, _)| !allowed(name)) {
        for (number, line) in lines {
            for word in words.iter().filter(|word| mentions(&line, word)) {
                found.push(format!("{name}:{number} uses {word}"));
            }
        }
    }
    found
}

fn is_in(name: &str, folders: &[&str]) -> bool {
    folders
        .iter()
        .any(|folder| name.starts_with(folder) || name.contains(&format!("/src/{folder}")))
}

#[test]
fn sql_stays_in_the_store() {
    let shared = ["shared/postgres/", "shared/messaging/", "shared/test-kit/"];
    let allowed =
        |name: &str| is_in(name, &shared) || name.contains("/store/") || name.ends_with("/store.rs");
    let found = breaches(&["diesel", "diesel_async", "diesel_migrations"], allowed);
    assert_none(
        "diesel belongs in store/, shared/postgres and shared/messaging",
        &found,
    );
}

#[test]
fn http_stays_in_the_http_folder() {
    let shared = [
        "shared/web-kit/",
        "shared/problem/",
        "shared/auth-token/",
        "shared/messaging/src/http.rs",
        "shared/test-kit/",
    ];
    let wiring = ["app.rs", "lib.rs", "main.rs", "service.rs"];
    let allowed = |name: &str| {
        let file = name.rsplit("/src/").next().unwrap_or_default();
        is_in(name, &shared) || name.contains("/http/") || wiring.contains(&file)
    };
    let found = breaches(&["actix_web", "actix_files"], allowed);
    assert_none(
        "actix_web belongs in http/, app wiring and the shared web crates",
        &found,
    );
}

#[test]
fn the_domain_is_pure() {
    let outside = |name: &str| !name.contains("/domain/") && !name.ends_with("/domain.rs");
    let words = [
        "actix_web",
        "diesel",
        "diesel_async",
        "serde",
        "serde_json",
        "Serialize",
        "Deserialize",
        "reqwest",
    ];
    assert_none(
        "domain/ knows neither web nor database nor serialisation",
        &breaches(&words, outside),
    );
}

#[test]
fn words_are_told_apart() {
    assert!(mentions("use diesel::prelude::*;", "diesel"));
    assert!(!mentions("use diesel_async::RunQueryDsl;", "diesel"));
    assert!(!mentions("let serde_like = 1;", "serde"));
    assert_eq!(code("let x = 1; // diesel"), "let x = 1; ");
}
