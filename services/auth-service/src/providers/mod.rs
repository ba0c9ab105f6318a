//! Identity providers (OpenID Connect Core 1.0): where people are sent, and who they turn out to be.

mod claims;
mod fetch;
mod pictures;
mod provider;
mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use claims::Profile;
pub use pictures::{PictureError, Pictures};
pub use provider::{Expected, Provider, ProviderError, Sent};
pub use settings::{Join, Kind, ProviderSettings};

/// The providers by their names in the settings.
pub struct Providers {
    all: BTreeMap<String, Arc<Provider>>,
    pictures: Pictures,
}

impl Providers {
    /// Takes them from the settings; nothing is fetched before somebody comes.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(settings: &BTreeMap<String, ProviderSettings>, redirect: &str) -> anyhow::Result<Self> {
        let client = fetch::client()?;
        let mut all = BTreeMap::new();
        for (id, settings) in settings {
            let provider = Provider::new(id, settings, redirect, client.clone())?;
            all.insert(id.clone(), Arc::new(provider));
        }
        let pictures = Pictures::new(client)?;
        Ok(Self { all, pictures })
    }

    /// Fetches what their profiles point to.
    pub fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// The provider of this name.
    pub fn get(&self, id: &str) -> Option<Arc<Provider>> {
        self.all.get(id).cloned()
    }

    /// The provider with this issuer.
    pub fn by_issuer(&self, issuer: &str) -> Option<Arc<Provider>> {
        self.iter().find(|provider| provider.issuer() == issuer).cloned()
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Provider>> {
        self.all.values()
    }
}
