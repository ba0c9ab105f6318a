//! Lists of tasks: filters, orders, pages, and search in Korean.

use std::collections::BTreeSet;

use policy::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Person, World, id_of};

async fn titles(person: &Person, query: &str) -> Vec<String> {
    let page = person.get(&format!("/api/tasks?{query}")).ok().await;
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| task["title"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn korean_words_are_found_by_any_part_of_them() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    for title in [
        "주간 회의록 정리",
        "회사 의자 구매",
        "Release Notes 작성",
        "긴급 점검",
    ] {
        lead.task(&board, title).await;
    }
    lead.task_with(
        &board,
        json!({"title": "설명만", "description": "다음 회의록을 참고"}),
    )
    .await;
    assert_eq!(titles(&lead, "text=회의록").await, ["설명만", "주간 회의록 정리"]);
    assert_eq!(titles(&lead, "text=의록").await, ["설명만", "주간 회의록 정리"]);
    assert_eq!(titles(&lead, "text=회의록 정").await, ["주간 회의록 정리"]);
    assert_eq!(
        titles(&lead, "text=의").await,
        ["설명만", "회사 의자 구매", "주간 회의록 정리"],
        "one syllable"
    );
    assert_eq!(
        titles(&lead, "text=회의자").await,
        Vec::<String>::new(),
        "pairs lie apart"
    );
    assert_eq!(
        titles(&lead, "text=lease note").await,
        ["Release Notes 작성"],
        "upper and lower case"
    );
    assert_eq!(titles(&lead, "text=점검&status=todo").await, ["긴급 점검"]);
    let decomposed = "%E1%84%92%E1%85%AC%E1%84%8B%E1%85%B4";
    assert_eq!(
        titles(&lead, &format!("text={decomposed}")).await,
        ["설명만", "주간 회의록 정리"],
        "as a Mac sends it"
    );
    assert_eq!(titles(&lead, "text=100%25_").await, Vec::<String>::new());
    let task = lead.task(&board, "100%_확실").await;
    assert_eq!(
        titles(&lead, "text=100%25_").await,
        ["100%_확실"],
        "wildcards are plain characters"
    );
    lead.patch(
        &format!("/api/tasks/{}", id_of(&task)),
        1,
        &json!({"title": "바뀐 제목"}),
    )
    .ok()
    .await;
    assert_eq!(titles(&lead, "text=확실").await, Vec::<String>::new());
    assert_eq!(titles(&lead, "text=제목").await, ["바뀐 제목"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_filter_narrows() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let pic = world.person(Role::Pic).await;
    let (one, two) = (lead.board().await, lead.board().await);
    lead.task_with(
        &one,
        json!({"title": "a", "pic_id": pic.id, "labels": ["급함", "x"]}),
    )
    .await;
    lead.task_with(
        &one,
        json!({"title": "b", "column_id": one.columns[2], "deadline": "2030-01-10T00:00:00Z"}),
    )
    .await;
    lead.task_with(
        &two,
        json!({"title": "c", "pic_id": pic.id, "deadline": "2030-01-20T00:00:00Z"}),
    )
    .await;
    let gone = lead
        .task_with(&two, json!({"title": "d", "deadline": "2030-01-05T00:00:00Z"}))
        .await;
    lead.delete(&format!("/api/tasks/{}", id_of(&gone)), 1).ok().await;
    assert_eq!(titles(&lead, "").await, ["c", "b", "a"]);
    assert_eq!(titles(&lead, &format!("board={}", one.id)).await, ["b", "a"]);
    assert_eq!(titles(&lead, &format!("pic={}", pic.id)).await, ["c", "a"]);
    assert_eq!(titles(&lead, "status=done").await, ["b"]);
    assert_eq!(titles(&lead, "label=급함").await, ["a"]);
    assert_eq!(titles(&lead, "sort=deadline").await, ["b", "c"]);
    assert_eq!(
        titles(
            &lead,
            "deadline_from=2030-01-10T00:00:00Z&deadline_to=2030-01-20T00:00:00Z"
        )
        .await,
        ["b"]
    );
    assert_eq!(
        titles(&lead, "deadline_from=2030-01-10T09:00:01%2B09:00").await,
        ["c"]
    );
    assert_eq!(titles(&lead, "deleted=true").await, ["d"]);
    assert_eq!(
        titles(
            &lead,
            &format!("pic={}&status=todo&board={}&label=x", pic.id, one.id)
        )
        .await,
        ["a"]
    );
    let board = lead.delete(&format!("/api/boards/{}", two.id), 1).ok().await;
    assert_eq!(
        titles(&lead, "").await,
        ["b", "a"],
        "what is on a board in the trash is not listed"
    );
    assert_eq!(titles(&lead, "deleted=true").await, Vec::<String>::new());
    let path = format!("/api/boards/{}/restore", id_of(&board));
    lead.call(Method::POST, &path).seen(2).ok().await;
    assert_eq!(titles(&lead, "").await, ["c", "b", "a"]);
    let item = lead.get("/api/tasks?label=x").ok().await["items"][0].clone();
    assert!(item.get("description").is_none() && item["board_id"] == json!(one.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_every_order_show_everything_once() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    for n in 0..11 {
        // Several share a deadline: the id decides among them.
        let deadline = format!("2030-01-{:02}T00:00:00Z", 1 + n / 4);
        lead.task_with(&board, json!({"title": format!("t{n}"), "deadline": deadline}))
            .await;
    }
    for query in ["sort=newest", "sort=deadline", "text=t", "deleted=false"] {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        for _ in 0..4 {
            let page = lead
                .get(&format!("/api/tasks?{query}&limit=3{cursor}"))
                .ok()
                .await;
            seen.extend(page["items"].as_array().unwrap().iter().map(id_of));
            match &page["next"] {
                Value::String(next) => cursor = format!("&cursor={next}"),
                _ => cursor.clear(),
            }
        }
        assert!(cursor.is_empty(), "four pages are all");
        assert_eq!(
            (seen.len(), seen.iter().collect::<BTreeSet<_>>().len()),
            (11, 11),
            "{query}"
        );
    }
    for _ in 0..3 {
        lead.board().await;
    }
    let first = lead.get("/api/boards?limit=3").ok().await;
    let rest = lead
        .get(&format!(
            "/api/boards?limit=3&cursor={}",
            first["next"].as_str().unwrap()
        ))
        .ok()
        .await;
    assert_eq!(
        (
            first["items"].as_array().unwrap().len(),
            rest["items"].as_array().unwrap().len()
        ),
        (3, 1)
    );
}
