//! The caller's own API tokens in the workspace they are signed in to.

use policy::Operation;

use crate::{
    access,
    app::{App, now},
    error::Error,
    store::{api_tokens, memberships::Bearer},
    views::TokenView,
};

/// The live ones, in the order in which they were made. There are never more than fifty.
pub async fn list_tokens(app: &App, bearer: Bearer) -> Result<Vec<TokenView>, Error> {
    let mut conn = app.db.read().await?;
    access::allowed(&mut conn, bearer, Operation::TokenRead).await?;
    let tokens = api_tokens::of_members(&mut conn, bearer.workspace, &[bearer.person], now()).await?;
    Ok(tokens.into_iter().map(TokenView::from).collect())
}
