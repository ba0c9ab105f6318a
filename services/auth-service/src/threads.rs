//! Threads for work that takes a whole core for as long as it runs.

use tokio::{
    runtime::{self, Runtime},
    task::JoinHandle,
};

/// A few threads that step back behind every other one of this machine: who waits for a hash can wait a little longer,
/// and who moves a task does not notice. As many as there are places at work, and no more.
pub(crate) struct Threads(Option<Runtime>);

impl Threads {
    /// Starts none of the `count` threads yet.
    ///
    /// # Errors
    /// Where the system has no room for a pool.
    pub(crate) fn new(name: &str, count: usize) -> std::io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread()
            .max_blocking_threads(count)
            .thread_name(name)
            .on_thread_start(step_back)
            .build()?;
        Ok(Self(Some(runtime)))
    }

    /// Runs `work` on one of them.
    pub(crate) fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        match &self.0 {
            Some(runtime) => runtime.spawn_blocking(work),
            None => tokio::task::spawn_blocking(work),
        }
    }
}

impl Drop for Threads {
    /// A runtime may not be waited for where others run.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Takes the lowest priority there is, 19 (setpriority(2)): such a thread gets what the others leave. Where that is not
/// allowed, work goes on as it is. Elsewhere than on Linux it would be that of the whole process.
fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, 19) {
        tracing::warn!(%error, "heavy work runs at the priority of everything else");
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn heavy_work_steps_back_and_nothing_else_does() {
        let priority = || rustix::process::getpriority_process(None).ok();
        let before = priority();
        let threads = Threads::new("heavy", 1).unwrap();
        assert_eq!(threads.run(priority).await.unwrap(), Some(19));
        assert_eq!(priority(), before);
    }
}
