//! The events that services exchange: CloudEvents 1.0 in structured JSON, versioned, with JSON Schemas.
//!
//! An event has two parts. The [`Record`] holds ids, kinds, field names, versions and salted commitments
//! to values; its exact bytes are logged and hashed for ever. The [`Particulars`] hold the values and
//! their salts beside it and can be erased without breaking the log.
//!
//! Compatibility: readers ignore fields they do not know and keep events of types and kinds they do not
//! know. A field is only ever added, never renamed or given another meaning; `tests/golden` holds one
//! file per published shape, and every later version must still read them.

mod change;
mod commitment;
mod event;
mod event_type;
mod particulars;
mod record;
pub mod schemas;
mod stream;

pub use change::Change;
pub use commitment::{Commitment, Salted};
pub use event::{ContractError, Data, Event, MAX_EVENT_BYTES};
pub use event_type::EventType;
pub use particulars::{
    ERASED, FieldValues, MailCommand, PSEUDONYM, Particulars, PersonState, erased_address,
};
pub use record::{FieldRecord, Record, RecordBytes};
pub use stream::Stream;
