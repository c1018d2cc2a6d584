//! The simulation: what there is, and what happens next.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use streamgauge::{ManualClock, TopicPartition};

use crate::broker::Broker;
use crate::command::Command;
use crate::error::Error;
use crate::event::{Event, Task, WorkerIndex};
use crate::gauge::GaugeMaker;
use crate::group::Group;
use crate::journal::Journal;
use crate::particles::Particles;
use crate::partition::{Log, Partition, PartitionIndex};
use crate::plain::Plain;
use crate::producing::Producer;
use crate::random::{Random, arrivals};
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
    /// When each producer's records come, and of which keys.
    pub(crate) arrivals: Vec<Random>,
    pub(crate) topics: Vec<Topic>,
    /// All partitions that there are, by topic and number.
    pub(crate) logs: Vec<Log>,
    /// Those that groups read, group by group, and in each by topic and number.
    pub(crate) partitions: Vec<Partition>,
    pub(crate) brokers: Vec<Broker>,
    pub(crate) producers: Vec<Producer>,
    pub(crate) groups: Vec<Group>,
    pub(crate) workers: Vec<Worker>,
    /// What members were, before they started again.
    pub(crate) past_lives: alloc::collections::VecDeque<streamgauge::Snapshot>,
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
        let mut logs = Vec::new();
        for plan in &scenario.topics {
            topics.push(Topic::new(plan, logs.len()));
            for _ in 0..plan.partitions {
                let broker = logs.len() % scenario.brokers.count as usize;
                let readers = Vec::new();
                logs.push(Log { broker, readers });
            }
        }
        let producers = scenario.producers.iter();
        let producers: Vec<_> = producers.map(|plan| Producer::new(plan, &topics)).collect();
        let mut simulation = Self {
            now: 0.0,
            schedule: Schedule::default(),
            arrivals: arrivals(scenario.seed, producers.len()),
            brokers: vec![Broker::default(); scenario.brokers.count as usize],
            topics,
            logs,
            partitions: Vec::new(),
            producers,
            groups: Vec::new(),
            workers: Vec::new(),
            past_lives: alloc::collections::VecDeque::new(),
            particles: Particles::new(),
            journal: Journal::default(),
            ticks: 0,
            scenario: scenario.clone(),
            gauges,
        };
        simulation.start();
        simulation
    }

    fn start(&mut self) {
        for _ in 0..self.scenario.groups.len() {
            self.make_group();
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
            Event::Rebalance { group, step } => self.go_on_rebalancing(group, step),
            Event::JoinTimeout { group, generation } => self.leave_out_the_late(group, generation),
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
            let slots = f64::from(self.scenario.groups[ticking.group].concurrency);
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
        let groups = self.scenario.groups.iter().zip(&self.groups);
        let known = groups.map(|(plan, group)| (plan.name.as_str(), group.workers as u32));
        check_command(&self.scenario, &known.collect::<Vec<_>>(), command)?;
        let more = match command {
            Command::AddWorker { .. } => 1,
            Command::AddGroup { group } => group.workers,
            _ => 0,
        };
        if more > 0 && !self.has_room_for_workers(more) {
            let expected = format!("at most {} workers", crate::scenario::MAX_WORKERS);
            let got = match more {
                1 => "one more".into(),
                _ => format!("{more} more"),
            };
            return Err(Error::new(command.name(), expected, got));
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
