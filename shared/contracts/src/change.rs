//! How a service writes an event: say what happened, field by field, and the two parts come out.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    ContractError, Data, Event, EventType, FieldRecord, FieldValues, MailCommand, Particulars, PersonState,
    Record, RecordBytes, Salted, Stream,
};

/// A change on its way to becoming an [`Event`].
#[derive(Clone, Debug)]
pub struct Change {
    kind: EventType,
    source: String,
    record: Record,
    particulars: Particulars,
}

impl Change {
    /// Starts with what every change has. `source` is the service's path, such as `/task-service`;
    /// `what` is the kind of change, such as `moved`.
    pub fn new(
        kind: EventType,
        source: &str,
        workspace: Uuid,
        stream: Stream,
        version: i64,
        what: &str,
    ) -> Change {
        // Microseconds are what Postgres keeps: a time that survives storage compares equal.
        let now = Utc::now();
        let time = now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now);
        Change {
            kind,
            source: source.to_owned(),
            record: Record {
                workspace,
                board: None,
                stream,
                version,
                actor: None,
                kind: what.to_owned(),
                time,
                fields: Vec::new(),
            },
            particulars: Particulars::default(),
        }
    }

    /// Says who did it; nothing means the system did.
    #[must_use]
    pub fn by(mut self, actor: Uuid, name: &str) -> Change {
        self.record.actor = Some(actor);
        self.particulars.actor_name = Some(name.to_owned());
        self
    }

    /// Says when it happened, where the row carries the time too.
    #[must_use]
    pub fn at(mut self, time: DateTime<Utc>) -> Change {
        self.record.time = time;
        self
    }

    /// Says on which board.
    #[must_use]
    pub fn on_board(mut self, board: Uuid, name: &str) -> Change {
        self.record.board = Some(board);
        self.particulars.board_name = Some(name.to_owned());
        self
    }

    /// Gives the title of the task, or the name of the board or column, after the change.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Change {
        self.particulars.title = Some(title.to_owned());
        self
    }

    /// Says who is in charge after the change, and who created the task.
    #[must_use]
    pub fn people(mut self, pic: Option<Uuid>, creator: Uuid) -> Change {
        self.particulars.pic = pic;
        self.particulars.creator = Some(creator);
        self
    }

    /// Adds a changed field. `Value::Null` means there was, or is, nothing.
    #[must_use]
    pub fn field(mut self, name: &str, before: Value, after: Value) -> Change {
        let salted = |value: Value| (!value.is_null()).then(|| Salted::new(value));
        let values = FieldValues {
            before: salted(before),
            after: salted(after),
        };
        self.record.fields.push(FieldRecord {
            name: name.to_owned(),
            before: values.before.as_ref().map(Salted::commitment),
            after: values.after.as_ref().map(Salted::commitment),
        });
        self.particulars.fields.insert(name.to_owned(), values);
        self
    }

    /// Gives the whole person after the change.
    #[must_use]
    pub fn person(mut self, person: PersonState) -> Change {
        self.particulars.person = Some(person);
        self
    }

    /// Asks for a mail.
    #[must_use]
    pub fn mail(mut self, mail: MailCommand) -> Change {
        self.particulars.mail = Some(mail);
        self
    }

    /// Names the events of which nobody keeps a copy any more.
    #[must_use]
    pub fn forget(mut self, events: Vec<Uuid>) -> Change {
        self.particulars.forget = events;
        self
    }

    /// Fixes the record's bytes and gives the event its id.
    ///
    /// # Errors
    /// When the record cannot be written as JSON.
    pub fn into_event(self, traceparent: Option<String>) -> Result<Event, ContractError> {
        Ok(Event {
            id: Uuid::now_v7(),
            kind: self.kind,
            source: self.source,
            stream: self.record.stream.clone(),
            version: self.record.version,
            workspace: self.record.workspace,
            time: self.record.time,
            traceparent,
            data: Data {
                record: RecordBytes::fix(&self.record)?,
                particulars: Some(self.particulars),
            },
        })
    }
}
