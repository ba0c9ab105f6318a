//! Fetching pictures. Where they are is what a provider says, and at many a provider the person has said it to them: so
//! the address may point anywhere, into our own network too. A picture comes from a public address, over TLS, or from
//! where its provider is, which the settings name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use openidconnect::url::{Host, Url};
use reqwest::{
    Client,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};

use super::fetch::{DEADLINE, FetchError, read};
use crate::domain::picture::{MAX_BYTES, Picture, Unfit};

/// Providers lead from one address to another where somebody has no picture of their own.
const MAX_REDIRECTS: usize = 3;

/// Fetches pictures.
pub(super) struct Pictures {
    public: Client,
    at_issuer: Client,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// It is where we do not go.
    #[error("the picture is not at a public address, nor where its provider is")]
    Elsewhere,
    /// It does not come.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// There is none.
    #[error("the answer is {0}")]
    Status(reqwest::StatusCode),
    /// It is none.
    #[error("the picture {0}")]
    Unfit(#[from] Unfit),
}

impl PictureError {
    /// Whether it is of no use to ask again.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Elsewhere | Self::Unfit(_) | Self::Fetch(FetchError::TooLong) => true,
            Self::Status(status) => status.is_client_error() || status.is_redirection(),
            Self::Fetch(_) => false,
        }
    }
}

impl Pictures {
    /// Opens no connection yet.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub(super) fn new(at_issuer: Client) -> reqwest::Result<Self> {
        let public = Client::builder()
            .timeout(DEADLINE)
            .connect_timeout(DEADLINE / 2)
            .redirect(redirect::Policy::custom(follow))
            .dns_resolver(PublicAlone)
            // A proxy would look names up in our place.
            .no_proxy()
            .https_only(true)
            .pool_max_idle_per_host(0)
            .build()?;
        Ok(Self { public, at_issuer })
    }

    /// Fetches what `url` of a provider's profile points to.
    ///
    /// # Errors
    /// When there is no picture, or we do not go there.
    pub(super) async fn fetch(&self, url: &str, issuer: &str) -> Result<Picture, PictureError> {
        let url = Url::parse(url).map_err(|_malformed| PictureError::Elsewhere)?;
        let client = if is_at(&url, issuer) {
            &self.at_issuer
        } else if is_public(&url) {
            &self.public
        } else {
            return Err(PictureError::Elsewhere);
        };
        let answer = client.get(url).send().await.map_err(FetchError::from)?;
        if !answer.status().is_success() {
            return Err(PictureError::Status(answer.status()));
        }
        let bytes = read(answer, MAX_BYTES).await?;
        Ok(Picture::parse(bytes)?)
    }
}

/// Whether an address is where we would go for a picture.
pub(super) fn is_picture(address: &str, issuer: &str) -> bool {
    Url::parse(address).is_ok_and(|url| is_at(&url, issuer) || is_public(&url))
}

/// Whether it has the issuer's origin: scheme, host and port.
fn is_at(url: &Url, issuer: &str) -> bool {
    Url::parse(issuer).is_ok_and(|issuer| issuer.origin() == url.origin())
}

/// Whether it may be public. What its name leads to is looked at when it is looked up.
fn is_public(url: &Url) -> bool {
    let host = match url.host() {
        Some(Host::Domain(_)) => true,
        Some(Host::Ipv4(address)) => is_global(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => is_global(IpAddr::V6(address)),
        None => false,
    };
    let nobody = url.username().is_empty() && url.password().is_none();
    host && nobody && url.scheme() == "https" && url.port().is_none()
}

fn follow(attempt: redirect::Attempt<'_>) -> redirect::Action {
    if attempt.previous().len() > MAX_REDIRECTS || !is_public(attempt.url()) {
        return attempt.stop();
    }
    attempt.follow()
}

/// Finds public addresses alone. Looking and connecting are one: a name that leads elsewhere a moment later (DNS
/// rebinding) gains nothing.
struct PublicAlone;

impl Resolve for PublicAlone {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_global(address.ip())).collect();
            if public.is_empty() {
                return Err(PictureError::Elsewhere.into());
            }
            let public: Addrs = Box::new(public.into_iter());
            Ok(public)
        })
    }
}

/// Whether an address belongs to the internet and to nothing else (RFC 6890 and the IANA registries of special-purpose
/// addresses).
fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_global_v4(address),
        IpAddr::V6(address) => is_global_v6(address),
    }
}

fn is_global_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !special
}

/// Global unicast alone (2000::/3), without documentation, and without what carries an IPv4 address along.
fn is_global_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let special = matches!(
        (a, b),
        (0x2001, 0..=0x1ff | 0xdb8) | (0x2002, _) | (0x3fff, 0..=0xfff)
    );
    (0x2000..0x4000).contains(&a) && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_of_our_own_network_is_global() {
        for address in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.170",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::a00:1",
            "100::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:a00:1::1",
        ] {
            assert!(!is_global(address.parse().unwrap()), "{address}");
        }
        for address in [
            "8.8.8.8",
            "100.128.0.1",
            "172.32.0.1",
            "192.1.0.1",
            "2606:4700::1111",
            "2a00:1450::1",
        ] {
            assert!(is_global(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn pictures_are_public_or_where_the_provider_is() {
        let issuer = "http://id.internal:8080/realms/one";
        for good in [
            "https://lh3.example/a.jpg",
            "https://8.8.8.8/a.jpg",
            "http://id.internal:8080/pictures/1",
        ] {
            assert!(is_picture(good, issuer), "{good}");
        }
        for bad in [
            "http://lh3.example/a.jpg",
            "https://lh3.example:8443/a.jpg",
            "https://somebody@lh3.example/a.jpg",
            "https://10.0.0.1/a.jpg",
            "https://[::1]/a.jpg",
            "https://[::ffff:a00:1]/a.jpg",
            "https://0x7f000001/a.jpg",
            "http://id.internal/pictures/1",
            "https://id.internal:8080/pictures/1",
            "data:image/png;base64,AAAA",
            "file:///etc/passwd",
            "//lh3.example/a.jpg",
            "",
        ] {
            assert!(!is_picture(bad, issuer), "{bad}");
        }
    }

    #[tokio::test]
    async fn names_that_lead_into_our_network_lead_nowhere() {
        let name = "localhost".parse().unwrap();
        assert!(PublicAlone.resolve(name).await.is_err());
    }
}
