//! Downloads that are written while they are read: a JSON object of lists, page after page, so that no list has to fit into
//! memory. When a page cannot be read the answer breaks off, and what came of it is no JSON.

use std::fmt::Write as _;
use std::future::ready;
use std::pin::Pin;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::Bytes;
use futures::stream::{self, Stream, StreamExt as _};
use problem::Problem;

/// Rows in a page of a download.
pub const PAGE: i64 = 200;

/// Pages of a list; every item is the text of a JSON value.
pub type Pages = Pin<Box<dyn Stream<Item = Result<Vec<String>, Problem>>>>;

/// The pages that `read` gives: first those from the beginning, then those after the key of the last row. An empty page
/// is the end.
pub fn pages<Key, Read, Reading>(read: Read) -> Pages
where
    Key: 'static,
    Read: Fn(Option<Key>) -> Reading + 'static,
    Reading: Future<Output = Result<Vec<(Key, String)>, Problem>> + 'static,
{
    Box::pin(stream::try_unfold(None, move |after: Option<Key>| {
        let reading = read(after);
        async move {
            let (mut keys, texts): (Vec<Key>, Vec<String>) = reading.await?.into_iter().unzip();
            Ok(keys.pop().map(|last| (texts, Some(last))))
        }
    }))
}

/// A list of a single item.
pub fn single(text: String) -> Pages {
    Box::pin(stream::once(ready(Ok(vec![text]))))
}

/// The download of these lists, each under its name, as a file of this name.
pub fn download(file: &str, lists: Vec<(&'static str, Pages)>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .streaming(written(lists))
}

fn written(lists: Vec<(&'static str, Pages)>) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    let fixed = |text: String| stream::once(ready(Ok(Bytes::from(text))));
    let lists = stream::iter(lists)
        .enumerate()
        .flat_map(move |(place, (name, pages))| {
            let opening = if place == 0 { '{' } else { ',' };
            fixed(format!("{opening}\"{name}\":["))
                .chain(items(pages))
                .chain(fixed("]".to_owned()))
        });
    lists.chain(fixed("}".to_owned()))
}

fn items(pages: Pages) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    pages.scan(true, |first, page| {
        let text = page.map_err(broken_off).map(|items| {
            let mut text = String::new();
            for item in items {
                let comma = if std::mem::take(first) { "" } else { "," };
                // Writing to a string cannot fail.
                let _ = write!(text, "{comma}{item}");
            }
            Bytes::from(text)
        });
        ready(Some(text))
    })
}

fn broken_off(problem: Problem) -> std::io::Error {
    tracing::error!(?problem, "a download broke off");
    std::io::Error::other("the download broke off")
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use problem::Code;
    use serde_json::{Value, json};

    use super::*;

    #[actix_web::test]
    async fn lists_are_written_page_by_page() {
        let numbers = pages(|after: Option<i64>| async move {
            let from = after.map_or(1, |last| last + 1);
            Ok((from..=5).take(2).map(|n| (n, n.to_string())).collect())
        });
        let none = pages(|_: Option<i64>| async { Ok(Vec::new()) });
        let lists = vec![
            ("one", single("\"a\"".to_owned())),
            ("none", none),
            ("numbers", numbers),
        ];
        let answer = download("onus.json", lists);
        let header = answer.headers().get(CONTENT_DISPOSITION).expect("a file name");
        assert_eq!(header, "attachment; filename=\"onus.json\"");
        let body = to_bytes(answer.into_body()).await.expect("a whole body");
        let read: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(
            read,
            json!({ "one": ["a"], "none": [], "numbers": [1, 2, 3, 4, 5] })
        );
    }

    #[actix_web::test]
    async fn a_page_that_cannot_be_read_breaks_it_off() {
        let broken = pages(|after: Option<i64>| async move {
            match after {
                None => Ok(vec![(1, "1".to_owned())]),
                Some(_) => Err(Problem::new(Code::Unavailable)),
            }
        });
        let answer = download("onus.json", vec![("numbers", broken)]);
        assert!(to_bytes(answer.into_body()).await.is_err());
    }
}
