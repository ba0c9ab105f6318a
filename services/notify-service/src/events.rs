//! What the events of other services mean here.

use chrono::{DateTime, Utc};
use contracts::{ERASED, Event, EventType, FieldValues, MailCommand, Particulars, PersonState, Salted};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::planning::Change;

/// The longest text of a field that a notification keeps, in characters. A description may have 64 KiB;
/// nobody reads that in an inbox.
const EXCERPT: usize = 1000;

/// A changed field as a notification keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field's name in the API.
    pub name: String,
    /// Before; null when there was nothing.
    #[serde(default)]
    pub before: Value,
    /// After; null when nothing is left.
    #[serde(default)]
    pub after: Value,
}

/// A change to a task.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskNews {
    /// The event's id.
    pub event: Uuid,
    /// What the planner decides by.
    pub change: Change,
    /// What was done, such as `moved`.
    pub kind: String,
    /// The task.
    pub task: Uuid,
    /// Its board.
    pub board: Option<Uuid>,
    /// The board's name.
    pub board_name: Option<String>,
    /// The task's title.
    pub title: String,
    /// Who did it.
    pub actor_name: Option<String>,
    /// Values before and after.
    pub fields: Vec<FieldChange>,
    /// When it was done.
    pub time: DateTime<Utc>,
}

/// A mail that somebody asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct MailNews {
    /// The event's id.
    pub event: Uuid,
    /// The workspace.
    pub workspace: Uuid,
    /// What the mail says.
    pub mail: MailCommand,
    /// When it was asked for.
    pub time: DateTime<Utc>,
}

/// An event's meaning for this service.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// A task changed.
    Task(Box<TaskNews>),
    /// A person changed, and this is the whole person now.
    Person {
        /// The workspace that knows them.
        workspace: Uuid,
        /// The version of their stream.
        version: i64,
        /// The person.
        person: Box<PersonState>,
    },
    /// A person left the workspace, and no more is known than that.
    PersonGone {
        /// The workspace they left.
        workspace: Uuid,
        /// The version of their stream.
        version: i64,
        /// The person.
        person: Uuid,
    },
    /// Somebody was erased.
    PersonErased {
        /// The workspace that knew them.
        workspace: Uuid,
        /// The version of their stream.
        version: i64,
        /// Their pseudonym.
        person: Box<PersonState>,
        /// The events whose mails are to be forgotten.
        mails: Vec<Uuid>,
    },
    /// A mail is wanted that is not about a change to a task.
    Mail(Box<MailNews>),
    /// Nothing for this service: another type, or particulars that have been erased.
    Nothing,
}

/// Why an event makes no sense. It is the same at every try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Nonsense {
    /// The record is not JSON of its contract.
    #[error("its record cannot be read")]
    Record,
    /// The stream names no task or person.
    #[error("its stream names nothing that it could be about")]
    Stream,
}

/// Reads an event.
///
/// # Errors
/// When it breaks its contract.
pub fn read(event: &Event) -> Result<News, Nonsense> {
    let particulars = event.data.particulars.as_ref();
    match event.kind {
        EventType::TaskChanged => match particulars {
            Some(particulars) => task(event, particulars),
            None => Ok(News::Nothing),
        },
        EventType::UserChanged => person(event, particulars),
        EventType::MailRequested => Ok(match particulars.and_then(|all| all.mail.clone()) {
            Some(mail) => News::Mail(Box::new(MailNews {
                event: event.id,
                workspace: event.workspace,
                mail,
                time: event.time,
            })),
            None => News::Nothing,
        }),
        _ => Ok(News::Nothing),
    }
}

fn task(event: &Event, particulars: &Particulars) -> Result<News, Nonsense> {
    let record = event.data.record.parse().map_err(|_| Nonsense::Record)?;
    let task = event
        .stream
        .id()
        .filter(|_| event.stream.kind() == "task")
        .ok_or(Nonsense::Stream)?;
    let pic_change = particulars.fields.get("pic_id");
    let change = Change {
        workspace: event.workspace,
        actor: record.actor,
        pic: particulars.pic,
        former_pic: pic_change
            .and_then(|values| values.before.as_ref())
            .and_then(person_id),
        handed_over: pic_change.is_some() || record.kind == "created",
        creator: particulars.creator,
    };
    Ok(News::Task(Box::new(TaskNews {
        event: event.id,
        change,
        kind: record.kind,
        task,
        board: record.board,
        board_name: particulars.board_name.clone(),
        title: particulars.title.clone().unwrap_or_default(),
        actor_name: particulars.actor_name.clone(),
        fields: particulars
            .fields
            .iter()
            .map(|(name, values)| field(name, values))
            .collect(),
        time: event.time,
    })))
}

