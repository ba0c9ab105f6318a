//! The demo workspace: made over HTTP, by the same requests that people's browsers send.
//!
//! The sign-ins are written to a file before anything is made, so that a seeding that was interrupted can be taken up
//! again: whoever can sign in is there already, and so is every task whose title is on the board.

mod board;
mod client;
mod file;
mod people;
mod tasks;

use std::path::PathBuf;

use clap::Args;
use secrecy::SecretString;

use client::Client;
use file::DemoFile;

/// What `onus seed` is told.
#[derive(Debug, Args)]
pub struct SeedOptions {
    /// Where the running Onus is.
    #[arg(long, default_value = "http://localhost:8080")]
    pub url: String,
    /// Where auth-service's internal routes are: the links of the invitations come from there.
    #[arg(long, default_value = "http://127.0.0.1:9080")]
    pub internal_url: String,
    /// The secret of notify-service, which alone gets them.
    #[arg(long, env = "ONUS_SEED_SECRET", hide_env_values = true)]
    pub secret: SecretString,
    /// The file for the sign-ins; only its owner can read it.
    #[arg(long, default_value = "demo.json")]
    pub file: PathBuf,
}

/// How it went.
#[derive(Debug, PartialEq, Eq)]
pub enum Seeded {
    /// The demo workspace is there.
    Made,
    /// Somebody else has signed up, and this installation lets nobody else do so.
    Occupied,
}

/// Makes the demo workspace, or what is missing of it.
///
/// # Errors
/// When the running Onus cannot be reached or refuses something.
pub async fn seed(options: &SeedOptions) -> anyhow::Result<Seeded> {
    let mut demo = DemoFile::open(&options.file, &options.url)?;
    let client = Client::new(&options.url, &options.internal_url, options.secret.clone())?;
    let Some(people) = people::gather(&client, &demo.content).await? else {
        demo.discard()?;
        return Ok(Seeded::Occupied);
    };
    let board = board::fill(&client, &people).await?;
    demo.finish(&board)?;
    Ok(Seeded::Made)
}
