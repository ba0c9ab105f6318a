//! An authenticator in software: makes ES256 passkeys and answers with them, as Web Authentication (Level 3, section 6)
//! and browsers do.

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};

/// Flags of the authenticator data: user present, user verified, attested credential included.
pub(crate) const PRESENT: u8 = 0x01;
pub(crate) const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

/// One passkey, and the device that holds it.
pub(crate) struct Authenticator {
    key: EcdsaKeyPair,
    id: Vec<u8>,
    user: Vec<u8>,
    /// Where the browser says that it is.
    pub(crate) origin: String,
    /// How often it was used.
    pub(crate) counter: u32,
    /// What it says of the user.
    pub(crate) flags: u8,
}

impl Authenticator {
    pub(crate) fn new() -> Self {
        Self {
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
            id: uuid::Uuid::new_v4().as_bytes().repeat(2),
            user: Vec::new(),
            origin: "https://onus.test".to_owned(),
            counter: 0,
            flags: PRESENT | VERIFIED,
        }
    }

    /// Answers `navigator.credentials.create()`.
    pub(crate) fn create(&mut self, options: &Value) -> Value {
        self.user = BASE64.decode(options["user"]["id"].as_str().unwrap()).unwrap();
        let client = self.client_data("webauthn.create", options);
        let mut data = self.data(options["rp"]["id"].as_str().unwrap(), ATTESTED);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose_key());
        json!({
            "id": BASE64.encode(&self.id),
            "rawId": BASE64.encode(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": { "credProps": { "rk": true } },
            "response": {
                "clientDataJSON": BASE64.encode(client),
                "attestationObject": BASE64.encode(attestation(&data)),
                "transports": ["internal"],
            },
        })
    }

    /// Answers `navigator.credentials.get()`.
    pub(crate) fn get(&mut self, options: &Value) -> Value {
        self.counter += 1;
        let client = self.client_data("webauthn.get", options);
        let data = self.data(options["rpId"].as_str().unwrap(), 0);
        let mut signed = data.clone();
        signed.extend(digest(&SHA256, &client).as_ref());
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": BASE64.encode(&self.id),
            "rawId": BASE64.encode(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": BASE64.encode(client),
                "authenticatorData": BASE64.encode(data),
                "signature": BASE64.encode(signature),
                "userHandle": BASE64.encode(&self.user),
            },
        })
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let client = json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        client.to_string().into_bytes()
    }

    fn data(&self, rp: &str, more: u8) -> Vec<u8> {
        let mut data = digest(&SHA256, rp.as_bytes()).as_ref().to_vec();
        data.push(self.flags | more);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// The public key in CBOR: `{1: 2, 3: -7, -1: 1, -2: x, -3: y}` (RFC 9053).
    fn cose_key(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let mut key = vec![0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 32];
        key.extend(&point[1..33]);
        key.extend([0x22, 0x58, 32]);
        key.extend(&point[33..65]);
        key
    }
}

/// `{"fmt": "none", "attStmt": {}, "authData": data}` in CBOR.
fn attestation(data: &[u8]) -> Vec<u8> {
    let mut object = vec![0xA3];
    for text in ["fmt", "none", "attStmt"] {
        object.push(0x60 | u8::try_from(text.len()).unwrap());
        object.extend(text.as_bytes());
    }
    object.push(0xA0);
    object.push(0x68);
    object.extend(b"authData");
    object.push(0x59);
    object.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
    object.extend(data);
    object
}
