//! What mails say, in both languages, word for word.

use std::collections::HashMap;

use chrono_tz::Tz;
use notify_service::mail::account::about_account;
use notify_service::mail::letter::{about_changes, about_invitation, one_line};
use notify_service::mail::render::Templates;
use notify_service::mail::values::Reader;
use notify_service::mail::{Language, Letter};
use notify_service::store::letters::{AccountRow, ChangeRow, InvitationRow};
use serde_json::{Value, json};
use uuid::Uuid;

const PUBLIC_URL: &str = "https://onus.example";

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn change(kind: &str, reason: &str, fields: Value) -> ChangeRow {
    ChangeRow {
        kind: kind.to_owned(),
        reason: reason.to_owned(),
        board_id: Some(id(8)),
        board_name: Some("집수리".to_owned()),
        title: "Paint <the> \"door\" & frame".to_owned(),
        actor_name: Some("김민수".to_owned()),
        fields,
        occurred_at: "2026-11-21T03:04:05Z".parse().unwrap(),
    }
}

fn many_fields() -> Value {
    json!([
        {"name": "title", "before": "Paint the door", "after": "Paint <the> \"door\" & frame"},
        {"name": "column_id", "before": id(20), "after": id(21)},
        {"name": "column", "before": "Ideas", "after": "In progress"},
        {"name": "status", "before": "todo", "after": "doing"},
        {"name": "pic_id", "before": id(1), "after": id(2)},
        {"name": "deadline", "before": null, "after": "2026-11-30T09:00:00Z"},
        {"name": "deadline_zone", "before": null, "after": "Europe/Berlin"},
        {"name": "priority", "before": "none", "after": "urgent"},
        {"name": "labels", "before": ["outside"], "after": ["outside", "비"]},
        {"name": "description", "before": "One coat.", "after": "Two coats.\nDry in between."},
    ])
}

fn letter(changes: &[ChangeRow], language: Language) -> Letter {
    let names = HashMap::from([(id(1), "Sue".to_owned()), (id(2), "박지우".to_owned())]);
    let reader = Reader {
        language,
        zone: Tz::Asia__Seoul,
        names: &names,
    };
    about_changes(changes, id(7), PUBLIC_URL, reader).unwrap()
}

fn rendered(letter: &Letter) -> (String, String) {
    let message = Templates::load()
        .unwrap()
        .render(letter, "pat@example.com".parse().unwrap())
        .unwrap();
    (
        format!("Subject: {}\n\n{}", message.subject, message.text),
        message.html,
    )
}

#[test]
fn an_edit_in_both_languages() {
    for (name, language) in [("ko", Language::Korean), ("en", Language::English)] {
        let (text, html) = rendered(&letter(&[change("edited", "in_charge", many_fields())], language));
        insta::assert_snapshot!(format!("edit_{name}_text"), text);
        insta::assert_snapshot!(format!("edit_{name}_html"), html);
    }
}

#[test]
fn several_changes_in_one_mail() {
    let comment = json!([{"name": "comment", "before": null, "after": "Needs <sanding>\nfirst."}]);
    let changes = [
        change(
            "edited",
            "assigned",
            json!([{"name": "pic_id", "before": null, "after": id(2)}]),
        ),
        change(
            "moved",
            "in_charge",
            json!([{"name": "column", "before": "Ideas", "after": "Done"}]),
        ),
        change("commented", "in_charge", comment),
    ];
    for (name, language) in [("ko", Language::Korean), ("en", Language::English)] {
        insta::assert_snapshot!(
            format!("several_{name}_text"),
            rendered(&letter(&changes, language)).0
        );
    }
}

#[test]
fn every_kind_has_its_sentence() {
    let kinds = [
        "created",
        "edited",
        "moved",
        "deleted",
        "restored",
        "commented",
        "cloned",
    ];
    let mut subjects = Vec::new();
    for language in [Language::Korean, Language::English] {
        for kind in kinds {
            subjects.push(letter(&[change(kind, "creator", json!([]))], language).subject);
        }
        for reason in ["assigned", "unassigned"] {
            subjects.push(letter(&[change("edited", reason, json!([]))], language).subject);
        }
    }
    insta::assert_snapshot!(subjects.join("\n"));
}

#[test]
fn an_invitation_in_both_languages() {
    for language in ["ko", "en"] {
        let row = InvitationRow {
            delivery_id: id(30),
            invitation_id: id(31),
            email: "new@example.com".to_owned(),
            language: language.to_owned(),
            workspace_name: "Atelier & Co".to_owned(),
            invited_by: "Sue".to_owned(),
        };
        let (text, html) = rendered(&about_invitation(&row, "https://onus.example/join#abc"));
        insta::assert_snapshot!(format!("invitation_{language}_text"), text);
        assert!(html.contains("Atelier &amp; Co"), "{html}");
    }
}

fn about(kind: &str, language: &str) -> AccountRow {
    let notice = kind == "security_notice";
    let of_notice = |text: &str| notice.then(|| text.to_owned());
    AccountRow {
        delivery_id: id(40),
        kind: kind.to_owned(),
        link_id: (!notice).then(|| id(41)),
        notice: of_notice("password_changed"),
        email: "pat@example.com".to_owned(),
        language: language.to_owned(),
        name: if language == "ko" { "박지우" } else { "Pat" }.to_owned(),
        time_zone: of_notice("Asia/Seoul"),
        device: of_notice("Chrome · macOS"),
        place: of_notice("203.0.113.0/24"),
        occurred_at: "2026-11-21T03:04:05Z".parse().unwrap(),
    }
}

