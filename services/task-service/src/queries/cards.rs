//! A task as a card: at most 500 bytes of JSON, written by hand.
//!
//! A board of 10,000 cards must fit the gateway's 10 MB and be written in a few milliseconds. What does not fit is
//! shortened, the title last: labels give way down to 60 bytes before the title does.

use std::fmt::Write as _;

use uuid::Uuid;

use crate::store::board_page::CardRow;
use crate::store::rows::SummaryRow;
use crate::views::Card;

/// The most bytes of one card.
pub(super) const MAX_BYTES: usize = 500;

/// Bytes of labels that a long title leaves.
const LABEL_BYTES: usize = 60;

const TITLE_FLAG: &str = ",\"title_truncated\":true";
const LABELS_FLAG: &str = ",\"labels_truncated\":true";

/// Appends a card.
pub(super) fn write(out: &mut String, row: &CardRow) {
    let (id, column, rank, title, pic, deadline, priority, labels, version, comments, has_description) = row;
    let start = out.len();
    out.push_str("{\"id\":");
    push_uuid(out, id);
    out.push_str(",\"column_id\":");
    push_uuid(out, column);
    out.push_str(",\"pic_id\":");
    match pic {
        Some(pic) => push_uuid(out, pic),
        None => out.push_str("null"),
    }
    out.push_str(",\"deadline\":");
    // Writing to a String cannot fail.
    let _ = match deadline {
        Some(deadline) => write!(out, "\"{}\"", deadline.format("%Y-%m-%dT%H:%M:%SZ")),
        None => write!(out, "null"),
    };
    let _ = write!(
        out,
        ",\"rank\":\"{rank}\",\"priority\":\"{priority}\",\"version\":{version},\"comments\":{comments},\
         \"has_description\":{has_description},\"title\":\""
    );
    let frame = out.len() - start + "\",\"labels\":[]}".len();
    push_texts(out, MAX_BYTES.saturating_sub(frame), title, labels);
    out.push('}');
}

/// Title and labels in the room that is left; both flags are written only where they are true.
fn push_texts(out: &mut String, room: usize, title: &str, labels: &[String]) {
    let wanted_labels = labels
        .iter()
        .map(|label| escaped_len(label) + 3)
        .sum::<usize>()
        .saturating_sub(1);
    let wanted_title = escaped_len(title);
    if wanted_title + wanted_labels <= room {
        push_escaped(out, title);
        out.push_str("\",\"labels\":[");
        push_labels(out, labels);
        out.push(']');
        return;
    }
    let room = room.saturating_sub(TITLE_FLAG.len() + LABELS_FLAG.len());
    let shown = beginning(title, room.saturating_sub(wanted_labels.min(LABEL_BYTES)));
    push_escaped(out, shown);
    let mut room = room.saturating_sub(escaped_len(shown));
    let fitting = labels
        .iter()
        .take_while(|label| {
            let needed = escaped_len(label) + 3;
            let fits = needed <= room + 1;
            room = room.saturating_sub(needed);
            fits
        })
        .count();
    out.push_str("\",\"labels\":[");
    push_labels(out, &labels[..fitting]);
    out.push(']');
    if shown.len() < title.len() {
        out.push_str(TITLE_FLAG);
    }
    if fitting < labels.len() {
        out.push_str(LABELS_FLAG);
    }
}

fn push_labels(out: &mut String, labels: &[String]) {
    for (index, label) in labels.iter().enumerate() {
        out.push_str(if index == 0 { "\"" } else { ",\"" });
        push_escaped(out, label);
        out.push('"');
    }
}

/// The longest beginning that has at most this many bytes once escaped.
fn beginning(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (index, character) in text.char_indices() {
        used += escaped_char_len(character);
        if used > room {
            return &text[..index];
        }
    }
    text
}

fn escaped_len(text: &str) -> usize {
    let plain = text
        .bytes()
        .all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
    if plain {
        text.len()
    } else {
        text.chars().map(escaped_char_len).sum()
    }
}

fn escaped_char_len(character: char) -> usize {
    match character {
        '"' | '\\' => 2,
        control if control < ' ' => 6,
        other => other.len_utf8(),
    }
}

fn push_escaped(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
}

fn push_uuid(out: &mut String, id: &Uuid) {
    out.push('"');
    out.push_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    out.push('"');
}

/// A single card, shortened by the same rules.
pub(super) fn card(head: &SummaryRow, has_description: bool) -> Result<Card, serde_json::Error> {
    let mut json = String::with_capacity(MAX_BYTES);
    let row = (
        head.id,
        head.column_id,
        head.rank.clone(),
        head.title.clone(),
        head.pic_id,
        head.deadline,
        head.priority.clone(),
        head.labels.clone(),
        head.version,
        head.comments,
        has_description,
    );
    write(&mut json, &row);
    serde_json::from_str(&json)
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone as _, Utc};
    use proptest::prelude::*;

    use super::*;

    fn row(title: &str, labels: &[&str]) -> CardRow {
        (
            Uuid::max(),
            Uuid::max(),
            "f".repeat(48),
            title.to_owned(),
            Some(Uuid::max()),
            Utc.with_ymd_and_hms(2999, 12, 31, 23, 59, 59).single(),
            "urgent".to_owned(),
            labels.iter().map(ToString::to_string).collect(),
            9_999_999_999,
            9_999_999_999,
            false,
        )
    }

    fn read(row: &CardRow) -> (usize, Card) {
        let mut json = String::new();
        write(&mut json, row);
        (json.len(), serde_json::from_str(&json).expect("a card is JSON"))
    }

    #[test]
    fn a_short_card_is_whole() {
        let (_, card) = read(&row("보고서 \"초안\"", &["a\\b"]));
        assert_eq!(
            (card.title.as_str(), card.labels[0].as_str()),
            ("보고서 \"초안\"", "a\\b")
        );
        assert!(!card.title_truncated && !card.labels_truncated);
    }

    #[test]
    fn the_longest_korean_title_is_shortened_and_says_so() {
        let (bytes, card) = read(&row(&"뷁".repeat(200), &["급함"; 20]));
        assert!(bytes <= MAX_BYTES, "{bytes}");
        assert!(
            card.title_truncated
                && card.labels_truncated
                && !card.title.is_empty()
                && !card.labels.is_empty()
        );
    }

    proptest! {
        #[test]
        fn no_card_is_longer_than_500_bytes(title in ".{1,200}", labels in prop::collection::vec("\\PC{1,50}", 0..20)) {
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            let (bytes, card) = read(&row(&title, &labels));
            prop_assert!(bytes <= MAX_BYTES);
            prop_assert!(title.starts_with(&card.title));
            prop_assert_eq!(card.title_truncated, card.title != title);
            prop_assert_eq!(card.labels_truncated, card.labels.len() < labels.len());
        }
    }
}
