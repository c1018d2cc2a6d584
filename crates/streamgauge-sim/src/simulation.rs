//! The simulation: what there is, and what happens next.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use streamgauge::{ManualClock, TopicPartition};

use crate::assignment::assign;
use crate::broker::Broker;
use crate::command::Command;
use crate::counts::{Counts, Population, Totals};
use crate::error::Error;
use crate::event::{Event, Task, WorkerIndex};
use crate::gauge::GaugeMaker;
use crate::journal::Journal;
use crate::particles::Particles;
use crate::partition::{Partition, PartitionIndex};
use crate::plain::Plain;
use crate::producing::Producer;
use crate::random::Streams;
use crate::rebalancing::Rebalance;
use crate::scenario::{Scenario, check_command, check_seconds};
use crate::schedule::Schedule;
use crate::topic::Topic;
use crate::worker::Worker;

/// A simulated stream processor. See the [crate](crate) for an example.
#[derive(Debug)]
pub struct Simulation {
    pub(crate) scenario: Scenario,
    pub(crate) gauges: GaugeMaker,
    pub(crate) now: f64,
    pub(crate) schedule: Schedule,
    pub(crate) random: Streams,
    pub(crate) topics: Vec<Topic>,
    pub(crate) partitions: Vec<Partition>,
    pub(crate) brokers: Vec<Broker>,
    pub(crate) producers: Vec<Producer>,
    pub(crate) workers: Vec<Worker>,
    /// The group's members, in the order in which they joined.
    pub(crate) members: Vec<WorkerIndex>,
    /// How often the group was rebalanced.
    pub(crate) generation: u64,
    pub(crate) rebalance: Option<Rebalance>,
    /// What members were, before they started again.
    pub(crate) past_lives: alloc::collections::VecDeque<streamgauge::Snapshot>,
    /// Only what is counted where it happens; `counts()` adds the rest.
    pub(crate) counted: Counts,
    pub(crate) totals: Totals,
    /// Appended and not settled.
    pub(crate) open: Population,
    pub(crate) particles: Particles,
    pub(crate) journal: Journal,
    ticks: u64,
}

impl Simulation {
    /// A simulation at time 0: partitions empty and assigned, workers ready.
    ///
    /// # Errors
    /// What [`Scenario::check`] refuses.
    pub fn new(scenario: &Scenario) -> Result<Self, Error> {
        scenario.check()?;
        Ok(Self::with_gauges(
            scenario,
            GaugeMaker {
                clock: Rc::new(ManualClock::new(0.0)),
                epoch: scenario.epoch,
                #[cfg(feature = "trace")]
                tape: None,
            },
        ))
    }

    /// The same, with workers whose every hook call is written down: see
    /// [`take_trace`](Self::take_trace). Feature `trace`.
    ///
    /// # Errors
    /// What [`Scenario::check`] refuses.
    #[cfg(feature = "trace")]
    pub fn recording(scenario: &Scenario) -> Result<Self, Error> {
        scenario.check()?;
        let gauges = GaugeMaker {
            clock: Rc::new(ManualClock::new(0.0)),
            epoch: scenario.epoch,
            tape: Some(crate::trace::Tape::new(scenario.epoch)),
        };
        Ok(Self::with_gauges(scenario, gauges))
    }

    fn with_gauges(scenario: &Scenario, gauges: GaugeMaker) -> Self {
        let mut topics: Vec<Topic> = Vec::new();
        let mut partitions = Vec::new();
        for (place, plan) in scenario.topics.iter().enumerate() {
            topics.push(Topic::new(plan, partitions.len()));
            for number in 0..plan.partitions {
                let broker = partitions.len() % scenario.brokers.count as usize;
                partitions.push(Partition::new(place, number, broker));
            }
        }
        let producers = scenario.producers.iter();
        let producers: Vec<_> = producers.map(|plan| Producer::new(plan, &topics)).collect();
        let mut simulation = Self {
            now: 0.0,
            schedule: Schedule::default(),
            random: Streams::new(scenario.seed, producers.len()),
            brokers: vec![Broker::default(); scenario.brokers.count as usize],
            topics,
            partitions,
            producers,
            workers: Vec::new(),
            members: Vec::new(),
            generation: 0,
            rebalance: None,
            past_lives: alloc::collections::VecDeque::new(),
            counted: Counts::default(),
            totals: Totals::default(),
            open: Population::default(),
            particles: Particles::new(),
            journal: Journal::default(),
            ticks: 0,
            scenario: scenario.clone(),
            gauges,
        };
        simulation.start();
        simulation
    }

