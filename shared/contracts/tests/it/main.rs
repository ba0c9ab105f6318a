//! What every later version of the contracts must still do.
#![expect(clippy::panic, reason = "a test stops at the first surprise")]

use contracts::{Change, Event, EventType, MailCommand, Salted, Stream};
use serde_json::{Value, json};
use uuid::Uuid;

fn golden(name: &str) -> String {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_golden_file_is_still_read() {
    let directory = format!("{}/tests/golden", env!("CARGO_MANIFEST_DIR"));
    let mut read = 0;
    for entry in std::fs::read_dir(directory).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let event = Event::parse(&golden(&name)).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let record = event
            .data
            .record
            .parse()
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(
            (&record.stream, record.version),
            (&event.stream, event.version),
            "{name}"
        );
        if let Some(particulars) = &event.data.particulars {
            for field in &record.fields {
                let values = &particulars.fields[&field.name];
                let opens = |salted: &Option<Salted>, commitment| match (salted, commitment) {
                    (Some(salted), Some(commitment)) => salted.opens(commitment),
                    (None, None) => true,
                    _ => false,
                };
                assert!(
                    opens(&values.before, field.before.as_ref()),
                    "{name}: {} before",
                    field.name
                );
                assert!(
                    opens(&values.after, field.after.as_ref()),
                    "{name}: {} after",
                    field.name
                );
            }
        }
        read += 1;
    }
    assert!(read >= 5, "only {read} golden files");
}

#[test]
fn the_mails_of_an_account_are_read_word_for_word() {
    let mail = |name: &str| {
        let event = Event::parse(&golden(name)).unwrap();
        assert_eq!(Event::parse(&event.to_json().unwrap()).unwrap(), event, "{name}");
        assert_eq!(event.stream.kind(), "mail", "{name}");
        event.data.particulars.unwrap().mail.unwrap()
    };
    assert_eq!(
        mail("mail-password-reset.json"),
        MailCommand::PasswordReset {
            link: "01900000-0000-7000-8000-000000000031".parse().unwrap(),
            email: "mina@example.com".to_owned(),
            language: "ko".to_owned(),
            name: "Mina".to_owned(),
        }
    );
    assert_eq!(
        mail("mail-account-exists.json"),
        MailCommand::AccountExists {
            link: "01900000-0000-7000-8000-000000000033".parse().unwrap(),
            email: "mina@example.com".to_owned(),
            language: "ko".to_owned(),
            name: "Mina".to_owned(),
        }
    );
    assert_eq!(
        mail("mail-sign-up.json"),
        MailCommand::SignUp {
            link: "01900000-0000-7000-8000-000000000034".parse().unwrap(),
            email: "mina@example.com".to_owned(),
            language: "ko".to_owned(),
        }
    );
    assert_eq!(
        mail("mail-address-verification.json"),
        MailCommand::AddressVerification {
            link: "01900000-0000-7000-8000-000000000032".parse().unwrap(),
            email: "jisoo@example.com".to_owned(),
            language: "en".to_owned(),
            name: "Jisoo".to_owned(),
        }
    );
    assert_eq!(
        mail("mail-security-notice.json"),
        MailCommand::SecurityNotice {
            notice: "password_changed".to_owned(),
            email: "jisoo@example.com".to_owned(),
            language: "ko".to_owned(),
            name: "Jisoo".to_owned(),
            time_zone: "Asia/Seoul".to_owned(),
            device: "Chrome · macOS".to_owned(),
            place: "203.0.113.0/24".to_owned(),
        }
    );
}

#[test]
fn a_notice_of_a_later_version_is_kept() {
    let later = golden("mail-security-notice.json").replace("password_changed", "passkey_added");
    let mail = Event::parse(&later).unwrap().data.particulars.unwrap().mail;
    assert!(matches!(mail, Some(MailCommand::SecurityNotice { notice, .. }) if notice == "passkey_added"));
}

#[test]
fn a_later_version_is_kept_not_refused() {
    let event = Event::parse(&golden("later-version.json")).unwrap();
    assert_eq!(event.kind, EventType::Unknown("label.changed".to_owned()));
    assert_eq!(Event::parse(&event.to_json().unwrap()).unwrap(), event);
}

#[test]
fn the_exact_bytes_of_the_record_survive_the_journey() {
    let event = Event::parse(&golden("later-version.json")).unwrap();
    let again = Event::parse(&event.to_json().unwrap()).unwrap();
    // White space and unknown fields inside the record are part of what was hashed.
    assert!(again.data.record.as_str().contains("\"shade\" : \"teal\""));
}

#[test]
fn values_are_in_the_particulars_and_only_committed_to_in_the_record() {
    let task = Uuid::now_v7();
    let event = Change::new(
        EventType::TaskChanged,
        "/task-service",
        Uuid::now_v7(),
        Stream::task(task),
        2,
        "edited",
    )
    .by(Uuid::now_v7(), "Mina")
    .titled("Order the glass")
    .field("deadline", Value::Null, json!("2026-12-01T09:00:00Z"))
    .into_event(None)
    .unwrap();
    let record = event.data.record.parse().unwrap();
    assert!(!event.data.record.as_str().contains("2026-12-01T09"));
    assert!(!event.data.record.as_str().contains("glass"));
    let values = &event.data.particulars.as_ref().unwrap().fields["deadline"];
    assert!(values.before.is_none() && record.fields[0].before.is_none());
    assert!(
        values
            .after
            .as_ref()
            .unwrap()
            .opens(record.fields[0].after.as_ref().unwrap())
    );
}

#[test]
fn a_version_below_one_is_no_event() {
    let broken = golden("task-created.json").replace("\"sequence\": \"1\"", "\"sequence\": \"0\"");
    assert!(Event::parse(&broken).is_err());
}

#[test]
fn the_checked_in_schemas_are_fresh() {
    for (name, schema) in contracts::schemas::all() {
        let path = format!("{}/schemas/{name}", env!("CARGO_MANIFEST_DIR"));
        let stored = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            stored,
            format!("{schema:#}\n"),
            "{path} is stale: run `cargo xtask schema`"
        );
    }
}
