//! The layers as one tree of values.

use serde::de::DeserializeOwned;
use toml::{Table, Value};

/// Settings by section, before they are read into types.
pub(crate) struct Tree(Table);

impl Tree {
    /// Lays the layers over each other; also gives the bottom layer, for healing.
    pub(crate) fn layered(
        prefix: &str,
        defaults: &str,
        overrides: &[(&str, String)],
        environment: &mut dyn Iterator<Item = (String, String)>,
        faults: &mut Vec<String>,
    ) -> (Tree, Tree) {
        let base = parse("the defaults file", defaults, faults);
        let mut tree = Tree(base.clone());
        let variables: Vec<(String, String)> = environment.collect();
        let file = variables
            .iter()
            .find(|(name, _)| *name == format!("{prefix}_CONFIG"));
        if let Some((_, path)) = file {
            match std::fs::read_to_string(path) {
                Ok(text) => merge(&mut tree.0, parse(path, &text, faults)),
                Err(error) => faults.push(format!("{path}: cannot be read: {error}")),
            }
        }
        for (name, value) in &variables {
            if let Some(rest) = name.strip_prefix(&format!("{prefix}__")) {
                tree.set_variable(&rest.to_lowercase().replace("__", "."), value, faults);
            }
        }
        for (path, value) in overrides {
            tree.set(path, Value::String(value.clone()));
        }
        (tree, Tree(base))
    }

    fn set_variable(&mut self, path: &str, value: &str, faults: &mut Vec<String>) {
        let Some(path) = path.strip_suffix("_file") else {
            return self.set(path, Value::String(value.to_owned()));
        };
        match std::fs::read_to_string(value) {
            Ok(text) => self.set(
                path,
                Value::String(text.trim_end_matches(['\r', '\n']).to_owned()),
            ),
            Err(error) => faults.push(format!("{path}: the file {value} cannot be read: {error}")),
        }
    }

    fn set(&mut self, path: &str, value: Value) {
        let (parents, leaf) = path
            .rsplit_once('.')
            .map_or((None, path), |(parents, leaf)| (Some(parents), leaf));
        let mut table = &mut self.0;
        for part in parents.into_iter().flat_map(|parents| parents.split('.')) {
            let next = table.entry(part).or_insert_with(|| Value::Table(Table::new()));
            if !next.is_table() {
                *next = Value::Table(Table::new());
            }
            let Some(inner) = next.as_table_mut() else { return };
            table = inner;
        }
        table.insert(leaf.to_owned(), value);
    }

    fn get(&self, path: &str) -> Option<&Value> {
        let mut parts = path.split('.');
        let mut value = self.0.get(parts.next()?)?;
        for part in parts {
            value = value.get(part)?;
        }
        Some(value)
    }

    fn remove(&mut self, path: &str) -> bool {
        let Some((parents, leaf)) = path.rsplit_once('.') else {
            return self.0.remove(path).is_some();
        };
        let mut table = &mut self.0;
        for part in parents.split('.') {
            match table.get_mut(part).and_then(Value::as_table_mut) {
                Some(inner) => table = inner,
                None => return false,
            }
        }
        table.remove(leaf).is_some()
    }

    /// Reads the tree; text from the environment becomes numbers and booleans where those are wanted.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, (String, String)> {
        let text = toml::to_string(&self.0).map_err(|error| (String::new(), error.to_string()))?;
        let config = config::Config::builder()
            .add_source(config::File::from_str(&text, config::FileFormat::Toml))
            .build()
            .map_err(|error| (String::new(), error.to_string()))?;
        serde_path_to_error::deserialize(config).map_err(|error| {
            let path = error.path().to_string();
            let path = if path == "." { String::new() } else { path };
            (path, error.into_inner().to_string())
        })
    }

    /// Puts a text where a required setting is missing, so that the others can be looked at, and gives its name.
    /// A required setting without a default is a text: an address or a secret.
    pub(crate) fn fill_in(&mut self, path: &str, message: &str) -> Option<String> {
        let rest = message
            .split_once("missing field `")
            .or(message.split_once("missing configuration field \""))
            .map(|(_, rest)| rest)?;
        let name = rest.split(['`', '"']).next()?;
        let missing = if path.is_empty() || name.starts_with(&format!("{path}.")) {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        };
        // A text there already was not what was wanted: nothing more can be learned.
        if self.get(&missing).is_some() {
            return None;
        }
        self.set(&missing, Value::String("missing".to_owned()));
        Some(missing)
    }

    /// Makes the faulty place readable again: an unknown setting goes, another gets its default back.
    pub(crate) fn heal(&mut self, path: &str, message: &str, base: &Tree) -> bool {
        if let Some(name) = message
            .strip_prefix("unknown field `")
            .and_then(|rest| rest.split('`').next())
        {
            let name = name.to_owned();
            let inside = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            return self.remove(&inside) || self.remove(path);
        }
        match (self.get(path), base.get(path)) {
            (Some(now), Some(default)) if now != default => {
                let default = default.clone();
                self.set(path, default);
                true
            }
            (Some(_), None) => self.remove(path),
            _ => false,
        }
    }
}

fn parse(name: &str, text: &str, faults: &mut Vec<String>) -> Table {
    toml::from_str(text).unwrap_or_else(|error| {
        faults.push(format!("{name}: {error}"));
        Table::new()
    })
}

fn merge(below: &mut Table, above: Table) {
    for (name, value) in above {
        match (below.get_mut(&name), value) {
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above),
            (_, value) => {
                below.insert(name, value);
            }
        }
    }
}
