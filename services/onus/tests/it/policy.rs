//! Who may do what: every cell of the policy's table, over HTTP, with the tokens of two workspaces.

use std::collections::BTreeSet;

use audit_service::App as AuditService;
use auth_service::AuthService;
use notify_service::App as NotifyService;
use policy::{Operation, Ownership, Role, allows, table};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use task_service::TaskService;
use uuid::Uuid;
use web_kit::Service as _;

use crate::house::House;

/// In place of rows: nobody has to sign in.
const OPEN: &str = "open";

/// An operation of the API documents.
pub(crate) struct Served {
    pub(crate) id: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) rows: Vec<String>,
    pub(crate) open: bool,
}

/// Every operation of the four services.
pub(crate) fn served() -> Vec<Served> {
    let documents = [
        AuthService::openapi(),
        TaskService::openapi(),
        AuditService::openapi(),
        NotifyService::openapi(),
    ];
    let mut all = Vec::new();
    for document in documents {
        let document = serde_json::to_value(document).expect("a document");
        for (path, methods) in document["paths"].as_object().expect("paths") {
            for (method, operation) in methods.as_object().expect("methods") {
                let Some(id) = operation["operationId"].as_str() else {
                    continue;
                };
                let rows = operation["x-policy"].as_array().cloned().unwrap_or_default();
                let schemes = operation["security"].as_array().cloned().unwrap_or_default();
                let signed_in = |scheme: &Value| scheme.get("bearer").or(scheme.get("token")).is_some();
                all.push(Served {
                    id: id.to_owned(),
                    method: method.to_uppercase().parse().expect("a method"),
                    path: path.clone(),
                    rows: rows
                        .iter()
                        .filter_map(|row| Some(row.as_str()?.to_owned()))
                        .collect(),
                    open: schemes.iter().any(|scheme| !signed_in(scheme)),
                });
            }
        }
    }
    all
}

#[test]
fn every_operation_names_its_rows_and_every_row_is_served() {
    let mut named = BTreeSet::new();
    for operation in served() {
        assert!(
            !operation.rows.is_empty(),
            "{} names no row as x-policy",
            operation.id
        );
        assert_eq!(operation.rows == [OPEN], operation.open, "{}", operation.id);
        for row in operation.rows.iter().filter(|row| *row != OPEN) {
            assert!(
                row.parse::<Operation>().is_ok(),
                "{}: {row} is no row",
                operation.id
            );
            named.insert(row.clone());
        }
    }
    let rows: BTreeSet<String> = table::operations().map(|row| row.to_string()).collect();
    assert_eq!(named, rows, "rows that nothing is served under");
}

/// What the requests are about.
struct Stage {
    board: Uuid,
    column: Uuid,
    own_task: Uuid,
    other_task: Uuid,
    member: Uuid,
}