    /// The group is stable from the first moment on: nobody wants to wait for its first rebalance.
    fn start(&mut self) {
        for worker in 0..self.scenario.group.workers as usize {
            self.make_worker();
            self.members.push(worker);
        }
        let nobody = vec![None; self.partitions.len()];
        let assignor = self.scenario.group.assignor;
        let owners = assign(assignor, &self.members, &self.topics, &nobody);
        for worker in 0..self.workers.len() {
            self.take_over(worker, &owners);
            self.start_worker(worker);
        }
        for producer in 0..self.producers.len() {
            self.plan_arrival(producer);
        }
        for (place, timed) in self.scenario.commands.iter().enumerate() {
            self.schedule.at(timed.at, Event::Command { place });
        }
        self.plan_tick();
    }

    /// The virtual time: 0 at the start.
    pub fn now(&self) -> f64 {
        self.now
    }

    /// Lets virtual time pass, and everything happen that happens meanwhile.
    ///
    /// # Errors
    /// Seconds outside 0..=86400.
    pub fn advance(&mut self, seconds: f64) -> Result<(), Error> {
        check_seconds("seconds", seconds)?;
        let until = self.now + seconds;
        self.happen_until(until);
        self.set_now(until);
        Ok(())
    }

    fn happen_until(&mut self, until: f64) {
        while self.schedule.next_time().is_some_and(|time| time <= until) {
            self.step();
        }
    }

    /// Goes on to the next event and lets it happen.
    pub fn step(&mut self) {
        if let Some((time, event)) = self.schedule.pop() {
            self.set_now(time);
            self.happen(event);
        }
    }

