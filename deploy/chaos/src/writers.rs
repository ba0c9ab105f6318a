//! Writers that remember what was acknowledged to them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, ensure};
use futures::future::{try_join, try_join_all};
use reqwest::Method;
use serde_json::{Value, json};

use crate::house::House;
use crate::people::Workspace;

/// How many writers work at the same time: all but one on tasks, one on its own profile.
const WRITERS: usize = 10;

/// What is to be written, and where.
#[derive(Debug)]
pub struct Work {
    auth_url: String,
    task_url: String,
    workspace: Workspace,
    each: usize,
}

/// What was acknowledged.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The mark and the version of each task after the last acknowledged write.
    tasks: BTreeMap<String, (String, i64)>,
    /// The supervisor's name and the version of their profile after the last acknowledged write.
    profile: Option<(String, i64)>,
    /// The mark that each acknowledged write to a task left in its change.
    pub marks: Vec<String>,
    /// Acknowledged writes.
    pub acknowledged: usize,
    /// Requests that it took.
    pub tries: usize,
}

impl Work {
    /// Prepares writes; there will be a multiple of twenty.
    pub fn new(house: &House, workspace: Workspace, writes: usize) -> Self {
        let each = writes / WRITERS / 2 * 2;
        Self {
            auth_url: house.auth_url.clone(),
            task_url: house.task_url.clone(),
            workspace,
            each,
        }
    }

    /// How many writes there will be.
    pub fn writes(&self) -> usize {
        self.each * WRITERS
    }

    /// Writes until everything is acknowledged. `progress` counts along.
    pub async fn run(&self, progress: &AtomicUsize) -> Result<Ledger> {
        let tasks = try_join_all((1..WRITERS).map(|writer| self.write_tasks(writer, progress)));
        let (ledgers, mut all) = try_join(tasks, self.write_profile(progress)).await?;
        for ledger in ledgers {
            all.tasks.extend(ledger.tasks);
            all.marks.extend(ledger.marks);
            all.acknowledged += ledger.acknowledged;
            all.tries += ledger.tries;
        }
        Ok(all)
    }

    /// Creates a task, edits it, goes on to the next one.
    async fn write_tasks(&self, writer: usize, progress: &AtomicUsize) -> Result<Ledger> {
        let Workspace {
            board, column, pic, ..
        } = &self.workspace;
        let mut ledger = Ledger::default();
        for round in 0..self.each / 2 {
            let created = format!("made{writer:02}x{round:03}");
            let body = json!({"title": created, "column_id": column, "pic_id": pic, "labels": [created]});
            let url = format!("{}/api/boards/{board}/tasks", self.task_url);
            let task = self
                .write(&mut ledger, (Method::POST, &url), &body, None, progress)
                .await?;
            let id = task["id"].as_str().context("no id in the answer")?;

            let edited = format!("edit{writer:02}x{round:03}");
            let body = json!({"labels": [edited]});
            let url = format!("{}/api/tasks/{id}", self.task_url);
            let task = self
                .write(
                    &mut ledger,
                    (Method::PATCH, &url),
                    &body,
                    version(&task),
                    progress,
                )
                .await?;
            let version = version(&task).context("no version in the answer")?;
            ledger.tasks.insert(id.to_owned(), (edited.clone(), version));
            ledger.marks.extend([created, edited]);
        }
        Ok(ledger)
    }

    /// Takes a new name, again and again.
    async fn write_profile(&self, progress: &AtomicUsize) -> Result<Ledger> {
        let mut ledger = Ledger::default();
        let url = format!("{}/api/auth/me", self.auth_url);
        let mut at = self.workspace.profile_version;
        for round in 0..self.each {
            let name = format!("Sora {round}");
            let body = json!({"name": name});
            let me = self
                .write(&mut ledger, (Method::PATCH, &url), &body, Some(at), progress)
                .await?;
            at = version(&me).context("no version in the answer")?;
            ledger.profile = Some((name, at));
        }
        Ok(ledger)
    }

    async fn write(
        &self,
        ledger: &mut Ledger,
        (method, url): (Method, &str),
        body: &Value,
        version: Option<i64>,
        progress: &AtomicUsize,
    ) -> Result<Value> {
        let answer = self
            .workspace
            .supervisor
            .write(method, url, body, version)
            .await?;
        ledger.acknowledged += 1;
        ledger.tries += answer.tries;
        progress.fetch_add(1, Ordering::SeqCst);
        Ok(answer.body)
    }

    /// Counts what was acknowledged and is not there, in exactly the version that was acknowledged.
    pub async fn lost(&self, ledger: &Ledger) -> Result<usize> {
        let reader = &self.workspace.supervisor;
        let mut lost = 0;
        for (id, (mark, version)) in &ledger.tasks {
            let task = reader.read(&format!("{}/api/tasks/{id}", self.task_url)).await?;
            lost += usize::from(task["labels"] != json!([mark]) || task["version"] != json!(version));
        }
        let me = reader.read(&format!("{}/api/auth/me", self.auth_url)).await?;
        let (name, version) = ledger.profile.as_ref().context("the profile was never written")?;
        lost += usize::from(me["name"] != json!(name) || me["version"] != json!(version));
        // One task too many would be a write that happened twice.
        let board = reader
            .read(&format!("{}/api/boards/{}", self.task_url, self.workspace.board))
            .await?;
        let cards = board["cards"].as_array().map_or(0, Vec::len);
        ensure!(
            cards == ledger.tasks.len() + 1,
            "{cards} cards for {} tasks and the first one",
            ledger.tasks.len()
        );
        Ok(lost)
    }
}

fn version(body: &Value) -> Option<i64> {
    body["version"].as_i64()
}
