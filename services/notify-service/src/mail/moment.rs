//! Points in time as people write them.

use chrono::{DateTime, Datelike as _, Timelike as _, Utc, Weekday};
use chrono_tz::Tz;

use super::Language;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Date and time of day in the given zone.
pub(super) fn moment(language: Language, zone: Tz, at: DateTime<Utc>) -> String {
    let at = at.with_timezone(&zone);
    match language {
        Language::Korean => {
            let half = if at.hour() < 12 { "오전" } else { "오후" };
            let (_, hour) = at.hour12();
            let day = korean_day(at.weekday());
            let (year, month, date, minute) = (at.year(), at.month(), at.day(), at.minute());
            format!("{year}년 {month}월 {date}일 ({day}) {half} {hour}:{minute:02}")
        }
        Language::English => {
            let month = MONTHS.get(at.month0() as usize).copied().unwrap_or_default();
            let (day, year, hour, minute) = (at.day(), at.year(), at.hour(), at.minute());
            format!("{} {day} {month} {year}, {hour:02}:{minute:02}", at.weekday())
        }
    }
}

fn korean_day(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "월",
        Weekday::Tue => "화",
        Weekday::Wed => "수",
        Weekday::Thu => "목",
        Weekday::Fri => "금",
        Weekday::Sat => "토",
        Weekday::Sun => "일",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_in_the_readers_zone() {
        let at: DateTime<Utc> = "2026-11-21T15:05:00Z".parse().expect("it is RFC 3339");
        let table = [
            (
                Language::Korean,
                Tz::Asia__Seoul,
                "2026년 11월 22일 (일) 오전 12:05",
            ),
            (Language::Korean, Tz::UTC, "2026년 11월 21일 (토) 오후 3:05"),
            (Language::English, Tz::Asia__Seoul, "Sun 22 Nov 2026, 00:05"),
            (Language::English, Tz::America__New_York, "Sat 21 Nov 2026, 10:05"),
        ];
        for (language, zone, expected) in table {
            assert_eq!(moment(language, zone, at), expected);
        }
    }
}
