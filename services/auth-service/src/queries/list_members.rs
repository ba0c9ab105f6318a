//! The members of the caller's workspace.

use policy::Operation;

use super::PageRequest;
use crate::{
    access,
    app::App,
    error::Error,
    store::memberships::{self, Bearer, Member},
};

/// A page of members in the order in which they joined, and one more row where there is another page.
pub async fn list_members(app: &App, bearer: Bearer, page: PageRequest) -> Result<Vec<Member>, Error> {
    let mut conn = app.db.read().await?;
    access::allowed(&mut conn, bearer, Operation::MembersRead).await?;
    Ok(memberships::page(&mut conn, bearer.workspace, page.after, page.limit + 1).await?)
}
