//! One RSA key: made, sealed for the table, and used to sign access tokens (RS256, RFC 7518).

use auth_token::{Claims, SERVICE_TOKEN_TYPE, ServiceClaims, TOKEN_TYPE};
use aws_lc_rs::{
    digest,
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::Serialize;
use utoipa::ToSchema;

use super::{CryptoError, Secrets};

/// The public half as a JSON Web Key (RFC 7517).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicKey {
    /// Always `RSA`.
    pub kty: &'static str,
    /// Always `sig`.
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// Always `RS256`.
    pub alg: &'static str,
    /// The key's id: its RFC 7638 thumbprint.
    pub kid: String,
    /// Modulus in base64url.
    pub n: String,
    /// Exponent in base64url.
    pub e: String,
}

/// A key as it is stored.
#[derive(Debug)]
pub struct NewKey {
    /// Its id.
    pub kid: String,
    /// Public modulus, big endian.
    pub modulus: Vec<u8>,
    /// Public exponent, big endian.
    pub exponent: Vec<u8>,
    /// PKCS#8, sealed under the kid.
    pub sealed_private: Vec<u8>,
}

/// A key that can sign.
pub struct SigningKey {
    kid: String,
    person: String,
    service: String,
    pair: RsaKeyPair,
}

/// Header of a token (RFC 9068, section 2.1).
#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    kid: &'a str,
}

impl NewKey {
    /// Makes a key of 2048 bits. Takes a tenth of a second or more: not for a thread that serves requests.
    pub fn generate(secrets: &Secrets) -> Result<Self, CryptoError> {
        let failed = |_opaque| CryptoError::new("make a signing key");
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
        let modulus = pair
            .public_key()
            .modulus()
            .big_endian_without_leading_zero()
            .to_vec();
        let exponent = pair
            .public_key()
            .exponent()
            .big_endian_without_leading_zero()
            .to_vec();
        let kid = thumbprint(&modulus, &exponent);
        let private: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
        let sealed_private = secrets.seal(kid.as_bytes(), private.as_ref())?;
        Ok(Self {
            kid,
            modulus,
            exponent,
            sealed_private,
        })
    }
}

impl PublicKey {
    /// The key to publish for a stored one.
    pub fn new(kid: &str, modulus: &[u8], exponent: &[u8]) -> Self {
        Self {
            kty: "RSA",
            usage: "sig",
            alg: "RS256",
            kid: kid.to_owned(),
            n: BASE64.encode(modulus),
            e: BASE64.encode(exponent),
        }
    }
}

impl SigningKey {
    /// Opens a stored key.
    pub fn open(secrets: &Secrets, kid: &str, sealed_private: &[u8]) -> Result<Self, CryptoError> {
        let private = secrets.open(kid.as_bytes(), sealed_private)?;
        let pair =
            RsaKeyPair::from_pkcs8(&private).map_err(|_rejected| CryptoError::new("read a signing key"))?;
        let header = |typ| {
            part(&Header {
                alg: "RS256",
                typ,
                kid,
            })
        };
        Ok(Self {
            kid: kid.to_owned(),
            person: header(TOKEN_TYPE)?,
            service: header(SERVICE_TOKEN_TYPE)?,
            pair,
        })
    }

    /// Its id.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Signs the claims of a person's token: a JSON Web Token in compact form.
    pub fn sign(&self, claims: &Claims) -> Result<String, CryptoError> {
        self.seal(&self.person, claims)
    }

    /// Signs the claims of a service's token. Its type is another one, so that neither passes for the other.
    pub fn sign_service(&self, claims: &ServiceClaims) -> Result<String, CryptoError> {
        self.seal(&self.service, claims)
    }

    fn seal(&self, header: &str, claims: &impl Serialize) -> Result<String, CryptoError> {
        let message = format!("{header}.{}", part(claims)?);
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message.as_bytes(),
                &mut signature,
            )
            .map_err(|_opaque| CryptoError::new("sign a token"))?;
        Ok(format!("{message}.{}", BASE64.encode(signature)))
    }
}

