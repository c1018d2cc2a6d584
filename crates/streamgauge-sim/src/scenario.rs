//! What is simulated, as data.

use alloc::string::String;
use alloc::vec::Vec;

mod check;
mod commands;
mod defaults;
mod fields;
mod read;

pub(crate) use self::check::check_seconds;
pub use self::check::{
    MAX_BUFFER, MAX_COMMANDS, MAX_CONCURRENCY, MAX_GROUP_CHARACTERS, MAX_GROUPS, MAX_KEYS,
    MAX_PARTITIONS, MAX_PRODUCERS, MAX_RATE, MAX_SECONDS, MAX_TOPIC_CHARACTERS, MAX_TOPICS,
    MAX_WORKERS,
};
pub(crate) use self::commands::{check_command, command};
pub(crate) use self::defaults::UNNAMED;
use crate::command::Command;

/// A stream processor and its traffic: what there is, and what is done to it when.
///
/// Times are seconds, rates are per second of virtual time. `SCENARIOS.md` describes the JSON form,
/// which has the same names in camelCase.
///
/// ```
/// use streamgauge_sim::{Scenario, Simulation};
/// let mut scenario = Scenario::default();
/// scenario.errors.send = 1.5;
/// let error = Simulation::new(&scenario).unwrap_err();
/// assert_eq!(error.to_string(), "errors.send must be a number in 0..=1, got 1.5");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// What it is called. Empty.
    pub title: String,
    /// What it teaches, in a paragraph. Empty.
    pub lesson: String,
    /// What its figures show, in a sentence. Empty.
    pub claim: String,
    /// What all random numbers start from. 1.
    pub seed: u64,
    /// How long it is worth watching. 300.
    pub seconds: f64,
    /// The Unix time at which it begins, for the timestamps of records and snapshots. 1,767,225,600
    /// (the first moment of 2026).
    pub epoch: f64,
    /// The topics that are consumed. `orders` and `payments`.
    pub topics: Vec<TopicPlan>,
    /// Who writes to them. One, `producer-0`, at 100 a second.
    pub producers: Vec<ProducerPlan>,
    /// Where the records lie.
    pub brokers: BrokerPlan,
    /// Who reads them, each for itself: 1 to 8. One.
    pub groups: Vec<GroupPlan>,
    /// What is done with each record, by groups that have no handler of their own.
    pub handler: HandlerPlan,
    /// Web requests to the workers.
    pub web: WebPlan,
    /// How often what fails.
    pub errors: ErrorShares,
    /// What is done at which time, in any order.
    pub commands: Vec<TimedCommand>,
}

/// A topic that is consumed. A stream, a task, a table and a topic for its results go with it,
/// named after it.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicPlan {
    /// Its name, 1 to 249 characters.
    pub name: String,
    /// How many partitions it has, 1 to 10,000 over all topics. 4.
    pub partitions: u32,
    /// The keys of its records; none: each goes to any partition.
    pub keys: Option<KeyPlan>,
}

impl TopicPlan {
    /// A topic of four partitions, whose records have no keys.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            partitions: 4,
            keys: None,
        }
    }
}

/// Keys by Zipf's law: the n-th most frequent is 1 / n^skew as frequent as the first. A key's
/// records all go to one partition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeyPlan {
    /// How many different ones, 1 to 100,000. 1,000.
    pub count: u32,
    /// The exponent, 0 (all alike) to 5. 1.
    pub skew: f64,
}

/// Writes records.
#[derive(Debug, Clone, PartialEq)]
pub struct ProducerPlan {
    /// Its name.
    pub name: String,
    /// The topics it writes to, by name, each by its share of their partitions; empty: all.
    pub topics: Vec<String>,
    /// How fast.
    pub pace: Pace,
    /// The share of its records that no handler can handle. 0.
    pub poison_share: f64,
}

/// How records follow each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Records per second, without bursts; over a whole period, where it is daily.
    pub per_second: f64,
    /// In which rhythm.
    pub rhythm: Rhythm,
}

/// The rhythm of a [`Pace`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rhythm {
    /// All the same time apart.
    Constant,
    /// A Poisson process: each independent of all others.
    Poisson,
    /// A Poisson process that is `times` as fast during the first `length` seconds of `every`.
    Bursty {
        /// How much faster a burst is, 1 to 1,000.
        times: f64,
        /// From one burst's start to the next's.
        every: f64,
        /// How long each is, at most `every`.
        length: f64,
    },
    /// A Poisson process that swings as a sine, lowest at the start.
    Daily {
        /// How far it swings, 0 to 1 of the mean.
        swing: f64,
        /// How long a day is. 86,400.
        period: f64,
    },
}

