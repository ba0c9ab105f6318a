//! The `[token]` section of every service's settings.

use garde::Validate;
use serde::Deserialize;

/// Whose tokens are accepted.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The `iss` of an acceptable token, byte for byte.
    #[garde(length(min = 1, max = 512))]
    pub issuer: String,
    /// The `aud` of an acceptable token.
    #[garde(length(min = 1, max = 512))]
    pub audience: String,
    /// Where the public keys are fetched. Apart from `issuer`, since services reach auth-service by another way than
    /// browsers do.
    #[garde(length(max = 2048), custom(http_address))]
    pub jwks_url: String,
    /// How many seconds the clocks of two machines may differ.
    #[serde(default = "default_leeway")]
    #[garde(range(max = 60))]
    pub leeway_seconds: u64,
}

fn default_leeway() -> u64 {
    5
}

fn http_address(address: &str, _: &()) -> garde::Result {
    if address.starts_with("http://") || address.starts_with("https://") {
        Ok(())
    } else {
        Err(garde::Error::new(
            "must be an address starting with http:// or https://",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;
    use garde::Validate as _;
    use serde_json::json;

    fn settings(jwks_url: &str) -> Settings {
        let text = json!({ "issuer": "https://onus.test", "audience": "onus", "jwks_url": jwks_url });
        serde_json::from_value(text).expect("settings")
    }

    #[test]
    fn clocks_may_differ_by_five_seconds_when_nothing_is_said() {
        assert_eq!(settings("http://auth:8081/jwks.json").leeway_seconds, 5);
    }

    #[test]
    fn keys_come_over_http() {
        for good in ["http://auth:8081/jwks.json", "https://onus.test/jwks.json"] {
            assert!(settings(good).validate().is_ok(), "{good}");
        }
        for bad in ["", "auth:8081", "ftp://auth/jwks.json", "file:///etc/passwd"] {
            assert!(settings(bad).validate().is_err(), "{bad}");
        }
    }
}
