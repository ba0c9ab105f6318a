//! Lists are read through indexes. Not the plan of a copied statement is looked at, but what the server counted
//! while the service's own statements ran on 30,000 tasks.

use crate::support::World;
use policy::Role;

const FILL: &str = "
    INSERT INTO board (id, workspace_id, name, created_by)
    SELECT md5('b' || b)::uuid, CASE WHEN b = 1 THEN '{workspace}' ELSE md5('w' || b)::uuid END, 'b', md5('p')::uuid
    FROM generate_series(1, 30) b;
    INSERT INTO board_column (id, board_id, workspace_id, name, status, rank, tasks)
    SELECT md5(b.id::text || c)::uuid, b.id, b.workspace_id, 'c', (ARRAY['todo', 'doing', 'done'])[c], '8' || c, 333
    FROM board b, generate_series(1, 3) c;
    INSERT INTO task (id, workspace_id, board_id, column_id, rank, title, description, pic_id, deadline, priority,
        labels, title_grams, description_grams, created_by, deleted_at)
    SELECT md5(c.id::text || n)::uuid, c.workspace_id, c.board_id, c.id, lpad(n::text, 6, '0'), 'task ' || n, '',
        CASE WHEN n % 2 = 0 THEN md5('p' || n % 50)::uuid END, '2030-01-01'::timestamptz + n * interval '1 hour',
        'none', ARRAY['l' || n % 100], ARRAY['g' || n % 500, '회의'], '{}', md5('p')::uuid,
        CASE WHEN n % 10 = 0 THEN now() END
    FROM board_column c, generate_series(1, 333) n;
    INSERT INTO comment (id, task_id, author_id, author_name, body)
    SELECT md5(id::text || n)::uuid, id, md5('p')::uuid, 'p', 'c' FROM (SELECT id FROM task LIMIT 3000) t,
    generate_series(1, 4) n;
    ANALYZE";

#[tokio::test(flavor = "multi_thread")]
async fn no_list_reads_a_whole_table() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let sql = world.sql().await;
    sql.batch_execute(&FILL.replace("{workspace}", &world.workspace.to_string()))
        .await
        .unwrap();
    let id = async |what: &str| -> String { sql.query_one(what, &[]).await.unwrap().get(0) };
    let board = id("SELECT md5('b1')::uuid::text").await;
    let task =
        id("SELECT id::text FROM task WHERE board_id = md5('b1')::uuid AND deleted_at IS NULL LIMIT 1").await;
    let pic = id("SELECT md5('p4')::uuid::text").await;
    quiet(&world).await;
    let before = scans(&world).await;
    for query in [
        String::new(),
        "?sort=deadline".to_owned(),
        "?deadline_from=2030-01-03T00:00:00Z&deadline_to=2030-01-04T00:00:00Z".to_owned(),
        "?sort=deadline&deadline_from=2030-01-03T00:00:00Z".to_owned(),
        format!("?board={board}"),
        format!("?pic={pic}"),
        "?status=doing".to_owned(),
        "?label=l7".to_owned(),
        "?text=g7".to_owned(),
        "?deleted=true".to_owned(),
        format!("?board={board}&status=done&label=l7"),
    ] {
        let page = lead
            .get(&format!("/api/tasks{query}&limit=20").replace("tasks&", "tasks?"))
            .ok()
            .await;
        if !query.contains("text") {
            assert!(!page["items"].as_array().unwrap().is_empty(), "{query}");
        }
        if let Some(next) = page["next"].as_str() {
            lead.get(&format!("/api/tasks{query}&limit=20&cursor={next}").replace("tasks&", "tasks?"))
                .ok()
                .await;
        }
    }
    lead.get(&format!("/api/boards/{board}")).ok().await;
    lead.get(&format!("/api/boards/{board}/changes?after=0"))
        .ok()
        .await;
    lead.get(&format!("/api/tasks/{task}")).ok().await;
    lead.get(&format!("/api/tasks/{task}/comments")).ok().await;
    lead.patch(
        &format!("/api/tasks/{task}"),
        1,
        &serde_json::json!({"title": "x"}),
    )
    .ok()
    .await;
    quiet(&world).await;
    let after = scans(&world).await;
    assert_eq!(after.0, before.0, "tables that were read from end to end");
    assert!(
        after.1 > before.1 + 20,
        "and the counting works: {before:?} {after:?}"
    );
}

/// Ends the service's connections, which hand in what they have counted on their way out, and waits until they are gone.
async fn quiet(world: &World) {
    let gone: bool = world
        .sql()
        .await
        .query_one(
            "SELECT coalesce(bool_and(pg_terminate_backend(pid, 20000)), true) FROM pg_stat_activity \
             WHERE datname = current_database() AND application_name = 'task-service'",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert!(gone, "connections that did not end");
}

/// Scans of whole tables, and index scans, of the tables that grow.
async fn scans(world: &World) -> (i64, i64) {
    let row = world
        .sql()
        .await
        .query_one(
            "SELECT sum(seq_scan)::bigint, sum(idx_scan)::bigint FROM pg_stat_user_tables \
             WHERE schemaname = 'task' AND relname IN ('task', 'comment')",
            &[],
        )
        .await
        .unwrap();
    (row.get(0), row.get(1))
}
