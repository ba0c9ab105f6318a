//! Invitations: for admins who make them, and for guests who hold a link.

use actix_web::{HttpResponse, http::header::LOCATION, web::Data};
use auth_token::Caller;
use problem::Problem;
use web_kit::{Idempotency, IfMatch, Json, OpenIdempotency, Page, PageQuery, PathId, Query, etag};

use super::{
    arrival::From,
    bodies::{AcceptBody, InspectBody, InviteBody},
    members::page_request,
    sessions::{language, opened_session, time_zone},
};
use crate::{
    app::App,
    commands::{accept_invitation::Accept, invite::Invite, withdraw_invitation::Withdraw},
    domain::{address::Address, profile::Name},
    error::Error,
    views::{self, InvitationInspected, InvitationView},
};

/// Lists the pending invitations, oldest first.
#[utoipa::path(
    get,
    path = "/api/invitations",
    operation_id = "listInvitations",
    extensions(("x-policy" = json!(["members_invite"]))),
    tag = "invitations",
    params(PageQuery),
    security(("bearer" = [])),
    responses(
        (status = 200, body = Page<InvitationView>, description = "A page of invitations"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let page = page_request(&query)?;
    let rows = app.invitations((&caller).into(), page).await?;
    let page = Page::of(rows, page.limit, |invitation| {
        (invitation.created_at, invitation.id)
    })?;
    Ok(HttpResponse::Ok().json(page.map(InvitationView::from)))
}

/// Invites somebody by mail. Who was invited before and let it expire can be invited again.
#[utoipa::path(
    post,
    path = "/api/invitations",
    operation_id = "createInvitation",
    extensions(("x-policy" = json!(["members_invite"]))),
    tag = "invitations",
    request_body = InviteBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again")),
    security(("bearer" = [])),
    responses(
        (status = 201, body = InvitationView, description = "Invited; a mail is on its way", headers(
            ("ETag" = String, description = "The version, for If-Match"),
            ("Location" = String, description = "The invitation's path")
        )),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn create(
    app: Data<App>,
    caller: Caller,
    key: Idempotency,
    body: Json<InviteBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let wanted = Invite {
        email: Address::parse(&body.email).map_err(|wrong| Error::invalid("email", wrong))?,
        role: body.role,
        language: language(body.language.as_deref())?,
    };
    let invitation = app.invite((&caller).into(), wanted, key.into_inner()).await?;
    Ok(HttpResponse::Created()
        .insert_header(etag::header(invitation.version))
        .insert_header((LOCATION, format!("/api/invitations/{}", invitation.id)))
        .json(invitation))
}

/// Takes an invitation back: its link stops to work.
#[utoipa::path(
    delete,
    path = "/api/invitations/{id}",
    operation_id = "withdrawInvitation",
    extensions(("x-policy" = json!(["members_invite"]))),
    tag = "invitations",
    params(
        ("id" = Uuid, Path, description = "The invitation's id"),
        ("If-Match" = String, Header, description = "The version you have seen, in double quotes"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again")
    ),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Withdrawn"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn withdraw(
    app: Data<App>,
    caller: Caller,
    id: PathId,
    version: IfMatch,
    key: Idempotency,
) -> Result<HttpResponse, Problem> {
    let wanted = Withdraw {
        invitation: id.0,
        version: version.0,
    };
    app.withdraw_invitation((&caller).into(), wanted, key.into_inner())
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Tells the holder of a link what they are invited to.
#[utoipa::path(
    post,
    path = "/api/auth/invitations/inspect",
    operation_id = "inspectInvitation",
    extensions(("x-policy" = json!(["open"]))),
    tag = "invitations",
    request_body = InspectBody,
    security(()),
    responses(
        (status = 200, body = InvitationInspected, description = "What the link leads to"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn inspect(app: Data<App>, body: Json<InspectBody>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(app.inspect_invitation(&body.token).await?))
}

/// Comes in by a link: with a new account, or with the password of the account the address has.
#[utoipa::path(
    post,
    path = "/api/auth/invitations/accept",
    operation_id = "acceptInvitation",
    extensions(("x-policy" = json!(["open"]))),
    tag = "invitations",
    request_body = AcceptBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again")),
    security(()),
    responses(
        (status = 201, body = views::Session, description = "A member now, and signed in; sets the refresh cookie"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn accept(
    app: Data<App>,
    from: From,
    key: OpenIdempotency,
    body: Json<AcceptBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let name = body.name.as_deref().map(Name::parse).transpose();
    let typed = Accept {
        token: body.token,
        password: body.password,
        name: name.map_err(|wrong| Error::invalid("name", wrong))?,
        language: language(body.language.as_deref())?,
        time_zone: time_zone(body.time_zone.as_deref())?,
    };
    let opened = app.accept_invitation(typed, from.0, key.into_inner()).await?;
    Ok(opened_session(&app, HttpResponse::Created(), opened))
}
