//! Whose machine a request came from, behind proxies.

use crate::words::words;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::Deserialize;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::IpAddr;
use std::str::FromStr;

/// Networks whose `X-Forwarded-For` is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct TrustedProxies(#[serde(deserialize_with = "words")] Vec<Network>);

/// A network such as `10.0.0.0/8`; one address when the length is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    length: u32,
}

/// The text is not a network.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a network such as 10.0.0.0/8")]
pub(crate) struct NotANetwork(String);

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Network, NotANetwork> {
        let fault = || NotANetwork(text.to_owned());
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().map_err(|_| fault())?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| fault())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let length = length.unwrap_or(most);
        if length > most {
            Err(fault())
        } else {
            Ok(Network { address, length })
        }
    }
}

impl Network {
    fn contains(&self, other: IpAddr) -> bool {
        let (ours, theirs, width) = match (self.address, other) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                (u128::from(ours.to_bits()), u128::from(theirs.to_bits()), 32)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => (ours.to_bits(), theirs.to_bits(), 128),
            _ => return false,
        };
        // A shift by the whole width would overflow; a length of 0 contains everything.
        (ours ^ theirs).checked_shr(width - self.length).unwrap_or(0) == 0
    }
}

impl TrustedProxies {
    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }

    /// Walks from the nearest hop outward and stops at the first one that nobody vouches for.
    pub(crate) fn client(&self, peer: IpAddr, forwarded: &str) -> IpAddr {
        let mut client = peer.to_canonical();
        for hop in forwarded.rsplit(',') {
            if !self.trusts(client) {
                break;
            }
            let Ok(next) = hop.trim().parse::<IpAddr>() else {
                break;
            };
            client = next.to_canonical();
        }
        client
    }
}

/// A list, or one text with commas as an environment variable gives it.
/// The client's address: the peer's, or the one that a trusted proxy names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp(pub Option<IpAddr>);

impl FromRequest for ClientIp {
    type Error = Infallible;
    type Future = Ready<Result<ClientIp, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(ClientIp(client_ip(request))))
    }
}

/// The address for [`ClientIp`] and the log.
pub(crate) fn client_ip(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let Some(proxies) = request.app_data::<web::Data<TrustedProxies>>() else {
        return Some(peer);
    };
    let forwarded = request
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok());
    let forwarded = forwarded.collect::<Vec<_>>().join(",");
    Some(proxies.client(peer, &forwarded))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusting(networks: &str) -> TrustedProxies {
        serde_json::from_value(serde_json::json!(networks)).expect("networks")
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn only_a_trusted_hop_is_believed() {
        let proxies = trusting("10.0.0.0/8, fd00::/8");
        assert_eq!(proxies.client(ip("203.0.113.9"), "1.2.3.4"), ip("203.0.113.9"));
        assert_eq!(
            proxies.client(ip("10.1.2.3"), "1.2.3.4, 198.51.100.7"),
            ip("198.51.100.7")
        );
        assert_eq!(proxies.client(ip("10.1.2.3"), "1.2.3.4, 10.9.9.9"), ip("1.2.3.4"));
        assert_eq!(
            proxies.client(ip("::ffff:10.1.2.3"), "2001:db8::1"),
            ip("2001:db8::1")
        );
        assert_eq!(proxies.client(ip("10.1.2.3"), "garbage"), ip("10.1.2.3"));
        assert_eq!(trusting("").client(ip("10.1.2.3"), "1.2.3.4"), ip("10.1.2.3"));
        assert_eq!(
            trusting("0.0.0.0/0").client(ip("10.1.2.3"), "1.2.3.4"),
            ip("1.2.3.4")
        );
    }

    #[test]
    fn a_list_and_a_text_mean_the_same_and_garbage_is_refused() {
        let list: TrustedProxies = serde_json::from_str(r#"["10.0.0.0/8","::1"]"#).expect("a list");
        assert_eq!(list, trusting("10.0.0.0/8,::1"));
        for garbage in ["10.0.0.0/33", "ten", "10.0.0.0/x"] {
            assert!(
                serde_json::from_value::<TrustedProxies>(serde_json::json!(garbage)).is_err(),
                "{garbage}"
            );
        }
    }
}
