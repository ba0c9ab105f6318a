//! Rules of values in requests, beside those that web-kit has, and what becomes of the values.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use web_kit::text::{MaybeText, line};

use crate::domain::{deadline, labels};

fn fault(error: &impl ToString) -> garde::Error {
    garde::Error::new(error.to_string())
}

pub(super) fn is_deadline<T: MaybeText>(value: &T, _: &()) -> garde::Result {
    value.text().map_or(Ok(()), |text| {
        deadline::parse(text).map(|_| ()).map_err(|error| fault(&error))
    })
}

pub(super) fn is_zone<T: MaybeText>(value: &T, _: &()) -> garde::Result {
    value.text().map_or(Ok(()), |text| {
        deadline::check_zone(text).map_err(|error| fault(&error))
    })
}

pub(super) fn needs_deadline(deadline: &Option<String>) -> impl Fn(&Option<String>, &()) -> garde::Result {
    let given = deadline.is_some();
    move |zone, _| {
        if zone.is_some() && !given {
            Err(garde::Error::new("needs a deadline"))
        } else {
            Ok(())
        }
    }
}

pub(super) fn are_labels(value: &Option<Vec<String>>, context: &()) -> garde::Result {
    let Some(all) = value else { return Ok(()) };
    labels::tidy(all).map_err(|error| fault(&error))?;
    all.iter()
        .try_for_each(|label| line(1, usize::MAX)(label, context))
}

pub(super) fn not_blank(value: &str, _: &()) -> garde::Result {
    if value.trim().is_empty() {
        Err(garde::Error::new("must not be empty"))
    } else {
        Ok(())
    }
}

pub(super) fn only_one(before: &Option<Uuid>) -> impl Fn(&Option<Uuid>, &()) -> garde::Result {
    let other = before.is_some();
    move |after, _| match after {
        Some(_) if other => Err(garde::Error::new("must not be given together with before")),
        _ => Ok(()),
    }
}

pub(super) fn instant(text: Option<&String>) -> Option<DateTime<Utc>> {
    text.and_then(|text| deadline::parse(text).ok())
}

/// Labels were checked by the rules of their request.
pub(super) fn tidied(all: &[String]) -> Vec<String> {
    labels::tidy(all).unwrap_or_default()
}
