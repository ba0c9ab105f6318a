//! The members of the workspace.

use actix_web::{HttpResponse, web::Data};
use auth_token::Caller;
use chrono::{DateTime, Utc};
use problem::Problem;
use uuid::Uuid;
use web_kit::{Idempotency, IfMatch, Json, Page, PageQuery, PathId, Query, etag};

use super::bodies::ChangeRoleBody;
use crate::{
    app::App,
    commands::{change_role::ChangeRole, remove_member::RemoveMember},
    queries::PageRequest,
    views::MemberView,
};

/// Lists the members in the order in which they joined.
#[utoipa::path(
    get,
    path = "/api/members",
    operation_id = "listMembers",
    extensions(("x-policy" = json!(["members_read"]))),
    tag = "members",
    params(PageQuery),
    security(("bearer" = [])),
    responses(
        (status = 200, body = Page<MemberView>, description = "A page of members"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let page = page_request(&query)?;
    let rows = app.members((&caller).into(), page).await?;
    let page = Page::of(rows, page.limit, |member| (member.joined_at, member.id))?;
    Ok(HttpResponse::Ok().json(page.map(MemberView::from)))
}

/// Gives a member another role. Their access tokens of the old role stop to count.
#[utoipa::path(
    patch,
    path = "/api/members/{id}",
    operation_id = "changeMemberRole",
    extensions(("x-policy" = json!(["members_role"]))),
    tag = "members",
    request_body = ChangeRoleBody,
    params(
        ("id" = Uuid, Path, description = "The person's id"),
        ("If-Match" = String, Header, description = "The version you have seen, in double quotes"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again")
    ),
    security(("bearer" = [])),
    responses(
        (status = 200, body = MemberView, description = "The member as they are now", headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn change_role(
    app: Data<App>,
    caller: Caller,
    id: PathId,
    version: IfMatch,
    key: Idempotency,
    body: Json<ChangeRoleBody>,
) -> Result<HttpResponse, Problem> {
    let wanted = ChangeRole {
        person: id.0,
        role: body.role,
        version: version.0,
    };
    let member = app
        .change_role((&caller).into(), wanted, key.into_inner())
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag::header(member.version))
        .json(member))
}

/// Removes a member from the workspace and ends their sessions there.
#[utoipa::path(
    delete,
    path = "/api/members/{id}",
    operation_id = "removeMember",
    extensions(("x-policy" = json!(["members_remove"]))),
    tag = "members",
    params(
        ("id" = Uuid, Path, description = "The person's id"),
        ("If-Match" = String, Header, description = "The version you have seen, in double quotes"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again")
    ),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Removed"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn remove(
    app: Data<App>,
    caller: Caller,
    id: PathId,
    version: IfMatch,
    key: Idempotency,
) -> Result<HttpResponse, Problem> {
    let wanted = RemoveMember {
        person: id.0,
        version: version.0,
    };
    app.remove_member((&caller).into(), wanted, key.into_inner())
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The page that a query asks for, of rows in the order of a moment and an id.
pub(super) fn page_request(query: &PageQuery) -> Result<PageRequest, Problem> {
    Ok(PageRequest {
        after: query.after::<(DateTime<Utc>, Uuid)>()?,
        limit: query.limit(),
    })
}
