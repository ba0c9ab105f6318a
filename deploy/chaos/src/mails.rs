//! What was sent to the stand-in for SES: whose it was, and what it told.

use std::collections::BTreeMap;

use serde_json::Value;

/// The plain text of a mail.
pub fn text(mail: &Value) -> &str {
    mail.pointer("/Content/Simple/Body/Text/Data")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The token in an invitation's link.
pub fn invitation_token(mail: &Value) -> Option<String> {
    let (_, rest) = text(mail).split_once("/join#")?;
    let token: String = rest
        .chars()
        .take_while(|character| !character.is_whitespace())
        .collect();
    (!token.is_empty()).then_some(token)
}

/// The delivery that a mail belongs to, which feedback would name.
fn delivery(mail: &Value) -> Option<&str> {
    mail.pointer("/EmailTags/0/Value").and_then(Value::as_str)
}

fn is_change_mail(mail: &Value) -> bool {
    text(mail).contains("?task=")
}

/// Change mail, counted.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Calls of SendEmail.
    pub sent: usize,
    /// Calls for a delivery that was sent before.
    pub repeated: usize,
    /// Changes told more than once, in whichever mails.
    pub told_again: usize,
    /// Changes told.
    pub told: usize,
}

/// Counts change mail. Each mark stands for one change, and stands in its row of the mail after the arrow.
pub fn tally<'m>(mails: &[Value], marks: impl Iterator<Item = &'m String>) -> Tally {
    let mails: Vec<&Value> = mails.iter().filter(|mail| is_change_mail(mail)).collect();
    let mut deliveries: BTreeMap<&str, usize> = BTreeMap::new();
    for mail in &mails {
        *deliveries.entry(delivery(mail).unwrap_or_default()).or_default() += 1;
    }
    let mut tally = Tally {
        sent: mails.len(),
        ..Tally::default()
    };
    tally.repeated = tally.sent - deliveries.len();
    let all: String = mails.iter().map(|mail| text(mail)).collect();
    for mark in marks {
        let times = all.matches(&format!("→ {mark}\n")).count();
        tally.told += usize::from(times > 0);
        tally.told_again += times.saturating_sub(1);
    }
    tally
}
