//! Substring search that works in Korean.
//!
//! Trigram indexes know nothing of Hangul under most collations, and words are often two syllables long. So a
//! text is indexed by its single characters and its pairs of neighbouring characters, word by word, and a search
//! text asks for all of its pairs (a word of one character: for that character). What the index finds is
//! compared with the text itself, because pairs may also lie apart.
//!
//! Everything is composed (NFC) first: a Mac sends 한 as three letters, Windows as one.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// The composed form in which all text is stored.
#[must_use]
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// The characters and pairs a text can be found by.
#[must_use]
pub fn grams(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut grams = BTreeSet::new();
    for word in folded.split_whitespace() {
        let characters: Vec<char> = word.chars().collect();
        grams.extend(characters.iter().map(char::to_string));
        grams.extend(pairs(&characters));
    }
    grams.into_iter().collect()
}

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    /// Every one of these is among the grams of a text that contains the needle.
    pub grams: Vec<String>,
    /// The needle itself, composed.
    pub text: String,
}

impl Needle {
    /// None when there is nothing to look for.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = composed(text.trim());
        let folded = fold(&text);
        let mut grams = BTreeSet::new();
        for word in folded.split_whitespace() {
            let characters: Vec<char> = word.chars().collect();
            match characters.as_slice() {
                [single] => grams.extend([single.to_string()]),
                several => grams.extend(pairs(several)),
            }
        }
        (!grams.is_empty()).then(|| Self {
            grams: grams.into_iter().collect(),
            text,
        })
    }
}

fn fold(text: &str) -> String {
    composed(text).to_lowercase()
}

fn pairs(characters: &[char]) -> impl Iterator<Item = String> {
    characters.windows(2).map(|pair| pair.iter().collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn needle(text: &str) -> Vec<String> {
        Needle::new(text).expect("something to look for").grams
    }

    #[test]
    fn a_word_is_found_by_characters_and_pairs() {
        assert_eq!(grams("회의록 A"), ["a", "록", "의", "의록", "회", "회의"]);
        assert_eq!(needle("의록"), ["의록"]);
        assert_eq!(needle("회"), ["회"]);
        assert_eq!(needle("회 Ab"), ["ab", "회"]);
        assert_eq!(Needle::new(" \t "), None);
    }

    #[test]
    fn decomposed_hangul_is_the_same_text() {
        let decomposed = "\u{1112}\u{1161}\u{11ab}글";
        assert_eq!(composed(decomposed), "한글");
        assert_eq!(
            needle(decomposed),
            grams("한글")
                .into_iter()
                .filter(|g| g == "한글")
                .collect::<Vec<_>>()
        );
    }

    proptest! {
        #[test]
        fn every_substring_of_a_text_is_covered_by_its_grams(text in "[가-힣a-zA-Z ]{1,40}", from in 0_usize..40, len in 1_usize..10) {
            let part: String = text.chars().skip(from).take(len).collect();
            if let Some(needle) = Needle::new(&part) {
                let all = grams(&text);
                prop_assert!(needle.grams.iter().all(|gram| all.contains(gram)));
            }
        }
    }
}
