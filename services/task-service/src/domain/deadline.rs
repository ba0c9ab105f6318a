//! Deadlines: an instant, and optionally the time zone in which a person thinks of it.

use chrono::{DateTime, Datelike, SubsecRound, Utc};

/// What is wrong with a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeadlineError {
    /// It is not a date-time of RFC 3339.
    #[error("must be a date and time such as 2030-01-31T18:00:00+09:00")]
    Malformed,
    /// It lies outside of the years anyone plans for.
    #[error("must lie in the years 2000 to 2999")]
    OutOfRange,
    /// The time zone database has no such name.
    #[error("must be a time zone name such as Asia/Seoul")]
    UnknownZone,
}

/// Reads a deadline; fractions of a second are dropped.
///
/// # Errors
/// When the text is not RFC 3339, or the year (in UTC) is not within 2000 to 2999.
pub fn parse(text: &str) -> Result<DateTime<Utc>, DeadlineError> {
    let parsed = DateTime::parse_from_rfc3339(text).map_err(|_| DeadlineError::Malformed)?;
    let deadline = parsed.with_timezone(&Utc).trunc_subsecs(0);
    if !(2000..=2999).contains(&deadline.year()) {
        return Err(DeadlineError::OutOfRange);
    }
    Ok(deadline)
}

/// Checks the name of a time zone.
///
/// # Errors
/// When the IANA database has no zone of this name.
pub fn check_zone(name: &str) -> Result<(), DeadlineError> {
    name.parse::<chrono_tz::Tz>()
        .map(|_| ())
        .map_err(|_| DeadlineError::UnknownZone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_bounded_in_utc() {
        assert_eq!(
            parse("2030-01-31T18:00:00.75+09:00").unwrap().to_rfc3339(),
            "2030-01-31T09:00:00+00:00"
        );
        assert_eq!(parse("9999-12-31T23:59:59Z"), Err(DeadlineError::OutOfRange));
        assert_eq!(parse("3000-01-01T00:00:00+09:00").unwrap().year(), 2999);
        assert_eq!(parse("1999-12-31T23:59:59Z"), Err(DeadlineError::OutOfRange));
        for bad in [
            "",
            "tomorrow",
            "2030-01-31",
            "2030-02-30T00:00:00Z",
            "2030-01-31T18:00:00",
            "+12030-01-01T00:00:00Z",
        ] {
            assert_eq!(parse(bad), Err(DeadlineError::Malformed), "{bad}");
        }
    }

    #[test]
    fn zones_come_from_the_database() {
        assert_eq!(check_zone("Asia/Seoul"), Ok(()));
        assert_eq!(check_zone("Mars/Olympus"), Err(DeadlineError::UnknownZone));
    }
}
