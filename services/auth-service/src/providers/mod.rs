//! Identity providers (OpenID Connect Core 1.0): where people are sent, and who they turn out to be.

mod claims;
mod fetch;
mod pictures;
mod provider;
mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use claims::Profile;
pub use pictures::PictureError;
pub use provider::{Expected, Provider, ProviderError, Sent};
pub use settings::{Join, Kind, ProviderSettings};

use crate::domain::picture::Picture;
use pictures::Pictures;

/// The providers by their names in the settings.
#[derive(Default)]
pub struct Providers {
    all: BTreeMap<String, Arc<Provider>>,
    pictures: Option<Pictures>,
}

impl Providers {
    /// Takes them from the settings; nothing is fetched before somebody comes.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(settings: &BTreeMap<String, ProviderSettings>, redirect: &str) -> anyhow::Result<Self> {
        // Clients read every certificate of the system: not where nobody is ever gone to.
        if settings.is_empty() {
            return Ok(Self::default());
        }
        let client = fetch::client()?;
        let mut all = BTreeMap::new();
        for (id, settings) in settings {
            let provider = Provider::new(id, settings, redirect, client.clone())?;
            all.insert(id.clone(), Arc::new(provider));
        }
        let pictures = Some(Pictures::new(client)?);
        Ok(Self { all, pictures })
    }

    /// Fetches what a profile points to.
    ///
    /// # Errors
    /// When there is no picture, or we do not go there, as to nowhere without providers.
    pub async fn picture(&self, url: &str, issuer: &str) -> Result<Picture, PictureError> {
        let pictures = self.pictures.as_ref().ok_or(PictureError::Elsewhere)?;
        pictures.fetch(url, issuer).await
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
