//! Coming in by an identity provider without an invitation, where the settings allow it; and keeping the role what the
//! provider's groups say.

use chrono::{DateTime, Utc};
use postgres::Connection;
use uuid::Uuid;

use super::complete::identity;
use crate::{
    app::App,
    commands::{change_role::give_role, sign_up::announce_joined},
    domain::{
        joining::is_of_domain,
        membership::check_new_role,
        profile::{Language, TimeZone},
    },
    error::Error,
    events::Actor,
    providers::{Join, Profile},
    store::{
        identities, memberships,
        people::{self, Person},
        workspaces,
    },
};

/// Makes an account for somebody unknown whose verified address is of a domain that may join.
///
/// # Errors
/// [`Error::LinkFirst`] where an account has the address: whoever has both shows it by linking them.
/// [`Error::NoAccount`] where nobody knows them and no rule lets them in.
pub(super) async fn join(
    app: &App,
    conn: &mut Connection,
    profile: &Profile,
    now: DateTime<Utc>,
) -> Result<Uuid, Error> {
    // Of an address that nobody vouches for, nothing is told either.
    let Some(email) = profile.email.as_ref().filter(|_| profile.email_verified) else {
        return Err(Error::NoAccount);
    };
    if people::credentials(conn, email).await?.is_some() {
        return Err(Error::LinkFirst);
    }
    let Some(rule) = rule_of(app, profile).filter(|rule| is_of_domain(email, &rule.domains)) else {
        return Err(Error::NoAccount);
    };
    if workspaces::lock(conn, rule.workspace).await?.is_none() {
        tracing::error!(workspace = %rule.workspace, "the workspace that people should join is not there");
        return Err(Error::NoAccount);
    }
    let local = email.split('@').next().unwrap_or_default();
    let person = Person {
        id: Uuid::now_v7(),
        email: email.clone(),
        name: profile.name.clone().unwrap_or_else(|| local.to_owned()),
        language: Language::default().code().to_owned(),
        time_zone: TimeZone::UTC.name().to_owned(),
        created_at: now,
        email_verified_at: Some(now),
    };
    if !people::insert(conn, &person).await? {
        return Err(Error::LinkFirst);
    }
    if !identities::insert(conn, &identity(person.id, profile, now)).await? {
        return Err(Error::CeremonyOver);
    }
    let role = profile.role.unwrap_or(rule.role);
    memberships::insert(conn, rule.workspace, person.id, role, now).await?;
    announce_joined(conn, rule.workspace, person.id).await?;
    Ok(person.id)
}

/// Gives a member of the rule's workspace the role that their groups give, where they give one. The last admin stays
/// admin whatever the groups say.
pub(super) async fn follow_groups(
    app: &App,
    conn: &mut Connection,
    person: Uuid,
    profile: &Profile,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (Some(role), Some(rule)) = (profile.role, rule_of(app, profile)) else {
        return Ok(());
    };
    let workspace = rule.workspace;
    workspaces::lock(conn, workspace).await?;
    memberships::lock(conn, workspace, person).await?;
    let member = memberships::get(conn, workspace, person).await?;
    let Some(member) = member.filter(|member| member.removed_at.is_none()) else {
        return Ok(());
    };
    let admins = memberships::count_admins(conn, workspace).await?;
    match check_new_role(member.role, role, admins) {
        Ok(true) => {
            let name = member.name.clone();
            let actor = Actor {
                id: person,
                name: &name,
            };
            give_role(conn, &member, role, actor, now).await?;
            Ok(())
        }
        Ok(false) => Ok(()),
        Err(_last_admin) => {
            tracing::warn!(%workspace, "groups would take the role from the last admin: it stays");
            Ok(())
        }
    }
}

fn rule_of(app: &App, profile: &Profile) -> Option<Join> {
    app.providers.by_issuer(&profile.issuer)?.settings().join.clone()
}
