//! Choosing one's picture, or to have none. Every workspace the person belongs to hears that it changed.

use futures::FutureExt;
use postgres::Connection;

use super::edit_me::announce_edit;
use crate::{
    access,
    app::App,
    domain::picture::Picture,
    error::Error,
    events::FieldChange,
    store::{
        memberships::{self, Bearer},
        people, pictures,
    },
    views::Me,
};

/// Stores the picture, and gives the profile as it is now.
pub async fn set_picture(app: &App, bearer: Bearer, chosen: Option<Picture>) -> Result<Me, Error> {
    app.write(move |conn| async move { apply(conn, bearer, chosen.as_ref()).await }.boxed())
        .await
}

async fn apply(conn: &mut Connection, bearer: Bearer, chosen: Option<&Picture>) -> Result<Me, Error> {
    people::lock(conn, bearer.person)
        .await?
        .ok_or(Error::SessionOver)?;
    // The picture before memberships, as wherever both are touched.
    pictures::choose(conn, bearer.person, chosen).await?;
    memberships::lock(conn, bearer.workspace, bearer.person).await?;
    let member = access::acting(conn, bearer).await?;
    let lacking = access::lacks_second_factor(conn, &member).await?;
    let version = chosen.map(Picture::version);
    if member.picture == version {
        return Ok(Me::of(member, lacking));
    }
    let changed = FieldChange::new("picture", member.picture, version.as_deref());
    people::set_picture(conn, bearer.person, version.as_deref()).await?;
    let members = announce_edit(conn, bearer.person, &[changed]).await?;
    let here = members
        .into_iter()
        .find(|member| member.workspace_id == bearer.workspace);
    Ok(Me::of(here.ok_or(Error::SessionOver)?, lacking))
}
