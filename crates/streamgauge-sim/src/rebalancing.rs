//! A rebalance. By the eager protocol everyone lets go of everything, joins, is told its new
//! partitions, recovers its tables and goes on; by the cooperative one only what moves is let go.
//! Meanwhile producers do not wait.

use alloc::format;
use alloc::vec::Vec;

use streamgauge::{AssignmentState, RebalanceState};

use crate::assignment::{assign, moving, owners};
use crate::event::{Event, WorkerIndex};
use crate::number::nearest;
use crate::partition::PartitionIndex;
use crate::scenario::Assignor;
use crate::simulation::{Simulation, names};
use crate::worker::Presence;

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
    pub(crate) members: Vec<Member>,
    /// Who runs the assignor: the first to join.
    leader: Option<WorkerIndex>,
    failures: u32,
    /// Counts the steps that were planned, over all rebalances: of these the last one counts.
    step: u32,
    /// Somebody came or went meanwhile: another one must follow.
    again: bool,
    started: f64,
}

/// A worker that takes part.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) worker: WorkerIndex,
    pub(crate) state: RebalanceState,
    /// What it has to let go.
    pub(crate) letting_go: Vec<PartitionIndex>,
    joined: bool,
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
    /// The group's first worker joins anew, and goes behind the others: by range and round robin
    /// the partitions move on. False, and nothing happens, while the group is rebalancing already.
    pub fn rebalance(&mut self) -> bool {
        if self.rebalance.is_some() || self.members.is_empty() {
            return false;
        }
        self.members.rotate_left(1);
        self.start_rebalance();
        true
    }

    /// Somebody came or went.
    pub(crate) fn rebalance_or_later(&mut self) {
        match &mut self.rebalance {
            Some(rebalance) => rebalance.again = true,
            None => self.start_rebalance(),
        }
    }

    fn is_cooperative(&self) -> bool {
        self.scenario.group.assignor == Assignor::Cooperative
    }

    /// Whether a worker may not fetch because of a rebalance.
    pub(crate) fn is_recovering(&self, worker: WorkerIndex) -> bool {
        !self.is_cooperative() && self.takes_part(worker)
    }

    pub(crate) fn takes_part(&self, worker: WorkerIndex) -> bool {
        let rebalance = self.rebalance.as_ref();
        rebalance.is_some_and(|rebalance| rebalance.members.iter().any(|one| one.worker == worker))
    }

    fn start_rebalance(&mut self) {
        // One that died keeps what it had until its silence is noticed.
        let is_staying = |worker: &&WorkerIndex| self.workers[**worker].presence == Presence::Up;
        let staying: Vec<_> = self.members.iter().filter(is_staying).copied().collect();
        if staying.is_empty() {
            return;
        }
        self.generation += 1;
        let before = owners(&self.partitions);
        let target = assign(
            self.scenario.group.assignor,
            &staying,
            &self.topics,
            &before,
        );
        let mut members = Vec::with_capacity(staying.len());
        for worker in staying {
            let own = self.workers[worker].owned.iter().copied();
            let own: Vec<_> = own.filter(|index| before[*index] == Some(worker)).collect();
            let letting_go = match self.is_cooperative() {
                true => moving(worker, &own, &target),
                false => own,
            };
            for index in &letting_go {
                self.partitions[*index].revoking = true;
            }
            self.give_back(worker);
            let sensor = self.workers[worker].gauge.sensor();
            let state = sensor.on_rebalance_start(Some(self.generation));
            members.push(Member {
                worker,
                state,
                letting_go,
                joined: false,
            });
        }
        let count = members.len();
        self.rebalance = Some(Rebalance {
            phase: Phase::Joining,
            members,
            leader: None,
            failures: 0,
            step: 0,
            again: false,
            started: self.now,
        });
        let generation = self.generation;
        let text = format!("rebalance {generation} of {count} workers starts");
        self.journal.write(self.now, "rebalanceStarted", None, text);
        let timeout = self.scenario.group.rebalance_timeout;
        self.after(timeout, Event::JoinTimeout { generation });
        for worker in self.members.clone() {
            self.settle_down(worker);
        }
    }

    /// A worker joins once nothing is under way of what it lets go, and all of that is committed.
    pub(crate) fn join_if_quiet(&mut self, worker: WorkerIndex) {
        let Some(rebalance) = &self.rebalance else {
            return;
        };
        let Some(member) = rebalance
            .members
            .iter()
            .find(|member| member.worker == worker)
        else {
            return;
        };
        let joining = &self.workers[worker];
        let is_waited_for = matches!(rebalance.phase, Phase::Joining) && !member.joined;
        if !is_waited_for || joining.expelled || !joining.is_reachable(self.now) {
            return;
        }
        let letting_go = member.letting_go.clone();
        let is_under_way = joining.jobs.iter().any(|job| {
            let partition = &self.partitions[job.record.partition];
            partition.revoking && partition.epoch == job.record.epoch
        });
        let is_due = |index: &PartitionIndex| self.partitions[*index].commit_due().is_some();
        let is_due = letting_go.iter().any(is_due);
        if is_under_way || (is_due && joining.commit.is_some()) || (is_due && self.commit(worker)) {
            return;
        }
        if self.workers[worker].commit.is_some() && !letting_go.is_empty() {
            return;
        }
        self.let_go(worker, &letting_go);
        let Some(rebalance) = &mut self.rebalance else {
            return;
        };
        rebalance.leader.get_or_insert(worker);
        for member in &mut rebalance.members {
            member.joined |= member.worker == worker;
        }
        self.go_on_if_all_joined();
    }

    fn go_on_if_all_joined(&mut self) {
        let Some(rebalance) = &self.rebalance else {
            return;
        };
        let all_joined = rebalance.members.iter().all(|member| member.joined);
        if matches!(rebalance.phase, Phase::Joining) && all_joined {
            self.next_phase(Phase::Joined, JOIN_SECONDS);
        }
    }

    /// A worker's partitions are nobody's.
    pub(crate) fn let_go(&mut self, worker: WorkerIndex, indices: &[PartitionIndex]) {
        let mut released = Vec::new();
        for index in indices {
            let partition = &mut self.partitions[*index];
            if partition.owner == Some(worker) {
                partition.let_go();
                released.push(*index);
            }
        }
        let letting_go = &mut self.workers[worker];
        letting_go.owned.retain(|index| !released.contains(index));
        letting_go.next_owned = 0;
        if !released.is_empty() {
            let names = names(&self.topics, &self.partitions, &released);
            let sensor = self.workers[worker].gauge.sensor();
            sensor.on_partitions_revoked(&names);
        }
    }

    /// Who has not joined by now is out.
    pub(crate) fn leave_out_the_late(&mut self, generation: u64) {
        let Some(rebalance) = &self.rebalance else {
            return;
        };
        if self.generation != generation || !matches!(rebalance.phase, Phase::Joining) {
            return;
        }
        let late = rebalance.members.iter().filter(|member| !member.joined);
        for worker in late.map(|member| member.worker).collect::<Vec<_>>() {
            self.expel(worker, "did not join the rebalance in time");
        }
    }

    /// A worker is no longer in the group: the others do not wait for it.
    pub(crate) fn leave_rebalance(&mut self, worker: WorkerIndex) {
        let Some(rebalance) = &mut self.rebalance else {
            return;
        };
        rebalance.members.retain(|member| member.worker != worker);
        if rebalance.members.is_empty() {
            let others_wait = rebalance.again;
            self.rebalance = None;
            if others_wait {
                self.start_rebalance();
            }
            return;
        }
        if rebalance.leader != Some(worker) {
            return self.go_on_if_all_joined();
        }
        rebalance.leader = rebalance.members.first().map(|member| member.worker);
        match rebalance.phase {
            Phase::Assigning(_) => self.next_phase(Phase::Joined, JOIN_SECONDS),
            _ => self.go_on_if_all_joined(),
        }
    }

    fn next_phase(&mut self, phase: Phase, mean_seconds: f64) {
        let seconds = self.random.rebalances.exponential(mean_seconds);
        if let Some(rebalance) = &mut self.rebalance {
            rebalance.phase = phase;
            rebalance.step += 1;
            let step = rebalance.step + self.generation as u32 * 1_000;
            self.after(seconds, Event::Rebalance { step });
        }
    }

    pub(crate) fn go_on_rebalancing(&mut self, step: u32) {
        let generation = self.generation;
        let Some(rebalance) = &mut self.rebalance else {
            return;
        };
        if rebalance.step + generation as u32 * 1_000 != step {
            return;
        }
        let leader = rebalance.leader.unwrap_or_default();
        match &mut rebalance.phase {
            Phase::Joining => {}
            Phase::Joined => {
                let state = self.workers[leader].gauge.sensor().on_assignment_start();
                self.next_phase(Phase::Assigning(state), ASSIGN_SECONDS);
            }
            Phase::Assigning(state) => {
                let sensor = self.workers[leader].gauge.sensor();
                let fails = self
                    .random
                    .rebalances
                    .chance(self.scenario.errors.assignment);
                if fails && rebalance.failures < MOST_FAILURES {
                    rebalance.failures += 1;
                    sensor.on_assignment_error(Some(state), &"a member left meanwhile");
                    self.next_phase(Phase::Joined, JOIN_SECONDS);
                } else {
                    sensor.on_assignment_completed(Some(state));
                    self.next_phase(Phase::Syncing, SYNC_SECONDS);
                }
            }
            Phase::Syncing => {
                self.sync();
                self.next_phase(Phase::Recovering, RECOVERY_SECONDS);
            }
            Phase::Recovering => self.end_rebalance(),
        }
    }

    fn end_rebalance(&mut self) {
        let Some(mut rebalance) = self.rebalance.take() else {
            return;
        };
        let (generation, seconds) = (self.generation, self.now - rebalance.started);
        let hundredths = nearest(seconds * 100.0);
        let (whole, rest) = (hundredths / 100, hundredths % 100);
        let text = format!("rebalance {generation} is over after {whole}.{rest:02} s");
        self.journal.write(self.now, "rebalanceEnded", None, text);
        for member in &mut rebalance.members {
            let worker = member.worker;
            let sensor = self.workers[worker].gauge.sensor();
            sensor.on_rebalance_end(Some(&mut member.state));
            self.report_offsets(worker);
            self.fetch(worker);
        }
        if rebalance.again {
            self.start_rebalance();
        }
    }
}
