//! Labels of a task: short words, each once, in the order in which they were given.

use super::search::composed;

/// Labels a task may carry.
pub const MAX_LABELS: usize = 20;

/// Characters a label may have.
pub const MAX_LABEL_CHARS: usize = 50;

/// What is wrong with a list of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// There are more than fit.
    #[error("must have at most 20 labels")]
    TooMany,
    /// One is empty or too long.
    #[error("each label must have 1 to 50 characters")]
    Length,
}

/// Trims, composes and removes repetitions.
///
/// # Errors
/// When there are more than 20 labels, or one has not 1 to 50 characters.
pub fn tidy(labels: &[String]) -> Result<Vec<String>, LabelError> {
    if labels.len() > MAX_LABELS {
        return Err(LabelError::TooMany);
    }
    let mut tidy: Vec<String> = Vec::with_capacity(labels.len());
    for label in labels {
        let label = composed(label.trim());
        if !(1..=MAX_LABEL_CHARS).contains(&label.chars().count()) {
            return Err(LabelError::Length);
        }
        if !tidy.contains(&label) {
            tidy.push(label);
        }
    }
    Ok(tidy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(labels: &[&str]) -> Result<Vec<String>, LabelError> {
        tidy(&labels.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn repetitions_fall_out_and_the_order_stays() {
        assert_eq!(of(&["b", " a ", "b"]).unwrap(), ["b", "a"]);
        assert_eq!(of(&["\u{1112}\u{1161}\u{11ab}", "한"]).unwrap(), ["한"]);
    }

    #[test]
    fn number_and_length_are_bounded() {
        assert_eq!(of(&[""; 1]), Err(LabelError::Length));
        assert_eq!(of(&[&"가".repeat(51)]), Err(LabelError::Length));
        assert!(of(&[&"가".repeat(50)]).is_ok());
        assert_eq!(of(&["a"; 21]), Err(LabelError::TooMany));
    }
}