fn part(content: &impl Serialize) -> Result<String, CryptoError> {
    let json = serde_json::to_vec(content).map_err(|_never| CryptoError::new("write a token"))?;
    Ok(BASE64.encode(json))
}

/// RFC 7638: SHA-256 over the key's required members in alphabetical order.
fn thumbprint(modulus: &[u8], exponent: &[u8]) -> String {
    let canonical = format!(
        r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#,
        BASE64.encode(exponent),
        BASE64.encode(modulus)
    );
    BASE64.encode(digest::digest(&digest::SHA256, canonical.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::super::{KeyRing, RingKey};
    use super::*;
    use auth_token::{INTERNAL_AUDIENCE, Settings, Verifier};
    use chrono::{TimeDelta, Utc};
    use policy::Role;
    use secrecy::SecretString;
    use uuid::Uuid;

    const ISSUER: &str = "https://onus.test";

    #[test]
    fn an_id_is_the_thumbprint_of_the_standard() {
        // The example of RFC 7638, section 3.1.
        let modulus = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWK\
                       RXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMic\
                       AtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3\
                       XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let modulus = BASE64.decode(modulus).unwrap();
        let id = thumbprint(&modulus, &BASE64.decode("AQAB").unwrap());
        assert_eq!(id, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[tokio::test]
    async fn what_the_ring_signs_is_verified_with_what_it_publishes() {
        let secrets = Secrets::derive(&SecretString::from("one secret of at least 32 characters")).unwrap();
        let now = Utc::now();
        let new = || NewKey::generate(&secrets).unwrap();
        // One that waits, and one that signs.
        let stored = [
            (new(), now + TimeDelta::hours(1)),
            (new(), now - TimeDelta::hours(1)),
        ];
        let ring = KeyRing::new(
            stored
                .iter()
                .map(|(key, signs_from)| RingKey {
                    signing: SigningKey::open(&secrets, &key.kid, &key.sealed_private).unwrap(),
                    public: PublicKey::new(&key.kid, &key.modulus, &key.exponent),
                    signs_from: *signs_from,
                })
                .collect(),
        );
        let signer = ring.signer(now).unwrap();
        assert_eq!(signer.kid(), stored[1].0.kid);
        let ids: Vec<&str> = ring.public().iter().map(|key| key.kid.as_str()).collect();
        assert_eq!(ids, [&stored[0].0.kid, &stored[1].0.kid]);

        let verifier = Verifier::new(&Settings {
            issuer: ISSUER.to_owned(),
            audience: "onus".to_owned(),
            jwks_url: "http://127.0.0.1:1".to_owned(),
            leeway_seconds: 5,
        });
        let jwks = serde_json::json!({ "keys": ring.public() }).to_string();
        assert_eq!(verifier.learn(jwks.as_bytes()).unwrap(), 2);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: "onus".to_owned(),
            sub: Uuid::now_v7(),
            sid: Uuid::now_v7(),
            epoch: 1,
            workspace: Uuid::now_v7(),
            role: Role::Pic,
            name: "Minji".to_owned(),
            iat: now.timestamp(),
            exp: now.timestamp() + 300,
            jti: Uuid::now_v7(),
            restricted: false,
            scope: None,
            act: None,
        };
        let token = signer.sign(&claims).unwrap();
        assert_eq!(verifier.verify(&token).await.unwrap(), claims);
        let service = ServiceClaims {
            iss: ISSUER.to_owned(),
            aud: INTERNAL_AUDIENCE.to_owned(),
            sub: "task-service".to_owned(),
            iat: now.timestamp(),
            exp: now.timestamp() + 300,
            jti: Uuid::now_v7(),
        };
        let token = signer.sign_service(&service).unwrap();
        assert_eq!(verifier.verify_service(&token).await.unwrap(), service);
    }
}
