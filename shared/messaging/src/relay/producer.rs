//! The producing side of a service.

use std::sync::Arc;

use contracts::EventType;
use futures::FutureExt as _;
use futures::future::join_all;
use postgres::Database;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::send::Sender;
use super::stamp::Stamper;
use crate::feed::Feed;
use crate::settings::{RelaySettings, Settings};
use crate::supervise::supervise;
use crate::transport::Transport;

/// Which events go to which queue.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The queue's name, which is its consumer's.
    pub destination: &'static str,
    /// The types it wants.
    pub types: &'static [EventType],
}

/// Publishes what a service appends to its event log.
#[derive(Clone)]
pub struct Producer {
    db: Database,
    transport: Arc<dyn Transport>,
    routes: &'static [Route],
    settings: RelaySettings,
    waker: Waker,
    feed: Feed,
}

/// Tells the relay of this process that something was committed. Without it the relay finds out at its next look.
#[derive(Clone, Default)]
pub struct Waker(Arc<Notify>);

impl Waker {
    /// Call it after the commit.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

impl Producer {
    /// Takes everything the relay needs; nothing runs yet.
    pub fn new(
        db: Database,
        transport: Arc<dyn Transport>,
        routes: &'static [Route],
        settings: &Settings,
    ) -> Producer {
        let feed = Feed::new(db.clone());
        Producer {
            db,
            transport,
            routes,
            settings: settings.relay.clone(),
            waker: Waker::default(),
            feed,
        }
    }

    /// To be rung after every commit.
    pub fn waker(&self) -> Waker {
        self.waker.clone()
    }

    /// For those who wait for changes.
    pub fn feed(&self) -> Feed {
        self.feed.clone()
    }

    /// Runs the relay until cancelled; what it is sending then is sent to the end. Any number of replicas may run it.
    pub async fn run(self, cancel: CancellationToken) {
        let mut destinations: Vec<&'static str> = self.routes.iter().map(|route| route.destination).collect();
        destinations.sort_unstable();
        destinations.dedup();
        let wakes: Vec<Arc<Notify>> = destinations.iter().map(|_| Arc::default()).collect();
        let mut loops = Vec::new();
        let stamping = supervise("stamp", cancel.clone(), || {
            self.stamper(wakes.clone()).run(cancel.clone())
        });
        loops.push(stamping.boxed());
        for (destination, wake) in destinations.into_iter().zip(wakes.clone()) {
            let make = {
                let (this, cancel) = (&self, cancel.clone());
                move || this.sender(destination, Arc::clone(&wake)).run(cancel.clone())
            };
            loops.push(supervise("send", cancel.clone(), make).boxed());
        }
        join_all(loops).await;
    }

    fn stamper(&self, senders: Vec<Arc<Notify>>) -> Stamper {
        Stamper {
            db: self.db.clone(),
            routes: self.routes,
            settings: self.settings.clone(),
            hub: self.feed.hub(),
            wake: Arc::clone(&self.waker.0),
            senders,
        }
    }

    fn sender(&self, destination: &'static str, wake: Arc<Notify>) -> Sender {
        Sender {
            db: self.db.clone(),
            transport: Arc::clone(&self.transport),
            destination,
            settings: self.settings.clone(),
            wake,
        }
    }
}
