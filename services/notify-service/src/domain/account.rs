//! The mails about somebody's account, which are not about a change to a task.

/// What a mail about an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// Somebody forgot their password; the mail holds the link to a new one.
    PasswordReset,
    /// Somebody wants to sign up; the mail holds the link to do so.
    SignUp,
    /// Somebody wanted to sign up and has an account; the mail holds the link to a new password.
    AccountExists,
    /// Somebody is to show that the address is theirs; the mail holds the link to say so.
    AddressVerification,
    /// Something about the account's security changed, which its owner should know.
    SecurityNotice,
}

impl AccountKind {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            AccountKind::PasswordReset => "password_reset",
            AccountKind::SignUp => "sign_up",
            AccountKind::AccountExists => "account_exists",
            AccountKind::AddressVerification => "address_verification",
            AccountKind::SecurityNotice => "security_notice",
        }
    }

    /// Reads the word in the database.
    pub fn from_word(word: &str) -> Option<AccountKind> {
        [
            AccountKind::PasswordReset,
            AccountKind::SignUp,
            AccountKind::AccountExists,
            AccountKind::AddressVerification,
            AccountKind::SecurityNotice,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == word)
    }
}
