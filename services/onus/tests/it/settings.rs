//! Faulty settings stop the start, all named at once.

use std::process::Command;

#[test]
fn every_fault_is_named_and_the_exit_code_is_2() {
    let output = Command::new(env!("CARGO_BIN_EXE_onus"))
        .arg("serve")
        .env_clear()
        .env("ONUS__HTTP__PORT", "many")
        .env("ONUS__DATABASE__POOL_SIZE", "0")
        .env("ONUS__SECRET", "short")
        .env("ONUS__COLOUR", "red")
        .output()
        .expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for fault in [
        "http.port",
        "database.pool_size",
        "database: url",
        "secret",
        "colour",
    ] {
        assert!(said.contains(fault), "{fault} is not named in:\n{said}");
    }
    assert!(!said.contains("short"), "a secret is not repeated:\n{said}");
}

#[test]
fn faults_of_the_services_are_named_with_the_service() {
    let output = Command::new(env!("CARGO_BIN_EXE_onus"))
        .arg("serve")
        .env_clear()
        .env("ONUS__DATABASE__URL", "postgres://nobody@127.0.0.1:1/none")
        .env("ONUS__SECRET", "a secret that is long enough for this")
        .env("NOTIFY__MAIL__CHANNEL", "pigeon")
        .env("AUTH__AUTH__ACCESS_TOKEN_SECONDS", "5")
        .output()
        .expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("notify-service: mail.channel"), "{said}");
    assert!(said.contains("auth-service: auth.access_token_seconds"), "{said}");
}
