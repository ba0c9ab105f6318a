//! Changing one's own profile. Every workspace the person belongs to hears of it, each on its own stream.

use contracts::Event;
use futures::FutureExt;
use messaging::outbox;
use postgres::{Connection, idempotency::Key};
use uuid::Uuid;

use crate::{
    access,
    app::App,
    domain::profile::{Language, Name, TimeZone},
    error::Error,
    events::{self, Actor, FieldChange, MemberChange},
    store::{
        memberships::{self, Bearer, Member},
        people::{self, Edits, Person},
    },
    views::Me,
};

/// What a person wants to change; what is `None` stays.
pub struct EditMe {
    /// New name.
    pub name: Option<Name>,
    /// New language.
    pub language: Option<Language>,
    /// New time zone.
    pub time_zone: Option<TimeZone>,
    /// The version they had seen.
    pub version: i64,
}

/// Changes the profile, and gives it as it is now.
pub async fn edit_me(app: &App, bearer: Bearer, wanted: EditMe, key: Option<Key>) -> Result<Me, Error> {
    let version = wanted.version;
    let edits = Edits {
        name: wanted.name.map(Name::into_string),
        language: wanted.language.map(|language| language.code().to_owned()),
        time_zone: wanted.time_zone.map(|zone| zone.name().to_owned()),
    };
    app.write_once(key, move |conn| {
        async move { apply(conn, bearer, edits, version).await }.boxed()
    })
    .await
}

async fn apply(conn: &mut Connection, bearer: Bearer, wanted: Edits, version: i64) -> Result<Me, Error> {
    let person = people::lock(conn, bearer.person)
        .await?
        .ok_or(Error::SessionOver)?;
    memberships::lock(conn, bearer.workspace, bearer.person).await?;
    let member = access::acting(conn, bearer).await?;
    let lacking = access::lacks_second_factor(conn, &member).await?;
    if member.version != version {
        return Err(Error::Stale {
            current: serde_json::to_value(Me::of(member, lacking))?,
        });
    }
    let (edits, fields) = differences(&person, wanted);
    if fields.is_empty() {
        return Ok(Me::of(member, lacking));
    }
    people::edit(conn, person.id, &edits).await?;
    let members = announce_edit(conn, person.id, &fields).await?;
    let here = members
        .into_iter()
        .find(|member| member.workspace_id == bearer.workspace);
    Ok(Me::of(here.ok_or(Error::SessionOver)?, lacking))
}

/// Publishes in every workspace of a person what changed about them; gives them as each knows them now.
pub(super) async fn announce_edit(
    conn: &mut Connection,
    person: Uuid,
    fields: &[FieldChange],
) -> Result<Vec<Member>, Error> {
    let members = memberships::touch_all(conn, person).await?;
    let events: Result<Vec<Event>, _> = members.iter().map(|member| edited(member, fields)).collect();
    outbox::append_all(conn, &events?).await?;
    Ok(members)
}

fn edited(member: &Member, fields: &[FieldChange]) -> Result<Event, contracts::ContractError> {
    let actor = Actor {
        id: member.id,
        name: &member.name,
    };
    events::member_changed(MemberChange::Edited, member, actor, fields.to_vec())
}

/// What really changes: to set a field to what it is changes nothing and tells nobody.
fn differences(person: &Person, wanted: Edits) -> (Edits, Vec<FieldChange>) {
    let mut fields = Vec::new();
    let mut keep = |name, before: &str, after: Option<String>| {
        let after = after.filter(|after| after != before)?;
        fields.push(FieldChange::new(name, before, after.as_str()));
        Some(after)
    };
    let edits = Edits {
        name: keep("name", &person.name, wanted.name),
        language: keep("language", &person.language, wanted.language),
        time_zone: keep("time_zone", &person.time_zone, wanted.time_zone),
    };
    (edits, fields)
}
