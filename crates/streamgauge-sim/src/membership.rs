//! Who is in a group: workers come, go, fall silent and are left out.

use alloc::format;
use alloc::vec::Vec;

use crate::event::{Event, GroupIndex, Task, WorkerIndex};
use crate::number::Number;
use crate::scenario::{MAX_WORKERS, worker_name};
use crate::simulation::{Simulation, names};
use crate::worker::{Presence, Worker, WorkerState};

/// Workers that ever were, at most.
const MOST_EVER: usize = 1_000;
/// Snapshots of lives that ended, at most.
const MOST_PAST_LIVES: usize = 64;

impl Simulation {
    pub(crate) fn has_room_for_workers(&self, more: u32) -> bool {
        let up = self
            .workers
            .iter()
            .filter(|worker| worker.presence != Presence::Left);
        let more = more as usize;
        up.count() + more <= MAX_WORKERS as usize && self.workers.len() + more <= MOST_EVER
    }

    /// One more worker, which is no member of the group yet.
    pub(crate) fn make_worker(&mut self, group: GroupIndex) -> WorkerIndex {
        let number = self.groups[group].workers;
        self.groups[group].workers += 1;
        let of = &self.scenario.groups[group].name;
        let name = format!("{}-{number}", worker_name(of));
        let gauge = self.gauges.make(&name, of, 1);
        let mut worker = Worker::new(name, group, number, gauge, self.topics.len());
        worker.last_heard = self.now;
        self.workers.push(worker);
        self.workers.len() - 1
    }

    /// What a process does by the clock begins.
    pub(crate) fn start_worker(&mut self, worker: WorkerIndex) {
        self.plan_first_commit(worker);
        self.plan_web_request(worker);
        self.plan(worker, 0.0, Task::Heartbeat);
    }

    pub(crate) fn add_worker(&mut self, group: GroupIndex) {
        if !self.has_room_for_workers(1) {
            return;
        }
        let worker = self.make_worker(group);
        let text = format!("{} joins the group", self.workers[worker].name);
        self.tell_of_worker(worker, "workerJoined", text);
        self.start_worker(worker);
        self.join(worker);
    }

    /// A worker asks to be in the group.
    fn join(&mut self, worker: WorkerIndex) {
        self.workers[worker].last_heard = self.now;
        self.group_of_mut(worker).members.push(worker);
        self.rebalance_or_later(self.workers[worker].group);
    }

    pub(crate) fn heartbeat(&mut self, worker: WorkerIndex) {
        let beating = &mut self.workers[worker];
        if !beating.is_offline(self.now) {
            beating.gauge.sensor().on_heartbeat();
            beating.last_heard = self.now;
        }
        let interval = self.plan_of(worker).heartbeat_interval;
        self.plan(worker, interval, Task::Heartbeat);
    }

    /// Once a second: who was silent for too long is out.
    pub(crate) fn expel_the_silent(&mut self) {
        let members = self.groups.iter().flat_map(|group| &group.members);
        let silent = members.filter(|member| {
            let heard = self.workers[**member].last_heard;
            let plan = self.plan_of(**member);
            // A worker that beats less often than that is not silent until it has missed a beat.
            self.now - heard > plan.session_timeout.max(plan.heartbeat_interval + 1.0)
        });
        for worker in silent.copied().collect::<Vec<_>>() {
            self.expel(worker, "was silent for too long");
        }
    }

    /// Its group goes on without a worker, whose partitions others get. It does not know.
    pub(crate) fn expel(&mut self, worker: WorkerIndex, why: &str) {
        let count = self.strike_out(worker);
        let expelled = &mut self.workers[worker];
        expelled.expelled = expelled.is_up();
        let text = format!(
            "{} {why}: the group takes its {count} partitions",
            expelled.name
        );
        self.tell_of_worker(worker, "workerExpelled", text);
        self.rebalance_or_later(self.workers[worker].group);
    }

