//! What counts as a picture of a person. It is kept as it came, and browsers draw it: so it must be of a kind that only
//! draws, and small enough in bytes and in pixels that a page full of them costs nobody anything.

use aws_lc_rs::digest::{SHA256, digest};

/// Most bytes of a picture.
pub const MAX_BYTES: usize = 256 * 1024;
/// Longest side in pixels. A few bytes can announce a picture that takes gigabytes to draw.
const MAX_SIDE: usize = 2048;
/// Bytes of a digest that tell pictures apart.
const VERSION: usize = 16;

/// A picture that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    media_type: &'static str,
    bytes: Vec<u8>,
}

/// Why something is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// SVG can run scripts, and who knows what else there is.
    #[error("must be a PNG, JPEG or WebP")]
    Kind,
    /// Too many bytes.
    #[error("must have at most 262144 bytes")]
    Bytes,
    /// Too many pixels, or none.
    #[error("must have sides of 1 to 2048 pixels")]
    Pixels,
}

impl Unfit {
    /// In a word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Bytes => "bytes",
            Self::Pixels => "pixels",
        }
    }
}

impl Picture {
    /// Looks at what the bytes are, whatever somebody calls them.
    ///
    /// # Errors
    /// [`Unfit`] for what is not to be shown.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, Unfit> {
        if bytes.len() > MAX_BYTES {
            return Err(Unfit::Bytes);
        }
        let media_type = match imagesize::image_type(&bytes) {
            Ok(imagesize::ImageType::Png) => "image/png",
            Ok(imagesize::ImageType::Jpeg) => "image/jpeg",
            Ok(imagesize::ImageType::Webp) => "image/webp",
            _ => return Err(Unfit::Kind),
        };
        let size = imagesize::blob_size(&bytes).map_err(|_broken| Unfit::Kind)?;
        let fits = |side| (1..=MAX_SIDE).contains(&side);
        if !fits(size.width) || !fits(size.height) {
            return Err(Unfit::Pixels);
        }
        Ok(Self { media_type, bytes })
    }

    /// How it is to be read.
    pub fn media_type(&self) -> &'static str {
        self.media_type
    }

    /// The picture.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Tells it from every other picture: 32 hexadecimal digits.
    pub fn version(&self) -> String {
        let digest = digest(&SHA256, &self.bytes);
        digest
            .as_ref()
            .iter()
            .take(VERSION)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of a PNG, which says how large it is.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 6, 0, 0, 0]);
        bytes
    }

    #[test]
    fn kinds_that_only_draw_are_taken_by_what_they_are() {
        assert_eq!(
            Picture::parse(png(96, 96)).map(|picture| picture.media_type()),
            Ok("image/png")
        );
        for wrong in [
            &b""[..],
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            b"GIF89a\x01\0\x01\0",
            b"<!doctype html>",
            b"BM",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xe0",
            b"RIFF\0\0\0\0WEBPVP8 ",
        ] {
            assert_eq!(Picture::parse(wrong.to_vec()), Err(Unfit::Kind), "{wrong:?}");
        }
    }

    #[test]
    fn neither_bytes_nor_pixels_are_many() {
        assert!(Picture::parse(png(1, 2048)).is_ok());
        for (width, height) in [(0, 1), (1, 0), (2049, 1), (1, 2049), (u32::MAX, u32::MAX)] {
            let unfit = Picture::parse(png(width, height));
            assert_eq!(unfit, Err(Unfit::Pixels), "{width} × {height}");
        }
        let padded = |length| {
            let mut bytes = png(96, 96);
            bytes.resize(length, 0);
            Picture::parse(bytes)
        };
        assert!(padded(MAX_BYTES).is_ok());
        assert_eq!(padded(MAX_BYTES + 1), Err(Unfit::Bytes));
    }

    #[test]
    fn versions_tell_pictures_apart() {
        let version = |width| Picture::parse(png(width, 1)).map(|picture| picture.version());
        assert_eq!(version(1).map(|version| version.len()), Ok(32));
        assert_eq!(version(1), version(1));
        assert_ne!(version(1), version(2));
    }
}
