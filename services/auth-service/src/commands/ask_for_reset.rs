//! "Forgot your password?" What is asked is only written down, for every address alike.

use futures::FutureExt;
use uuid::Uuid;

use crate::{
    app::{App, now},
    domain::{address::Address, arrival::Arrival},
    error::Error,
    store::address_notes::{self, AddressNote, RESET},
};

/// Writes the request down.
pub async fn ask_for_reset(app: &App, email: Address, arrival: Arrival) -> Result<(), Error> {
    let note = AddressNote {
        id: Uuid::now_v7(),
        kind: RESET.to_owned(),
        email: email.into_string(),
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
