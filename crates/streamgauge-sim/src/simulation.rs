//! The simulation: what there is, and what happens next.

use std::rc::Rc;

use streamgauge::{ManualClock, Monitor};

use crate::assignment::owner;
use crate::error::Error;
use crate::event::{Event, WorkerIndex};
use crate::names::Topic;
use crate::options::{SimulationOptions, check_error_rate, check_rate, check_seconds};
use crate::partition::{Partition, PartitionIndex};
use crate::random::Streams;
use crate::rebalancing::Rebalance;
use crate::schedule::Schedule;
use crate::worker::Worker;

/// Where the records are. At every moment `produced` is the sum of the next four.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Appended by producers.
    pub produced: u64,
    /// In a partition, not yet fetched.
    pub waiting: u64,
    /// In a worker's buffer.
    pub buffered: u64,
    /// In a handler's hands.
    pub in_flight: u64,
    /// Done.
    pub processed: u64,
    /// Given back from a buffer to the partition because a rebalance came; fetched again later.
    pub given_back: u64,
}

/// A simulated stream processor. See the [crate](crate) for an example.
#[derive(Debug)]
pub struct Simulation {
    pub(crate) options: SimulationOptions,
    pub(crate) clock: Rc<ManualClock>,
    pub(crate) now: f64,
    pub(crate) schedule: Schedule,
    pub(crate) random: Streams,
    pub(crate) topics: Vec<Topic>,
    pub(crate) partitions: Vec<Partition>,
    /// The owner of each partition.
    pub(crate) owners: Vec<WorkerIndex>,
    pub(crate) workers: Vec<Worker>,
    /// How often the group was rebalanced.
    pub(crate) generation: u64,
    pub(crate) rebalance: Option<Rebalance>,
    pub(crate) processed: u64,
    pub(crate) given_back: u64,
    arrival_era: u32,
    ticks: u64,
}

impl Simulation {
    /// A simulation at time 0: partitions empty and assigned, workers ready.
    ///
    /// # Errors
    /// What [`SimulationOptions::check`] refuses.
    pub fn new(options: &SimulationOptions) -> Result<Self, Error> {
        options.check()?;
        let clock = Rc::new(ManualClock::new(0.0));
        let partitions: Vec<_> = (0..options.topics.len())
            .flat_map(|topic| {
                (0..options.partitions).map(move |number| Partition::new(topic, number))
            })
            .collect();
        let workers = (0..options.workers)
            .map(|_| Worker::new(Monitor::new(clock.clone()), options.topics.len()));
        let mut simulation = Self {
            now: 0.0,
            schedule: Schedule::default(),
            random: Streams::new(options.seed),
            topics: options.topics.iter().map(|name| Topic::new(name)).collect(),
            owners: vec![0; partitions.len()],
            partitions,
            workers: workers.collect(),
            generation: 0,
            rebalance: None,
            processed: 0,
            given_back: 0,
            arrival_era: 0,
            ticks: 0,
            options: options.clone(),
            clock,
        };
        simulation.start();
        Ok(simulation)
    }

