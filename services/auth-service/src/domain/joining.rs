//! Who may come in by an identity provider without an invitation, and as what.

use std::collections::BTreeMap;

use policy::Role;

/// Roles from the one that may most to the one that may least.
const BY_MIGHT: [Role; 4] = [Role::Admin, Role::Supervisor, Role::Pic, Role::Observer];

/// Whether an address lies in one of these domains; subdomains are others.
pub fn is_of_domain(email: &str, domains: &[String]) -> bool {
    let Some((_local, domain)) = email.rsplit_once('@') else {
        return false;
    };
    domains.iter().any(|known| known.eq_ignore_ascii_case(domain))
}

/// The role that groups give: of several the one that may most; none where no group is named in `roles`.
pub fn role_of_groups(groups: &[String], roles: &BTreeMap<String, Role>) -> Option<Role> {
    let given: Vec<Role> = groups
        .iter()
        .filter_map(|group| roles.get(group).copied())
        .collect();
    BY_MIGHT.into_iter().find(|role| given.contains(role))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_the_whole_of_what_follows_the_last_at() {
        let domains = ["example.com".to_owned()];
        assert!(is_of_domain("a@example.com", &domains));
        assert!(is_of_domain("a@EXAMPLE.com", &domains));
        for other in [
            "a@sub.example.com",
            "a@notexample.com",
            "a@example.com@evil.test",
            "example.com",
            "",
        ] {
            assert!(!is_of_domain(other, &domains), "{other}");
        }
        assert!(!is_of_domain("a@example.com", &[]));
    }

    #[test]
    fn of_several_groups_the_mightiest_counts() {
        let roles = BTreeMap::from([
            ("staff".to_owned(), Role::Pic),
            ("leads".to_owned(), Role::Supervisor),
        ]);
        let groups = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            role_of_groups(&groups(&["staff", "leads", "x"]), &roles),
            Some(Role::Supervisor)
        );
        assert_eq!(role_of_groups(&groups(&["staff"]), &roles), Some(Role::Pic));
        assert_eq!(role_of_groups(&groups(&["Staff"]), &roles), None);
        assert_eq!(role_of_groups(&[], &roles), None);
    }
}
