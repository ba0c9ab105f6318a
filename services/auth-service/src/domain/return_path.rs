//! Where a browser goes after signing in elsewhere: a path of this app, and nowhere else.

/// Longest path in characters.
const MAX_PATH: usize = 512;

/// A path of this app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnPath(String);

impl ReturnPath {
    /// Takes a path that a link asked for; whatever could lead elsewhere becomes the front page. Browsers read `//host`
    /// and `/\host` as addresses of another host, and drop tabs and line breaks before they look.
    pub fn or_front_page(asked: &str) -> Self {
        let rest = asked.strip_prefix('/');
        let stays = rest.is_some_and(|rest| !rest.starts_with(['/', '\\']));
        let plain = asked.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        if stays && plain && asked.len() <= MAX_PATH {
            Self(asked.to_owned())
        } else {
            Self("/".to_owned())
        }
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_app_are_followed() {
        for path in ["/", "/boards/1?card=2#x", "/a//b", "/%2Fevil.example"] {
            assert_eq!(ReturnPath::or_front_page(path).as_str(), path);
        }
        let long = format!("/{}", "a".repeat(MAX_PATH));
        for path in [
            "",
            "boards",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/a\\b",
            "/\u{202e}x",
            "javascript:alert(1)",
            " /",
            &long,
        ] {
            assert_eq!(ReturnPath::or_front_page(path).as_str(), "/", "{path}");
        }
    }
}
