//! What the mails about an account say.

use chrono_tz::Tz;

use super::Language;
use super::letter::{Action, Fact, Letter, SUBJECT, one_line};
use super::moment::moment;
use crate::domain::account::AccountKind;
use crate::store::letters::AccountRow;

/// The longest name, device or network in a mail, in characters.
const LONGEST: usize = 80;

/// Writes a mail about an account. Nothing when its kind is unknown, or when it lacks the link that it is about.
pub fn about_account(row: &AccountRow, link: Option<&str>, public_url: &str) -> Option<Letter> {
    let words = match AccountKind::from_word(&row.kind)? {
        AccountKind::SecurityNotice => return Some(security_notice(row, public_url)),
        AccountKind::PasswordReset => PASSWORD_RESET,
        AccountKind::SignUp => SIGN_UP,
        AccountKind::AccountExists => ACCOUNT_EXISTS,
        AccountKind::AddressVerification => ADDRESS_VERIFICATION,
    };
    Some(with_link(row, link?, &words))
}

/// A text in Korean and in English.
type Text = (&'static str, &'static str);

/// What a mail says that is about one link.
struct Words {
    heading: Text,
    what: Text,
    button: Text,
    /// For whoever asked for no such mail.
    unasked: Text,
}

const PASSWORD_RESET: Words = Words {
    heading: ("비밀번호 재설정", "Reset your password"),
    what: (
        "아래 링크에서 새 비밀번호를 정할 수 있습니다. 링크는 30분 동안 사용할 수 있습니다.",
        "Use the link below to choose a new password. The link is good for 30 minutes.",
    ),
    button: ("새 비밀번호 정하기", "Choose a new password"),
    unasked: (
        "요청하신 적이 없다면 이 메일을 무시해 주세요. 비밀번호는 그대로 유지됩니다.",
        "If you did not ask for this, ignore this mail; your password stays as it is.",
    ),
};

const SIGN_UP: Words = Words {
    heading: ("워크스페이스 시작하기", "Start your workspace"),
    what: (
        "아래 링크에서 가입을 마칠 수 있습니다. 링크는 30분 동안 사용할 수 있습니다.",
        "Use the link below to finish signing up. The link is good for 30 minutes.",
    ),
    button: ("가입 계속하기", "Continue signing up"),
    unasked: (
        "Onus에 이 주소를 입력하신 적이 없다면 이 메일을 무시해 주세요. 계정은 만들어지지 않습니다.",
        "If you have not given this address to Onus, ignore this mail; no account will be made.",
    ),
};

const ACCOUNT_EXISTS: Words = Words {
    heading: ("이미 계정이 있습니다", "You have an account already"),
    what: (
        "이 주소로 가입하려는 요청이 있었지만, 이미 계정이 있습니다. 평소처럼 로그인하시거나, 비밀번호가 생각나지 않으면 아래 링크에서 새로 정해 주세요. 링크는 30분 동안 사용할 수 있습니다.",
        "Somebody wanted to sign up with this address, and it has an account already. Sign in as usual; if you forgot the password, choose a new one by the link below. The link is good for 30 minutes.",
    ),
    button: ("새 비밀번호 정하기", "Choose a new password"),
    unasked: (
        "요청하신 적이 없다면 이 메일을 무시해 주세요. 계정은 그대로 유지됩니다.",
        "If you did not ask for this, ignore this mail; your account stays as it is.",
    ),
};

const ADDRESS_VERIFICATION: Words = Words {
    heading: ("이메일 주소를 확인해 주세요", "Confirm your email address"),
    what: (
        "아래 링크를 열어 이 이메일 주소가 본인의 것임을 확인해 주세요. 링크는 30분 동안 사용할 수 있습니다.",
        "Please open the link below to confirm that this address is yours. The link is good for 30 minutes.",
    ),
    button: ("이메일 주소 확인", "Confirm the address"),
    unasked: (
        "Onus에 이 주소를 입력하신 적이 없다면 이 메일을 무시해 주세요.",
        "If you have not given this address to Onus, ignore this mail.",
    ),
};

fn with_link(row: &AccountRow, url: &str, words: &Words) -> Letter {
    let language = Language::from_code(&row.language);
    let say = |(korean, english): Text| language.pick(korean, english);
    Letter {
        paragraphs: vec![greeting(language, &row.name), say(words.what).to_owned()],
        action: Action {
            label: say(words.button).to_owned(),
            url: url.to_owned(),
        },
        footer: vec![say(words.unasked).to_owned(), for_you_alone(language)],
        ..blank(language, say(words.heading))
    }
}

