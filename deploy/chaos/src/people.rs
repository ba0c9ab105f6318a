//! A workspace with a supervisor, a person in charge and a board.

use std::time::Duration;

use anyhow::{Context as _, Result};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Client;
use crate::house::House;
use crate::mails;
use crate::wait::until;

const PASSWORD: &str = "correct horse battery staple";

/// How long news may take from one service to the next when nobody is killed.
const NEWS: Duration = Duration::from_secs(40);

/// Who and what the writers need.
#[derive(Debug)]
pub struct Workspace {
    /// The person who founded it, and who may write everything.
    pub supervisor: Client,
    /// Version of the supervisor's own profile.
    pub profile_version: i64,
    /// Id of the person in charge, who gets the mail.
    pub pic: String,
    /// Id of the board.
    pub board: String,
    /// Id of its first column.
    pub column: String,
}

impl Workspace {
    /// Signs up, invites, accepts the invitation that comes by mail, makes a board.
    pub async fn found(house: &House) -> Result<Self> {
        let nobody = house.client();
        let body = json!({
            "email": "supervisor@example.com", "password": PASSWORD, "name": "Sora", "workspace_name": "Chaos",
            "language": "en",
        });
        let session = nobody
            .write(
                Method::POST,
                &format!("{}/api/auth/sign-up", house.auth_url),
                &body,
                None,
            )
            .await?;
        let supervisor = nobody.signed_in(&session.body);
        let profile_version = session.body["person"]["version"]
            .as_i64()
            .context("no version of the profile")?;
        let pic = invite(house, &supervisor).await?;
        let boards = format!("{}/api/boards", house.task_url);
        let body = json!({"name": "Board", "columns": [{"name": "To do", "status": "todo"}]});
        let board = text(
            &supervisor.write(Method::POST, &boards, &body, None).await?.body,
            "/id",
        )?;
        let column = text(
            &supervisor.read(&format!("{boards}/{board}")).await?,
            "/columns/0/id",
        )?;
        let workspace = Self {
            supervisor,
            profile_version,
            pic,
            board,
            column,
        };
        workspace.until_known(house).await?;
        Ok(workspace)
    }

    /// Waits until the person in charge can be put in charge: the task-service must have heard of them.
    async fn until_known(&self, house: &House) -> Result<()> {
        let url = format!("{}/api/boards/{}/tasks", house.task_url, self.board);
        let body = json!({"title": "the first one", "column_id": self.column, "pic_id": self.pic});
        until("the person in charge to be known", NEWS, || async {
            Ok(self.supervisor.write(Method::POST, &url, &body, None).await.ok())
        })
        .await?;
        Ok(())
    }
}

async fn invite(house: &House, supervisor: &Client) -> Result<String> {
    let body = json!({"email": "pic@example.com", "role": "pic", "language": "en"});
    supervisor
        .write(
            Method::POST,
            &format!("{}/api/invitations", house.auth_url),
            &body,
            None,
        )
        .await?;
    let token = until("the mail with the invitation", NEWS, || async {
        Ok(house.ses.mails().iter().find_map(mails::invitation_token))
    })
    .await?;
    let url = format!("{}/api/auth/invitations/accept", house.auth_url);
    let body = json!({"token": token, "name": "Pia", "password": PASSWORD, "language": "en"});
    let session = house.client().write(Method::POST, &url, &body, None).await?;
    text(&session.body, "/person/id")
}

fn text(body: &Value, pointer: &str) -> Result<String> {
    let found = body.pointer(pointer).and_then(Value::as_str);
    Ok(found
        .with_context(|| format!("no {pointer} in {body}"))?
        .to_owned())
}
