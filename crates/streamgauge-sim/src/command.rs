//! What can be done to a simulation while it runs.

use alloc::boxed::Box;
use alloc::string::String;

use crate::scenario::GroupPlan;

/// Which worker is meant. A number alone is one: `2.into()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerNumber {
    /// The name of its group; none: the number is that among all workers.
    pub group: Option<String>,
    /// Its number, from 0, in the order in which workers came.
    pub number: u32,
}

impl From<u32> for WorkerNumber {
    fn from(number: u32) -> Self {
        let group = None;
        Self { group, number }
    }
}

/// A change or a fault. Workers, brokers and producers go by number, from 0; topics
/// and groups by name.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Command {
    /// Records per second of one producer, or of all together, who keep their shares.
    Rate {
        /// Whose; none: of all.
        producer: Option<u32>,
        /// So many.
        per_second: f64,
    },
    /// The mean time of the handler, for records taken up from now on.
    HandlerTime {
        /// Of which group, by name; none: of all that have no handler of their own.
        group: Option<String>,
        /// In seconds.
        mean: f64,
    },
    /// The share of sends, web requests and assignments that fail from now on.
    Errors {
        /// 0 to 1.
        share: f64,
    },
    /// The share of attempts to handle a record that fail from now on.
    HandlerErrors {
        /// 0 to 1.
        share: f64,
    },
    /// A worker's handler takes longer by a factor; 1 is as fast as the others'.
    Slow {
        /// Which.
        worker: WorkerNumber,
        /// 1 to 1,000.
        factor: f64,
    },
    /// A worker stands still, heartbeats too, as in a long collection of garbage.
    Stall {
        /// Which.
        worker: WorkerNumber,
        /// For how long.
        seconds: f64,
    },
    /// A worker cannot reach the brokers. It goes on with what it has.
    Blip {
        /// Which.
        worker: WorkerNumber,
        /// For how long.
        seconds: f64,
    },
    /// A worker dies: what it had in hand is gone, what it had not committed is read again.
    Crash {
        /// Which.
        worker: WorkerNumber,
        /// After so many seconds it starts again; none: never.
        restart: Option<f64>,
    },
    /// One more worker joins a group.
    AddWorker {
        /// Which, by name; none: the first.
        group: Option<String>,
    },
    /// One more group begins to read, where its partitions end.
    AddGroup {
        /// What it is like.
        group: Box<GroupPlan>,
    },
    /// A worker finishes what it has in hand, commits, and leaves.
    RemoveWorker {
        /// Which.
        worker: WorkerNumber,
    },
    /// A broker answers nobody. Producers hold back what they have for it.
    BrokerStall {
        /// Which.
        broker: u32,
        /// For how long.
        seconds: f64,
    },
    /// The next records of a topic are such as no handler can handle.
    Poison {
        /// Which topic.
        topic: String,
        /// How many records.
        count: u32,
    },
    /// A share of a topic's records gets one and the same key; 0: no longer.
    HotKey {
        /// Which topic.
        topic: String,
        /// 0 to 1.
        share: f64,
    },
    /// A group's first worker joins anew, and goes behind the others.
    Rebalance {
        /// Which group, by name; none: the first.
        group: Option<String>,
    },
}

impl Command {
    /// Its name in the JSON form.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Rate { .. } => "rate",
            Self::HandlerTime { .. } => "handlerTime",
            Self::Errors { .. } => "errors",
            Self::HandlerErrors { .. } => "handlerErrors",
            Self::Slow { .. } => "slow",
            Self::Stall { .. } => "stall",
            Self::Blip { .. } => "blip",
            Self::Crash { .. } => "crash",
            Self::AddWorker { .. } => "addWorker",
            Self::AddGroup { .. } => "addGroup",
            Self::RemoveWorker { .. } => "removeWorker",
            Self::BrokerStall { .. } => "brokerStall",
            Self::Poison { .. } => "poison",
            Self::HotKey { .. } => "hotKey",
            Self::Rebalance { .. } => "rebalance",
        }
    }
}
