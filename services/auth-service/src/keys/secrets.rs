//! Everything that hangs on the setting `auth.secret`. Each use has its own key, derived by HKDF (RFC 5869) under its
//! own label, so that what one of them signs means nothing to another.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce as AeadNonce, RandomizedNonceKey},
    digest, hkdf, hmac, rand,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::CryptoError;

const KEY_BYTES: usize = 32;
const UUID_BYTES: usize = 16;

/// Length of a link's token: an id of 16 bytes and a tag of 32 in base64url.
const LINK_TOKEN_CHARS: usize = 64;

/// What makes an invitation's token unguessable beside its id.
pub type Nonce = [u8; 16];

/// The derived keys.
pub struct Secrets {
    sealing: RandomizedNonceKey,
    refresh: hmac::Key,
    link: hmac::Key,
    account_link: hmac::Key,
    fingerprint: hmac::Key,
    throttle: hmac::Key,
    code: hmac::Key,
}

struct KeyLength;

impl hkdf::KeyType for KeyLength {
    fn len(&self) -> usize {
        KEY_BYTES
    }
}

impl Secrets {
    /// Derives the keys. The setting is checked to be long; it should be random.
    pub fn derive(secret: &SecretString) -> Result<Self, CryptoError> {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"onus auth-service 1")
            .extract(secret.expose_secret().as_bytes());
        Ok(Self {
            sealing: RandomizedNonceKey::new(&AES_256_GCM, &expand(&root, b"seal signing keys")?)
                .map_err(|_opaque| CryptoError::new("make the sealing key"))?,
            refresh: hmac_key(&root, b"refresh tokens")?,
            link: hmac_key(&root, b"invitation links")?,
            account_link: hmac_key(&root, b"account links")?,
            fingerprint: hmac_key(&root, b"request fingerprints")?,
            throttle: hmac_key(&root, b"throttles")?,
            code: hmac_key(&root, b"recovery codes")?,
        })
    }

    /// Encrypts `plain` so that it opens only under the same `context`.
    pub fn seal(&self, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let mut body = plain.to_vec();
        let nonce = self
            .sealing
            .seal_in_place_append_tag(Aad::from(context), &mut body)
            .map_err(|_opaque| CryptoError::new("seal a secret"))?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// Decrypts what [`Self::seal`] made.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let refused = || CryptoError::new("open a sealed secret: was auth.secret changed?");
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or_else(refused)?;
        let nonce = AeadNonce::try_assume_unique_for_key(nonce).map_err(|_opaque| refused())?;
        let mut body = body.to_vec();
        let plain = self
            .sealing
            .open_in_place(nonce, Aad::from(context), &mut body)
            .map_err(|_opaque| refused())?;
        Ok(plain.to_vec())
    }

    /// The refresh token that follows `token`. Whoever holds the token before may be told its successor again, and yet
    /// neither is stored.
    pub fn successor(&self, token: &SecretString) -> SecretString {
        let tag = hmac::sign(&self.refresh, token.expose_secret().as_bytes());
        SecretString::from(BASE64.encode(tag.as_ref()))
    }

    /// The token in an invitation's link.
    pub fn link_token(&self, invitation: Uuid, nonce: &[u8]) -> SecretString {
        token(&self.link, invitation, nonce)
    }

    /// Whether `tag` is the one of this invitation, compared in constant time.
    pub fn link_matches(&self, invitation: Uuid, nonce: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&self.link, &link_message(invitation, nonce), tag).is_ok()
    }

    /// The token in a link that a person gets by mail.
    pub fn account_link_token(&self, link: Uuid, nonce: &[u8]) -> SecretString {
        token(&self.account_link, link, nonce)
    }

    /// Whether `tag` is the one of this link, compared in constant time.
    pub fn account_link_matches(&self, link: Uuid, nonce: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&self.account_link, &link_message(link, nonce), tag).is_ok()
    }

    /// What is stored of a recovery code. Codes are short, so a plain hash could be guessed by whoever has the table.
    pub fn code_hash(&self, person: Uuid, code: &str) -> Vec<u8> {
        let mut message = person.as_bytes().to_vec();
        message.extend_from_slice(code.as_bytes());
        hmac::sign(&self.code, &message).as_ref().to_vec()
    }

    /// The key under which wrong tries are counted. Each part is led by its length, so that no two lists of parts make
    /// the same message.
    pub fn throttle_key(&self, parts: &[&str]) -> Vec<u8> {
        let mut message = Vec::new();
        for part in parts {
            message.extend_from_slice(&part.len().to_be_bytes());
            message.extend_from_slice(part.as_bytes());
        }
        hmac::sign(&self.throttle, &message).as_ref().to_vec()
    }

    /// Binds a request's digest to the server's secret. Bodies with passwords leave their digest in the table of
    /// idempotency keys, where a plain SHA-256 would let a thief of the table try passwords at full speed.
    pub fn bind_fingerprint(&self, digest: &[u8; 32]) -> [u8; 32] {
        let mut bound = [0; 32];
        bound.copy_from_slice(hmac::sign(&self.fingerprint, digest).as_ref());
        bound
    }
}

/// Takes the token of a link apart: the invitation it speaks of, and the proof.
pub fn split_link_token(token: &SecretString) -> Option<(Uuid, Vec<u8>)> {
    let token = token.expose_secret();
    if token.len() != LINK_TOKEN_CHARS {
        return None;
    }
    let bytes = BASE64.decode(token).ok()?;
    let (id, tag) = bytes.split_at_checked(UUID_BYTES)?;
    Some((Uuid::from_slice(id).ok()?, tag.to_vec()))
}

