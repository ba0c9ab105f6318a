//! What becomes a line of the log, and what must not.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use contracts::{Commitment, ERASED, Event, EventType, Particulars, Record, Salted, Stream};
use uuid::Uuid;

use super::filter::is_storable;

/// The longest stream name and the longest type, in bytes. Real ones have under 100.
const NAME_MAX: usize = 200;
/// The longest kind, in bytes. Longer than what a filter accepts, because an unknown kind is kept as it came.
const KIND_MAX: usize = 200;

/// A change that has not got its place in the log yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Identifies the event, wherever it shows up.
    pub event_id: Uuid,
    /// The workspace in which the change was made.
    pub workspace: Uuid,
    /// The board that the change belongs to, if there is one.
    pub board: Option<Uuid>,
    /// What changed: `task/<id>`, `board/<id>` and so on.
    pub stream: String,
    /// The version that the change brought the stream to.
    pub version: i64,
    /// The service that published the event, such as `/task-service`.
    pub source: String,
    /// The type of the event, such as `task.changed`; kept also where this release does not know it.
    pub event_type: String,
    /// What was done, such as `moved`.
    pub kind: String,
    /// Who did it; nobody, if the system did.
    pub actor: Option<Uuid>,
    /// Whose account it is about, in the security log.
    pub account: Option<Uuid>,
    /// When it was done, by the producer's clock.
    pub time: DateTime<Utc>,
    /// The exact bytes of the record.
    pub record: Vec<u8>,
    /// The values, kept apart from the record.
    pub particulars: Option<Particulars>,
}

/// Why an event can never become an entry. A later delivery of the same bytes would fail the same way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The record is not one.
    #[error("the record cannot be read")]
    Unreadable,
    /// The envelope says something else than the record that the log keeps.
    #[error("the record names another {0} than the envelope")]
    Disagrees(&'static str),
    /// The name cannot be stored or searched for.
    #[error("the {0} is empty, too long or holds U+0000")]
    Name(&'static str),
    /// Streams count from 1.
    #[error("the version is not positive")]
    Version,
    /// No year that RFC 3339 can express.
    #[error("the time lies outside of the years 1 to 9999")]
    Time,
    /// A value that cannot be proved has no place beside the record that should prove it.
    #[error("a value of the field {0:?} does not open its commitment")]
    Unproved(String),
}

impl Draft {
    /// Makes a draft of an event.
    pub fn of(event: &Event) -> Result<Self, Unfit> {
        let record = event.data.record.parse().map_err(|_| Unfit::Unreadable)?;
        let agreements = [
            ("workspace", record.workspace == event.workspace),
            ("stream", record.stream == event.stream),
            ("version", record.version == event.version),
        ];
        if let Some((part, _)) = agreements.into_iter().find(|(_, agrees)| !agrees) {
            return Err(Unfit::Disagrees(part));
        }
        if let Some(particulars) = &event.data.particulars {
            prove(&record, particulars)?;
        }
        let board = record
            .board
            .or_else(|| event.stream.id().filter(|_| event.stream.kind() == "board"));
        let draft = Self {
            event_id: event.id,
            workspace: event.workspace,
            board,
            stream: event.stream.as_str().to_owned(),
            version: event.version,
            source: event.source.clone(),
            event_type: event.kind.as_str().to_owned(),
            kind: record.kind,
            account: account(event, record.actor),
            actor: record.actor,
            time: record.time,
            record: event.data.record.as_str().as_bytes().to_vec(),
            particulars: event.data.particulars.clone(),
        };
        draft.check()?;
        Ok(draft)
    }

    /// The person whose stream it is on.
    pub fn person(&self) -> Option<Uuid> {
        let stream = Stream::from_wire(self.stream.as_str());
        stream.id().filter(|_| stream.kind() == "person")
    }

    /// Whom it erases, and in which workspace.
    pub fn erases(&self) -> Option<(Uuid, Uuid)> {
        let erased = self.event_type == EventType::UserChanged.as_str() && self.kind == ERASED;
        self.person()
            .filter(|_| erased)
            .map(|person| (self.workspace, person))
    }

    fn check(&self) -> Result<(), Unfit> {
        let names = [
            ("stream", &self.stream, NAME_MAX),
            ("source", &self.source, NAME_MAX),
            ("type", &self.event_type, NAME_MAX),
            ("kind", &self.kind, KIND_MAX),
        ];
        for (part, text, max) in names {
            if text.is_empty() || text.len() > max || text.contains('\0') {
                return Err(Unfit::Name(part));
            }
        }
        if self.version < 1 {
            return Err(Unfit::Version);
        }
        if !is_storable(self.time) {
            return Err(Unfit::Time);
        }
        Ok(())
    }
}

/// Whose account an entry of the security log is about. Of one whose values are erased only the actor is known.
fn account(event: &Event, actor: Option<Uuid>) -> Option<Uuid> {
    if event.kind != EventType::SecurityLogged {
        return None;
    }
    let values = event
        .data
        .particulars
        .as_ref()
        .and_then(|all| all.fields.get("account"));
    let account = values.and_then(|values| values.after.as_ref()?.value.as_str());
    account.and_then(|id| id.parse().ok()).or(actor)
}

/// Checks that each value given opens the commitment of the record. Values may be missing: erased ones are.
fn prove(record: &Record, particulars: &Particulars) -> Result<(), Unfit> {
    for (name, values) in &particulars.fields {
        let field = record.fields.iter().find(|field| field.name == *name);
        let proved = field.is_some_and(|field| {
            opens(values.before.as_ref(), field.before.as_ref())
                && opens(values.after.as_ref(), field.after.as_ref())
        });
        if !proved {
            return Err(Unfit::Unproved(name.clone()));
        }
    }
    Ok(())
}

fn opens(value: Option<&Salted>, commitment: Option<&Commitment>) -> bool {
    value.is_none_or(|value| commitment.is_some_and(|commitment| value.opens(commitment)))
}

/// An entry that the log already holds and that shares its event or its place in a stream with a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The event it was made of.
    pub event_id: Uuid,
    /// The stream it belongs to.
    pub stream: String,
    /// Its version in the stream.
    pub version: i64,
    /// Its exact bytes.
    pub record: Vec<u8>,
}

