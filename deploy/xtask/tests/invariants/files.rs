//! How files must be: short, finished, complete.

use std::fs;

use crate::{assert_none, files_below, root};

/// Nobody proofreads a longer file in one go.
const MOST_LINES: usize = 400;
const CODE: [&str; 9] = [".rs", ".ts", ".tsx", ".mjs", ".js", ".css", ".tf", ".sh", ".sql"];
const SERVICES: [&str; 4] = ["auth-service", "task-service", "audit-service", "notify-service"];

fn is_code(name: &str) -> bool {
    CODE.iter().any(|ending| name.ends_with(ending))
}

fn is_generated(name: &str) -> bool {
    name.contains("generated") || name.ends_with(".d.ts") || name.contains("/api/schema/")
}

fn text(path: &std::path::Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
}

#[test]
fn no_file_is_too_long() {
    let breaches: Vec<_> = files_below("")
        .into_iter()
        .filter(|(name, _)| is_code(name) && !is_generated(name))
        .map(|(name, path)| (name, text(&path).lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(name, lines)| format!("{name} has {lines} lines"))
        .collect();
    assert_none("a file has at most 400 lines", &breaches);
}

#[test]
fn nothing_is_left_undone() {
    // Put together here, so that this file does not find itself.
    let marks = [
        ["TO", "DO"],
        ["FIX", "ME"],
        ["todo", "!("],
        ["unimplemented", "!("],
        ["#[ig", "nore"],
    ]
    .map(|part| part.concat());
    let mut breaches = Vec::new();
    for (name, path) in files_below("")
        .into_iter()
        .filter(|(name, _)| is_code(name) && !is_generated(name))
    {
        for (index, line) in text(&path).lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark.as_str())) {
                breaches.push(format!("{name}:{}", index + 1));
            }
        }
    }
    assert_none("nothing is left for later", &breaches);
}

#[test]
fn default_settings_are_toml() {
    let mut breaches = Vec::new();
    for service in SERVICES.iter().chain(&["onus"]) {
        let name = format!("services/{service}/config.default.toml");
        match fs::read_to_string(root().join(&name)) {
            Err(error) => breaches.push(format!("{name}: {error}")),
            Ok(text) => {
                if let Err(error) = text.parse::<toml::Table>() {
                    breaches.push(format!("{name}: {error}"));
                }
            }
        }
    }
    assert_none(
        "every service documents its settings in config.default.toml",
        &breaches,
    );
}

#[test]
fn services_are_furnished_alike() {
    let mut breaches = Vec::new();
    for service in SERVICES {
        for part in [
            "README.md",
            "openapi.json",
            "migrations",
            "src/domain",
            "src/store",
            "src/http",
        ] {
            if !root().join("services").join(service).join(part).exists() {
                breaches.push(format!("services/{service} has no {part}"));
            }
        }
    }
    assert_none("every service has the same rooms", &breaches);
}

#[test]
fn migrations_can_be_taken_back() {
    let breaches: Vec<_> = files_below("")
        .into_iter()
        .filter(|(name, path)| name.ends_with("/up.sql") && !path.with_file_name("down.sql").exists())
        .map(|(name, _)| name)
        .collect();
    assert_none("every up.sql has a down.sql", &breaches);
}
