//! An e-mail address in the one form in which it is stored and compared.

use std::fmt;

/// Longest address an SMTP path can carry (RFC 5321, section 4.5.3.1.3, less the angle brackets).
pub const MAX_ADDRESS: usize = 254;
const MAX_LOCAL: usize = 64;
const MAX_LABEL: usize = 63;
/// The top-level domain in which there is nobody (RFC 2606, section 2); service accounts have their addresses there.
const NOWHERE: &str = "invalid";

/// A trimmed, lower-case address. Two people never differ by case alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

/// The text is no address we could write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an e-mail address of at most 254 characters")]
pub struct NotAnAddress;

impl Address {
    /// Reads what a person typed. Only ASCII is taken: addresses beyond it reach few mail servers, and look-alike
    /// letters would let one person pose as another.
    pub fn parse(typed: &str) -> Result<Self, NotAnAddress> {
        let address = typed.trim().to_ascii_lowercase();
        let (local, domain) = address.rsplit_once('@').ok_or(NotAnAddress)?;
        if address.len() > MAX_ADDRESS || !is_local_part(local) || !is_domain(domain) {
            return Err(NotAnAddress);
        }
        Ok(Self(address))
    }

    /// The normal form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The normal form, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A dot-atom of RFC 5322; quoted local parts are not worth their trouble.
fn is_local_part(local: &str) -> bool {
    local.len() <= MAX_LOCAL
        && local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.bytes().all(is_atom_byte))
}

fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// At least two labels of letters, digits and inner hyphens, somewhere that mail can reach.
fn is_domain(domain: &str) -> bool {
    let top = domain.rsplit('.').next();
    domain.contains('.') && domain.split('.').all(is_label) && top != Some(NOWHERE)
}

fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn trims_and_lowers() {
        assert_eq!(
            Address::parse("  Min.Ji+board@Example.COM ").unwrap().as_str(),
            "min.ji+board@example.com"
        );
    }

    #[test]
    fn refuses_what_cannot_be_written_to() {
        let long = format!("{}@example.com", "a".repeat(65));
        let longer = format!("a@{}.com", "b.".repeat(130));
        for typed in [
            "",
            "a",
            "a@",
            "@example.com",
            "a@b",
            "a b@example.com",
            "a..b@example.com",
            "a@-b.com",
            "a@b..com",
            "a@exämple.com",
            "민지@example.com",
            "a@b@c",
            "a@service.invalid",
            "a@example.com\u{0}",
            "a\n@example.com",
            &long,
            &longer,
        ] {
            assert_eq!(Address::parse(typed), Err(NotAnAddress), "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn parsing_twice_changes_nothing(typed in "[ ]{0,2}[A-Za-z0-9.]{1,8}@[A-Za-z0-9-]{1,8}\\.[A-Za-z]{2,3}[ ]{0,2}") {
            if let Ok(address) = Address::parse(&typed) {
                prop_assert_eq!(Address::parse(address.as_str()), Ok(address.clone()));
                prop_assert!(address.as_str().len() <= MAX_ADDRESS);
            }
        }

        #[test]
        fn never_panics(typed in ".*") {
            let _ = Address::parse(&typed);
        }
    }
}
