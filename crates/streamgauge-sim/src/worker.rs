//! One worker of a consumer group.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;

use streamgauge::{EventState, Figures, Message, WebRequestState};

use crate::counts::Population;
use crate::event::GroupIndex;
use crate::gauge::Gauge;
use crate::particles::ParticleSlot;
use crate::partition::{Epoch, PartitionIndex};
use crate::slots::Slots;

/// What a worker is at, for whoever looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum WorkerState {
    /// It works.
    Running,
    /// It takes part in a rebalance.
    Rebalancing,
    /// It stands still.
    Stalled,
    /// It cannot reach the brokers.
    Offline,
    /// It finishes what it has in hand, to leave.
    Leaving,
    /// It died.
    Crashed,
    /// It left.
    Left,
}

impl WorkerState {
    /// Every state, in the order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::Running,
        Self::Rebalancing,
        Self::Stalled,
        Self::Offline,
        Self::Leaving,
        Self::Crashed,
        Self::Left,
    ];

    /// Its name: `"running"`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Rebalancing => "rebalancing",
            Self::Stalled => "stalled",
            Self::Offline => "offline",
            Self::Leaving => "leaving",
            Self::Crashed => "crashed",
            Self::Left => "left",
        }
    }
}

/// Whether there is a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Up,
    Leaving,
    Crashed,
    Left,
}

/// A worker: its monitor, and what it is doing.
#[derive(Debug)]
pub struct Worker {
    pub(crate) name: String,
    pub(crate) group: GroupIndex,
    /// Its number in the group.
    pub(crate) number: usize,
    pub(crate) gauge: Gauge,
    pub(crate) presence: Presence,
    /// Counts its starts; what an earlier life planned is void.
    pub(crate) life: u32,
    /// It stands still until then.
    pub(crate) stalled_until: f64,
    /// It cannot reach the brokers until then.
    pub(crate) offline_until: f64,
    /// The group gave its partitions to others, which it does not know yet.
    pub(crate) expelled: bool,
    /// When the group heard of it last.
    pub(crate) last_heard: f64,
    /// The partitions that it takes for its own, in order.
    pub(crate) owned: Vec<PartitionIndex>,
    /// One per topic.
    pub(crate) buffers: Vec<Buffer>,
    /// The topic whose buffer is asked first for the next record.
    pub(crate) next_topic: usize,
    /// The place in `owned` that the next fetch starts from.
    pub(crate) next_owned: usize,
    /// It waits for the broker's answer.
    pub(crate) fetching: bool,
    pub(crate) jobs: Slots<Job>,
    pub(crate) commit: Option<Commit>,
    pub(crate) web_requests: Slots<WebRequestState>,
    /// Its handler takes longer by this factor.
    pub(crate) slowness: f64,
    pub(crate) service_seconds: f64,
    pub(crate) processed: u64,
    /// Results handed to its producer since the last second was full.
    pub(crate) sent: usize,
    pub(crate) busy: Population,
    pub(crate) busy_area: f64,
    /// The part of the last second that its handlers were busy.
    pub(crate) utilization: f64,
}

/// Records that were fetched and wait for the handler.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    pub(crate) records: VecDeque<Record>,
    /// It was full: nothing is fetched into it until half of it is free.
    pub(crate) paused: bool,
    /// When its being full was told last.
    pub(crate) told: Option<f64>,
}

/// A record inside a worker.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) partition: PartitionIndex,
    pub(crate) offset: u64,
    /// Whose it was when it was fetched.
    pub(crate) epoch: Epoch,
    pub(crate) born: f64,
    pub(crate) poison: bool,
    pub(crate) particle: ParticleSlot,
    pub(crate) message: Message,
}

/// A record in the handler's hands.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) record: Record,
    pub(crate) event: Option<EventState>,
    /// How long this attempt takes.
    pub(crate) seconds: f64,
    /// Attempts so far, this one included.
    pub(crate) attempts: u32,
}

/// A commit that the broker has not answered yet.
#[derive(Debug)]
pub(crate) struct Commit {
    pub(crate) started: Option<f64>,
    pub(crate) offsets: Vec<(PartitionIndex, Epoch, u64)>,
    pub(crate) fails: bool,
}

impl Worker {
    pub(crate) fn new(
        name: String,
        group: GroupIndex,
        number: usize,
        gauge: Gauge,
        topics: usize,
    ) -> Self {
        Self {
            name,
            group,
            number,
            gauge,
            presence: Presence::Up,
            life: 1,
            stalled_until: 0.0,
            offline_until: 0.0,
            expelled: false,
            last_heard: 0.0,
            owned: Vec::new(),
            buffers: (0..topics).map(|_| Buffer::default()).collect(),
            next_topic: 0,
            next_owned: 0,
            fetching: false,
            jobs: Slots::default(),
            commit: None,
            web_requests: Slots::default(),
            slowness: 1.0,
            service_seconds: 0.0,
            processed: 0,
            sent: 0,
            busy: Population::default(),
            busy_area: 0.0,
            utilization: 0.0,
        }
    }

    /// Its name: `worker-0`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number of its group.
    pub fn group(&self) -> usize {
        self.group
    }

    /// Its number in the group, from 0.
    pub fn number(&self) -> usize {
        self.number
    }

    /// The figures of its monitor. Of one that died, those of its last life.
    pub fn figures(&self) -> &Figures {
        self.gauge.figures()
    }

    /// How often it started.
    pub fn life(&self) -> u32 {
        self.life
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

    /// How many times longer its handler takes.
    pub fn slowness(&self) -> f64 {
        self.slowness
    }

    /// Seconds spent in handlers, counted as each attempt is done.
    pub fn busy_seconds(&self) -> f64 {
        self.service_seconds
    }

    /// The part of the last second during which its handlers were busy, 0 to 1.
    pub fn utilization(&self) -> f64 {
        self.utilization
    }

    /// Records that it handled, dead letters included.
    pub fn processed(&self) -> u64 {
        self.processed
    }

    /// Whether there is a process, be it stalled or offline.
    pub(crate) fn is_up(&self) -> bool {
        matches!(self.presence, Presence::Up | Presence::Leaving)
    }

    pub(crate) fn is_stalled(&self, now: f64) -> bool {
        self.stalled_until > now
    }

    pub(crate) fn is_offline(&self, now: f64) -> bool {
        self.offline_until > now
    }

    /// Whether the brokers hear it.
    pub(crate) fn is_reachable(&self, now: f64) -> bool {
        self.is_up() && !self.is_stalled(now) && !self.is_offline(now)
    }
}