    fn set_now(&mut self, now: f64) {
        self.now = now;
        self.gauges.clock.set(now);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrival { producer, era } => self.arrive(producer, era),
            Event::At { worker, life, task } => self.happen_at(worker, life, task),
            Event::Restart { worker, life } => self.restart(worker, life),
            Event::Rebalance { step } => self.go_on_rebalancing(step),
            Event::JoinTimeout { generation } => self.leave_out_the_late(generation),
            Event::BrokerBack { broker } => self.broker_back(broker),
            Event::Command { place } => {
                let command = self.scenario.commands[place].command.clone();
                self.obey(&command);
            }
            Event::Tick => self.tick(),
        }
    }

    fn happen_at(&mut self, worker: WorkerIndex, life: u32, task: Task) {
        let at = &self.workers[worker];
        if at.life != life || !at.is_up() {
            return;
        }
        if at.is_stalled(self.now) {
            // Whatever comes to one who stands still waits.
            let until = at.stalled_until;
            return self.schedule.at(until, Event::At { worker, life, task });
        }
        if at.expelled && !at.is_offline(self.now) {
            self.learn_of_loss(worker);
        }
        match task {
            Task::Fetched => self.fetched(worker),
            Task::Handled { job } => self.handled(worker, job),
            Task::Again { job } => self.try_again(worker, job),
            Task::Sent { started, failed } => self.sent(worker, started, failed),
            Task::CommitDue => self.commit_due(worker),
            Task::Committed => self.committed(worker),
            Task::Heartbeat => self.heartbeat(worker),
            Task::WebRequest => self.web_request(worker),
            Task::WebAnswer { request, failed } => self.web_answer(worker, request, failed),
            Task::Awake => self.awake(worker),
            Task::Online => self.online(worker),
        }
    }

    pub(crate) fn after(&mut self, seconds: f64, event: Event) {
        self.schedule.at(self.now + seconds, event);
    }

    /// Plans what happens at a worker.
    pub(crate) fn plan(&mut self, worker: WorkerIndex, seconds: f64, task: Task) {
        let life = self.workers[worker].life;
        self.after(seconds, Event::At { worker, life, task });
    }

    // The once-a-second tick.

    fn plan_tick(&mut self) {
        self.ticks += 1;
        // Counted, not added up, so that ticks stay on whole seconds.
        self.schedule.at(self.ticks as f64, Event::Tick);
    }

    fn tick(&mut self) {
        for worker in 0..self.workers.len() {
            let ticking = &mut self.workers[worker];
            if !ticking.is_up() || ticking.is_stalled(self.now) {
                ticking.utilization = 0.0;
                continue;
            }
            let area = ticking.busy.area(self.now);
            let slots = f64::from(self.scenario.group.concurrency);
            ticking.utilization = ((area - ticking.busy_area) / slots).min(1.0);
            ticking.busy_area = area;
            let sent = core::mem::take(&mut ticking.sent);
            ticking
                .gauge
                .sensor()
                .on_threaded_producer_buffer_processed(sent);
            self.look_at_brokers(worker);
            self.workers[worker].gauge.sample();
        }
        self.expel_the_silent();
        self.particles.tick();
        self.plan_tick();
    }

    // Commands.

    /// Changes something, or makes something fail, now: after all else that is due now, and with all
    /// that follows from it at once. The same command in the scenario, at this time, does the same.
    ///
    /// # Errors
    /// What lies out of its bounds, or names a worker, broker, producer or topic that there is not.
    pub fn command(&mut self, command: &Command) -> Result<(), Error> {
        // What is due may add a worker that the command names.
        self.happen_until(self.now);
        check_command(&self.scenario, self.workers.len(), command)?;
        if *command == Command::AddWorker && !self.has_room_for_a_worker() {
            let expected = format!("at most {} workers", crate::scenario::MAX_WORKERS);
            return Err(Error::new("addWorker", expected, "one more"));
        }
        self.obey(command);
        self.happen_until(self.now);
        Ok(())
    }

    /// The same, from the command's JSON form: `{"command": "stall", "worker": 2, "seconds": 20}`.
    /// Feature `json`.
    ///
    /// # Errors
    /// What is no command, and what [`command`](Self::command) refuses.
    #[cfg(feature = "json")]
    pub fn command_json(&mut self, json: &str) -> Result<(), Error> {
        self.command_plain(Plain::from_json(json, "command")?)
    }

    /// The same, from plain data of that form.
    ///
    /// # Errors
    /// What is no command, and what [`command`](Self::command) refuses.
    pub fn command_plain(&mut self, command: Plain) -> Result<(), Error> {
        let command = crate::scenario::command(command)?;
        self.command(&command)
            .map_err(|error| error.within("command"))
    }

    // What there is to see.

    /// The scenario as it is now, commands included.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The workers, by number; those that died or left, too.
    pub fn workers(&self) -> &[Worker] {
        &self.workers
    }

    /// Whether the group is rebalancing.
    pub fn is_rebalancing(&self) -> bool {
        self.rebalance.is_some()
    }

    /// How often the group was rebalanced.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Where the records are. Costs a look at every partition.
    pub fn counts(&self) -> Counts {
        Counts {
            produced: self.partitions.iter().map(Partition::end).sum(),
            held: self
                .partitions
                .iter()
                .map(|one| one.held.len() as u64)
                .sum(),
            waiting: self.partitions.iter().map(Partition::waiting).sum(),
            buffered: self.workers.iter().map(Worker::buffered).sum(),
            in_flight: self.workers.iter().map(Worker::in_flight).sum(),
            ..self.counted
        }
    }

    /// Sums over time, up to now.
    pub fn totals(&self) -> Totals {
        Totals {
            record_seconds: self.open.area(self.now),
            ..self.totals
        }
    }

    /// The lines of the trace that were not taken yet, whole ones; empty where nothing is recorded.
    /// All of them after each other are a trace, which begins with its header. Take them often: they
    /// lie in memory until then. Feature `trace`.
    #[cfg(feature = "trace")]
    pub fn take_trace(&mut self) -> String {
        self.gauges
            .tape
            .as_ref()
            .map_or_else(String::new, |tape| tape.take())
    }
}

/// A partition's name.
pub(crate) fn name<'a>(
    topics: &'a [Topic],
    partitions: &[Partition],
    index: PartitionIndex,
) -> TopicPartition<'a> {
    name_of(topics, &partitions[index])
}

pub(crate) fn name_of<'a>(topics: &'a [Topic], partition: &Partition) -> TopicPartition<'a> {
    TopicPartition::new(&topics[partition.topic].name, partition.number)
}

/// The names of partitions.
pub(crate) fn names<'a>(
    topics: &'a [Topic],
    partitions: &[Partition],
    indices: &[PartitionIndex],
) -> Vec<TopicPartition<'a>> {
    let names = indices.iter().map(|index| name(topics, partitions, *index));
    names.collect()
}