/// Where the records lie. A partition's broker is its number among all, modulo their count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BrokerPlan {
    /// How many, 1 to 100. 3.
    pub count: u32,
    /// From asking for records to having them. 0.005.
    pub fetch_seconds: f64,
    /// Mean time until a commit is answered, exponential. 0.015.
    pub commit_seconds: f64,
    /// Mean time until a send is answered, exponential. 0.006.
    pub send_seconds: f64,
    /// Records that a partition keeps; unread ones beyond are lost. 100,000.
    pub retention: u32,
}

/// A consumer group.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupPlan {
    /// Its name, 1 to 100 letters, digits, `.`, `_` and `-`; its workers are named after it: those of
    /// `audit` are `audit-0`, `audit-1`. `workers`, whose workers are `worker-0`, `worker-1`.
    pub name: String,
    /// The topics that it reads, by name; empty: all.
    pub topics: Vec<String>,
    /// Workers at the start, 1 to 64 over all groups. 2.
    pub workers: u32,
    /// How partitions are given out. Round robin.
    pub assignor: Assignor,
    /// Records that a worker handles at a time. 1.
    pub concurrency: u32,
    /// Records that a worker buffers per topic before it pauses it. 100.
    pub buffer: u32,
    /// Records that one fetch brings at most. 500.
    pub fetch_records: u32,
    /// Time between commits. 2.
    pub commit_interval: f64,
    /// Time between heartbeats. 3.
    pub heartbeat_interval: f64,
    /// Silence after which the group takes a worker for dead. 10.
    pub session_timeout: f64,
    /// How long a rebalance waits for a worker to finish what it has in hand. 60.
    pub rebalance_timeout: f64,
    /// What it does with each record; none: what the scenario says.
    pub handler: Option<HandlerPlan>,
}

impl GroupPlan {
    /// Whether it reads a topic.
    pub(crate) fn reads(&self, topic: &str) -> bool {
        self.topics.is_empty() || self.topics.iter().any(|name| name == topic)
    }
}

/// What a group's workers are called, without their numbers.
pub(crate) fn worker_name(group: &str) -> &str {
    match group {
        UNNAMED => "worker",
        name => name,
    }
}

/// How a group gives out its partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignor {
    /// Of each topic a contiguous range to each worker. Everyone stops.
    Range,
    /// One partition to each worker in turn. Everyone stops.
    RoundRobin,
    /// Evenly, and as many as possible to who had them. Everyone stops.
    Sticky,
    /// As sticky, but only the partitions that move stop: their owners let go of them in a first round,
    /// and in a second one they are given to others.
    Cooperative,
}

/// What is done with each record: a table read, the work, a table written, a result sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HandlerPlan {
    /// How long the work takes. Log-normal, 0.01 s.
    pub time: Spread,
    /// How often a record that fails is tried again before it is a dead letter. 3.
    pub retries: u32,
    /// How long is waited before each. 0.1.
    pub backoff: f64,
    /// Keys read from the topic's table for each record, 0 to 100. 1.
    pub table_gets: u32,
    /// Keys written (or deleted, one in fifty) for each record, 0 to 100. 1.
    pub table_sets: u32,
    /// Results sent for each record, a mean, 0 to 100. 1.
    pub sends: f64,
}

/// A time, and how it is spread around its mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Its mean.
    pub mean: f64,
    /// How it is spread.
    pub shape: Shape,
}

/// The distribution of a [`Spread`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// Always the mean.
    Constant,
    /// Exponential: with one worker and one partition, the server of an M/M/1 queue.
    Exponential,
    /// Log-normal.
    LogNormal {
        /// The standard deviation of the logarithm, 0 to 4.
        sigma: f64,
    },
    /// Pareto: a heavy tail.
    Pareto {
        /// The exponent, 1.05 to 100; up to 2 the variance is infinite.
        alpha: f64,
    },
}

/// Web requests to the workers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WebPlan {
    /// Requests per second to each, a Poisson process. 2.
    pub per_second: f64,
    /// How long an answer takes. Log-normal, 0.02 s.
    pub time: Spread,
}

/// Shares of 0 to 1 that fail.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ErrorShares {
    /// Of the attempts to handle a record. 0.
    pub handler: f64,
    /// Of sends. 0.01.
    pub send: f64,
    /// Of commits. 0.
    pub commit: f64,
    /// Of web requests: answered with 500. 0.01.
    pub web: f64,
    /// Of assignments, at most two in one rebalance. 0.01.
    pub assignment: f64,
}

/// A command and its time.
#[derive(Debug, Clone, PartialEq)]
pub struct TimedCommand {
    /// When, in virtual seconds.
    pub at: f64,
    /// What.
    pub command: Command,
}

impl Scenario {
    /// Partitions over all topics.
    pub fn partitions(&self) -> u64 {
        self.topics
            .iter()
            .map(|topic| u64::from(topic.partitions))
            .sum()
    }
}
