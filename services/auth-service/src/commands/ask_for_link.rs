//! "Forgot your password?" and "I want to sign up". What is asked is only written down, for every address alike.

use futures::FutureExt;
use uuid::Uuid;

use crate::{
    app::{App, now},
    config::SignUpMode,
    domain::{address::Address, arrival::Arrival, profile::Language},
    error::Error,
    store::address_notes::{self, AddressNote, RESET, SIGN_UP},
};

/// Asks for a link to choose another password.
pub async fn ask_for_reset(app: &App, email: Address, arrival: Arrival) -> Result<(), Error> {
    // The mail is in the language of the account.
    note(app, RESET, email, Language::default(), arrival).await
}

/// Asks for a link to sign up, where anybody may.
pub async fn ask_for_sign_up(
    app: &App,
    email: Address,
    language: Language,
    arrival: Arrival,
) -> Result<(), Error> {
    if app.settings.sign_up != SignUpMode::Open {
        return Err(Error::SignUpClosed);
    }
    note(app, SIGN_UP, email, language, arrival).await
}

async fn note(
    app: &App,
    kind: &str,
    email: Address,
    language: Language,
    arrival: Arrival,
) -> Result<(), Error> {
    let note = AddressNote {
        id: Uuid::now_v7(),
        kind: kind.to_owned(),
        email: email.into_string(),
        language: language.code().to_owned(),
        device: arrival.device,
        place: arrival.place,
        made_at: now(),
    };
    app.db
        .write(move |conn| async move { Ok::<_, Error>(address_notes::insert(conn, &note).await?) }.boxed())
        .await?;
    app.noted.notify_one();
    Ok(())
}
