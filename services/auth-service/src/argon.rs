//! argon2id in memory that a thread keeps. By itself the library takes some 20 MiB anew for every hash, and the system's
//! allocator, which learns from that to keep them, comes to hold ten times as much.

use std::cell::RefCell;

use argon2::{
    Algorithm, Argon2, Block, CustomizedPasswordHasher, Params, PasswordHasher, Version,
    password_hash::{
        self,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};
use aws_lc_rs::rand;

thread_local! {
    /// Given back when the thread ends, which those for heavy work do when nobody signs in.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// Hashes with these parameters, and by those of a stored hash compares with it (in constant time).
#[derive(Clone)]
pub(crate) struct Argon(Params);

impl Argon {
    pub(crate) fn new(params: Params) -> Self {
        Self(params)
    }

    pub(crate) fn params(&self) -> &Params {
        &self.0
    }

    /// What no password hashes to, at the cost of one that somebody chose today.
    pub(crate) fn nobody(&self) -> password_hash::Result<String> {
        let (mut salt, mut hash) = ([0; Salt::RECOMMENDED_LENGTH], [0; Params::DEFAULT_OUTPUT_LEN]);
        for bytes in [&mut salt[..], &mut hash[..]] {
            rand::fill(bytes).map_err(|_opaque| password_hash::Error::Crypto)?;
        }
        let nobody = described(
            Algorithm::Argon2id,
            Version::V0x13,
            &self.0,
            Salt::new(&salt)?,
            &hash,
        )?;
        Ok(nobody.to_string())
    }
}

impl PasswordHasher<PasswordHash> for Argon {
    fn hash_password_with_salt(&self, password: &[u8], salt: &[u8]) -> password_hash::Result<PasswordHash> {
        self.hash_password_customized(password, salt, None, None, self.0.clone())
    }
}

impl CustomizedPasswordHasher<PasswordHash> for Argon {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> password_hash::Result<PasswordHash> {
        let algorithm = algorithm
            .map(Algorithm::try_from)
            .transpose()?
            .unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let salt = Salt::new(salt)?;
        let mut buffer = [0; Output::MAX_LENGTH];
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let output = buffer.get_mut(..length).ok_or(password_hash::Error::OutputSize)?;
        let argon = Argon2::new(algorithm, version, params.clone());
        MEMORY.with_borrow_mut(|blocks| {
            blocks.resize(params.block_count(), Block::new());
            argon.hash_password_into_with_memory(password, &salt, output, blocks)
        })?;
        described(algorithm, version, &params, salt, output)
    }
}

/// As a PHC string has it.
fn described(
    algorithm: Algorithm,
    version: Version,
    params: &Params,
    salt: Salt,
    output: &[u8],
) -> password_hash::Result<PasswordHash> {
    Ok(PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(params)?,
        salt: Some(salt),
        hash: Some(Output::new(output)?),
    })
}

#[cfg(test)]
mod tests {
    use argon2::PasswordVerifier;

    use super::*;

    fn argon(memory_kib: u32) -> Argon {
        Argon::new(Params::new(memory_kib, 2, 1, None).unwrap())
    }

    #[test]
    fn memory_that_was_used_before_changes_no_hash() {
        let salt = b"a salt of sixteen";
        for memory_kib in [64, 256, 32, 64] {
            let argon = argon(memory_kib);
            let library = Argon2::new(Algorithm::Argon2id, Version::V0x13, argon.params().clone());
            for password in [&b"one password"[..], b"another password"] {
                assert_eq!(
                    argon.hash_password_with_salt(password, salt).unwrap(),
                    library.hash_password_with_salt(password, salt).unwrap()
                );
            }
        }
    }

    #[test]
    fn a_hash_is_compared_by_its_own_parameters() {
        let stored = argon(64).hash_password(b"a password").unwrap();
        assert!(argon(128).verify_password(b"a password", &stored).is_ok());
        assert!(argon(64).verify_password(b"another password", &stored).is_err());
    }

    #[test]
    fn nobody_has_todays_parameters_and_no_password() {
        let argon = argon(64);
        let nobody = PasswordHash::new(&argon.nobody().unwrap()).unwrap();
        let somebody = argon.hash_password(b"a password").unwrap();
        assert_eq!(
            (nobody.algorithm, nobody.version, &nobody.params),
            (somebody.algorithm, somebody.version, &somebody.params)
        );
        assert_eq!(nobody.to_string().len(), somebody.to_string().len());
        assert!(argon.verify_password(b"a password", &nobody).is_err());
        assert_ne!(nobody, PasswordHash::new(&argon.nobody().unwrap()).unwrap());
    }
}
