//! What stands in more than one language, since each needs it in its own, says the same everywhere.

use std::fs;

use crate::{assert_none, files_below, root};

fn text(file: &str) -> String {
    fs::read_to_string(root().join(file)).expect("a file of the checkout")
}

/// What stands between two marks, wherever both are.
fn all_between<'a>(text: &'a str, begin: &'a str, end: &'a str) -> Vec<&'a str> {
    let after = text.split(begin).skip(1);
    after
        .filter_map(|rest| rest.split_once(end))
        .map(|(found, _)| found)
        .collect()
}

#[test]
fn alarms_listen_for_words_that_the_services_say() {
    let alarms = text("terraform/modules/observability/alarms.tf").replace('\\', "");
    let messages = all_between(&alarms, "$.message = \"", "\"");
    let listed = all_between(&alarms, "for message in [", "]");
    let messages: Vec<&str> = messages
        .into_iter()
        .filter(|message| !message.contains("${"))
        .chain(listed.iter().flat_map(|list| list.split('"').skip(1).step_by(2)))
        .collect();
    assert!(messages.len() > 6, "the alarms were not understood: {messages:?}");
    let sources: Vec<String> = ["services", "shared"]
        .iter()
        .flat_map(|folder| files_below(folder))
        .filter(|(name, _)| name.ends_with(".rs") && name.contains("/src/"))
        .map(|(_, path)| fs::read_to_string(path).expect("a source"))
        .collect();
    let breaches: Vec<String> = messages
        .iter()
        .filter(|message| {
            let literal = match message.strip_suffix('*') {
                Some(beginning) => format!("\"{beginning}"),
                None => format!("\"{message}\""),
            };
            !sources.iter().any(|source| source.contains(&literal))
        })
        .map(|message| format!("no service says \"{message}\""))
        .collect();
    assert_none(
        "terraform/modules/observability/alarms.tf waits for messages of the code",
        &breaches,
    );
}

#[test]
fn the_web_app_may_do_the_same_wherever_it_is_served() {
    // In Rust the text is broken into lines.
    let embedded = text("shared/web-kit/src/spa.rs");
    let embedded = all_between(&embedded, "const POLICY: &str = \"", "\";").join("");
    let embedded: Vec<&str> = embedded.split('\\').map(str::trim_start).collect();
    let embedded = embedded.concat();
    assert!(embedded.starts_with("default-src 'none'"), "{embedded}");
    let nginx = text("docker/nginx/web-headers.conf");
    let edge = text("terraform/modules/web/distribution.tf");
    let policies = [
        ("nginx", all_between(&nginx, "Content-Security-Policy \"", "\"")),
        (
            "CloudFront",
            all_between(&edge, "content_security_policy = \"", "\""),
        ),
    ];
    let breaches: Vec<String> = policies
        .iter()
        .filter(|(_, found)| *found != [embedded.as_str()])
        .map(|(place, found)| format!("{place} says {found:?}, the process on a laptop {embedded:?}"))
        .collect();
    assert_none("one Content-Security-Policy", &breaches);
}
