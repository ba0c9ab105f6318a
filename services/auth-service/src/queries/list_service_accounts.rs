//! The service accounts of the caller's workspace, each with its tokens.

use std::collections::HashMap;

use policy::Operation;
use uuid::Uuid;

use super::PageRequest;
use crate::{
    access,
    app::{App, now},
    error::Error,
    store::{api_tokens, memberships::Bearer, service_accounts},
    views::{AccountView, TokenView},
};

/// A page of accounts in the order in which they were made, and one more where there is another page.
pub async fn list_service_accounts(
    app: &App,
    bearer: Bearer,
    page: PageRequest,
) -> Result<Vec<AccountView>, Error> {
    let mut conn = app.db.read().await?;
    access::allowed(&mut conn, bearer, Operation::ServiceAccountsRead).await?;
    let accounts = service_accounts::page(&mut conn, bearer.workspace, page.after, page.limit + 1).await?;
    let ids: Vec<Uuid> = accounts.iter().map(|account| account.id).collect();
    let mut tokens: HashMap<Uuid, Vec<TokenView>> = HashMap::new();
    for token in api_tokens::of_members(&mut conn, bearer.workspace, &ids, now()).await? {
        tokens.entry(token.person).or_default().push(token.into());
    }
    Ok(accounts
        .into_iter()
        .map(|account| AccountView {
            tokens: tokens.remove(&account.id).unwrap_or_default(),
            id: account.id,
            name: account.name,
            role: account.role,
            created_at: account.created_at,
        })
        .collect())
}
