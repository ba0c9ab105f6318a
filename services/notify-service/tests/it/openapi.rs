//! The API document that is checked in is the one that the code describes.

use notify_service::App;
use web_kit::Service as _;

#[test]
fn the_document_is_up_to_date() {
    let written = format!("{}\n", App::openapi().to_pretty_json().unwrap());
    let checked_in = include_str!("../../openapi.json");
    assert!(written == checked_in, "run `cargo xtask openapi`");
}
