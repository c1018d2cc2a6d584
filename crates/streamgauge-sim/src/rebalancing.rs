//! A rebalance. By the eager protocol everyone lets go of everything, joins, is told its new
//! partitions, recovers its tables and goes on. By the cooperative one everyone joins with what it
//! has; where partitions must move, their owners are told to let go of just those and join again, and
//! this second round gives them to their new owners. Meanwhile producers do not wait.

use alloc::format;
use alloc::vec::Vec;

use streamgauge::{AssignmentState, RebalanceState};

use crate::event::{Event, GroupIndex, WorkerIndex};
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

/// A rebalance under way: one generation of the group.
#[derive(Debug)]
pub(crate) struct Rebalance {
    phase: Phase,
    pub(crate) members: Vec<Member>,
    /// From 1; another one follows where partitions must move cooperatively.
    pub(crate) round: u32,
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
    /// The first group's first worker joins anew, and goes behind the others: by range and round robin
    /// the partitions move on. False, and nothing happens, while the group is rebalancing already.
    pub fn rebalance(&mut self) -> bool {
        self.rebalance_group(0)
    }

    /// The same of another group. False where there is no such group, too.
    pub fn rebalance_group(&mut self, group: usize) -> bool {
        match self.groups.get_mut(group) {
            Some(one) if one.rebalance.is_none() && !one.members.is_empty() => {
                one.members.rotate_left(1);
                self.start_rebalance(group, 1);
                true
            }
            _ => false,
        }
    }

    /// Somebody came or went.
    pub(crate) fn rebalance_or_later(&mut self, group: GroupIndex) {
        match &mut self.groups[group].rebalance {
            Some(rebalance) => rebalance.again = true,
            None => self.start_rebalance(group, 1),
        }
    }

    pub(crate) fn is_cooperative(&self, group: GroupIndex) -> bool {
        self.scenario.groups[group].assignor == Assignor::Cooperative
    }

    /// Whether a worker may not fetch because of a rebalance.
    pub(crate) fn is_recovering(&self, worker: WorkerIndex) -> bool {
        !self.is_cooperative(self.workers[worker].group) && self.takes_part(worker)
    }

    pub(crate) fn takes_part(&self, worker: WorkerIndex) -> bool {
        let rebalance = self.group_of(worker).rebalance.as_ref();
        rebalance.is_some_and(|rebalance| rebalance.members.iter().any(|one| one.worker == worker))
    }

    fn start_rebalance(&mut self, group: GroupIndex, round: u32) {
        // One that died keeps what it had until its silence is noticed.
        let is_staying = |worker: &&WorkerIndex| self.workers[**worker].presence == Presence::Up;
        let staying = self.groups[group].members.iter().filter(is_staying);
        let staying: Vec<_> = staying.copied().collect();
        if staying.is_empty() {
            return;
        }
        self.groups[group].generation += 1;
        let generation = self.groups[group].generation;
        let is_cooperative = self.is_cooperative(group);
        let mut members = Vec::with_capacity(staying.len());
        for worker in staying {
            let own = self.workers[worker].owned.iter().copied();
            // By the cooperative protocol, what the round before told it.
            let letting_go = own.filter(|index| {
                let partition = &mut self.partitions[*index];
                let is_own = partition.owner == Some(worker);
                partition.revoking |= is_own && !is_cooperative;
                is_own && partition.revoking
            });
            let letting_go = letting_go.collect();
            self.give_back(worker);
            let sensor = self.workers[worker].gauge.sensor();
            let state = sensor.on_rebalance_start(Some(generation));
            members.push(Member {
                worker,
                state,
                letting_go,
                joined: false,
            });
        }
        let count = members.len();
        self.groups[group].rebalance = Some(Rebalance {
            phase: Phase::Joining,
            members,
            round,
            leader: None,
            failures: 0,
            step: 0,
            again: false,
            started: self.now,
        });
        let text = match (is_cooperative, round) {
            (false, _) => format!("rebalance {generation} of {count} workers starts"),
            (true, 1) => format!(
                "rebalance {generation} of {count} workers starts: they keep what they have"
            ),
            _ => format!("rebalance {generation} of {count} workers starts: round {round}"),
        };
        self.tell_of_group(group, "rebalanceStarted", text);
        let timeout = self.scenario.groups[group].rebalance_timeout;
        self.after(timeout, Event::JoinTimeout { group, generation });
        for worker in self.groups[group].members.clone() {
            self.settle_down(worker);
        }
    }

