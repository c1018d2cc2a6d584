//! A rebalance, as Kafka's eager protocol does it: everyone stops, lets go, joins, is told its new
//! partitions, recovers its tables and goes on. Meanwhile producers do not wait.

use streamgauge::{AssignmentState, RebalanceState, Sensor};

use crate::event::{Event, WorkerIndex};
use crate::simulation::Simulation;

/// Mean time from the last worker's joining to the assignor's start.
const JOIN_SECONDS: f64 = 0.05;
/// Mean time that the assignor takes.
const ASSIGN_SECONDS: f64 = 0.02;
/// Mean time until the workers have their assignment.
const SYNC_SECONDS: f64 = 0.1;
/// Mean time to recover the tables.
const RECOVERY_SECONDS: f64 = 0.4;
/// How often the assignor may fail in one rebalance.
const MOST_FAILURES: u32 = 2;

/// A rebalance under way.
#[derive(Debug)]
pub(crate) struct Rebalance {
    phase: Phase,
    /// Each worker's token.
    states: Vec<RebalanceState>,
    joined: Vec<bool>,
    /// Who runs the assignor: the first to join.
    leader: Option<WorkerIndex>,
    failures: u32,
}

/// What is waited for.
#[derive(Debug)]
enum Phase {
    /// Every worker's last handler and commit.
    Joining,
    /// The assignor's start.
    Joined,
    /// The assignor's end.
    Assigning(AssignmentState),
    /// The news of the assignment.
    Syncing,
    /// The tables.
    Recovering,
}

impl Simulation {
    /// Rebalances the group: its partitions move on to the next worker. False, and nothing
    /// happens, while it is rebalancing already.
    pub fn rebalance(&mut self) -> bool {
        if self.rebalance.is_some() {
            return false;
        }
        self.generation += 1;
        let count = self.workers.len();
        let states = (0..count).map(|worker| {
            self.stop_fetching(worker);
            self.workers[worker]
                .monitor
                .on_rebalance_start(Some(self.generation))
        });
        let states = states.collect();
        self.rebalance = Some(Rebalance {
            phase: Phase::Joining,
            states,
            joined: vec![false; count],
            leader: None,
            failures: 0,
        });
        for worker in 0..count {
            self.join_if_quiet(worker);
        }
        true
    }

    /// A worker joins once nothing of it is under way and everything it did is committed.
    pub(crate) fn join_if_quiet(&mut self, worker: WorkerIndex) {
        let Some(Rebalance {
            phase: Phase::Joining,
            joined,
            ..
        }) = &self.rebalance
        else {
            return;
        };
        if joined[worker] || !self.workers[worker].is_quiet() || self.commit(worker) {
            return;
        }
        let Some(rebalance) = &mut self.rebalance else {
            return;
        };
        rebalance.joined[worker] = true;
        rebalance.leader.get_or_insert(worker);
        if rebalance.joined.iter().all(|joined| *joined) {
            self.next_phase(Phase::Joined, JOIN_SECONDS);
        }
    }

    fn next_phase(&mut self, phase: Phase, mean_seconds: f64) {
        if let Some(rebalance) = &mut self.rebalance {
            rebalance.phase = phase;
        }
        let seconds = self.random.rebalances.exponential(mean_seconds);
        self.after(seconds, Event::Rebalance);
    }

    pub(crate) fn go_on_rebalancing(&mut self) {
        let Some(rebalance) = &mut self.rebalance else {
            return;
        };
        let leader = rebalance.leader.unwrap_or_default();
        match &mut rebalance.phase {
            Phase::Joining => {}
            Phase::Joined => {
                let state = self.workers[leader].monitor.on_assignment_start();
                self.next_phase(Phase::Assigning(state), ASSIGN_SECONDS);
            }
            Phase::Assigning(state) => {
                let monitor = &mut self.workers[leader].monitor;
                let fails = self.random.rebalances.chance(self.options.error_rate);
                if fails && rebalance.failures < MOST_FAILURES {
                    rebalance.failures += 1;
                    monitor.on_assignment_error(Some(state), &"a member left meanwhile");
                    self.next_phase(Phase::Joined, JOIN_SECONDS);
                } else {
                    monitor.on_assignment_completed(Some(state));
                    self.next_phase(Phase::Syncing, SYNC_SECONDS);
                }
            }
            Phase::Syncing => {
                for (worker, state) in self.workers.iter_mut().zip(&mut rebalance.states) {
                    worker.monitor.on_rebalance_return(Some(state));
                }
                self.assign();
                self.next_phase(Phase::Recovering, RECOVERY_SECONDS);
            }
            Phase::Recovering => self.end_rebalance(),
        }
    }

    fn end_rebalance(&mut self) {
        let Some(mut rebalance) = self.rebalance.take() else {
            return;
        };
        for worker in 0..self.workers.len() {
            self.workers[worker]
                .monitor
                .on_rebalance_end(Some(&mut rebalance.states[worker]));
            self.report_offsets(worker);
            self.resume_fetching(worker);
        }
    }
}