fn account_letter(row: &AccountRow) -> Letter {
    let link = row.link_id.map(|_| "https://onus.example/door#abc");
    about_account(row, link, PUBLIC_URL).unwrap()
}

#[test]
fn the_mails_about_an_account_in_both_languages() {
    for language in ["ko", "en"] {
        for kind in [
            "password_reset",
            "address_verification",
            "sign_up",
            "account_exists",
            "security_notice",
        ] {
            let (text, html) = rendered(&account_letter(&about(kind, language)));
            insta::assert_snapshot!(format!("{kind}_{language}_text"), text);
            insta::assert_snapshot!(format!("{kind}_{language}_html"), html);
        }
    }
}

#[test]
fn every_notice_has_its_sentence() {
    let notices = [
        "password_changed",
        "password_reset",
        "second_factor_on",
        "second_factor_off",
        "recovery_codes_renewed",
        "passkey_added",
        "passkey_removed",
        "identity_linked",
        "identity_unlinked",
        "something_of_a_later_version",
    ];
    let mut subjects = Vec::new();
    for language in ["ko", "en"] {
        for notice in notices {
            let mut row = about("security_notice", language);
            row.notice = Some(notice.to_owned());
            subjects.push(account_letter(&row).subject);
        }
    }
    insta::assert_snapshot!(subjects.join("\n"));
}

#[test]
fn a_notice_says_only_what_is_known() {
    let mut row = about("security_notice", "en");
    (row.device, row.place, row.time_zone) = (None, Some(" ".to_owned()), Some("Moon/Crater".to_owned()));
    let facts = account_letter(&row).facts;
    let lines: Vec<_> = facts
        .iter()
        .map(|fact| format!("{}: {}", fact.label, fact.value))
        .collect();
    assert_eq!(lines, ["When: Sat 21 Nov 2026, 03:04 (UTC)"]);
}

#[test]
fn a_mail_that_needs_a_link_is_not_written_without_one() {
    for kind in [
        "password_reset",
        "address_verification",
        "sign_up",
        "account_exists",
        "birthday_card",
    ] {
        assert_eq!(about_account(&about(kind, "en"), None, PUBLIC_URL), None);
    }
}

#[test]
fn a_name_leads_nowhere_and_starts_no_line() {
    let table = [
        ("Pat", "Hello Pat,"),
        ("Pat\r\nMiller Jr.", "Hello Pat Miller Jr.,"),
        ("", "Hello,"),
        ("Win at evil.example", "Hello,"),
        ("https://evil", "Hello,"),
        ("pat@evil", "Hello,"),
    ];
    for (name, greeting) in table {
        let mut row = about("address_verification", "en");
        row.name = name.to_owned();
        assert_eq!(account_letter(&row).paragraphs[0], greeting, "{name:?}");
    }
}

#[test]
fn markup_is_escaped_in_html() {
    let mut hostile = change(
        "edited",
        "in_charge",
        json!([
            {"name": "description", "before": "<script>alert(1)</script>", "after": "\"><img src=x onerror=alert(1)>"},
            {"name": "<b>", "before": null, "after": "</td></table>"},
        ]),
    );
    hostile.title = "<script>alert(2)</script>".to_owned();
    hostile.board_name = Some("<h1>".to_owned());
    hostile.actor_name = Some("<i>Mallory</i>".to_owned());
    let mut notice = about("security_notice", "en");
    notice.name = "<i>Mallory</i>".to_owned();
    notice.device = Some("<script>alert(3)</script>".to_owned());
    notice.place = Some("\"><img src=x>".to_owned());
    for letter in [letter(&[hostile], Language::English), account_letter(&notice)] {
        let (_, html) = rendered(&letter);
        for markup in ["<script", "<img", "<h1>", "<i>", "<b>"] {
            assert!(!html.contains(markup), "{markup} in {html}");
        }
    }
}

#[test]
fn a_subject_is_one_short_line() {
    let mut hostile = change("moved", "in_charge", json!([]));
    hostile.title = format!(
        "Hello\r\nBcc: all@example.com\u{2028}\u{202e}evil\u{0}{}",
        "x".repeat(400)
    );
    hostile.actor_name = Some("Mal\nlory".to_owned());
    let letter = letter(&[hostile], Language::English);
    assert_eq!(letter.subject.chars().count(), 150);
    assert!(
        letter
            .subject
            .starts_with("[집수리] Hello Bcc: all@example.com evil"),
        "{}",
        letter.subject
    );
    assert!(
        !letter.subject.chars().any(|c| c.is_control() || c == '\u{202e}'),
        "{:?}",
        letter.subject
    );
    assert_eq!(one_line("  a \t b\r\n", 80), "a b");
}

#[test]
fn a_mail_shows_the_latest_twenty_changes() {
    let changes: Vec<_> = (0..25).map(|_| change("moved", "in_charge", json!([]))).collect();
    let letter = letter(&changes, Language::English);
    assert_eq!(letter.sections.len(), 20);
    assert_eq!(letter.paragraphs, ["5 earlier changes are shown in the app."]);
}