    fn start(&mut self) {
        self.assign();
        for worker in 0..self.workers.len() {
            self.report_offsets(worker);
            self.plan_first_commit(worker);
            self.plan_web_request(worker);
        }
        self.plan_arrival();
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
        while self.schedule.next_time().is_some_and(|time| time <= until) {
            self.step();
        }
        self.set_now(until);
        Ok(())
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
        self.clock.set(now);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrival { era } if era == self.arrival_era => self.arrive(),
            Event::Arrival { .. } => {}
            Event::Fetched { worker, era } => self.fetched(worker, era),
            Event::Handled { worker, job } => self.handled(worker, job),
            Event::Sent {
                worker,
                started,
                failed,
            } => self.sent(worker, started, failed),
            Event::CommitDue { worker } => self.commit_due(worker),
            Event::Committed { worker } => self.committed(worker),
            Event::WebRequest { worker } => self.web_request(worker),
            Event::WebAnswer {
                worker,
                request,
                failed,
            } => self.web_answer(worker, request, failed),
            Event::Rebalance => self.go_on_rebalancing(),
            Event::Tick => self.tick(),
        }
    }

    pub(crate) fn after(&mut self, seconds: f64, event: Event) {
        self.schedule.at(self.now + seconds, event);
    }

    // Producers.

    fn plan_arrival(&mut self) {
        let rate = self.options.message_rate;
        if rate > 0.0 {
            let seconds = self.random.arrivals.exponential(1.0 / rate);
            self.after(
                seconds,
                Event::Arrival {
                    era: self.arrival_era,
                },
            );
        }
    }

    fn arrive(&mut self) {
        let partition = self.random.arrivals.below(self.partitions.len());
        self.partitions[partition].end += 1;
        self.plan_arrival();
        self.record_waits(partition);
    }

    // The once-a-second tick.

    fn plan_tick(&mut self) {
        self.ticks += 1;
        // Counted, not added up, so that ticks stay on whole seconds.
        self.schedule.at(self.ticks as f64, Event::Tick);
    }

    fn tick(&mut self) {
        for worker in 0..self.workers.len() {
            if self.rebalance.is_none() {
                self.track_end_offsets(worker);
            }
            self.workers[worker].monitor.sample();
        }
        self.plan_tick();
    }

    /// Gives every partition the owner that it has in this generation.
    pub(crate) fn assign(&mut self) {
        for worker in &mut self.workers {
            worker.owned.clear();
        }
        let workers = self.workers.len();
        for (partition, owned_by) in self.owners.iter_mut().enumerate() {
            *owned_by = owner(partition, self.generation, workers);
            self.workers[*owned_by].owned.push(partition);
        }
    }

    // Commands.

    /// Records appended per second from now on.
    ///
    /// # Errors
    /// A rate outside 0..=1000000.
    pub fn set_message_rate(&mut self, rate: f64) -> Result<(), Error> {
        check_rate("message_rate", rate)?;
        self.options.message_rate = rate;
        // The next arrival was drawn at the old rate. A Poisson process has no memory: draw anew.
        self.arrival_era = self.arrival_era.wrapping_add(1);
        self.plan_arrival();
        Ok(())
    }

    /// The mean time to handle a record, for those taken up from now on.
    ///
    /// # Errors
    /// Seconds outside 0..=86400.
    pub fn set_handler_latency(&mut self, seconds: f64) -> Result<(), Error> {
        check_seconds("handler_latency", seconds)?;
        self.options.handler_latency = seconds;
        Ok(())
    }

    /// The share of sends, web requests and assignments that fail from now on.
    ///
    /// # Errors
    /// A share outside 0..=1.
    pub fn set_error_rate(&mut self, rate: f64) -> Result<(), Error> {
        check_error_rate(rate)?;
        self.options.error_rate = rate;
        Ok(())
    }

    /// Makes the last worker's handler slower by [`SimulationOptions::slow_factor`], or as fast as
    /// the others' again. What it has in hand is finished at the speed it was begun with.
    pub fn set_slow_consumer(&mut self, slow: bool) {
        let slowness = if slow { self.options.slow_factor } else { 1.0 };
        if let Some(worker) = self.workers.last_mut() {
            worker.slowness = slowness;
        }
    }

    // What there is to see.

    /// The options as they are now, commands included.
    pub fn options(&self) -> &SimulationOptions {
        &self.options
    }

    /// The workers, by number.
    pub fn workers(&self) -> &[Worker] {
        &self.workers
    }

    /// The partitions that a worker owns, as topic and partition. During a rebalance, those it had.
    pub fn owned(&self, worker: usize) -> impl Iterator<Item = (&str, u32)> {
        let owned = self
            .workers
            .get(worker)
            .into_iter()
            .flat_map(|worker| &worker.owned);
        owned.map(|partition| self.name(*partition))
    }

    /// Whether the group is rebalancing.
    pub fn is_rebalancing(&self) -> bool {
        self.rebalance.is_some()
    }

    /// Where the records are.
    pub fn counts(&self) -> Counts {
        Counts {
            produced: self.partitions.iter().map(|partition| partition.end).sum(),
            waiting: self.partitions.iter().map(Partition::waiting).sum(),
            buffered: self.workers.iter().map(Worker::buffered).sum(),
            in_flight: self.workers.iter().map(Worker::in_flight).sum(),
            processed: self.processed,
            given_back: self.given_back,
        }
    }

    pub(crate) fn name(&self, partition: PartitionIndex) -> (&str, u32) {
        let Partition { topic, number, .. } = &self.partitions[partition];
        (&self.topics[*topic].name, *number)
    }
}