/// A fresh, random refresh token: 32 bytes in base64url.
pub fn random_token() -> Result<SecretString, CryptoError> {
    Ok(SecretString::from(BASE64.encode(random_bytes::<KEY_BYTES>()?)))
}

/// A fresh nonce for an invitation.
pub fn random_nonce() -> Result<Nonce, CryptoError> {
    random_bytes()
}

/// What is stored of a refresh token. The token is random and long, so a plain hash is enough.
pub fn token_hash(token: &SecretString) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.expose_secret().as_bytes())
        .as_ref()
        .to_vec()
}

/// Random bytes.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], CryptoError> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_opaque| CryptoError::new("get random bytes"))?;
    Ok(bytes)
}

fn token(key: &hmac::Key, id: Uuid, nonce: &[u8]) -> SecretString {
    let mut bytes = id.as_bytes().to_vec();
    bytes.extend_from_slice(hmac::sign(key, &link_message(id, nonce)).as_ref());
    SecretString::from(BASE64.encode(bytes))
}

fn link_message(invitation: Uuid, nonce: &[u8]) -> Vec<u8> {
    let mut message = invitation.as_bytes().to_vec();
    message.extend_from_slice(nonce);
    message
}

fn hmac_key(root: &hkdf::Prk, label: &[u8]) -> Result<hmac::Key, CryptoError> {
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &expand(root, label)?))
}

fn expand(root: &hkdf::Prk, label: &[u8]) -> Result<[u8; KEY_BYTES], CryptoError> {
    let failed = |_opaque| CryptoError::new("derive a key");
    let mut key = [0; KEY_BYTES];
    root.expand(&[label], KeyLength)
        .map_err(failed)?
        .fill(&mut key)
        .map_err(failed)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Secrets {
        Secrets::derive(&SecretString::from(text.to_owned())).unwrap()
    }

    #[test]
    fn sealed_secrets_open_under_their_context_and_key_only() {
        let ours = secrets("one secret of at least 32 characters");
        let sealed = ours.seal(b"kid-1", b"private").unwrap();
        assert_eq!(ours.open(b"kid-1", &sealed).unwrap(), b"private");
        assert!(ours.open(b"kid-2", &sealed).is_err());
        assert!(ours.open(b"kid-1", &sealed[..8]).is_err());
        assert!(
            secrets("another secret of at least 32 chars")
                .open(b"kid-1", &sealed)
                .is_err()
        );
    }

    #[test]
    fn a_link_token_proves_its_invitation() {
        let ours = secrets("one secret of at least 32 characters");
        let (invitation, nonce) = (Uuid::now_v7(), random_nonce().unwrap());
        let token = ours.link_token(invitation, &nonce);
        let (id, tag) = split_link_token(&token).unwrap();
        assert_eq!(id, invitation);
        assert!(ours.link_matches(id, &nonce, &tag));
        assert!(!ours.link_matches(Uuid::now_v7(), &nonce, &tag));
        assert!(!ours.link_matches(id, &random_nonce().unwrap(), &tag));
        for broken in ["", "x", &"!".repeat(64)] {
            assert!(split_link_token(&SecretString::from(broken.to_owned())).is_none());
        }
    }

    #[test]
    fn what_one_use_signs_means_nothing_to_another() {
        let ours = secrets("one secret of at least 32 characters");
        let (id, nonce) = (Uuid::now_v7(), random_nonce().unwrap());
        let (_, invitation) = split_link_token(&ours.link_token(id, &nonce)).unwrap();
        let (_, account) = split_link_token(&ours.account_link_token(id, &nonce)).unwrap();
        assert!(ours.account_link_matches(id, &nonce, &account));
        assert!(!ours.account_link_matches(id, &nonce, &invitation));
        assert!(!ours.link_matches(id, &nonce, &account));
        assert_ne!(random_nonce().unwrap(), nonce);
    }

    #[test]
    fn what_is_stored_depends_on_the_secret_and_on_every_part() {
        let ours = secrets("one secret of at least 32 characters");
        let theirs = secrets("another secret of at least 32 chars");
        let [one, two] = [1, 2].map(Uuid::from_u128);
        let stored = [
            ours.code_hash(one, "ABCDE-FGHIJ"),
            ours.code_hash(two, "ABCDE-FGHIJ"),
            ours.code_hash(one, "ABCDE-FGHIK"),
            theirs.code_hash(one, "ABCDE-FGHIJ"),
            ours.throttle_key(&["ab", "c"]),
            ours.throttle_key(&["a", "bc"]),
            theirs.throttle_key(&["a", "bc"]),
            ours.bind_fingerprint(&[7; 32]).to_vec(),
            ours.bind_fingerprint(&[8; 32]).to_vec(),
            theirs.bind_fingerprint(&[8; 32]).to_vec(),
        ];
        assert!(stored.iter().all(|value| value.len() == KEY_BYTES));
        let different: std::collections::BTreeSet<_> = stored.iter().collect();
        assert_eq!(different.len(), stored.len());
    }

    #[test]
    fn successors_are_stable_and_differ() {
        let ours = secrets("one secret of at least 32 characters");
        let token = random_token().unwrap();
        let next = ours.successor(&token);
        assert_eq!(next.expose_secret(), ours.successor(&token).expose_secret());
        assert_ne!(next.expose_secret(), token.expose_secret());
        assert_ne!(token_hash(&next), token_hash(&token));
        let third = ours.successor(&next);
        let all =
            [&token, &next, &third, &random_token().unwrap()].map(|token| token.expose_secret().to_owned());
        // 256 bits in base64url.
        assert!(all.iter().all(|token| token.len() == 43));
        assert_eq!(std::collections::BTreeSet::from(all).len(), 4);
    }
}
