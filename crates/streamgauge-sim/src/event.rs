//! What can happen.

use crate::slots::Slot;

/// The number of a worker in its group.
pub(crate) type WorkerIndex = usize;

/// Something that happens at a moment of virtual time.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event {
    /// A record is appended. Void where the rate was changed since: `era` is then an old one.
    Arrival { era: u32 },
    /// The broker's answer to a fetch. Void where the worker stopped fetching since.
    Fetched { worker: WorkerIndex, era: u32 },
    /// A handler is done.
    Handled { worker: WorkerIndex, job: Slot },
    /// The broker's answer to a send.
    Sent {
        worker: WorkerIndex,
        started: f64,
        failed: bool,
    },
    /// It is time to commit.
    CommitDue { worker: WorkerIndex },
    /// The broker's answer to a commit.
    Committed { worker: WorkerIndex },
    /// A web request comes.
    WebRequest { worker: WorkerIndex },
    /// A web request is answered.
    WebAnswer {
        worker: WorkerIndex,
        request: Slot,
        failed: bool,
    },
    /// The rebalance goes on to its next phase.
    Rebalance,
    /// The second is full: end offsets are asked for, samplers run.
    Tick,
}
