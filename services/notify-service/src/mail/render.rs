//! Letters poured into the templates.

use lettre::Address;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};

use super::channel::Message;
use super::letter::Letter;

/// The templates, parsed once.
#[derive(Debug)]
pub struct Templates(Environment<'static>);

impl Templates {
    /// Parses the templates that are built into the program.
    ///
    /// # Errors
    /// When one is malformed.
    pub fn load() -> Result<Templates, minijinja::Error> {
        let mut environment = Environment::new();
        // Names ending in .html are escaped, others are not; a variable that does not exist is an error.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.add_template("mail.html", include_str!("../../templates/mail.html"))?;
        environment.add_template("mail.txt", include_str!("../../templates/mail.txt"))?;
        Ok(Templates(environment))
    }

    /// Writes the mail.
    ///
    /// # Errors
    /// When a template uses what the letter does not have.
    pub fn render(&self, letter: &Letter, to: Address) -> Result<Message, minijinja::Error> {
        Ok(Message {
            to,
            subject: letter.subject.clone(),
            text: self.0.get_template("mail.txt")?.render(Serde(letter))?,
            html: self.0.get_template("mail.html")?.render(Serde(letter))?,
        })
    }
}
