//! Where a page ended, as a text that clients hand back and do not look into.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use problem::{Code, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The longest cursor that is taken, in bytes.
pub const MAX: usize = 512;

/// Packs the sort key of a page's last item.
///
/// # Errors
/// When the key is no JSON or makes a cursor longer than [`MAX`]: a fault of the service.
pub fn encode<K: Serialize>(key: &K) -> Result<String, Problem> {
    let json = serde_json::to_vec(key).map_err(Problem::internal)?;
    let text = URL_SAFE_NO_PAD.encode(json);
    if text.len() > MAX {
        Err(Problem::internal("the sort key does not fit into a cursor"))
    } else {
        Ok(text)
    }
}

/// Unpacks a cursor.
///
/// # Errors
/// 422 naming `cursor` when it is not one of ours.
pub fn decode<K: DeserializeOwned>(text: &str) -> Result<K, Problem> {
    let json = (text.len() <= MAX)
        .then(|| URL_SAFE_NO_PAD.decode(text).ok())
        .flatten();
    json.and_then(|json| serde_json::from_slice(&json).ok())
        .ok_or_else(|| Problem::new(Code::Invalid).field("cursor", "must be the `next` of an earlier page"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_and_garbage_is_named() {
        let text = encode(&(7_i64, "b")).expect("a cursor");
        assert_eq!(
            decode::<(i64, String)>(&text).expect("a key"),
            (7, "b".to_owned())
        );
        for garbage in [
            "",
            "!",
            "AAAA",
            &URL_SAFE_NO_PAD.encode("{}"),
            &"A".repeat(MAX + 1),
        ] {
            let problem = decode::<(i64, String)>(garbage).expect_err("garbage");
            assert_eq!(problem.code(), Code::Invalid);
            assert_eq!(problem.errors()[0].field, "cursor");
        }
    }

    #[test]
    fn a_key_that_is_too_long_is_our_own_fault() {
        assert_eq!(
            encode(&"x".repeat(MAX)).expect_err("too long").code(),
            Code::Internal
        );
    }
}
