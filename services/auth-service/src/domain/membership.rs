//! How membership of a workspace changes: a workspace always keeps an admin, and that is a person.

use policy::Role;
use uuid::Uuid;

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberKind {
    /// Somebody who signs in.
    Person,
    /// A program that acts by its API tokens.
    Service,
}

impl MemberKind {
    /// The kind of a stored word.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "person" => Some(Self::Person),
            "service" => Some(Self::Service),
            _ => None,
        }
    }

    /// Whether such a member can have this role. Who can do everything must be somebody who can be asked who they are.
    pub fn can_be(self, role: Role) -> bool {
        self == Self::Person || role != Role::Admin
    }
}

/// The address of a service account: one that nobody has and no mail reaches (RFC 2606, section 2).
pub fn service_address(account: Uuid) -> String {
    format!("{account}@service.invalid")
}

/// The change would leave the workspace without an admin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a workspace needs at least one admin")]
pub struct LastAdmin;

/// Whether a member with this role may go, when `admins` counts the workspace's admins with them included.
pub fn check_leaving(role: Role, admins: i64) -> Result<(), LastAdmin> {
    if role == Role::Admin && admins <= 1 {
        Err(LastAdmin)
    } else {
        Ok(())
    }
}

/// Whether a member's role changes at all, and may. `Ok(false)`: they have it already.
pub fn check_new_role(now: Role, wanted: Role, admins: i64) -> Result<bool, LastAdmin> {
    if now == wanted {
        return Ok(false);
    }
    check_leaving(now, admins).map(|()| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 4] = [Role::Admin, Role::Supervisor, Role::Pic, Role::Observer];

    #[test]
    fn the_last_admin_stays() {
        for wanted in ROLES {
            let expected = if wanted == Role::Admin {
                Ok(false)
            } else {
                Err(LastAdmin)
            };
            assert_eq!(check_new_role(Role::Admin, wanted, 1), expected);
        }
        assert_eq!(check_leaving(Role::Admin, 1), Err(LastAdmin));
        assert_eq!(check_leaving(Role::Admin, 2), Ok(()));
    }

    #[test]
    fn a_service_account_is_no_admin() {
        for role in ROLES {
            assert!(MemberKind::Person.can_be(role));
            assert_eq!(MemberKind::Service.can_be(role), role != Role::Admin);
        }
        assert_eq!(MemberKind::of("person"), Some(MemberKind::Person));
        assert_eq!(MemberKind::of("service"), Some(MemberKind::Service));
        assert_eq!(MemberKind::of("robot"), None);
    }

    #[test]
    fn others_come_and_go() {
        for now in [Role::Supervisor, Role::Pic, Role::Observer] {
            assert_eq!(check_leaving(now, 1), Ok(()));
            for wanted in ROLES {
                assert_eq!(check_new_role(now, wanted, 1), Ok(now != wanted));
            }
        }
    }
}
