//! Settings of a binary: a commented defaults file, a file of the operator's, and the environment.
//!
//! Later layers win: the defaults compiled into the binary, the TOML file named by `<PREFIX>_CONFIG`,
//! environment variables such as `TASK__HTTP__PORT`, and overrides that the caller gives. A variable that
//! ends in `_FILE` names a file that holds the value, which is how secrets are handed to containers.
//!
//! A bad value stops the start, and [`Faults`] lists every fault at once: each faulty setting is noted, put
//! back to its default and the rest is read again.

mod layers;

use std::fmt;

use serde::de::DeserializeOwned;

use layers::Tree;

/// Everything that is wrong with the settings, one sentence each, with the setting's name first.
#[derive(Debug, PartialEq, Eq)]
pub struct Faults(Vec<String>);

impl Faults {
    /// The sentences.
    pub fn lines(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the settings cannot be used:")?;
        for line in &self.0 {
            writeln!(f, "  - {line}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// Reads the settings of a binary.
///
/// `prefix` is the first word of its environment variables, `defaults` the text of its
/// `config.default.toml`, `overrides` pairs of a dotted name and a value that win over everything.
///
/// # Errors
/// When a value cannot be read, is out of its range, or belongs to no setting.
pub fn load<T>(prefix: &str, defaults: &str, overrides: &[(&str, String)]) -> Result<T, Faults>
where
    T: DeserializeOwned + garde::Validate<Context = ()>,
{
    load_from(prefix, defaults, overrides, &mut std::env::vars())
}

/// [`load`] with the environment as an argument.
///
/// # Errors
/// As [`load`].
pub fn load_from<T>(
    prefix: &str,
    defaults: &str,
    overrides: &[(&str, String)],
    environment: &mut dyn Iterator<Item = (String, String)>,
) -> Result<T, Faults>
where
    T: DeserializeOwned + garde::Validate<Context = ()>,
{
    let mut faults = Vec::new();
    let (mut tree, base) = Tree::layered(prefix, defaults, overrides, environment, &mut faults);
    let settings = read::<T>(&mut tree, &base, &mut faults);
    if let Some(settings) = &settings
        && let Err(report) = settings.validate()
    {
        // What is missing has a stand-in by now, which need not be valid.
        let named = |path: &str| faults.iter().any(|fault| fault.starts_with(&format!("{path}: ")));
        let found: Vec<String> = report
            .iter()
            .filter(|(path, _)| !named(&path.to_string()))
            .map(|(path, error)| format!("{path}: {error}"))
            .collect();
        faults.extend(found);
    }
    match settings {
        Some(settings) if faults.is_empty() => Ok(settings),
        _ => Err(Faults(faults)),
    }
}

/// Reads the tree; every faulty leaf is noted and healed from the defaults, so that the next can be found.
fn read<T: DeserializeOwned>(tree: &mut Tree, base: &Tree, faults: &mut Vec<String>) -> Option<T> {
    loop {
        let (path, message) = match tree.read::<T>() {
            Ok(settings) => return Some(settings),
            Err(fault) => fault,
        };
        match tree.fill_in(&path, &message) {
            Some(missing) => faults.push(format!("{missing}: is missing")),
            // Where something else than a text is missing, its stand-in is faulty too: nothing more can be learned.
            None if faults.contains(&format!("{path}: is missing")) => return None,
            None => {
                faults.push(if path.is_empty() {
                    message.clone()
                } else {
                    format!("{path}: {message}")
                });
                if !tree.heal(&path, &message, base) {
                    return None;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
