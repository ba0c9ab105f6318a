//! One sentence per kind of change: the line that heads a section, and that ends a subject.

use super::Language;
use crate::domain::planning::Reason;

/// What was done by whom, as a sentence without its full stop.
pub(super) fn sentence(
    language: Language,
    kind: &str,
    reason: Option<Reason>,
    actor: Option<&str>,
) -> String {
    match language {
        Language::Korean => korean(kind, reason, actor),
        Language::English => english(kind, reason, actor),
    }
}

fn korean(kind: &str, reason: Option<Reason>, actor: Option<&str>) -> String {
    let who = actor.map_or_else(|| "시스템이".to_owned(), |name| format!("{name}님이"));
    let done = match (reason, kind) {
        (Some(Reason::Assigned), _) => "회원님을 담당자로 지정했습니다",
        (Some(Reason::Unassigned), _) => "회원님을 담당자에서 해제했습니다",
        (_, "created") => "작업을 만들었습니다",
        (_, "edited") => "작업을 수정했습니다",
        (_, "moved") => "작업을 옮겼습니다",
        (_, "deleted") => "작업을 휴지통으로 옮겼습니다",
        (_, "restored") => "작업을 휴지통에서 복원했습니다",
        (_, "commented") => "댓글을 남겼습니다",
        _ => "작업을 변경했습니다",
    };
    format!("{who} {done}")
}

fn english(kind: &str, reason: Option<Reason>, actor: Option<&str>) -> String {
    let who = actor.unwrap_or("The system");
    let done = match (reason, kind) {
        (Some(Reason::Assigned), _) => "put you in charge",
        (Some(Reason::Unassigned), _) => "took you off this task",
        (_, "created") => "created the task",
        (_, "edited") => "edited the task",
        (_, "moved") => "moved the task",
        (_, "deleted") => "put the task into the trash",
        (_, "restored") => "took the task out of the trash",
        (_, "commented") => "commented",
        _ => "changed the task",
    };
    format!("{who} {done}")
}

/// Why the reader gets this mail.
pub(super) fn because(language: Language, reason: Option<Reason>) -> &'static str {
    match reason {
        Some(Reason::Unassigned) => language.pick(
            "이 작업의 담당자였기 때문에 보내 드립니다.",
            "You get this mail because you were in charge of the task.",
        ),
        Some(Reason::Creator) => language.pick(
            "이 작업을 만들었기 때문에 보내 드립니다.",
            "You get this mail because you created the task.",
        ),
        Some(Reason::Assigned | Reason::InCharge) | None => language.pick(
            "이 작업의 담당자이기 때문에 보내 드립니다.",
            "You get this mail because you are in charge of the task.",
        ),
    }
}
