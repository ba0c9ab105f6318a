//! Where somebody signs in from, told so coarsely that it helps to recognise a device and tells little else.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Most characters of a user agent that are looked at.
const MAX_AGENT: usize = 512;

/// A device and a network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arrival {
    /// Such as `Chrome · macOS`; empty when unknown.
    pub device: String,
    /// Such as `203.0.113.0/24`; empty when unknown.
    pub place: String,
}

impl Arrival {
    /// What a request's user agent and address tell.
    pub fn new(user_agent: &str, address: Option<IpAddr>) -> Self {
        Self {
            device: device(user_agent),
            place: address.map(network).unwrap_or_default(),
        }
    }
}

/// Browsers in the order in which to look: most claim to be those after them, too.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Whale/", "Whale"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
/// Systems, likewise.
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Windows", "Windows"),
    ("Linux", "Linux"),
];

fn device(user_agent: &str) -> String {
    let agent: String = user_agent.chars().take(MAX_AGENT).collect();
    let find = |names: &[(&str, &'static str)]| {
        let known = names.iter().find(|(mark, _)| agent.contains(mark));
        known.map(|(_, name)| *name)
    };
    let parts: Vec<&str> = [find(&BROWSERS), find(&SYSTEMS)].into_iter().flatten().collect();
    parts.join(" · ")
}

/// The network that an address belongs to: 256 neighbours, or an IPv6 customer.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{}/24", Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_devices_are_recognised() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
                "Chrome · macOS",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
                "Edge · Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
                "Safari · iPhone",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                "Firefox · Linux",
            ),
            ("curl/8.5.0", ""),
            ("", ""),
        ] {
            assert_eq!(Arrival::new(agent, None).device, expected);
        }
    }

    #[test]
    fn a_place_is_a_network() {
        let place = |address: &str| Arrival::new("", Some(address.parse().unwrap())).place;
        assert_eq!(place("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(place("::ffff:203.0.113.77"), "203.0.113.0/24");
        assert_eq!(place("2001:db8:1:2::7"), "2001:db8:1::/48");
        assert_eq!(Arrival::new("", None).place, "");
    }
}