fn security_notice(row: &AccountRow, public_url: &str) -> Letter {
    let language = Language::from_code(&row.language);
    let notice = row.notice.as_deref().unwrap_or_default();
    Letter {
        paragraphs: vec![
            greeting(language, &row.name),
            language
                .pick(
                    "본인이 하신 일이라면 따로 하실 일은 없습니다. 본인이 아니라면 아래 링크에서 비밀번호를 재설정해 주세요.",
                    "If this was you, there is nothing to do. If this was not you, use the link below to reset your password.",
                )
                .to_owned(),
        ],
        facts: facts(language, row),
        action: Action {
            label: language.pick("비밀번호 재설정", "Reset your password").to_owned(),
            url: format!("{}/forgot", public_url.trim_end_matches('/')),
        },
        footer: vec![
            language
                .pick(
                    "계정 보안에 관한 메일은 알림 설정과 관계없이 보내 드립니다.",
                    "Mails about the security of your account are sent whatever your notification settings say.",
                )
                .to_owned(),
        ],
        ..blank(language, happened(language, notice))
    }
}

/// A letter with nothing but what every mail about an account has.
fn blank(language: Language, heading: &str) -> Letter {
    Letter {
        lang: language.code(),
        subject: one_line(&format!("[Onus] {heading}"), SUBJECT),
        kicker: "Onus".to_owned(),
        heading: heading.to_owned(),
        paragraphs: Vec::new(),
        facts: Vec::new(),
        sections: Vec::new(),
        action: Action {
            label: String::new(),
            url: String::new(),
        },
        footer: Vec::new(),
    }
}

/// What a security notice tells of. A word of a later version is told in general terms.
fn happened(language: Language, notice: &str) -> &'static str {
    match notice {
        "password_changed" => language.pick("비밀번호가 변경되었습니다", "Your password was changed"),
        "password_reset" => language.pick("비밀번호가 재설정되었습니다", "Your password was reset"),
        "second_factor_on" => language.pick("2단계 인증이 켜졌습니다", "Two-step sign-in was turned on"),
        "second_factor_off" => language.pick("2단계 인증이 꺼졌습니다", "Two-step sign-in was turned off"),
        "recovery_codes_renewed" => language.pick(
            "복구 코드가 새로 발급되었습니다",
            "Your recovery codes were renewed",
        ),
        "passkey_added" => language.pick("패스키가 추가되었습니다", "A passkey was added"),
        "identity_linked" => language.pick(
            "외부 계정이 연결되었습니다",
            "An account of another provider was linked to yours",
        ),
        "identity_unlinked" => language.pick(
            "외부 계정 연결이 해제되었습니다",
            "An account of another provider was unlinked from yours",
        ),
        "passkey_removed" => language.pick("패스키가 삭제되었습니다", "A passkey was removed"),
        _ => language.pick(
            "계정 보안 설정이 변경되었습니다",
            "The security settings of your account were changed",
        ),
    }
}

fn facts(language: Language, row: &AccountRow) -> Vec<Fact> {
    let zone = row
        .time_zone
        .as_deref()
        .and_then(|zone| zone.parse().ok())
        .unwrap_or(Tz::UTC);
    let when = format!("{} ({})", moment(language, zone, row.occurred_at), zone.name());
    let line = |text: &Option<String>| text.as_deref().map(|text| one_line(text, LONGEST));
    [
        (language.pick("시각", "When"), Some(when)),
        (language.pick("기기", "Device"), line(&row.device)),
        (language.pick("네트워크", "Network"), line(&row.place)),
    ]
    .into_iter()
    .filter_map(|(label, value)| {
        let value = value.filter(|value| !value.is_empty())?;
        Some(Fact {
            label: label.to_owned(),
            value,
        })
    })
    .collect()
}

fn greeting(language: Language, name: &str) -> String {
    let name = one_line(name, LONGEST);
    if name.is_empty() || may_be_a_link(&name) {
        return language.pick("안녕하세요.", "Hello,").to_owned();
    }
    language.pick(format!("{name}님, 안녕하세요."), format!("Hello {name},"))
}

/// Whether a mail program might make a link of a part of it. Somebody may have given an address that is not
/// theirs together with any name they liked, and such a name must not lead the reader anywhere.
fn may_be_a_link(name: &str) -> bool {
    name.split(' ')
        .any(|word| word.trim_matches('.').contains(['.', '/', ':', '@']))
}

fn for_you_alone(language: Language) -> String {
    language
        .pick(
            "이 링크는 받는 분만 사용할 수 있습니다. 다른 사람에게 전달하지 마세요.",
            "The link is meant for you alone: please do not pass it on.",
        )
        .to_owned()
}
