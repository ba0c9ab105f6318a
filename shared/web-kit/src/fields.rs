//! Naming the field that is wrong, whether it could not be read or is out of its rules.

use garde::Report;
use problem::{Code, Problem};
use serde_path_to_error::{Path, Segment};

/// Longer texts come from values that a client sent; nobody reads them.
const MAX_MESSAGE: usize = 200;

/// A value that has the wrong type, is missing, or is not known.
///
/// serde tells these apart only in its messages, so they are read here; a message of another shape is passed on.
pub(crate) fn unreadable(path: &Path, message: &str) -> Problem {
    let message = without_position(message);
    let (name, sentence) = explain(message);
    let field = field_name(path, name);
    let problem = Problem::new(Code::Invalid);
    if field.is_empty() {
        problem.detail(sentence)
    } else {
        problem.field(field, sentence)
    }
}

/// Values that break the rules of their type.
pub(crate) fn out_of_rules(report: &Report) -> Problem {
    report
        .iter()
        .fold(Problem::new(Code::Invalid), |problem, (path, error)| {
            problem.field(path.to_string(), error.to_string())
        })
}

/// serde_json adds where it stopped; the field says it better.
fn without_position(message: &str) -> &str {
    match message.rfind(" at line ") {
        Some(end) if message[end..].contains(" column ") => &message[..end],
        _ => message,
    }
}

/// The field that the message itself names, and the sentence for people.
fn explain(message: &str) -> (Option<&str>, String) {
    let quoted = || message.split('`').nth(1);
    if message.starts_with("missing field") {
        (quoted(), "is required".to_owned())
    } else if message.starts_with("unknown field") {
        (quoted(), "is not a known field".to_owned())
    } else if message.starts_with("duplicate field") {
        (quoted(), "is given twice".to_owned())
    } else if let Some((_, wanted)) = message.rsplit_once(", expected ") {
        // "invalid type: string "x", expected i64", "unknown variant `x`, expected one of `a`, `b`"
        (None, cut(format!("must be {}", wanted.replace('`', ""))))
    } else {
        (None, cut(format!("is not valid: {message}")))
    }
}

fn cut(mut sentence: String) -> String {
    sentence.truncate(sentence.floor_char_boundary(MAX_MESSAGE));
    sentence
}

/// The path, with the name from the message at its end unless it is there already.
fn field_name(path: &Path, name: Option<&str>) -> String {
    let segments: Vec<&Segment> = path
        .iter()
        .filter(|segment| !matches!(segment, Segment::Unknown))
        .collect();
    let last = segments.last().and_then(|segment| match segment {
        Segment::Map { key } => Some(key.as_str()),
        _ => None,
    });
    let mut field = String::new();
    for segment in &segments {
        match segment {
            Segment::Seq { index } => field.push_str(&format!("[{index}]")),
            Segment::Map { key } => push(&mut field, key),
            Segment::Enum { variant } => push(&mut field, variant),
            Segment::Unknown => {}
        }
    }
    if let Some(name) = name
        && last != Some(name)
    {
        push(&mut field, name);
    }
    cut(field)
}

fn push(field: &mut String, name: &str) {
    if !field.is_empty() {
        field.push('.');
    }
    field.push_str(name);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read by serde")]
    struct Board {
        name: String,
        columns: Vec<Column>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read by serde")]
    struct Column {
        name: String,
        status: Status,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Status {
        Todo,
        Done,
    }

    fn fault<T: DeserializeOwned + std::fmt::Debug>(json: &str) -> (String, String) {
        let error = serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_str(json))
            .expect_err("a fault");
        let problem = unreadable(error.path(), &error.inner().to_string());
        problem
            .errors()
            .first()
            .map(|error| (error.field.clone(), error.message.clone()))
            .unwrap_or_default()
    }

    fn named(field: &str, message: &str) -> (String, String) {
        (field.to_owned(), message.to_owned())
    }

    #[test]
    fn every_kind_of_fault_names_its_field() {
        assert_eq!(fault::<Board>(r#"{"columns":[]}"#), named("name", "is required"));
        assert_eq!(fault::<Board>(r#"{"name":5}"#), named("name", "must be a string"));
        assert_eq!(
            fault::<Board>(r#"{"title":5}"#),
            named("title", "is not a known field")
        );
        assert_eq!(
            fault::<Board>(r#"{"name":"a","name":"b"}"#),
            named("name", "is given twice")
        );
        let inner = |column: &str| fault::<Board>(&format!(r#"{{"name":"a","columns":[{column}]}}"#));
        assert_eq!(
            inner(r#"{"name":null}"#),
            named("columns[0].name", "must be a string")
        );
        assert_eq!(
            inner(r#"{"nome":"x"}"#),
            named("columns[0].nome", "is not a known field")
        );
        assert_eq!(
            inner(r#"{"name":"x"}"#),
            named("columns[0].status", "is required")
        );
        let (field, message) = inner(r#"{"name":"x","status":"gone"}"#);
        assert_eq!(
            (field.as_str(), message.as_str()),
            ("columns[0].status", "must be todo or done")
        );
        assert_eq!(inner("7").0, "columns[0]");
    }

    #[test]
    fn a_huge_value_is_not_sent_back() {
        let huge = "x".repeat(100_000);
        let (field, message) = fault::<Board>(&format!(r#"{{"{huge}":1}}"#));
        assert!(field.len() <= 200 && message.len() <= 200);
    }
}
