//! The four people of the demo: one signs up, three come in by invitation.

use anyhow::Context as _;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::client::Client;
use super::file::{Content, SignIn};

const WORKSPACE: &str = "한빛 스튜디오 · Hanbit Studio";

/// Somebody who has signed in.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) token: String,
}

/// Those who act on the board.
#[derive(Debug)]
pub(crate) struct People {
    pub(crate) supervisor: Person,
    pub(crate) pic: Person,
    pub(crate) pic2: Person,
}

/// How somebody is introduced.
struct Introduction {
    name: &'static str,
    role: &'static str,
    language: &'static str,
    time_zone: &'static str,
}

/// Signs everybody in, making those who are missing; none when nobody may sign up here any more.
pub(crate) async fn gather(client: &Client, demo: &Content) -> anyhow::Result<Option<People>> {
    let Some(admin) = first_person(client, &demo.admin).await? else {
        return Ok(None);
    };
    let supervisor = Introduction {
        name: "김하늘",
        role: "supervisor",
        language: "ko",
        time_zone: "Asia/Seoul",
    };
    let pic = Introduction {
        name: "이도윤",
        role: "pic",
        language: "ko",
        time_zone: "Asia/Seoul",
    };
    let pic2 = Introduction {
        name: "Emma Clark",
        role: "pic",
        language: "en",
        time_zone: "Europe/London",
    };
    Ok(Some(People {
        supervisor: member(client, &admin, &demo.supervisor, &supervisor).await?,
        pic: member(client, &admin, &demo.pic, &pic).await?,
        pic2: member(client, &admin, &demo.pic2, &pic2).await?,
    }))
}

async fn first_person(client: &Client, sign_in: &SignIn) -> anyhow::Result<Option<Person>> {
    if let Some(person) = try_sign_in(client, sign_in).await? {
        return Ok(Some(person));
    }
    let body = json!({
        "email": sign_in.email, "password": sign_in.password, "name": "Mina Park",
        "workspace_name": WORKSPACE, "language": "en", "time_zone": "Asia/Seoul",
    });
    let answer = client.post("/api/auth/sign-up", None, &body).await?;
    if matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::CONFLICT) {
        return Ok(None);
    }
    Ok(Some(person(&answer.ok()?)?))
}

async fn member(
    client: &Client,
    admin: &Person,
    sign_in: &SignIn,
    who: &Introduction,
) -> anyhow::Result<Person> {
    if let Some(person) = try_sign_in(client, sign_in).await? {
        return Ok(person);
    }
    let invitation = invite(client, admin, sign_in, who).await?;
    let link = client.invitation_link(&invitation).await?;
    let (_, token) = link
        .split_once('#')
        .context("the invitation's link carries no token")?;
    let body = json!({
        "token": token, "password": sign_in.password, "name": who.name,
        "language": who.language, "time_zone": who.time_zone,
    });
    person(
        &client
            .post("/api/auth/invitations/accept", None, &body)
            .await?
            .ok()?,
    )
}

/// Invites, or finds the invitation that an interrupted seeding left.
async fn invite(
    client: &Client,
    admin: &Person,
    sign_in: &SignIn,
    who: &Introduction,
) -> anyhow::Result<String> {
    let open = client.get("/api/invitations?limit=200", &admin.token).await?;
    let items = open["items"].as_array().cloned().unwrap_or_default();
    if let Some(found) = items.iter().find(|item| item["email"] == sign_in.email.as_str()) {
        return text(&found["id"]);
    }
    let body = json!({"email": sign_in.email, "role": who.role, "language": who.language});
    let made = client
        .post("/api/invitations", Some(&admin.token), &body)
        .await?
        .ok()?;
    text(&made["id"])
}

async fn try_sign_in(client: &Client, sign_in: &SignIn) -> anyhow::Result<Option<Person>> {
    let body = json!({"email": sign_in.email, "password": sign_in.password});
    let answer = client.post("/api/auth/sign-in", None, &body).await?;
    if answer.status == StatusCode::UNAUTHORIZED {
        return Ok(None);
    }
    Ok(Some(person(&answer.ok()?)?))
}

fn person(session: &Value) -> anyhow::Result<Person> {
    Ok(Person {
        id: text(&session["person"]["id"])?,
        token: text(&session["access_token"])?,
    })
}

/// A text that the API promises.
pub(crate) fn text(value: &Value) -> anyhow::Result<String> {
    Ok(value
        .as_str()
        .context("the answer lacks a promised text")?
        .to_owned())
}
