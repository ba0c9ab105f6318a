//! What a mail says, before it is poured into the templates.

use serde::Serialize;
use uuid::Uuid;

use super::Language;
use super::moment::moment;
use super::subjects::{because, sentence};
use super::values::{self, Reader, Row};
use crate::domain::planning::Reason;
use crate::events::FieldChange;
use crate::store::letters::{ChangeRow, InvitationRow};

pub use super::values::people_named;

/// The longest subject, in characters.
pub(super) const SUBJECT: usize = 150;
/// How many changes one mail shows; of more it shows the latest.
const SHOWN: usize = 20;

/// A mail in parts, the same for text and HTML.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// The language's code.
    pub lang: &'static str,
    /// The subject: one line without control characters.
    pub subject: String,
    /// A small line above the heading.
    pub kicker: String,
    /// The heading.
    pub heading: String,
    /// Sentences under the heading.
    pub paragraphs: Vec<String>,
    /// What is to be known of it at a glance.
    pub facts: Vec<Fact>,
    /// What happened.
    pub sections: Vec<Section>,
    /// What the button says and where it leads.
    pub action: Action,
    /// Small print.
    pub footer: Vec<String>,
}

/// A fact and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// Its name.
    pub label: String,
    /// The fact.
    pub value: String,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// What was done by whom.
    pub headline: String,
    /// When.
    pub time: String,
    /// Values before and after.
    pub rows: Vec<Row>,
    /// What was said.
    pub quote: Option<String>,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Action {
    /// Its label.
    pub label: String,
    /// Its address.
    pub url: String,
}

/// Writes the mail about changes to one task, oldest first. Nothing when there are no changes.
pub fn about_changes(
    changes: &[ChangeRow],
    task: Uuid,
    public_url: &str,
    reader: Reader<'_>,
) -> Option<Letter> {
    let latest = changes.last()?;
    let language = reader.language;
    let title = one_line(&latest.title, SUBJECT);
    let title = if title.is_empty() {
        language.pick("(제목 없음)", "(untitled)").to_owned()
    } else {
        title
    };
    let reason = Reason::from_word(&latest.reason);
    let happened = match changes.len() {
        1 => headline(latest, language),
        many => language.pick(format!("변경 {many}건"), format!("{many} changes")),
    };
    let board = latest
        .board_name
        .as_deref()
        .map(|name| one_line(name, 60))
        .filter(|name| !name.is_empty());
    let subject = match &board {
        Some(board) => format!("[{board}] {title} — {happened}"),
        None => format!("{title} — {happened}"),
    };
    let hidden = changes.len().saturating_sub(SHOWN);
    let more = language.pick(
        format!("이전 변경 {hidden}건은 앱에서 볼 수 있습니다."),
        format!("{hidden} earlier changes are shown in the app."),
    );
    Some(Letter {
        lang: language.code(),
        subject: one_line(&subject, SUBJECT),
        kicker: board.unwrap_or_else(|| "Onus".to_owned()),
        heading: title,
        paragraphs: if hidden > 0 { vec![more] } else { Vec::new() },
        facts: Vec::new(),
        sections: changes
            .iter()
            .skip(hidden)
            .map(|change| section(change, reader))
            .collect(),
        action: Action {
            label: language.pick("작업 열기", "Open the task").to_owned(),
            url: link(public_url, latest.board_id, task),
        },
        footer: footer(language, reason, reader),
    })
}

/// Writes an invitation.
pub fn about_invitation(invitation: &InvitationRow, url: &str) -> Letter {
    let language = Language::from_code(&invitation.language);
    let workspace = one_line(&invitation.workspace_name, 80);
    let by = one_line(&invitation.invited_by, 80);
    let heading = language.pick(
        format!("{by}님이 {workspace}에 초대했습니다"),
        format!("{by} invites you to {workspace}"),
    );
    Letter {
        lang: language.code(),
        subject: one_line(&heading, SUBJECT),
        kicker: workspace,
        heading,
        paragraphs: vec![
            language
                .pick(
                    "Onus는 모든 작업에 담당자가 한 명뿐인 보드입니다. 아래 링크로 참여할 수 있습니다.",
                    "Onus is a board on which a task never has more than one person in charge. Join by the link below.",
                )
                .to_owned(),
        ],
        facts: Vec::new(),
        sections: Vec::new(),
        action: Action { label: language.pick("초대 수락", "Accept the invitation").to_owned(), url: url.to_owned() },
        footer: vec![
            language
                .pick(
                    "이 링크는 받는 분만 사용할 수 있습니다. 다른 사람에게 전달하지 마세요. 예상하지 못한 메일이라면 무시하셔도 됩니다.",
                    "The link is meant for you alone: please do not pass it on. If you did not expect this mail, you can ignore it.",
                )
                .to_owned(),
        ],
    }
}

/// Text as one line: no control characters, no line or paragraph separators, no marks that turn the
/// reading direction around, no runs of white space; cut with an ellipsis.
pub fn one_line(text: &str, longest: usize) -> String {
    let visible: String = text
        .chars()
        .map(|c| {
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            }
        })
        .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= longest {
        return line;
    }
    let mut short: String = line.chars().take(longest.saturating_sub(1)).collect();
    short.push('…');
    short
}

fn headline(change: &ChangeRow, language: Language) -> String {
    let actor = change
        .actor_name
        .as_deref()
        .map(|name| one_line(name, 80))
        .filter(|name| !name.is_empty());
    sentence(
        language,
        &change.kind,
        Reason::from_word(&change.reason),
        actor.as_deref(),
    )
}

fn section(change: &ChangeRow, reader: Reader<'_>) -> Section {
    let fields: Vec<FieldChange> = serde_json::from_value(change.fields.clone()).unwrap_or_default();
    // The title heads the mail already; a row is for a title that became another.
    let fields: Vec<FieldChange> = fields
        .into_iter()
        .filter(|field| field.name != "title" || !field.before.is_null())
        .collect();
    Section {
        headline: headline(change, reader.language),
        time: moment(reader.language, reader.zone, change.occurred_at),
        rows: values::rows(&fields, reader),
        quote: values::quote(&fields),
    }
}

fn link(public_url: &str, board: Option<Uuid>, task: Uuid) -> String {
    let base = public_url.trim_end_matches('/');
    match board {
        Some(board) => format!("{base}/boards/{board}?task={task}"),
        None => base.to_owned(),
    }
}

fn footer(language: Language, reason: Option<Reason>, reader: Reader<'_>) -> Vec<String> {
    let zone = reader.zone.name();
    vec![
        because(language, reason).to_owned(),
        language.pick(
            format!("시간은 {zone} 기준입니다. 받을 메일은 Onus 알림 설정에서 고를 수 있습니다."),
            format!("Times are in {zone}. Choose which mails you get in the notification settings of Onus."),
        ),
    ]
}
