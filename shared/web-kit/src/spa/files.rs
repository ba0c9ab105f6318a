//! The files of the web app in memory.

use actix_web::web::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::OnceLock;

/// Smaller files gain nothing from compression.
const WORTH_COMPRESSING: usize = 1024;

/// One file.
pub(crate) struct File {
    pub(crate) content: Bytes,
    pub(crate) media_type: &'static str,
    pub(crate) etag: String,
    compressed: OnceLock<Option<Bytes>>,
}

impl File {
    fn new(path: &str, content: Vec<u8>) -> File {
        let digest = Sha256::digest(&content);
        let mut etag = String::from("\"");
        for byte in &digest[..12] {
            // Writing to a String cannot fail.
            let _ = write!(etag, "{byte:02x}");
        }
        etag.push('"');
        File {
            content: content.into(),
            media_type: media_type(path),
            etag,
            compressed: OnceLock::new(),
        }
    }

    /// The file in gzip, made when it is first asked for; nothing where that would not pay.
    pub(crate) fn compressed(&self) -> Option<Bytes> {
        self.compressed
            .get_or_init(|| {
                if self.content.len() < WORTH_COMPRESSING || !is_text(self.media_type) {
                    return None;
                }
                let packed = gzip(&self.content).ok()?;
                (packed.len() < self.content.len()).then(|| packed.into())
            })
            .clone()
    }
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content)?;
    encoder.finish()
}

/// Reads a directory with all below it, by path as a browser writes it.
pub(crate) fn read(directory: &Path) -> io::Result<HashMap<String, File>> {
    let mut files = HashMap::new();
    let mut left = vec![(directory.to_path_buf(), String::new())];
    while let Some((place, prefix)) = left.pop() {
        for entry in std::fs::read_dir(&place)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let path = format!("{prefix}/{name}");
            let kind = entry.file_type()?;
            if kind.is_dir() {
                left.push((entry.path(), path));
            } else if kind.is_file() {
                let file = File::new(&path, std::fs::read(entry.path())?);
                files.insert(path, file);
            }
        }
    }
    Ok(files)
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

fn is_text(media_type: &str) -> bool {
    media_type.starts_with("text/")
        || media_type.contains("json")
        || media_type.ends_with("xml")
        || media_type.ends_with("wasm")
}
