//! What a member looks like.

use policy::Operation;
use uuid::Uuid;

use crate::{
    access,
    app::App,
    error::Error,
    store::{memberships::Bearer, pictures},
};

/// A picture to be sent.
pub struct Shown {
    /// Tells it from others.
    pub version: String,
    /// How it is to be read.
    pub media_type: String,
    /// The picture.
    pub bytes: Vec<u8>,
}

/// The picture of a member of the caller's workspace.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or no such member.
pub async fn picture(app: &App, bearer: Bearer, person: Uuid) -> Result<Shown, Error> {
    let mut conn = app.db.read().await?;
    access::allowed(&mut conn, bearer, Operation::MembersRead).await?;
    let stored = pictures::of_member(&mut conn, bearer.workspace, person).await?;
    let shown = stored.and_then(|stored| {
        Some(Shown {
            version: stored.version?,
            media_type: stored.media_type?,
            bytes: stored.bytes?,
        })
    });
    shown.ok_or(Error::NotFound("picture"))
}