    /// A worker joins once nothing is under way of what it lets go, and all of that is committed.
    pub(crate) fn join_if_quiet(&mut self, worker: WorkerIndex) {
        let Some(rebalance) = &self.group_of(worker).rebalance else {
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
        let group = self.workers[worker].group;
        let Some(rebalance) = &mut self.groups[group].rebalance else {
            return;
        };
        rebalance.leader.get_or_insert(worker);
        for member in &mut rebalance.members {
            member.joined |= member.worker == worker;
        }
        self.go_on_if_all_joined(group);
    }

    fn go_on_if_all_joined(&mut self, group: GroupIndex) {
        let Some(rebalance) = &self.groups[group].rebalance else {
            return;
        };
        let all_joined = rebalance.members.iter().all(|member| member.joined);
        if matches!(rebalance.phase, Phase::Joining) && all_joined {
            self.next_phase(group, Phase::Joined, JOIN_SECONDS);
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
    pub(crate) fn leave_out_the_late(&mut self, group: GroupIndex, generation: u64) {
        let one = &self.groups[group];
        let Some(rebalance) = &one.rebalance else {
            return;
        };
        if one.generation != generation || !matches!(rebalance.phase, Phase::Joining) {
            return;
        }
        let late = rebalance.members.iter().filter(|member| !member.joined);
        for worker in late.map(|member| member.worker).collect::<Vec<_>>() {
            self.expel(worker, "did not join the rebalance in time");
        }
    }

    /// A worker is no longer in its group: the others do not wait for it.
    pub(crate) fn leave_rebalance(&mut self, worker: WorkerIndex) {
        let group = self.workers[worker].group;
        let Some(rebalance) = &mut self.groups[group].rebalance else {
            return;
        };
        rebalance.members.retain(|member| member.worker != worker);
        if rebalance.members.is_empty() {
            let others_wait = rebalance.again;
            self.groups[group].rebalance = None;
            if others_wait {
                self.start_rebalance(group, 1);
            }
            return;
        }
        if rebalance.leader != Some(worker) {
            return self.go_on_if_all_joined(group);
        }
        rebalance.leader = rebalance.members.first().map(|member| member.worker);
        match rebalance.phase {
            Phase::Assigning(_) => self.next_phase(group, Phase::Joined, JOIN_SECONDS),
            _ => self.go_on_if_all_joined(group),
        }
    }

    fn next_phase(&mut self, group: GroupIndex, phase: Phase, mean_seconds: f64) {
        let one = &mut self.groups[group];
        let seconds = one.random.rebalances.exponential(mean_seconds);
        if let Some(rebalance) = &mut one.rebalance {
            rebalance.phase = phase;
            rebalance.step += 1;
            let step = rebalance.step + one.generation as u32 * 1_000;
            self.after(seconds, Event::Rebalance { group, step });
        }
    }

    pub(crate) fn go_on_rebalancing(&mut self, group: GroupIndex, step: u32) {
        let one = &mut self.groups[group];
        let Some(rebalance) = &mut one.rebalance else {
            return;
        };
        if rebalance.step + one.generation as u32 * 1_000 != step {
            return;
        }
        let leader = rebalance.leader.unwrap_or_default();
        match &mut rebalance.phase {
            Phase::Joining => {}
            Phase::Joined => {
                let state = self.workers[leader].gauge.sensor().on_assignment_start();
                self.next_phase(group, Phase::Assigning(state), ASSIGN_SECONDS);
            }
            Phase::Assigning(state) => {
                let sensor = self.workers[leader].gauge.sensor();
                let share = self.scenario.errors.assignment;
                let fails = one.random.rebalances.chance(share);
                if fails && rebalance.failures < MOST_FAILURES {
                    rebalance.failures += 1;
                    sensor.on_assignment_error(Some(state), &"a member left meanwhile");
                    self.next_phase(group, Phase::Joined, JOIN_SECONDS);
                } else {
                    sensor.on_assignment_completed(Some(state));
                    self.next_phase(group, Phase::Syncing, SYNC_SECONDS);
                }
            }
            Phase::Syncing => match self.sync(group) {
                // Who gained something reads it while the others let go.
                true => self.end_rebalance(group, true),
                false => self.next_phase(group, Phase::Recovering, RECOVERY_SECONDS),
            },
            Phase::Recovering => self.end_rebalance(group, false),
        }
    }

    /// `is_half`: partitions must move, for which there is another round.
    fn end_rebalance(&mut self, group: GroupIndex, is_half: bool) {
        let one = &mut self.groups[group];
        let Some(mut rebalance) = one.rebalance.take() else {
            return;
        };
        let (generation, seconds) = (one.generation, self.now - rebalance.started);
        let hundredths = nearest(seconds * 100.0);
        let (whole, rest) = (hundredths / 100, hundredths % 100);
        let text = format!("rebalance {generation} is over after {whole}.{rest:02} s");
        self.tell_of_group(group, "rebalanceEnded", text);
        for member in &mut rebalance.members {
            let worker = member.worker;
            let sensor = self.workers[worker].gauge.sensor();
            sensor.on_rebalance_end(Some(&mut member.state));
            self.report_offsets(worker);
            self.fetch(worker);
        }
        if is_half {
            self.start_rebalance(group, rebalance.round + 1);
        } else if rebalance.again {
            self.start_rebalance(group, 1);
        }
    }
}
