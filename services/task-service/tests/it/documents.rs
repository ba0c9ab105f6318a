//! The API document that is checked in.

use serde_json::Value;
use task_service::TaskService;
use web_kit::Service as _;

#[test]
fn the_checked_in_document_is_the_present_one() {
    let document = TaskService::openapi().to_pretty_json().unwrap();
    let checked_in = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json")).unwrap();
    assert_eq!(
        document.trim_end(),
        checked_in.trim_end(),
        "run `cargo xtask openapi`"
    );
}

#[test]
fn every_operation_has_a_name_and_every_reference_leads_somewhere() {
    let document = serde_json::to_value(TaskService::openapi()).unwrap();
    let mut names: Vec<&str> = Vec::new();
    for path in document["paths"].as_object().unwrap().values() {
        names.extend(
            path.as_object()
                .unwrap()
                .values()
                .filter_map(|operation| operation["operationId"].as_str()),
        );
    }
    names.sort_unstable();
    let expected = [
        "createBoard",
        "createColumn",
        "createComment",
        "createTask",
        "deleteBoard",
        "deleteColumn",
        "deleteTask",
        "editBoard",
        "editColumn",
        "editTask",
        "exportMyTasks",
        "followChanges",
        "getBoard",
        "getTask",
        "listBoards",
        "listComments",
        "listTasks",
        "moveColumn",
        "moveTask",
        "restoreBoard",
        "restoreTask",
    ];
    assert_eq!(names, expected);
    let mut references = Vec::new();
    collect(&document, &mut references);
    for reference in references {
        assert!(
            document.pointer(reference.strip_prefix('#').unwrap()).is_some(),
            "{reference}"
        );
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect(member, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}
