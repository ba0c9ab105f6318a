//! Why a token endpoint gives no token, in the words of OAuth.

/// A refusal of a token endpoint (RFC 6749, section 5.2; RFC 8693, section 2.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A parameter is missing, given twice or not of its kind.
    #[error("The parameter {0} is missing, given twice or not what is taken here.")]
    Request(&'static str),
    /// This way to a token is not offered here.
    #[error("This grant type is not offered here.")]
    GrantType,
    /// The token presented is wrong, revoked or expired: which of these, nobody is told.
    #[error("The token is wrong, revoked or expired.")]
    Grant,
    /// More was asked for than the token presented is good for.
    #[error("The scope is unknown, or more than the token is good for.")]
    Scope,
    /// There is no such service to make a token for.
    #[error("There is no such audience.")]
    Target,
    /// The client is not known, or its secret is wrong.
    #[error("The client is not known, or its secret is wrong.")]
    Client,
}

impl Refused {
    /// The word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Request(_) => "invalid_request",
            Self::GrantType => "unsupported_grant_type",
            Self::Grant => "invalid_grant",
            Self::Scope => "invalid_scope",
            Self::Target => "invalid_target",
            Self::Client => "invalid_client",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Refused;

    #[test]
    fn the_words_are_those_of_the_standards() {
        let all = [
            (Refused::Request("scope"), "invalid_request"),
            (Refused::GrantType, "unsupported_grant_type"),
            (Refused::Grant, "invalid_grant"),
            (Refused::Scope, "invalid_scope"),
            (Refused::Target, "invalid_target"),
            (Refused::Client, "invalid_client"),
        ];
        for (refused, word) in all {
            assert_eq!(refused.word(), word);
        }
    }
}
