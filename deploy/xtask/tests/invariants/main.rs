//! The invariants of ARCHITECTURE.md that a machine can check.
#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

mod dependencies;
mod files;
mod gateway;
mod repeated;
mod settings;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold results, or what others wrote.
const SKIPPED: [&str; 8] = [
    "target",
    "node_modules",
    "dist",
    ".git",
    ".onus",
    "test-results",
    "playwright-report",
    ".terraform",
];

/// The checkout.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the checkout")
}

/// Every file of the project below a folder, with its path from the checkout.
fn files_below(folder: &str) -> Vec<(String, PathBuf)> {
    let root = root();
    let mut found = Vec::new();
    walk(&root.join(folder), &mut found);
    let mut named: Vec<_> = found
        .into_iter()
        .map(|path| {
            (
                path.strip_prefix(&root)
                    .expect("below the checkout")
                    .display()
                    .to_string(),
                path,
            )
        })
        .collect();
    named.sort();
    named
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() {
            if !SKIPPED.iter().any(|skipped| name == *skipped) {
                walk(&path, found);
            }
        } else {
            found.push(path);
        }
    }
}

/// Fails with one line for each breach.
fn assert_none(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}:\n  {}", breaches.join("\n  "));
}
