//! The order of a column: one row a move, no rank twice, whatever happens at once.

use policy::Role;
use rand::Rng as _;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use crate::support::{World, id_of, together, version_of};

#[tokio::test(flavor = "multi_thread")]
async fn a_task_goes_where_it_is_put() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let mut tasks = Vec::new();
    for title in ["a", "b", "c"] {
        tasks.push(lead.task(&board, title).await);
    }
    let column = board.columns[0];
    let moved = lead
        .move_task(
            &tasks[2],
            &json!({"column_id": column, "before": id_of(&tasks[0])}),
        )
        .ok()
        .await;
    assert_eq!(
        (lead.titles(&board, 0).await.join(""), version_of(&moved)),
        ("cab".to_owned(), 2)
    );
    let moved = lead
        .move_task(&moved, &json!({"column_id": column, "after": id_of(&tasks[0])}))
        .ok()
        .await;
    assert_eq!(lead.titles(&board, 0).await.join(""), "acb");
    let still = lead
        .move_task(&moved, &json!({"column_id": column, "before": id_of(&tasks[1])}))
        .ok()
        .await;
    assert_eq!(still, moved, "it is there already");
    let across = lead
        .move_task(&moved, &json!({"column_id": board.columns[2]}))
        .ok()
        .await;
    assert_eq!(
        (across["status"].as_str(), version_of(&across)),
        (Some("done"), 4)
    );
    assert_eq!(
        (
            lead.titles(&board, 0).await.join(""),
            lead.titles(&board, 2).await.join("")
        ),
        ("ab".into(), "c".into())
    );

    let wrong = |body: Value| lead.move_task(&across, &body);
    wrong(json!({"column_id": column, "before": id_of(&across)}))
        .refused(422, &["before"])
        .await;
    wrong(json!({"column_id": board.columns[1], "after": id_of(&tasks[0])}))
        .refused(422, &["after"])
        .await;
    let other = lead.board().await;
    wrong(json!({"column_id": other.columns[0]}))
        .refused(422, &["column_id"])
        .await;
    wrong(json!({"column_id": column, "before": id_of(&tasks[0]), "after": id_of(&tasks[1])}))
        .refused(422, &["after"])
        .await;
    lead.delete(&format!("/api/tasks/{}", id_of(&tasks[0])), 1)
        .ok()
        .await;
    wrong(json!({"column_id": column, "before": id_of(&tasks[0])}))
        .refused(422, &["before"])
        .await;
    assert_eq!(counted(&world).await, 0, "the columns count their live tasks");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_of_random_moves_is_the_order_that_was_asked_for() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let mut random = StdRng::seed_from_u64(7);
    let mut order: Vec<Value> = Vec::new();
    for n in 0..6 {
        order.push(lead.task(&board, &n.to_string()).await);
    }
    for _ in 0..120 {
        let mover = order.remove(random.random_range(0..order.len()));
        let at = random.random_range(0..=order.len());
        let mut body = json!({"column_id": board.columns[0]});
        match order.get(at) {
            Some(next) if random.random_bool(0.5) || at == 0 => body["before"] = next["id"].clone(),
            _ if at > 0 => body["after"] = order[at - 1]["id"].clone(),
            _ => {}
        }
        let moved = lead.move_task(&mover, &body).ok().await;
        order.insert(at, moved);
        let wanted: Vec<&str> = order.iter().map(|task| task["title"].as_str().unwrap()).collect();
        assert_eq!(lead.titles(&board, 0).await, wanted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_moves_at_once_neither_deadlock_nor_share_a_rank() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let mut tasks = Vec::new();
    for n in 0..24 {
        tasks.push(
            lead.task_with(
                &board,
                json!({"title": n.to_string(), "column_id": board.columns[n % 2]}),
            )
            .await,
        );
    }
    for round in 0..4 {
        let movers = tasks.clone();
        let moved = together(24, |index| {
            let (lead, mover) = (lead.clone(), movers[index].clone());
            // Half of them go one way and half the other, all to the same spots.
            let to = board.columns[(index + round + 1) % 2];
            Box::pin(async move { lead.move_task(&mover, &json!({"column_id": to})).ok().await })
        })
        .await;
        tasks = moved;
    }
    let twice = "SELECT count(*) - count(DISTINCT (column_id, rank)) FROM task WHERE deleted_at IS NULL";
    assert_eq!(world.count(twice).await, 0);
    assert_eq!(counted(&world).await, 0);
    let gaps = "SELECT count(*) FROM (SELECT count(*) AS n, max(version) AS top FROM event_log GROUP BY stream) s \
                WHERE n <> top";
    assert_eq!(world.count(gaps).await, 0, "every version is an event");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowded_spot_is_spread_anew() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let mut tasks = Vec::new();
    for n in 0..40 {
        tasks.push(lead.task(&board, &format!("{n:02}")).await);
    }
    // Each one goes between the last two that were moved, alternately on either side.
    let (mut left, mut right) = (id_of(&tasks[0]), id_of(&tasks[1]));
    let mut longest = 0;
    for (turn, mover) in tasks.iter().enumerate().skip(2) {
        let now = lead.get(&format!("/api/tasks/{}", id_of(mover))).ok().await;
        let moved = lead
            .move_task(&now, &json!({"column_id": board.columns[0], "after": left}))
            .ok()
            .await;
        longest = longest.max(moved["rank"].as_str().unwrap().len());
        if turn % 2 == 0 {
            right = id_of(mover)
        } else {
            left = id_of(mover)
        }
    }
    assert!(longest <= 48, "{longest}");
    let order = lead.titles(&board, 0).await;
    let at = |id| {
        let title = tasks.iter().find(|task| id_of(task) == id).unwrap()["title"]
            .as_str()
            .unwrap();
        order.iter().position(|other| other == title).unwrap()
    };
    assert_eq!(at(right), at(left) + 1, "{order:?}");
    let rewritten = "SELECT count(*) FROM event_log WHERE record::jsonb->>'kind' = 'moved'";
    assert!(
        world.count(rewritten).await > 38,
        "neighbours were moved too, and said so"
    );
    assert_eq!(
        world.count("SELECT sum(version)::bigint FROM task").await,
        world
            .count("SELECT count(*) FROM event_log WHERE stream LIKE 'task/%'")
            .await
    );
}

/// By how much the columns' counts are wrong.
async fn counted(world: &World) -> i64 {
    world
        .count(
            "SELECT coalesce(sum(abs(c.tasks - (SELECT count(*) FROM task t WHERE t.column_id = c.id \
             AND t.deleted_at IS NULL))), 0)::bigint FROM board_column c",
        )
        .await
}
