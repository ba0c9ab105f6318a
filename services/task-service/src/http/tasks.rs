//! Tasks.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use auth_token::Caller;
use chrono::{DateTime, Utc};
use policy::Operation;
use problem::Problem;
use uuid::Uuid;
use web_kit::{DEFAULT_LIMIT, Idempotency, IfMatch, Json, Page, PathId, Query, cursor};

use super::columns::target;
use super::params::{Sort, TaskQuery};
use super::requests::{CreateTask, EditTask, MoveTask};
use super::{by, created, versioned};
use crate::app::App;
use crate::commands::{Move, TaskDraft};
use crate::queries::Order;
use crate::views::{Task, TaskSummary};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/api/boards/{id}/tasks").route(web::post().to(create)))
        .service(web::resource("/api/tasks").route(web::get().to(list)))
        .service(
            web::resource("/api/tasks/{id}")
                .route(web::get().to(read))
                .route(web::patch().to(edit))
                .route(web::delete().to(delete)),
        )
        .service(web::resource("/api/tasks/{id}/move").route(web::post().to(relocate)))
        .service(web::resource("/api/tasks/{id}/restore").route(web::post().to(restore)));
}

/// Create a task at the end of a column
#[utoipa::path(post, path = "/api/boards/{id}/tasks", operation_id = "createTask",
    extensions(("x-policy" = json!(["task_create"]))),
    tag = "tasks",
    params(("id" = Uuid, Path)), request_body = CreateTask,
    responses((status = 201, body = Task, headers(("ETag" = String), ("Location" = String)))),
    security(("bearer" = [])))]
pub(super) async fn create(
    caller: Caller,
    id: PathId,
    key: Idempotency,
    app: Data<App>,
    body: Json<CreateTask>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let draft = TaskDraft {
        board: id.0,
        column: body.column_id,
        content: body.into(),
    };
    let task = app.create_task(by(caller, key), draft).await?;
    Ok(created(&task, task.version, format!("/api/tasks/{}", task.id)))
}

/// Tasks over all boards
#[utoipa::path(get, path = "/api/tasks", operation_id = "listTasks",
    extensions(("x-policy" = json!(["board_read"]))),
    tag = "tasks", params(TaskQuery),
    responses((status = 200, body = Page<TaskSummary>)), security(("bearer" = [])))]
pub(super) async fn list(
    caller: Caller,
    app: Data<App>,
    query: Query<TaskQuery>,
) -> Result<HttpResponse, Problem> {
    caller.require(Operation::BoardRead)?;
    let filter = query.filter();
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let cursor = query.cursor.as_deref();
    let page = match query.sort {
        Sort::Newest => {
            let order = Order::Newest(cursor.map(cursor::decode).transpose()?);
            let rows = app.list_tasks(&caller, &filter, order, limit + 1).await?;
            Page::of(rows, limit, |task| task.id)?
        }
        Sort::Deadline => {
            let last: Option<(DateTime<Utc>, Uuid)> = cursor.map(cursor::decode).transpose()?;
            let rows = app
                .list_tasks(&caller, &filter, Order::Deadline(last), limit + 1)
                .await?;
            Page::of(rows, limit, |task| (task.deadline, task.id))?
        }
    };
    Ok(HttpResponse::Ok().json(page))
}

/// A whole task, in the trash or not
#[utoipa::path(get, path = "/api/tasks/{id}", operation_id = "getTask",
    extensions(("x-policy" = json!(["board_read"]))),
    tag = "tasks",
    params(("id" = Uuid, Path)), responses((status = 200, body = Task, headers(("ETag" = String)))),
    security(("bearer" = [])))]
pub(super) async fn read(caller: Caller, id: PathId, app: Data<App>) -> Result<HttpResponse, Problem> {
    caller.require(Operation::BoardRead)?;
    let task = app.read_task(&caller, id.0).await?;
    Ok(versioned(HttpResponse::Ok(), &task, task.version))
}

/// Edit the fields of a task
///
/// Send the version you have seen as `If-Match`. Fields that nobody else changed since are merged in, so that a stale
/// but harmless edit succeeds; where the same field was changed the answer is 412 with the `current` task and the
/// colliding `fields`.
#[utoipa::path(patch, path = "/api/tasks/{id}", operation_id = "editTask",
    extensions(("x-policy" = json!(["task_title", "task_description", "task_pic", "task_deadline", "task_priority", "task_labels"]))),
    tag = "tasks",
    params(("id" = Uuid, Path)), request_body = EditTask,
    responses((status = 200, body = Task, headers(("ETag" = String)))), security(("bearer" = [])))]
pub(super) async fn edit(
    caller: Caller,
    id: PathId,
    seen: IfMatch,
    (key, app): (Idempotency, Data<App>),
    body: Json<EditTask>,
) -> Result<HttpResponse, Problem> {
    let task = app
        .edit_task(by(caller, key), id.0, seen.0, body.into_inner().into())
        .await?;
    Ok(versioned(HttpResponse::Ok(), &task, task.version))
}

/// Move a task within its column or to another one
#[utoipa::path(post, path = "/api/tasks/{id}/move", operation_id = "moveTask",
    extensions(("x-policy" = json!(["task_move"]))),
    tag = "tasks",
    params(("id" = Uuid, Path)), request_body = MoveTask,
    responses((status = 200, body = Task, headers(("ETag" = String)))), security(("bearer" = [])))]
pub(super) async fn relocate(
    caller: Caller,
    id: PathId,
    seen: IfMatch,
    (key, app): (Idempotency, Data<App>),
    body: Json<MoveTask>,
) -> Result<HttpResponse, Problem> {
    let to = Move {
        column: body.column_id,
        target: target(body.before, body.after)?,
    };
    let task = app.move_task(by(caller, key), id.0, seen.0, to).await?;
    Ok(versioned(HttpResponse::Ok(), &task, task.version))
}

/// Put a task into the trash
///
/// Refused with 412 when anything but comments changed since the version you have seen.
#[utoipa::path(delete, path = "/api/tasks/{id}", operation_id = "deleteTask",
    extensions(("x-policy" = json!(["task_delete"]))),
    tag = "tasks",
    params(("id" = Uuid, Path)), responses((status = 200, body = Task, headers(("ETag" = String)))),
    security(("bearer" = [])))]
pub(super) async fn delete(
    caller: Caller,
    id: PathId,
    seen: IfMatch,
    key: Idempotency,
    app: Data<App>,
) -> Result<HttpResponse, Problem> {
    let task = app.delete_task(by(caller, key), id.0, seen.0).await?;
    Ok(versioned(HttpResponse::Ok(), &task, task.version))
}

/// Take a task out of the trash, to the end of its column
#[utoipa::path(post, path = "/api/tasks/{id}/restore", operation_id = "restoreTask",
    extensions(("x-policy" = json!(["task_restore"]))),
    tag = "tasks",
    params(("id" = Uuid, Path)), responses((status = 200, body = Task, headers(("ETag" = String)))),
    security(("bearer" = [])))]
pub(super) async fn restore(
    caller: Caller,
    id: PathId,
    seen: IfMatch,
    key: Idempotency,
    app: Data<App>,
) -> Result<HttpResponse, Problem> {
    let task = app.restore_task(by(caller, key), id.0, seen.0).await?;
    Ok(versioned(HttpResponse::Ok(), &task, task.version))
}
