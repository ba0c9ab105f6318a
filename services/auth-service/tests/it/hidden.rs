//! Redactions that look at what they hide.

use insta::internals::{Content, Redaction};

/// Any UUID.
pub(crate) fn id() -> Redaction {
    insta::dynamic_redaction(|value, _path| {
        assert!(value.as_str().unwrap().parse::<uuid::Uuid>().is_ok(), "{value:?}");
        Content::from("[id]")
    })
}

/// A moment of the last minute.
pub(crate) fn now() -> Redaction {
    moment(chrono::TimeDelta::zero(), "[now]")
}

/// A moment within a minute of now plus `offset`.
pub(crate) fn moment(offset: chrono::TimeDelta, shown: &'static str) -> Redaction {
    insta::dynamic_redaction(move |value, _path| {
        let moment: chrono::DateTime<chrono::Utc> = value.as_str().unwrap().parse().unwrap();
        let distance = chrono::Utc::now() + offset - moment;
        assert!(distance.num_seconds().abs() < 60, "{moment}");
        Content::from(shown)
    })
}

/// An access token: three parts.
pub(crate) fn token() -> Redaction {
    insta::dynamic_redaction(|value, _path| {
        assert_eq!(value.as_str().unwrap().split('.').count(), 3);
        Content::from("[token]")
    })
}