    /// A worker is no member, and its partitions are nobody's. Gives how many those were.
    fn strike_out(&mut self, worker: WorkerIndex) -> usize {
        let group = self.group_of_mut(worker);
        group.members.retain(|member| *member != worker);
        let mut count = 0;
        for partition in &mut self.partitions {
            if partition.owner == Some(worker) {
                partition.let_go();
                count += 1;
            }
        }
        self.leave_rebalance(worker);
        count
    }

    /// A worker that was left out hears of it, throws away what it has buffered, and joins again.
    pub(crate) fn learn_of_loss(&mut self, worker: WorkerIndex) {
        self.workers[worker].expelled = false;
        let lost = core::mem::take(&mut self.workers[worker].owned);
        let names = names(&self.topics, &self.partitions, &lost);
        let sensor = self.workers[worker].gauge.sensor();
        sensor.on_partitions_lost(&names);
        let count = self.abandon_buffers(worker);
        let who = &self.workers[worker].name;
        let text = format!(
            "{who} learns that it lost {} partitions, and throws away {count} buffered records",
            lost.len()
        );
        self.tell_of_worker(worker, "partitionsLost", text);
        match self.workers[worker].presence {
            Presence::Leaving => self.leave_if_quiet(worker),
            _ => self.join(worker),
        }
    }

    // Leaving.

    pub(crate) fn begin_to_leave(&mut self, worker: WorkerIndex) {
        if self.workers[worker].presence != Presence::Up {
            return;
        }
        self.workers[worker].presence = Presence::Leaving;
        for index in &self.workers[worker].owned {
            let partition = &mut self.partitions[*index];
            partition.revoking |= partition.owner == Some(worker);
        }
        let text = format!("{} is leaving the group", self.workers[worker].name);
        self.tell_of_worker(worker, "workerLeaving", text);
        if !self.workers[worker].expelled {
            self.give_back(worker);
        }
        self.settle_down(worker);
    }

    /// Something of a worker is done: perhaps it can leave now, or join the rebalance.
    pub(crate) fn settle_down(&mut self, worker: WorkerIndex) {
        match self.workers[worker].presence {
            Presence::Leaving => self.leave_if_quiet(worker),
            Presence::Up => self.join_if_quiet(worker),
            Presence::Crashed | Presence::Left => {}
        }
    }

    fn leave_if_quiet(&mut self, worker: WorkerIndex) {
        let leaving = &self.workers[worker];
        let is_quiet = leaving.jobs.len() == 0 && leaving.commit.is_none();
        if leaving.expelled || !leaving.is_reachable(self.now) || !is_quiet {
            return;
        }
        if self.commit(worker) {
            return;
        }
        let owned = self.workers[worker].owned.clone();
        self.let_go(worker, &owned);
        self.workers[worker].presence = Presence::Left;
        let members = &mut self.group_of_mut(worker).members;
        let was_member = members.contains(&worker);
        members.retain(|member| *member != worker);
        let text = format!("{} left the group", self.workers[worker].name);
        self.tell_of_worker(worker, "workerLeft", text);
        if was_member {
            self.leave_rebalance(worker);
            self.rebalance_or_later(self.workers[worker].group);
        }
    }

    // Dying.

    /// A worker's process ends at once. The group hears nothing.
    pub(crate) fn crash(&mut self, worker: WorkerIndex, restart: Option<f64>) {
        if !self.workers[worker].is_up() {
            return;
        }
        let crashed = &mut self.workers[worker];
        let (buffered, in_flight) = (crashed.buffered(), crashed.in_flight());
        let jobs = crashed.jobs.iter().map(|job| &job.record);
        let records = crashed.buffers.iter().flat_map(|buffer| &buffer.records);
        let in_hand = records
            .chain(jobs)
            .map(|record| (record.partition, record.offset));
        let in_hand: Vec<_> = in_hand.collect();
        crashed.presence = Presence::Crashed;
        crashed.expelled = false;
        crashed.fetching = false;
        crashed.commit = None;
        crashed.jobs = Default::default();
        crashed.web_requests = Default::default();
        crashed.busy.remove(in_flight, self.now);
        for buffer in &mut crashed.buffers {
            *buffer = Default::default();
        }
        self.abandon(worker, &in_hand);
        self.leave_rebalance(worker);
        let text = format!(
            "{} dies with {buffered} records buffered and {in_flight} in hand",
            self.workers[worker].name
        );
        self.tell_of_worker(worker, "workerCrashed", text);
        if let Some(seconds) = restart {
            let life = self.workers[worker].life;
            self.after(seconds, Event::Restart { worker, life });
        }
    }

