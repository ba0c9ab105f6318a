use garde::Validate;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::*;

const DEFAULTS: &str = "
[http]
port = 8080
host = \"127.0.0.1\"

[mail]
channel = \"mailbox\"
";

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[garde(dive)]
    http: Http,
    #[garde(dive)]
    mail: Mail,
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Http {
    #[garde(range(min = 1))]
    port: u16,
    #[garde(length(min = 1))]
    host: String,
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Mail {
    #[garde(skip)]
    channel: Channel,
    #[garde(skip)]
    password: Option<SecretString>,
    #[serde(default)]
    #[garde(dive)]
    limits: Option<Limits>,
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Limits {
    #[garde(range(min = 1))]
    most: u32,
    #[garde(skip)]
    unit: String,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Channel {
    Mailbox,
    Smtp,
}

fn with(variables: &[(&str, &str)]) -> Result<Settings, Faults> {
    let mut variables = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    load_from("TASK", DEFAULTS, &[], &mut variables)
}

#[test]
fn a_missing_number_has_no_stand_in() {
    let limits = [("TASK__MAIL__LIMITS__UNIT", "mails")];
    let faults = with(&limits).unwrap_err();
    assert_eq!(faults.lines(), ["mail.limits.most: is missing"]);
    let whole = [limits[0], ("TASK__MAIL__LIMITS__MOST", "5")];
    let settings = with(&whole).unwrap().mail.limits.unwrap();
    assert_eq!((settings.most, settings.unit.as_str()), (5, "mails"));
}

#[test]
fn the_environment_wins_over_the_defaults() {
    let settings = with(&[("TASK__HTTP__PORT", "9000"), ("TASK__MAIL__CHANNEL", "smtp")]).unwrap();
    assert_eq!((settings.http.port, settings.mail.channel), (9000, Channel::Smtp));
    assert_eq!(settings.http.host, "127.0.0.1");
}

#[test]
fn a_password_of_digits_stays_text() {
    let settings = with(&[("TASK__MAIL__PASSWORD", "0123")]).unwrap();
    assert_eq!(settings.mail.password.unwrap().expose_secret(), "0123");
}

#[test]
fn every_fault_is_listed_at_once() {
    let faults = with(&[
        ("TASK__HTTP__PORT", "many"),
        ("TASK__HTTP__HOST", ""),
        ("TASK__HTTP__PROT", "1"),
        ("TASK__MAIL__CHANNEL", "pigeon"),
        ("TASK__MAIL__PASSWORD_FILE", "/does/not/exist"),
    ])
    .unwrap_err();
    let text = faults.to_string();
    for name in ["http.port", "http.host", "prot", "mail.channel", "mail.password"] {
        assert!(text.contains(name), "{name} is missing in: {text}");
    }
    assert_eq!(faults.lines().len(), 5, "{text}");
}

#[test]
fn other_programs_variables_are_left_alone() {
    assert!(with(&[("AUTH__HTTP__PORT", "many"), ("TASKMASTER", "1")]).is_ok());
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Needy {
    #[garde(dive)]
    auth: Secrets,
    #[garde(skip)]
    name: String,
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Secrets {
    #[garde(length(min = 32))]
    secret: String,
    #[garde(skip)]
    token: SecretString,
}

#[test]
fn everything_that_is_missing_is_named() {
    let faults = load_from::<Needy>("AUTH", "[auth]\n", &[], &mut std::iter::empty()).unwrap_err();
    let mut lines = faults.lines().to_vec();
    lines.sort();
    assert_eq!(
        lines,
        [
            "auth.secret: is missing",
            "auth.token: is missing",
            "name: is missing"
        ]
    );
}

#[test]
fn what_is_given_is_read() {
    let secret = "x".repeat(32);
    let given = [
        ("AUTH__AUTH__SECRET", secret.as_str()),
        ("AUTH__AUTH__TOKEN", "t"),
        ("AUTH__NAME", "n"),
    ];
    let mut given = given
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into_iter();
    let needy = load_from::<Needy>("AUTH", "[auth]\n", &[], &mut given).unwrap();
    assert_eq!(
        (
            needy.auth.secret,
            needy.auth.token.expose_secret(),
            needy.name.as_str()
        ),
        (secret, "t", "n")
    );
}
