//! Events that tests feed to consumers.

use contracts::{Change, Event, EventType, PersonState, Stream};
use policy::Role;
use uuid::Uuid;

/// The event with which a person joins a workspace, in version 1 of their stream and epoch 1.
pub fn person_joined(workspace: Uuid, person: Uuid, name: &str, role: Role) -> Event {
    Change::new(
        EventType::UserChanged,
        "/auth-service",
        workspace,
        Stream::person(workspace, person),
        1,
        "joined",
    )
    .person(PersonState {
        id: person,
        name: name.to_owned(),
        email: format!("{person}@example.com"),
        language: "en".to_owned(),
        time_zone: "Asia/Seoul".to_owned(),
        role: role.to_string(),
        epoch: 1,
        removed: false,
    })
    .into_event(None)
    .expect("a record is JSON")
}
