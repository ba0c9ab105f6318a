//! Telling an absent field from a null one in a PATCH.
//!
//! ```
//! #[derive(serde::Deserialize)]
//! #[serde(deny_unknown_fields)]
//! struct Patch {
//!     /// Absent: as it is. Null is refused.
//!     #[serde(default, deserialize_with = "web_kit::patch::given")]
//!     title: Option<String>,
//!     /// Absent: as it is. Null: cleared.
//!     #[serde(default, deserialize_with = "web_kit::patch::clearable")]
//!     deadline: Option<Option<String>>,
//! }
//! ```

use serde::{Deserialize, Deserializer};

/// For a field that can be cleared: absent is `None`, null is `Some(None)`.
///
/// # Errors
/// When the value is not a `T`.
pub fn clearable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// For a field that cannot be cleared: absent is `None`, null is refused instead of being taken for absent.
///
/// # Errors
/// When the value is null or not a `T`.
pub fn given<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Patch {
        #[serde(default, deserialize_with = "super::given")]
        title: Option<String>,
        #[serde(default, deserialize_with = "super::clearable")]
        pic: Option<Option<u8>>,
    }

    fn read(json: &str) -> Option<Patch> {
        serde_json::from_str(json).ok()
    }

    #[test]
    fn absent_null_and_value_are_three_things() {
        assert_eq!(
            read("{}"),
            Some(Patch {
                title: None,
                pic: None
            })
        );
        assert_eq!(
            read(r#"{"pic":null}"#),
            Some(Patch {
                title: None,
                pic: Some(None)
            })
        );
        assert_eq!(
            read(r#"{"pic":7}"#),
            Some(Patch {
                title: None,
                pic: Some(Some(7))
            })
        );
        assert_eq!(read(r#"{"title":null}"#), None);
    }
}
