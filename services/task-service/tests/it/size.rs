//! Boards as large as they may be.

use policy::Role;
use serde_json::json;

use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_of_the_longest_cards_fit_one_answer() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let labels: Vec<String> = (0..20).map(|n| format!("{n:02}{}", "긴".repeat(48))).collect();
    let task = lead
        .task_with(
            &board,
            json!({
                "title": "뷁".repeat(200), "labels": labels, "pic_id": lead.id, "priority": "urgent",
                "deadline": "2999-12-31T23:59:59Z", "description": "d",
            }),
        )
        .await;
    let copies = format!(
        "INSERT INTO task SELECT md5(n::text)::uuid, workspace_id, board_id, column_id, lpad(n::text, 48, '0'), title, \
         description, pic_id, deadline, deadline_zone, priority, labels, comments, version, title_v, description_v, \
         pic_v, deadline_v, deadline_zone_v, priority_v, labels_v, moved_v, deleted_v, '{{}}', '{{}}', created_by \
         FROM task, generate_series(1, 9999) n; UPDATE board_column SET tasks = 10000 WHERE id = '{}'",
        board.columns[0]
    );
    world.sql().await.batch_execute(&copies).await.unwrap();
    let page = lead.get(&format!("/api/boards/{}", board.id)).ok().await;
    let cards = page["cards"].as_array().unwrap();
    assert_eq!(cards.len(), 10_000);
    for card in cards {
        assert!(card.to_string().len() <= 500, "{card}");
        assert!(card["title_truncated"] == json!(true) && card["labels_truncated"] == json!(true));
        assert!(
            task["title"]
                .as_str()
                .unwrap()
                .starts_with(card["title"].as_str().unwrap())
        );
    }
    let ranks: Vec<&str> = cards.iter().map(|card| card["rank"].as_str().unwrap()).collect();
    assert!(ranks.is_sorted());
    let body = json!({"title": "one more", "column_id": board.columns[1]});
    lead.post(&format!("/api/boards/{}/tasks", board.id), &body)
        .refused(409, &[])
        .await;
}
