//! One worker of the consumer group.

use std::collections::VecDeque;
use std::rc::Rc;

use streamgauge::{EventState, ManualClock, Message, Monitor, WebRequestState};

use crate::partition::PartitionIndex;
use crate::slots::Slots;

/// A worker: its monitor, and what it is doing.
#[derive(Debug)]
pub struct Worker {
    pub(crate) monitor: Monitor<Rc<ManualClock>>,
    /// The partitions it owns, in order.
    pub(crate) owned: Vec<PartitionIndex>,
    /// One per topic.
    pub(crate) buffers: Vec<Buffer>,
    /// The topic whose buffer is asked first for the next record.
    pub(crate) next_topic: usize,
    /// The place in `owned` that the next fetch starts from.
    pub(crate) next_owned: usize,
    pub(crate) fetch: Fetch,
    /// Counts the times fetching was stopped, which makes answers still under way void.
    pub(crate) fetch_era: u32,
    pub(crate) jobs: Slots<Job>,
    pub(crate) commit: Option<Commit>,
    pub(crate) web_requests: Slots<WebRequestState>,
    /// Its handler takes longer by this factor.
    pub(crate) slowness: f64,
    pub(crate) busy_seconds: f64,
}

/// Records that were fetched and wait for the handler.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    pub(crate) records: VecDeque<Record>,
    /// It was full: nothing is fetched into it until half of it is free.
    pub(crate) paused: bool,
}

/// A record inside a worker.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) partition: PartitionIndex,
    pub(crate) offset: u64,
    pub(crate) message: Message,
}

/// What the worker's fetcher is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fetch {
    /// It asks as soon as there is something to get and room for it.
    Ready,
    /// It waits for the broker.
    UnderWay,
    /// The group rebalances: it must not.
    Stopped,
}

/// A record in the handler's hands.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) record: Record,
    pub(crate) event: Option<EventState>,
    pub(crate) seconds: f64,
}

/// A commit that the broker has not answered yet.
#[derive(Debug)]
pub(crate) struct Commit {
    pub(crate) started: Option<f64>,
    pub(crate) offsets: Vec<(PartitionIndex, u64)>,
}

impl Worker {
    pub(crate) fn new(monitor: Monitor<Rc<ManualClock>>, topics: usize) -> Self {
        Self {
            monitor,
            owned: Vec::new(),
            buffers: (0..topics).map(|_| Buffer::default()).collect(),
            next_topic: 0,
            next_owned: 0,
            fetch: Fetch::Ready,
            fetch_era: 0,
            jobs: Slots::new(),
            commit: None,
            web_requests: Slots::new(),
            slowness: 1.0,
            busy_seconds: 0.0,
        }
    }

    /// The monitor that hears its hooks.
    pub fn monitor(&self) -> &Monitor<Rc<ManualClock>> {
        &self.monitor
    }

    /// Records fetched that wait for the handler.
    pub fn buffered(&self) -> u64 {
        self.buffers
            .iter()
            .map(|buffer| buffer.records.len() as u64)
            .sum()
    }

    /// Records in the handler's hands.
    pub fn in_flight(&self) -> u64 {
        self.jobs.len() as u64
    }

    /// Whether it is the slow consumer.
    pub fn is_slow(&self) -> bool {
        self.slowness > 1.0
    }

    /// Seconds spent in handlers, counted as each is done.
    pub fn busy_seconds(&self) -> f64 {
        self.busy_seconds
    }

    /// Whether nothing of it is under way that a rebalance has to wait for.
    pub(crate) fn is_quiet(&self) -> bool {
        self.jobs.is_empty() && self.commit.is_none()
    }
}