/// The body of an operation's request in one row, good enough to get past the reading of it.
fn body(operation: &str, row: &str, stage: &Stage) -> Option<Value> {
    let body = match operation {
        "editMe" | "editBoard" => json!({ "name": "Named anew" }),
        "stepUp" => json!({ "password": "not the password at all" }),
        "changePassword" => json!({ "new_password": "short" }),
        "linkIdentity" => json!({ "return_to": "/" }),
        "addPasskey" => json!({ "ceremony": "none", "name": "My phone", "credential": {} }),
        "confirmApp" => json!({ "code": "000000" }),
        "changeMemberRole" => json!({ "role": "observer" }),
        "createInvitation" => json!({ "email": format!("{}@example.com", Uuid::new_v4()), "role": "pic" }),
        "createBoard" => json!({ "name": "Another board" }),
        "createToken" | "createServiceAccountToken" => {
            json!({ "name": "Token", "scopes": ["read"], "expires_in_days": 1 })
        }
        "createServiceAccount" => json!({ "name": "Robot", "role": "pic" }),
        "createWorkspace" => json!({ "name": "" }),
        "editWorkspace" => json!({ "name": "Named anew" }),
        "deleteWorkspace" => json!({ "name": "not its name" }),
        "eraseMe" => json!({ "email": "nobody@example.com" }),
        "createColumn" => json!({ "name": "Another column", "status": "todo" }),
        "editColumn" => json!({ "name": "Named anew" }),
        "moveColumn" => json!({}),
        "createTask" => json!({ "title": "Another task", "column_id": stage.column }),
        "moveTask" => json!({ "column_id": stage.column }),
        "createComment" => json!({ "body": "A comment" }),
        "readNotifications" => json!({ "all": true }),
        "editPreferences" => json!({ "mail": "all" }),
        "editTask" => match row {
            "task_title" => json!({ "title": "Another title" }),
            "task_description" => json!({ "description": "Another description" }),
            "task_pic" => json!({ "pic_id": stage.member }),
            "task_deadline" => json!({ "deadline": "2030-01-01T00:00:00Z" }),
            "task_priority" => json!({ "priority": "high" }),
            _ => json!({ "labels": ["label"] }),
        },
        _ => return None,
    };
    Some(body)
}

/// The path with the ids of the stage.
fn path(operation: &Served, ownership: Ownership, stage: &Stage) -> String {
    let task = match ownership {
        Ownership::Own => stage.own_task,
        Ownership::Other => stage.other_task,
    };
    let id = match operation.path.split('/').nth(2) {
        Some("boards") => stage.board,
        Some("columns") => stage.column,
        Some("tasks") => task,
        Some("members") => stage.member,
        // Sessions, invitations, mails: of none there is one with this id.
        _ => Uuid::from_u128(7),
    };
    let path = operation.path.replace("{id}", &id.to_string());
    path.replace("{token_id}", &Uuid::from_u128(7).to_string())
}

