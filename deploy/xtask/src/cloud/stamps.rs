//! What passed, by a fingerprint of all it depends on: Terraform's checks take minutes against the stand-in, and come to
//! the same result for the same files, program and provider.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::engine::Engine;
use super::files;
use crate::session::Session;

/// The place for one result.
pub(super) struct Stamp {
    file: PathBuf,
    fingerprint: String,
}

impl Stamp {
    /// Of a check by this name over a folder of the checkout; `more` is whatever else it depends on.
    pub(super) fn new(
        session: &Session,
        name: &str,
        folder: &Path,
        engine: &Engine,
        more: &[&str],
    ) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        engine.describe().hash(&mut hasher);
        more.hash(&mut hasher);
        let folder = session.root.join(folder);
        for file in files(&folder)? {
            file.strip_prefix(&folder)?.hash(&mut hasher);
            fs::read(&file)?.hash(&mut hasher);
        }
        Ok(Self {
            file: session
                .files
                .join("terraform/passed")
                .join(name.replace(['/', ' '], "-")),
            fingerprint: format!("{:016x}", hasher.finish()),
        })
    }

    /// How many passed when nothing was different.
    pub(super) fn passed(&self) -> Option<u64> {
        let text = fs::read_to_string(&self.file).ok()?;
        let (fingerprint, passed) = text.trim().split_once(' ')?;
        (fingerprint == self.fingerprint).then(|| passed.parse().ok())?
    }

    /// Remembers that so many passed, and none failed.
    pub(super) fn remember(&self, passed: u64) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(fs::write(&self.file, format!("{} {passed}\n", self.fingerprint))?)
    }
}
