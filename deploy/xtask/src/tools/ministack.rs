//! The AWS emulator: SQS and SES on a loopback port, from PyPI.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail};
use rustix::process::Signal;

use super::python;
use crate::account;
use crate::http;
use crate::ports;
use crate::processes::{Processes, Stage};
use crate::session::Session;
use crate::ui::Progress;

/// The version whose behaviour the tests were written against.
const REQUIREMENT: &str = "ministack==1.5.33";
/// The region the emulator and its clients agree on.
pub(crate) const REGION: &str = "us-east-1";
/// Who the mails come from.
pub(crate) const SENDER: &str = "board@example.com";

/// An emulator that is installed and has a port.
pub(crate) struct Ministack {
    folder: PathBuf,
    port: u16,
}

impl Ministack {
    /// Installs the emulator when missing.
    pub(crate) fn install(session: &Session, progress: &Progress) -> Result<Self> {
        let folder = python::environment(session, REQUIREMENT, progress)?;
        let [port] = ports::free()?;
        Ok(Self { folder, port })
    }

    /// Starts it and waits until it answers. It begins empty: an event that had not left its queue yet is found missing
    /// by its consumer and fetched from its producer, as after any lost queue.
    pub(crate) fn start(&self, session: &Session, processes: &mut Processes, log: &str) -> Result<()> {
        let program = self.folder.join("bin/ministack");
        let mut command = account::command(session.account.as_ref(), program.as_os_str(), Some("TERM"));
        command
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", self.port.to_string());
        command.env("PERSIST_STATE", "0").env("LOG_LEVEL", "WARNING");
        processes.start(
            "AWS emulator",
            Stage::Emulator,
            Signal::TERM,
            &mut command,
            &session.log(log),
        )?;
        processes.wait_until("the AWS emulator", Duration::from_secs(30), || {
            http::get(self.port, "/_ministack/health").is_ok_and(|(status, _)| status == 200)
        })
    }

    /// Where the SDK finds it.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Where a person finds the mails that were sent.
    pub(crate) fn mails(&self) -> String {
        format!("{}/_ministack/ses/messages", self.endpoint())
    }

    /// Makes a FIFO queue, as Terraform does in the cloud.
    pub(crate) fn create_queue(&self, name: &str) -> Result<()> {
        let body = serde_json::json!({
            "QueueName": format!("{name}.fifo"),
            "Attributes": {"FifoQueue": "true", "ContentBasedDeduplication": "false", "VisibilityTimeout": "30"},
        });
        self.call(
            "sqs",
            &[
                ("X-Amz-Target", "AmazonSQS.CreateQueue"),
                ("Content-Type", "application/x-amz-json-1.0"),
            ],
            "/",
            &body,
        )
    }

    /// Lets SES send from an address.
    pub(crate) fn verify_sender(&self) -> Result<()> {
        let body = serde_json::json!({"EmailIdentity": SENDER});
        self.call(
            "ses",
            &[("Content-Type", "application/json")],
            "/v2/email/identities",
            &body,
        )
    }

    fn call(
        &self,
        service: &str,
        headers: &[(&str, &str)],
        path: &str,
        body: &serde_json::Value,
    ) -> Result<()> {
        let credential = format!(
            "AWS4-HMAC-SHA256 Credential=test/20260101/{REGION}/{service}/aws4_request, SignedHeaders=host, Signature=0"
        );
        let mut all = vec![("Authorization", credential.as_str())];
        all.extend_from_slice(headers);
        let (status, answer) = http::post_json(self.port, path, &all, &body.to_string())?;
        if status != 200 {
            bail!("the AWS emulator answered {status} to {path}: {answer}");
        }
        Ok(())
    }
}
