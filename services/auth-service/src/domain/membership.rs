//! How membership of a workspace changes: a workspace always keeps an admin.

use policy::Role;

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
    fn others_come_and_go() {
        for now in [Role::Supervisor, Role::Pic, Role::Observer] {
            assert_eq!(check_leaving(now, 1), Ok(()));
            for wanted in ROLES {
                assert_eq!(check_new_role(now, wanted, 1), Ok(now != wanted));
            }
        }
    }
}
