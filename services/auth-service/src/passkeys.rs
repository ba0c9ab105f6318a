//! Passkeys (Web Authentication, W3C): what browsers are asked, and whether their answers count.
//!
//! A passkey proves possession and, since user verification is always required, who holds the device; so it signs in
//! alone, and it is a second factor beside a password.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder,
};

use crate::error::Error;

/// What authenticators show as our name.
const NAME: &str = "Onus";
/// Passkeys of one person at most.
pub const MOST: usize = 20;

/// Asks and checks. Empty where people reach us by an address without a host name: passkeys belong to a name.
pub struct Passkeys(Option<Webauthn>);

/// What an answer of some passkey is checked against.
#[derive(Debug, Serialize, Deserialize)]
pub enum Asked {
    /// Whoever has a passkey of this site.
    Anybody(DiscoverableAuthentication),
    /// This person.
    Person(Uuid, PasskeyAuthentication),
}

/// A new passkey.
pub struct Enrolled {
    /// Its id among all passkeys of the world.
    pub id: Vec<u8>,
    /// What is stored of it.
    pub credential: Value,
}

/// A browser's answer.
pub struct Answer(PublicKeyCredential);

impl Answer {
    /// Reads what `credential.toJSON()` gave.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else.
    pub fn parse(credential: Value) -> Result<Self, Error> {
        serde_json::from_value(credential)
            .map(Self)
            .map_err(|_wrong| Error::invalid("credential", "is not the answer of a passkey"))
    }

    /// The passkey that answers.
    pub fn credential_id(&self) -> &[u8] {
        self.0.get_credential_id()
    }
}

impl Passkeys {
    /// For an app that people reach at `public_url`, and at `others` of the same host name.
    pub fn new(public_url: &str, others: &[&str]) -> Self {
        Self(build(public_url, others))
    }

    /// Whether there can be passkeys here.
    pub fn are_possible(&self) -> bool {
        self.0.is_some()
    }

    fn ready(&self) -> Result<&Webauthn, Error> {
        self.0.as_ref().ok_or(Error::NoPasskeys)
    }

    /// Asks for a new passkey. Gives the options for the browser, and what the answer is checked against. A device
    /// that holds one of `known` is not asked for another.
    pub fn ask_to_enrol(
        &self,
        person: Uuid,
        email: &str,
        name: &str,
        known: &[Value],
    ) -> Result<(Value, PasskeyRegistration), Error> {
        let known = known
            .iter()
            .filter_map(|stored| Some(read::<Passkey>(stored).ok()?.cred_id().clone()));
        let (asked, waiting) = self
            .ready()?
            .start_passkey_registration(person, email, name, Some(known.collect()))
            .map_err(|error| Error::passkey("ask for a passkey", error))?;
        let mut options = serde_json::to_value(asked.public_key)?;
        // Without an entry on the device nobody could sign in by it alone.
        options["authenticatorSelection"]["residentKey"] = "required".into();
        options["authenticatorSelection"]["requireResidentKey"] = true.into();
        Ok((options, waiting))
    }

    /// Checks the answer to that.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is none.
    pub fn enrol(&self, credential: Value, waiting: &PasskeyRegistration) -> Result<Enrolled, Error> {
        let refused = |_wrong| Error::invalid("credential", "is not a new passkey for this site");
        let answer: RegisterPublicKeyCredential = serde_json::from_value(credential).map_err(refused)?;
        let passkey = self.ready()?.finish_passkey_registration(&answer, waiting);
        let passkey = passkey.map_err(|error| {
            tracing::info!(%error, "a new passkey was refused");
            Error::invalid("credential", "is not a new passkey for this site")
        })?;
        Ok(Enrolled {
            id: passkey.cred_id().to_vec(),
            credential: serde_json::to_value(&passkey)?,
        })
    }

    /// Asks whoever has a passkey of this site.
    pub fn ask_anybody(&self) -> Result<(Value, Asked), Error> {
        let (asked, waiting) = self
            .ready()?
            .start_discoverable_authentication()
            .map_err(|error| Error::passkey("ask for a passkey", error))?;
        Ok((serde_json::to_value(asked.public_key)?, Asked::Anybody(waiting)))
    }

    /// Asks a person with these passkeys.
    pub fn ask_person(&self, person: Uuid, known: &[Value]) -> Result<(Value, Asked), Error> {
        let known = known.iter().map(read).collect::<Result<Vec<Passkey>, _>>()?;
        if known.is_empty() {
            return Err(Error::NotFound("passkey"));
        }
        let (asked, waiting) = self
            .ready()?
            .start_passkey_authentication(&known)
            .map_err(|error| Error::passkey("ask for a passkey", error))?;
        Ok((
            serde_json::to_value(asked.public_key)?,
            Asked::Person(person, waiting),
        ))
    }

    /// Whether the answer is right for this stored passkey of this person; gives what is stored of it from now on.
    pub fn check(
        &self,
        answer: &Answer,
        asked: Asked,
        person: Uuid,
        stored: &Value,
    ) -> Result<Option<Value>, Error> {
        let mut passkey: Passkey = read(stored)?;
        let webauthn = self.ready()?;
        let verdict = match asked {
            Asked::Anybody(waiting) => {
                // The device says whom the passkey was made for, and we know to whom it belongs.
                if answer.0.get_user_unique_id() != Some(person.as_bytes()) {
                    return Ok(None);
                }
                webauthn.finish_discoverable_authentication_v2(&answer.0, waiting, &passkey)
            }
            Asked::Person(expected, waiting) => {
                if expected != person {
                    return Ok(None);
                }
                webauthn.finish_passkey_authentication(&answer.0, &waiting)
            }
        };
        match verdict {
            Ok(result) => {
                passkey.update_credential(&result);
                Ok(Some(serde_json::to_value(&passkey)?))
            }
            Err(error) => {
                tracing::info!(%error, "the answer of a passkey was refused");
                Ok(None)
            }
        }
    }
}

fn read<T: DeserializeOwned>(stored: &Value) -> Result<T, serde_json::Error> {
    T::deserialize(stored)
}

fn build(public_url: &str, others: &[&str]) -> Option<Webauthn> {
    let origin = Url::parse(public_url).ok()?;
    let host = origin.domain()?.to_owned();
    let mut builder = WebauthnBuilder::new(&host, &origin).ok()?.rp_name(NAME);
    let others = others.iter().filter_map(|other| Url::parse(other).ok());
    for other in others.filter(|other| other.domain() == Some(&host)) {
        builder = builder.append_allowed_origin(&other);
    }
    builder.build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_host_name() {
        for (address, possible) in [
            ("https://onus.example.com", true),
            ("http://localhost:8080", true),
            ("http://127.0.0.1:8080", false),
            ("https://[::1]", false),
        ] {
            assert_eq!(Passkeys::new(address, &[]).are_possible(), possible, "{address}");
        }
    }
}
