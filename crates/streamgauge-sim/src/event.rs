//! What can happen.

use crate::slots::Slot;

/// The number of a group.
pub(crate) type GroupIndex = usize;

/// The number of a worker among all of the simulation's.
pub(crate) type WorkerIndex = usize;

/// Something that happens at a moment of virtual time.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event {
    /// A producer makes a record. Void where its pace was changed since: `era` is then an old one.
    Arrival { producer: usize, era: u32 },
    /// Something happens at a worker. Void where that worker died since: `life` is then an old one.
    At {
        worker: WorkerIndex,
        life: u32,
        task: Task,
    },
    /// A worker that died starts again.
    Restart { worker: WorkerIndex, life: u32 },
    /// A rebalance goes on to its next phase. Void where another step was planned since.
    Rebalance { group: GroupIndex, step: u32 },
    /// Who has not joined by now is left out.
    JoinTimeout { group: GroupIndex, generation: u64 },
    /// A broker answers again.
    BrokerBack { broker: usize },
    /// A command of the scenario is due.
    Command { place: usize },
    /// The second is full: end offsets are asked for, samplers run.
    Tick,
}

/// Something that happens at a worker.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Task {
    /// The broker's answer to a fetch.
    Fetched,
    /// A handler is done with an attempt.
    Handled { job: Slot },
    /// A record that failed is tried again.
    Again { job: Slot },
    /// The broker's answer to a send.
    Sent { started: f64, failed: bool },
    /// It is time to commit.
    CommitDue,
    /// The broker's answer to a commit.
    Committed,
    /// It is time to tell the group that the worker lives.
    Heartbeat,
    /// A web request comes.
    WebRequest,
    /// A web request is answered.
    WebAnswer { request: Slot, failed: bool },
    /// A stall is over.
    Awake,
    /// The brokers can be reached again.
    Online,
}