    /// A new process takes a dead one's place, with a monitor of its own.
    pub(crate) fn restart(&mut self, worker: WorkerIndex, life: u32) {
        let starting = &mut self.workers[worker];
        if starting.life != life || starting.presence != Presence::Crashed {
            return;
        }
        let past = starting.gauge.snapshot();
        if self.past_lives.len() == MOST_PAST_LIVES {
            self.past_lives.pop_front();
        }
        self.past_lives.push_back(past);
        starting.presence = Presence::Up;
        starting.life += 1;
        let of = &self.scenario.groups[starting.group].name;
        starting.gauge = self.gauges.make(&starting.name, of, starting.life);
        (starting.stalled_until, starting.offline_until) = (0.0, 0.0);
        starting.owned.clear();
        let text = format!("{} starts again", starting.name);
        self.tell_of_worker(worker, "workerRestarted", text);
        // Its predecessor may still count as a member.
        self.strike_out(worker);
        self.start_worker(worker);
        self.join(worker);
    }

    // Standing still, and out of reach.

    pub(crate) fn stall(&mut self, worker: WorkerIndex, seconds: f64) {
        let stalled = &mut self.workers[worker];
        let until = self.now + seconds;
        if !stalled.is_up() || until <= stalled.stalled_until {
            return;
        }
        stalled.stalled_until = until;
        let text = format!("{} stands still for {} s", stalled.name, Number(seconds));
        self.tell_of_worker(worker, "workerStalled", text);
        self.plan(worker, seconds, Task::Awake);
    }

    pub(crate) fn awake(&mut self, worker: WorkerIndex) {
        let text = format!("{} goes on", self.workers[worker].name);
        self.tell_of_worker(worker, "workerAwake", text);
        self.heard_again(worker);
    }

    pub(crate) fn cut_off(&mut self, worker: WorkerIndex, seconds: f64) {
        let cut = &mut self.workers[worker];
        let until = self.now + seconds;
        if !cut.is_up() || until <= cut.offline_until {
            return;
        }
        cut.offline_until = until;
        let text = format!(
            "{} cannot reach the brokers for {} s",
            cut.name,
            Number(seconds)
        );
        self.tell_of_worker(worker, "workerOffline", text);
        self.plan(worker, seconds, Task::Online);
    }

    pub(crate) fn online(&mut self, worker: WorkerIndex) {
        if self.workers[worker].is_offline(self.now) {
            return;
        }
        let text = format!("{} reaches the brokers again", self.workers[worker].name);
        self.tell_of_worker(worker, "workerOnline", text);
        self.heard_again(worker);
    }

    fn heard_again(&mut self, worker: WorkerIndex) {
        let heard = &mut self.workers[worker];
        if heard.is_offline(self.now) {
            return;
        }
        heard.gauge.sensor().on_heartbeat();
        heard.last_heard = self.now;
        self.fetch(worker);
        self.settle_down(worker);
    }

    /// What a worker is at.
    pub fn worker_state(&self, worker: usize) -> Option<WorkerState> {
        let one = self.workers.get(worker)?;
        Some(match one.presence {
            Presence::Crashed => WorkerState::Crashed,
            Presence::Left => WorkerState::Left,
            _ if one.is_stalled(self.now) => WorkerState::Stalled,
            _ if one.is_offline(self.now) => WorkerState::Offline,
            Presence::Leaving => WorkerState::Leaving,
            Presence::Up if self.takes_part(worker) => WorkerState::Rebalancing,
            Presence::Up => WorkerState::Running,
        })
    }
}