/// Asks as somebody. Versions are old on purpose: what is allowed then changes nothing, and what is not is refused
/// all the same.
async fn ask(
    house: &House,
    operation: &Served,
    row: &str,
    ownership: Ownership,
    session: &Value,
    stage: &Stage,
) -> (StatusCode, Value) {
    let body = body(&operation.id, row, stage);
    let path = path(operation, ownership, stage);
    let query = if operation.id == "followChanges" {
        "?after=0&wait=0"
    } else {
        ""
    };
    let method = operation.method.clone();
    house
        .send_as_of_old(method, &format!("{path}{query}"), session, body)
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_cell_is_as_the_table_says_and_foreign_things_are_not_there() {
    let house = House::start_open().await;
    let admin = house.sign_up("admin@example.com").await;
    let supervisor = house.join(&admin, "supervisor@example.com", "supervisor").await;
    let pic = house.join(&admin, "pic@example.com", "pic").await;
    let observer = house.join(&admin, "observer@example.com", "observer").await;
    let member = house.join(&admin, "member@example.com", "pic").await;
    let foreign = house.sign_up("foreign@example.com").await;
    let stage = prepare(&house, &admin, &pic, &member).await;

    let (mut cells, mut refused) = (0, 0);
    for operation in served().iter().filter(|operation| !operation.open) {
        // Of several rows, a request is good for one field each, or one row opens what another widens.
        let rows: &[String] = if operation.id == "editTask" {
            &operation.rows
        } else {
            &operation.rows[..1]
        };
        for row in rows {
            let known: Operation = row.parse().expect("a row");
            for (role, ownership) in table::COLUMNS {
                let session = match role {
                    Role::Admin => &admin,
                    Role::Supervisor => &supervisor,
                    Role::Pic => &pic,
                    Role::Observer => &observer,
                };
                let (status, answer) = ask(&house, operation, row, ownership, session, &stage).await;
                let cell = format!(
                    "{} ({row}) by {role}, {ownership}: {status} {answer}",
                    operation.id
                );
                assert!(
                    !status.is_server_error() && status != StatusCode::UNAUTHORIZED,
                    "{cell}"
                );
                assert_ne!(
                    status,
                    StatusCode::BAD_REQUEST,
                    "the request itself is wrong: {cell}"
                );
                assert_eq!(
                    status != StatusCode::FORBIDDEN,
                    allows(role, known, ownership),
                    "{cell}"
                );
                cells += 1;
                refused += usize::from(status == StatusCode::FORBIDDEN);
            }
            if operation.path.contains("{id}") {
                let (status, answer) = ask(&house, operation, row, Ownership::Own, &foreign, &stage).await;
                assert_eq!(
                    status,
                    StatusCode::NOT_FOUND,
                    "{} ({row}) from elsewhere: {answer}",
                    operation.id
                );
                cells += 1;
            }
        }
    }
    assert!(cells > 200 && refused > 50, "{cells} cells, {refused} refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_lacks_a_needed_second_factor_looks_after_their_account_alone() {
    let house = House::start_open().await;
    let admin = house.sign_up("admin@example.com").await;
    let pic = house.join(&admin, "pic@example.com", "pic").await;
    let member = house.join(&admin, "member@example.com", "pic").await;
    let stage = prepare(&house, &admin, &pic, &member).await;
    let rule = "update auth.workspace set require_second_factor = true";
    house.sql().await.batch_execute(rule).await.expect("a rule");
    let (_, restricted) = house.sign_in_by("admin@example.com").await;
    assert_eq!(restricted["second_factor_needed"], true);
    let (mut open, mut shut) = (0, 0);
    for operation in served().iter().filter(|operation| !operation.open) {
        let row: Operation = operation.rows[0].parse().expect("a row");
        let (status, answer) = ask(
            &house,
            operation,
            &operation.rows[0],
            Ownership::Own,
            &restricted,
            &stage,
        )
        .await;
        let needed = answer["state"] == "second_factor_needed";
        assert_eq!(
            needed,
            !policy::needs_no_second_factor(row),
            "{}: {status} {answer}",
            operation.id
        );
        assert_eq!(
            needed,
            status == StatusCode::FORBIDDEN,
            "{}: {answer}",
            operation.id
        );
        open += usize::from(!needed);
        shut += usize::from(needed);
    }
    assert!(open > 10 && shut > 30, "{open} open, {shut} shut");
}

/// A board with two tasks: one that the person is in charge of, and one that somebody else is.
async fn prepare(house: &House, admin: &Value, pic: &Value, member: &Value) -> Stage {
    let id = |value: &Value| -> Uuid { value.as_str().expect("an id").parse().expect("an id") };
    let board = house
        .create("/api/boards", admin, &json!({ "name": "Board" }))
        .await;
    let board = id(&board["id"]);
    let page = house.get(&format!("/api/boards/{board}"), admin).await;
    let column = id(&page["columns"][0]["id"]);
    let mut tasks = Vec::new();
    for person in [pic, member] {
        let body = json!({ "title": "Task", "column_id": column, "pic_id": person["person"]["id"] });
        let task = house
            .create(&format!("/api/boards/{board}/tasks"), admin, &body)
            .await;
        tasks.push(id(&task["id"]));
    }
    // Second versions of everything, so that the first is an old one.
    for (path, edit) in [
        (format!("/api/boards/{board}"), json!({ "name": "Renamed" })),
        (format!("/api/columns/{column}"), json!({ "name": "Renamed" })),
        (format!("/api/tasks/{}", tasks[0]), json!({ "title": "Renamed" })),
        (format!("/api/tasks/{}", tasks[1]), json!({ "title": "Renamed" })),
    ] {
        let (status, answer) = house
            .send_as_of_old(Method::PATCH, &path, admin, Some(edit))
            .await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }
    Stage {
        board,
        column,
        own_task: tasks[0],
        other_task: tasks[1],
        member: id(&member["person"]["id"]),
    }
}