fn person(event: &Event, particulars: Option<&Particulars>) -> Result<News, Nonsense> {
    let (workspace, version) = (event.workspace, event.version);
    let record = event.data.record.parse().map_err(|_| Nonsense::Record)?;
    let erased = record.kind == ERASED;
    if let Some((all, person)) = particulars.and_then(|all| Some((all, all.person.as_ref()?))) {
        let person = Box::new(person.clone());
        return Ok(if erased {
            News::PersonErased {
                workspace,
                version,
                person,
                mails: all.forget.clone(),
            }
        } else {
            News::Person {
                workspace,
                version,
                person,
            }
        });
    }
    if record.kind != "removed" {
        return Ok(News::Nothing);
    }
    let person = event
        .stream
        .id()
        .filter(|_| event.stream.kind() == "person")
        .ok_or(Nonsense::Stream)?;
    Ok(News::PersonGone {
        workspace,
        version,
        person,
    })
}

fn person_id(value: &Salted) -> Option<Uuid> {
    value.value.as_str().and_then(|id| Uuid::parse_str(id).ok())
}

fn field(name: &str, values: &FieldValues) -> FieldChange {
    let side = |value: &Option<Salted>| value.as_ref().map_or(Value::Null, |value| excerpt(&value.value));
    FieldChange {
        name: name.to_owned(),
        before: side(&values.before),
        after: side(&values.after),
    }
}

fn excerpt(value: &Value) -> Value {
    match value.as_str() {
        Some(text) if text.chars().count() > EXCERPT => {
            let mut short: String = text.chars().take(EXCERPT).collect();
            short.push('…');
            Value::String(short)
        }
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use contracts::{Change as Draft, Stream};
    use serde_json::json;

    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn draft(what: &str) -> Draft {
        Draft::new(
            EventType::TaskChanged,
            "/task-service",
            id(9),
            Stream::task(id(7)),
            3,
            what,
        )
        .by(id(1), "Sue")
        .on_board(id(8), "House")
        .titled("Paint the door")
        .people(Some(id(2)), id(1))
    }

    #[test]
    fn a_hand_over_names_both_sides() {
        let event = draft("edited")
            .field("pic_id", json!(id(3)), json!(id(2)))
            .into_event(None)
            .expect("the event is valid");
        let News::Task(news) = read(&event).expect("the event makes sense") else {
            panic!("it is about a task");
        };
        assert_eq!(news.change.former_pic, Some(id(3)));
        assert!(news.change.handed_over);
        assert_eq!(
            (news.task, news.board, news.title.as_str()),
            (id(7), Some(id(8)), "Paint the door")
        );
        assert_eq!(
            news.fields[0],
            FieldChange {
                name: "pic_id".into(),
                before: json!(id(3)),
                after: json!(id(2))
            }
        );
    }

    #[test]
    fn long_texts_are_cut_by_characters() {
        let long = "가".repeat(EXCERPT + 1);
        let event = draft("edited")
            .field("description", Value::Null, json!(long))
            .into_event(None)
            .expect("the event is valid");
        let News::Task(news) = read(&event).expect("the event makes sense") else {
            panic!("it is about a task");
        };
        assert_eq!(news.fields[0].before, Value::Null);
        assert_eq!(
            news.fields[0].after.as_str().map(|text| text.chars().count()),
            Some(EXCERPT + 1)
        );
        assert!(!news.change.handed_over);
    }

    #[test]
    fn erased_and_unknown_events_mean_nothing_and_broken_ones_are_nonsense() {
        let mut event = draft("moved").into_event(None).expect("the event is valid");
        event.stream = Stream::board(id(7));
        assert_eq!(read(&event), Err(Nonsense::Stream));
        event.data.particulars = None;
        assert_eq!(read(&event), Ok(News::Nothing));
        event.kind = EventType::Unknown("task.dreamt".to_owned());
        assert_eq!(read(&event), Ok(News::Nothing));
    }

    #[test]
    fn an_erased_removal_still_removes() {
        let event = Draft::new(
            EventType::UserChanged,
            "/auth-service",
            id(9),
            Stream::person(id(9), id(2)),
            4,
            "removed",
        )
        .into_event(None)
        .expect("the event is valid");
        assert_eq!(
            read(&event),
            Ok(News::PersonGone {
                workspace: id(9),
                version: 4,
                person: id(2)
            })
        );
    }
}