/// A draft that says something else about a version than the log does. The log is right: it was first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the log holds another record for {stream} version {version} or for this event")]
pub struct Contradiction {
    /// The event of the refused draft.
    pub event_id: Uuid,
    /// Its stream.
    pub stream: String,
    /// Its version.
    pub version: i64,
}

/// The drafts that the log does not hold yet, in their order. Exact repetitions are dropped in silence.
pub fn unknown<'d>(known: &[Known], drafts: &'d [Draft]) -> Result<Vec<&'d Draft>, Contradiction> {
    let mut by_event: HashMap<Uuid, (&str, i64, &[u8])> = HashMap::new();
    let mut by_place: HashMap<(&str, i64), Uuid> = HashMap::new();
    for entry in known {
        by_event.insert(entry.event_id, (&entry.stream, entry.version, &entry.record));
        by_place.insert((&entry.stream, entry.version), entry.event_id);
    }
    let mut fresh = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let said = (draft.stream.as_str(), draft.version, draft.record.as_slice());
        let place = (draft.stream.as_str(), draft.version);
        match (by_event.get(&draft.event_id), by_place.get(&place)) {
            (None, None) => {
                by_event.insert(draft.event_id, said);
                by_place.insert(place, draft.event_id);
                fresh.push(draft);
            }
            (Some(held), Some(event)) if *held == said && *event == draft.event_id => {}
            _ => {
                return Err(Contradiction {
                    event_id: draft.event_id,
                    stream: draft.stream.clone(),
                    version: draft.version,
                });
            }
        }
    }
    Ok(fresh)
}
