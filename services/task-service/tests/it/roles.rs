//! Every role tries everything: what it may not do is 403, by the policy's own table.

use policy::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Call, Person, TestBoard, World, id_of, version_of};

/// Who may: admin, supervisor, the person in charge, another person in charge, observer.
type Row = (&'static str, [bool; 5]);

const LEADERS: [bool; 5] = [true, true, false, false, false];
const WORKERS: [bool; 5] = [true, true, true, false, false];
const ALL: [bool; 5] = [true; 5];

const TABLE: &[Row] = &[
    ("read board", ALL),
    ("read task", ALL),
    ("list tasks", ALL),
    ("follow", ALL),
    ("comment", ALL),
    ("create board", LEADERS),
    ("edit board", LEADERS),
    ("create column", LEADERS),
    ("edit column", LEADERS),
    ("move column", LEADERS),
    ("create task", LEADERS),
    ("title", LEADERS),
    ("description", LEADERS),
    ("deadline", LEADERS),
    ("priority", LEADERS),
    ("labels", LEADERS),
    ("pic_id", WORKERS),
    ("move", WORKERS),
    ("delete and restore", LEADERS),
    ("delete board", LEADERS),
];

struct Scene {
    board: TestBoard,
    task: Value,
    other: Person,
}

impl Scene {
    fn attempt(&self, who: &Person, what: &str) -> Call {
        let board = format!("/api/boards/{}", self.board.id);
        let column = format!("/api/columns/{}", self.board.columns[1]);
        let (task, version) = (
            format!("/api/tasks/{}", id_of(&self.task)),
            version_of(&self.task),
        );
        let edit = |body: Value| who.patch(&task, version, &body);
        match what {
            "read board" => who.get(&board),
            "read task" => who.get(&task),
            "list tasks" => who.get("/api/tasks"),
            "follow" => who.get(&format!("{board}/changes?after=0")),
            "comment" => who.post(&format!("{task}/comments"), &json!({"body": "c"})),
            "create board" => who.post("/api/boards", &json!({"name": "b"})),
            "edit board" => who.patch(&board, 1, &json!({"name": "출시"})),
            "create column" => who.post(
                &format!("{board}/columns"),
                &json!({"name": "c", "status": "done"}),
            ),
            "edit column" => who.patch(&column, 1, &json!({"name": "Doing"})),
            "move column" => who
                .post(
                    &format!("{column}/move"),
                    &json!({"after": self.board.columns[0]}),
                )
                .seen(1),
            "create task" => who.post(
                &format!("{board}/tasks"),
                &json!({"title": "t", "column_id": self.board.columns[0]}),
            ),
            "title" => edit(json!({"title": "t2"})),
            "description" => edit(json!({"description": "d"})),
            "deadline" => edit(json!({"deadline": "2030-01-01T00:00:00Z"})),
            "priority" => edit(json!({"priority": "low"})),
            "labels" => edit(json!({"labels": ["l"]})),
            "pic_id" => edit(json!({"pic_id": self.other.id})),
            "move" => who.move_task(&self.task, &json!({"column_id": self.board.columns[1]})),
            "delete and restore" => who.delete(&task, version),
            "delete board" => who.delete(&board, 1),
            other => panic!("{other}?"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_may_do_what_the_policy_says() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let people = [
        world.person(Role::Admin).await,
        world.person(Role::Supervisor).await,
        world.person(Role::Pic).await,
        world.person(Role::Pic).await,
        world.person(Role::Observer).await,
    ];
    for (what, allowed) in TABLE {
        for (person, allowed) in people.iter().zip(allowed) {
            let board = lead.board().await;
            let body = json!({"title": "t", "pic_id": people[2].id});
            let scene = Scene {
                board,
                task: lead.task_with(&board, body).await,
                other: people[3].clone(),
            };
            let answer = scene.attempt(person, what).send().await;
            let role = person.caller.role;
            let good = (200..300).contains(&answer.status);
            assert_eq!(
                good, *allowed,
                "{role} {what}: {} {:#}",
                answer.status, answer.body
            );
            assert!(
                good || answer.status == 403,
                "{role} {what}: {} {:#}",
                answer.status,
                answer.body
            );
            if *what == "delete and restore" {
                let deleted = lead.get(&format!("/api/tasks/{}", id_of(&scene.task))).ok().await;
                let deleted = match good {
                    true => deleted,
                    false => {
                        lead.delete(&format!("/api/tasks/{}", id_of(&deleted)), 1)
                            .ok()
                            .await
                    }
                };
                let path = format!("/api/tasks/{}/restore", id_of(&deleted));
                let restored = person
                    .call(Method::POST, &path)
                    .seen(version_of(&deleted))
                    .send()
                    .await;
                assert_eq!(
                    restored.status == 200,
                    *allowed,
                    "{role} restores: {:#}",
                    restored.body
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_several_fields_names_those_that_are_not_allowed() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let (pic, next) = (world.person(Role::Pic).await, world.person(Role::Pic).await);
    let board = lead.board().await;
    let task = lead
        .task_with(&board, json!({"title": "t", "pic_id": pic.id}))
        .await;
    let path = format!("/api/tasks/{}", id_of(&task));
    let both = json!({"pic_id": next.id, "deadline": "2030-01-01T00:00:00Z"});
    pic.patch(&path, 1, &both).refused(403, &["deadline"]).await;
    pic.patch(&path, 1, &json!({"pic_id": next.id})).ok().await;
    // Handed over, it is no longer theirs to move.
    pic.move_task(&task, &json!({"column_id": board.columns[1]}))
        .refused(403, &[])
        .await;
    next.move_task(&task, &json!({"column_id": board.columns[1]}))
        .ok()
        .await;
}
