//! The channel `smtp`: any mail server.
//!
//! The dialogue is led step by step, because only one step can leave the outcome open: the answer to the
//! message itself. A failure before it, whatever its kind, means that the mail was not taken.

use std::time::Duration;

use async_trait::async_trait;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::{Address, Message as Mime};
use secrecy::ExposeSecret as _;

use super::channel::{Channel, Parcel};
use crate::config::{SmtpSettings, SmtpTls};
use crate::domain::delivery::Outcome;

/// How long connecting may take, TLS included.
const CONNECT: Duration = Duration::from_secs(5);

/// A mail server.
#[derive(Clone, Debug)]
pub struct Smtp {
    settings: SmtpSettings,
    from: Mailbox,
    hello: ClientId,
}

/// Why a mail was not taken.
struct NotTaken {
    reason: String,
    /// Whether the server refuses this recipient for good.
    for_good: bool,
    /// Whether other mails would fare the same.
    channel_down: bool,
}

impl Smtp {
    /// Keeps the settings; every mail makes its own connection.
    pub fn new(settings: SmtpSettings, from: Mailbox) -> Smtp {
        Smtp {
            settings,
            from,
            hello: ClientId::default(),
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let server = (self.settings.host.as_str(), self.settings.port);
        let wrapped = match self.settings.tls {
            SmtpTls::Implicit => Some(TlsParameters::new(self.settings.host.clone())?),
            SmtpTls::Starttls | SmtpTls::None => None,
        };
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(CONNECT), &self.hello, wrapped, None).await?;
        if self.settings.tls == SmtpTls::Starttls {
            connection
                .starttls(TlsParameters::new(self.settings.host.clone())?, &self.hello)
                .await?;
        }
        if let (Some(user), Some(password)) = (&self.settings.username, &self.settings.password) {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], &credentials)
                .await?;
        }
        Ok(connection)
    }

    /// Everything up to the server's invitation to send the message.
    async fn prepare(&self, to: &Address) -> Result<AsyncSmtpConnection, NotTaken> {
        let connecting = tokio::time::timeout(CONNECT, self.connect()).await;
        let mut connection = match connecting {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return Err(NotTaken::by_server("connecting", &error)),
            Err(_) => return Err(NotTaken::silent()),
        };
        let mail = Mail::new(Some(self.from.email.clone()), mail_parameters(&connection));
        let rcpt = Rcpt::new(to.clone(), Vec::new());
        // One command's silence must not use up the time that the message needs.
        let dialogue = async {
            connection
                .command(mail)
                .await
                .map_err(|error| NotTaken::by_server("MAIL", &error))?;
            connection
                .command(rcpt)
                .await
                .map_err(|error| NotTaken::of_recipient(&error))?;
            connection
                .command(Data)
                .await
                .map_err(|error| NotTaken::by_server("DATA", &error))
        };
        match tokio::time::timeout(CONNECT, dialogue).await {
            Ok(Ok(_)) => Ok(connection),
            Ok(Err(refusal)) => {
                connection.abort().await;
                Err(refusal)
            }
            Err(_) => Err(NotTaken::silent()),
        }
    }

    fn mime(&self, parcel: &Parcel) -> Result<Vec<u8>, lettre::error::Error> {
        let message = &parcel.message;
        let id = format!("<{}@{}>", parcel.delivery.simple(), self.from.email.domain());
        let alternatives = MultiPart::alternative()
            .singlepart(
                SinglePart::builder()
                    .header(ContentType::TEXT_PLAIN)
                    .body(message.text.clone()),
            )
            .singlepart(
                SinglePart::builder()
                    .header(ContentType::TEXT_HTML)
                    .body(message.html.clone()),
            );
        let mime = Mime::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, message.to.clone()))
            .subject(message.subject.clone())
            // The same at every try, so that a server may notice a repeated mail.
            .message_id(Some(id))
            .header(AutoSubmitted)
            .multipart(alternatives)?;
        Ok(mime.formatted())
    }
}

#[async_trait]
impl Channel for Smtp {
    fn name(&self) -> &'static str {
        "smtp"
    }

    async fn send(&self, parcel: &Parcel) -> Outcome {
        let mime = match self.mime(parcel) {
            Ok(mime) => mime,
            Err(error) => {
                return Outcome::Refused {
                    reason: error.to_string(),
                };
            }
        };
        let mut connection = match self.prepare(&parcel.message.to).await {
            Ok(connection) => connection,
            Err(refusal) => return refusal.outcome(),
        };
        match connection.message(&mime).await {
            Ok(answer) => {
                // The mail is taken; whether the farewell arrives does not matter.
                connection.abort().await;
                Outcome::Accepted {
                    message_id: answer.first_line().map(short),
                }
            }
            Err(error) if error.status().is_some() => NotTaken::by_server("the message", &error).outcome(),
            Err(_) => Outcome::Lost {
                reason: "the mail server's answer was lost".to_owned(),
            },
        }
    }
}

impl NotTaken {
    fn by_server(step: &str, error: &SmtpError) -> NotTaken {
        NotTaken {
            reason: format!("{step}: {}", describe(error)),
            for_good: false,
            channel_down: true,
        }
    }

    fn of_recipient(error: &SmtpError) -> NotTaken {
        NotTaken {
            reason: format!("RCPT: {}", describe(error)),
            for_good: error.is_permanent(),
            channel_down: !error.is_permanent() && !error.is_transient(),
        }
    }

    fn silent() -> NotTaken {
        NotTaken {
            reason: "the mail server does not answer".to_owned(),
            for_good: false,
            channel_down: true,
        }
    }

    fn outcome(self) -> Outcome {
        if self.for_good {
            Outcome::Refused { reason: self.reason }
        } else {
            Outcome::NotTaken {
                reason: self.reason,
                channel_down: self.channel_down,
            }
        }
    }
}

/// The status code where the server gave one. Its text is left out: it may repeat what was sent.
fn describe(error: &SmtpError) -> String {
    match error.status() {
        Some(code) => format!("the mail server answered {code}"),
        None => error.to_string(),
    }
}

fn short(line: &str) -> String {
    line.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Bodies are written in 7-bit encodings, so 8BITMIME is a courtesy that is used where it is offered.
fn mail_parameters(connection: &AsyncSmtpConnection) -> Vec<MailParameter> {
    if connection.server_info().supports_feature(Extension::EightBitMime) {
        vec![MailParameter::Body(MailBodyParameter::EightBitMime)]
    } else {
        Vec::new()
    }
}

/// Keeps out-of-office answers away (RFC 3834, section 5).
#[derive(Clone, Copy, Debug)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<AutoSubmitted, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
