//! Rules for texts that people write, as `garde` validators: `#[garde(custom(web_kit::text::line(1, 200)))]`.
//!
//! Some characters pass JSON but not what lies behind it: Postgres refuses U+0000, SQS refuses U+FFFE and U+FFFF, and
//! control characters break mail headers and terminals. They are refused at the door. Lengths count Unicode scalar
//! values, as people roughly do, not bytes.

/// Something that may hold a text: `Option`s in a PATCH are looked through.
pub trait MaybeText {
    /// The text to check, if there is one.
    fn text(&self) -> Option<&str>;
}

impl MaybeText for str {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl MaybeText for String {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl<T: MaybeText> MaybeText for Option<T> {
    fn text(&self) -> Option<&str> {
        self.as_ref().and_then(MaybeText::text)
    }
}

impl<T: MaybeText + ?Sized> MaybeText for &T {
    fn text(&self) -> Option<&str> {
        (**self).text()
    }
}

/// One line of `min` to `max` characters: no line breaks, no control characters. Blanks alone do not count.
pub fn line<T: MaybeText + ?Sized>(min: usize, max: usize) -> impl Fn(&T, &()) -> garde::Result {
    move |value, _| value.text().map_or(Ok(()), |text| check(text, min, max, is_line))
}

/// The rules of a title, which are those of a line.
pub fn title<T: MaybeText + ?Sized>(min: usize, max: usize) -> impl Fn(&T, &()) -> garde::Result {
    line(min, max)
}

/// A text of up to `max` characters that may have line breaks (U+000A) and tabs.
pub fn multiline<T: MaybeText + ?Sized>(min: usize, max: usize) -> impl Fn(&T, &()) -> garde::Result {
    move |value, _| {
        value
            .text()
            .map_or(Ok(()), |text| check(text, min, max, is_multiline))
    }
}

/// A text of at most `max` bytes that may have line breaks and tabs, for what is bounded by its storage.
pub fn multiline_bytes<T: MaybeText + ?Sized>(max: usize) -> impl Fn(&T, &()) -> garde::Result {
    move |value, _| match value.text() {
        Some(text) if text.len() > max => Err(garde::Error::new(format!("must have at most {max} bytes"))),
        Some(text) => check(text, 0, max, is_multiline),
        None => Ok(()),
    }
}

fn check(text: &str, min: usize, max: usize, allowed: fn(char) -> bool) -> garde::Result {
    if let Some(bad) = text.chars().find(|character| !allowed(*character)) {
        let code = u32::from(bad);
        return Err(garde::Error::new(format!(
            "must not contain the character U+{code:04X}"
        )));
    }
    // Counting stops where the answer is known.
    let length = text.chars().take(max.saturating_add(1)).count();
    let blank = min > 0 && text.trim().is_empty();
    if blank || !(min..=max).contains(&length) {
        return Err(garde::Error::new(match min {
            0 => format!("must have at most {max} characters"),
            _ => format!("must have {min} to {max} characters"),
        }));
    }
    Ok(())
}

/// Non-characters are code points that Unicode will never assign: the last two of each plane and U+FDD0 to U+FDEF.
fn is_noncharacter(character: char) -> bool {
    let code = u32::from(character);
    code & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&code)
}

fn is_multiline(character: char) -> bool {
    matches!(character, '\n' | '\t') || !(character.is_control() || is_noncharacter(character))
}

fn is_line(character: char) -> bool {
    is_multiline(character) && !matches!(character, '\n' | '\t' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes<T: MaybeText + ?Sized>(rule: impl Fn(&T, &()) -> garde::Result, value: &T) -> bool {
        rule(value, &()).is_ok()
    }

    #[test]
    fn lengths_count_characters_not_bytes() {
        assert!(passes(line(1, 3), "한국어"));
        assert!(!passes(line(1, 3), "한국어!"));
        assert!(!passes(line(1, 3), ""));
        assert!(!passes(line(1, 3), "   "));
        assert!(passes(line(0, 3), ""));
        assert!(passes(multiline_bytes(9), "한국어"));
        assert!(!passes(multiline_bytes(8), "한국어"));
    }

    #[test]
    fn what_breaks_the_storage_behind_is_refused() {
        let bad = [
            "\0",
            "\u{FFFE}",
            "\u{FFFF}",
            "\u{1FFFE}",
            "\u{FDD0}",
            "\u{7}",
            "\u{7F}",
            "\u{85}",
            "\r",
        ];
        for text in bad {
            assert!(
                !passes(line(0, 9), text) && !passes(multiline(0, 9), text),
                "{text:?}"
            );
        }
        for text in ["\n", "\t"] {
            assert!(
                !passes(line(0, 9), text) && passes(multiline(0, 9), text),
                "{text:?}"
            );
        }
        assert!(passes(line(1, 9), "é👩‍💻\u{FFFD}"));
    }

    #[test]
    fn options_are_looked_through() {
        assert!(passes(line(1, 3), &None::<String>));
        assert!(passes(line(1, 3), &Some(None::<String>)));
        assert!(!passes(line(1, 3), &Some(Some("\0".to_owned()))));
    }
}
