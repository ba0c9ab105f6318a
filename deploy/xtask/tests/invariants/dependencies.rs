//! Which crate may depend on which.

use std::collections::BTreeMap;
use std::process::Command;

use serde::Deserialize;

use crate::{assert_none, root};

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    path: Option<String>,
}

fn packages() -> Vec<Package> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root());
    let output = command.output().expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice::<Metadata>(&output.stdout)
        .expect("metadata")
        .packages
}

/// The folder a crate lies in: services, shared or deploy.
fn areas(packages: &[Package]) -> BTreeMap<String, String> {
    let root = root();
    let area = |package: &Package| {
        let path = package
            .manifest_path
            .strip_prefix(&format!("{}/", root.display()))
            .expect("in the checkout");
        path.split('/').next().expect("a folder").to_owned()
    };
    packages
        .iter()
        .map(|package| (package.name.clone(), area(package)))
        .collect()
}

fn edges(packages: &[Package]) -> impl Iterator<Item = (&Package, &Dependency)> {
    packages.iter().flat_map(|package| {
        package
            .dependencies
            .iter()
            .filter(|dependency| dependency.path.is_some())
            .map(move |to| (package, to))
    })
}

#[test]
fn no_service_depends_on_another() {
    let packages = packages();
    let areas = areas(&packages);
    let breaches: Vec<_> = edges(&packages)
        .filter(|(from, to)| areas[&to.name] == "services" && from.name != "onus")
        .map(|(from, to)| format!("{} depends on {}", from.name, to.name))
        .collect();
    assert_none("only onus may depend on a service", &breaches);
}

#[test]
fn shared_crates_know_nobody_above_them() {
    let packages = packages();
    let areas = areas(&packages);
    let breaches: Vec<_> = edges(&packages)
        .filter(|(from, to)| areas[&from.name] == "shared" && areas[&to.name] != "shared")
        .map(|(from, to)| format!("{} depends on {}", from.name, to.name))
        .collect();
    assert_none("shared crates depend on shared crates alone", &breaches);
}

#[test]
fn what_tests_need_ships_nowhere() {
    let packages = packages();
    let areas = areas(&packages);
    let breaches: Vec<_> = edges(&packages)
        .filter(|(from, to)| {
            to.name == "test-kit" && to.kind.as_deref() != Some("dev") && areas[&from.name] != "deploy"
        })
        .map(|(from, _)| from.name.clone())
        .collect();
    assert_none("test-kit is a dev-dependency", &breaches);
}

#[test]
fn xtask_builds_before_anything_else_does() {
    let packages = packages();
    let breaches: Vec<_> = edges(&packages)
        .filter(|(from, _)| from.name == "xtask")
        .map(|(_, to)| to.name.clone())
        .collect();
    assert_none("xtask depends on no crate of the workspace", &breaches);
}
