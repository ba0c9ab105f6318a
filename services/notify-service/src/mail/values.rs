//! What changed, field by field, in the reader's words.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::Language;
use super::moment::moment;
use crate::events::FieldChange;

/// The longest value in a mail, in characters.
const LONGEST: usize = 300;

/// The order of the rows; fields that are not named here come last, by name.
const ORDER: [&str; 8] = [
    "title",
    "column",
    "status",
    "pic_id",
    "deadline",
    "priority",
    "labels",
    "description",
];

/// Fields that say nothing to people, or that another row says better.
const SILENT: [&str; 4] = ["column_id", "deadline_zone", "comment", "rank"];

/// For whom values are written.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// Their language.
    pub language: Language,
    /// Their time zone.
    pub zone: Tz,
    /// Names of the people that values may name.
    pub names: &'a HashMap<Uuid, String>,
}

/// A field before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The field's name.
    pub label: String,
    /// Before; in words even when there was nothing.
    pub before: String,
    /// After; in words even when nothing is left.
    pub after: String,
}

/// The rows of a change. A field whose words are the same before and after has none.
pub(super) fn rows(fields: &[FieldChange], reader: Reader<'_>) -> Vec<Row> {
    let named_column = fields.iter().any(|field| field.name == "column");
    let mut shown: Vec<&FieldChange> = fields
        .iter()
        .filter(|field| !SILENT.contains(&field.name.as_str()))
        .filter(|field| !(named_column && field.name == "status"))
        .collect();
    shown.sort_by_key(|field| {
        (
            ORDER
                .iter()
                .position(|name| *name == field.name)
                .unwrap_or(ORDER.len()),
            field.name.clone(),
        )
    });
    shown.into_iter().filter_map(|field| row(field, reader)).collect()
}

/// What was said in a comment, if the change was one.
pub(super) fn quote(fields: &[FieldChange]) -> Option<String> {
    let comment = fields.iter().find(|field| field.name == "comment")?;
    comment
        .after
        .as_str()
        .map(|text| excerpt(text.trim(), LONGEST * 2))
}

/// The people that values name.
pub fn people_named(fields: &[FieldChange]) -> impl Iterator<Item = Uuid> {
    fields
        .iter()
        .filter(|field| field.name == "pic_id")
        .flat_map(|field| [&field.before, &field.after])
        .filter_map(|value| value.as_str().and_then(|id| Uuid::parse_str(id).ok()))
}

fn row(field: &FieldChange, reader: Reader<'_>) -> Option<Row> {
    let before = words(&field.name, &field.before, reader);
    let after = words(&field.name, &field.after, reader);
    let label = reader
        .language
        .field(&field.name)
        .map_or_else(|| field.name.clone(), str::to_owned);
    (before != after).then_some(Row { label, before, after })
}

fn words(name: &str, value: &Value, reader: Reader<'_>) -> String {
    let text = match (name, value) {
        (_, Value::Null) => None,
        ("pic_id", Value::String(id)) => Some(person(id, reader)),
        ("deadline", Value::String(time)) => Some(deadline(time, reader)),
        ("status" | "priority", Value::String(word)) => reader
            .language
            .value(name, word)
            .filter(|_| word != "none")
            .map(str::to_owned),
        (_, Value::Array(items)) => Some(list(items)),
        (_, Value::String(text)) => Some(excerpt(text.trim(), LONGEST)),
        (_, other) => Some(excerpt(&other.to_string(), LONGEST)),
    };
    text.filter(|text| !text.is_empty())
        .unwrap_or_else(|| reader.language.nothing().to_owned())
}

fn person(id: &str, reader: Reader<'_>) -> String {
    Uuid::parse_str(id)
        .ok()
        .and_then(|id| reader.names.get(&id).cloned())
        .unwrap_or_else(|| reader.language.somebody().to_owned())
}

fn deadline(time: &str, reader: Reader<'_>) -> String {
    match DateTime::parse_from_rfc3339(time) {
        Ok(time) => moment(reader.language, reader.zone, time.with_timezone(&Utc)),
        Err(_) => excerpt(time, LONGEST),
    }
}

fn list(items: &[Value]) -> String {
    let words: Vec<String> = items
        .iter()
        .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
        .collect();
    excerpt(&words.join(", "), LONGEST)
}

fn excerpt(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(longest).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(name: &str, before: Value, after: Value) -> FieldChange {
        FieldChange {
            name: name.to_owned(),
            before,
            after,
        }
    }

    fn shown(fields: &[FieldChange], language: Language) -> Vec<String> {
        let names = HashMap::from([(Uuid::from_u128(1), "Sue".to_owned())]);
        let reader = Reader {
            language,
            zone: Tz::Asia__Seoul,
            names: &names,
        };
        let line = |row: Row| format!("{}: {} → {}", row.label, row.before, row.after);
        rows(fields, reader).into_iter().map(line).collect()
    }

    #[test]
    fn every_field_has_words() {
        let fields = [
            change("labels", json!(["a", "b"]), json!([])),
            change("priority", json!("none"), json!("urgent")),
            change("pic_id", json!(Uuid::from_u128(1)), json!(Uuid::from_u128(2))),
            change("deadline", Value::Null, json!("2026-11-21T09:00:00Z")),
            change("deadline_zone", Value::Null, json!("Europe/Berlin")),
            change("column_id", json!("x"), json!("y")),
            change("column", json!("Ideas"), json!("Done & dusted")),
            change("status", json!("todo"), json!("done")),
            change("colour", Value::Null, json!(3)),
        ];
        assert_eq!(
            shown(&fields, Language::English),
            [
                "Column: Ideas → Done & dusted",
                "Person in charge: Sue → somebody unknown",
                "Deadline: none → Sat 21 Nov 2026, 18:00",
                "Priority: none → Urgent",
                "Labels: a, b → none",
                "colour: none → 3",
            ]
        );
        assert_eq!(shown(&fields[7..8], Language::Korean), ["상태: 할 일 → 완료"]);
    }

    #[test]
    fn what_reads_the_same_is_not_shown() {
        let fields = [
            change("description", Value::Null, json!("")),
            change("priority", Value::Null, json!("none")),
            change("labels", Value::Null, json!([])),
        ];
        assert!(shown(&fields, Language::English).is_empty());
    }

    #[test]
    fn the_comment_is_a_quote() {
        let fields = [change("comment", Value::Null, json!(" Well done \n"))];
        assert_eq!(quote(&fields).as_deref(), Some("Well done"));
        assert!(shown(&fields, Language::English).is_empty());
    }
}
