//! Simulated traffic as JavaScript calls it.
//!
//! A worker's figures are read as a monitor's are: blocks, numbers, names (see `block`), each with
//! the worker's number first. Only `block.rs` knows their form. Scenarios and commands come as plain
//! data (see `plain`). What is refused is thrown as `[path, what it must be, the whole sentence]`.

mod plain;
mod view;

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use streamgauge::Figures;
use streamgauge_sim::{PRESETS, Scenario, Simulation as Core, Worker};
use wasm_bindgen::prelude::*;

use crate::block;

fn refused(error: streamgauge_sim::Error) -> Vec<String> {
    vec![
        error.path().into(),
        error.expected().into(),
        error.to_string(),
    ]
}

/// A simulated stream processor.
#[wasm_bindgen]
pub struct Simulation {
    core: Core,
    block: Vec<f64>,
}

impl Simulation {
    fn worker(&self, worker: u32) -> Option<&Worker> {
        self.core.workers().get(worker as usize)
    }

    fn figures(&self, worker: u32) -> Option<&Figures> {
        self.worker(worker).map(Worker::figures)
    }
}

#[wasm_bindgen]
impl Simulation {
    /// A scenario's simulation; with the feature `trace`, one whose every hook call is written down.
    #[wasm_bindgen(constructor)]
    pub fn new(numbers: &[f64], texts: Vec<String>) -> Result<Simulation, Vec<String>> {
        let plain = plain::read("", numbers, texts).map_err(refused)?;
        let scenario = Scenario::from_plain(plain).map_err(refused)?;
        #[cfg(feature = "trace")]
        let core = Core::recording(&scenario);
        #[cfg(not(feature = "trace"))]
        let core = Core::new(&scenario);
        Ok(Self {
            core: core.map_err(refused)?,
            block: Vec::new(),
        })
    }

    /// Name and JSON text of each preset, one after the other.
    pub fn presets() -> Vec<String> {
        let both = PRESETS.iter().flat_map(|preset| [preset.name, preset.json]);
        both.map(String::from).collect()
    }

    // Driving it.

    pub fn advance(&mut self, seconds: f64) -> Result<(), Vec<String>> {
        self.core.advance(seconds).map_err(refused)
    }

    pub fn command(&mut self, numbers: &[f64], texts: Vec<String>) -> Result<(), Vec<String>> {
        let plain = plain::read("command", numbers, texts).map_err(refused)?;
        self.core.command_plain(plain).map_err(refused)
    }

    pub fn rebalance(&mut self, group: u32) -> bool {
        self.core.rebalance_group(group as usize)
    }

    /// The trace's lines that were not taken yet.
    #[cfg(feature = "trace")]
    #[wasm_bindgen(js_name = takeTrace)]
    pub fn take_trace(&mut self) -> String {
        self.core.take_trace()
    }

    // Its state.

    pub fn now(&self) -> f64 {
        self.core.now()
    }

    /// Of all producers together, bursts left aside.
    #[wasm_bindgen(js_name = messageRate)]
    pub fn message_rate(&self) -> f64 {
        let producers = self.core.scenario().producers.iter();
        producers.map(|producer| producer.pace.per_second).sum()
    }

    #[wasm_bindgen(js_name = handlerLatency)]
    pub fn handler_latency(&self) -> f64 {
        self.core.scenario().handler.time.mean
    }

    #[wasm_bindgen(js_name = errorRate)]
    pub fn error_rate(&self) -> f64 {
        self.core.scenario().errors.send
    }

    #[wasm_bindgen(js_name = isRebalancing)]
    pub fn is_rebalancing(&self) -> bool {
        self.core.is_rebalancing()
    }

    /// The groups' names; there may be more later.
    #[wasm_bindgen(js_name = groupNames)]
    pub fn group_names(&self) -> Vec<String> {
        self.core.groups().map(|group| group.name.into()).collect()
    }

    #[wasm_bindgen(js_name = groupCount)]
    pub fn group_count(&self) -> u32 {
        self.core.groups().len() as u32
    }

    /// Of a group. In the order of `SimulationCounts`.
    pub fn counts(&self, group: u32) -> Vec<f64> {
        let counts = self.core.counts_of(group as usize);
        let all = [
            counts.produced,
            counts.waiting,
            counts.buffered,
            counts.in_flight,
            counts.processed,
            counts.given_back,
            counts.held,
            counts.refused,
            counts.dead_letters,
            counts.abandoned,
            counts.expired,
            counts.lost,
            counts.read_again,
            counts.repeated,
            counts.settled,
            counts.retries,
        ];
        all.map(|count| count as f64).into()
    }

    /// Where the block of the state lies, in bytes; valid until the next call of any kind.
    #[wasm_bindgen(js_name = stateBlock)]
    pub fn state_block(&mut self) -> u32 {
        view::write_state(&self.core, &mut self.block);
        self.block.as_ptr() as u32
    }

    /// The topics of the partitions, one for each.
    #[wasm_bindgen(js_name = partitionTopics)]
    pub fn partition_topics(&self) -> Vec<String> {
        self.core.partitions().map(|one| one.topic.into()).collect()
    }

    /// In the same order, two numbers each: that of the group, and its own.
    #[wasm_bindgen(js_name = partitionNumbers)]
    pub fn partition_numbers(&self) -> Vec<u32> {
        let partitions = self.core.partitions();
        partitions
            .flat_map(|one| [one.group as u32, one.number])
            .collect()
    }

    #[wasm_bindgen(js_name = producerNames)]
    pub fn producer_names(&self) -> Vec<String> {
        self.core.producers().map(|one| one.name.into()).collect()
    }

    /// What happened from entry `from` on, four numbers each: number, time, worker, group (-1: none).
    #[wasm_bindgen(js_name = journalNumbers)]
    pub fn journal_numbers(&self, from: f64) -> Vec<f64> {
        let entries = self.core.journal(from as u64).flat_map(|entry| {
            let [worker, group] = [entry.worker, entry.group].map(view::number);
            [entry.number as f64, entry.at, worker, group]
        });
        entries.collect()
    }

    /// The same entries, two texts each: kind, sentence.
    #[wasm_bindgen(js_name = journalTexts)]
    pub fn journal_texts(&self, from: f64) -> Vec<String> {
        let entries = self.core.journal(from as u64);
        entries
            .flat_map(|entry| [entry.kind.into(), entry.text.clone()])
            .collect()
    }

    /// Records given up, seven numbers each: number, time, time of its making, partition, offset,
    /// worker, attempts.
    #[wasm_bindgen(js_name = deadLetters)]
    pub fn dead_letters(&self) -> Vec<f64> {
        let letters = self.core.dead_letters().flat_map(|letter| {
            [
                letter.number as f64,
                letter.at,
                letter.born,
                letter.partition as f64,
                letter.offset as f64,
                letter.worker as f64,
                f64::from(letter.attempts),
            ]
        });
        letters.collect()
    }

    /// A group's snapshot in its CBOR form; nothing where no worker is up, the only reason there is.
    pub fn cluster(&mut self, group: u32) -> Option<Vec<u8>> {
        let cluster = self.core.cluster_of(group as usize).ok()?;
        Some(cluster.to_cbor())
    }

    // Its workers. Of a worker that is none there is nothing to read.

    #[wasm_bindgen(js_name = workerCount)]
    pub fn worker_count(&self) -> u32 {
        self.core.workers().len() as u32
    }

    #[wasm_bindgen(js_name = workerName)]
    pub fn worker_name(&self, worker: u32) -> String {
        self.worker(worker)
            .map_or_else(String::new, |worker| worker.name().into())
    }

    /// The number of its group.
    #[wasm_bindgen(js_name = workerGroup)]
    pub fn worker_group(&self, worker: u32) -> u32 {
        self.worker(worker)
            .map_or(0, |worker| worker.group() as u32)
    }

    #[wasm_bindgen(js_name = workerState)]
    pub fn worker_state(&self, worker: u32) -> u8 {
        self.core
            .worker_state(worker as usize)
            .map_or(0, |state| state as u8)
    }

    pub fn life(&self, worker: u32) -> u32 {
        self.worker(worker).map_or(0, Worker::life)
    }

    pub fn slowness(&self, worker: u32) -> f64 {
        self.worker(worker).map_or(1.0, Worker::slowness)
    }

    pub fn buffered(&self, worker: u32) -> f64 {
        self.worker(worker)
            .map_or(0.0, |worker| worker.buffered() as f64)
    }

    #[wasm_bindgen(js_name = inFlight)]
    pub fn in_flight(&self, worker: u32) -> f64 {
        self.worker(worker)
            .map_or(0.0, |worker| worker.in_flight() as f64)
    }

    #[wasm_bindgen(js_name = busySeconds)]
    pub fn busy_seconds(&self, worker: u32) -> f64 {
        self.worker(worker).map_or(0.0, Worker::busy_seconds)
    }

    pub fn utilization(&self, worker: u32) -> f64 {
        self.worker(worker).map_or(0.0, Worker::utilization)
    }

    /// A worker's snapshot in its CBOR form.
    pub fn snapshot(&mut self, worker: u32) -> Vec<u8> {
        let snapshot = self.core.snapshot(worker as usize);
        snapshot.map_or_else(Vec::new, |snapshot| snapshot.to_cbor())
    }

    /// The topics of the partitions that a worker owns, one for each.
    #[wasm_bindgen(js_name = ownedTopics)]
    pub fn owned_topics(&self, worker: u32) -> Vec<String> {
        self.core
            .owned(worker as usize)
            .map(|(topic, _)| topic.into())
            .collect()
    }

    /// The numbers of the partitions that a worker owns, in the same order.
    #[wasm_bindgen(js_name = ownedPartitions)]
    pub fn owned_partitions(&self, worker: u32) -> Vec<u32> {
        self.core
            .owned(worker as usize)
            .map(|(_, partition)| partition)
            .collect()
    }

    /// Where the block of a worker's `asdict()` lies, in bytes; valid until the next call of any kind.
    #[wasm_bindgen(js_name = asdictBlock)]
    pub fn asdict_block(&mut self, worker: u32) -> u32 {
        let mut block = core::mem::take(&mut self.block);
        if let Some(figures) = self.figures(worker) {
            block::write_asdict(figures, &mut block);
        }
        self.block = block;
        self.block.as_ptr() as u32
    }

    /// Where the block of one row of a worker's figures lies.
    #[wasm_bindgen(js_name = figureBlock)]
    pub fn figure_block(&mut self, worker: u32, row: u32) -> u32 {
        let mut block = core::mem::take(&mut self.block);
        if let Some(figures) = self.figures(worker) {
            block::write_figure(figures, row as usize, &mut block);
        }
        self.block = block;
        self.block.as_ptr() as u32
    }

    /// The number in a row of a worker's figures.
    pub fn number(&self, worker: u32, row: u32) -> f64 {
        self.figures(worker)
            .map_or(f64::NAN, |figures| block::number(figures, row as usize))
    }

    /// Changes whenever the number of a worker's label or partition may have got another meaning
    /// within its life.
    pub fn revision(&self, worker: u32) -> u32 {
        self.figures(worker).map_or(0, Figures::revision)
    }

    /// The names behind a row's numbers, from number `from` on.
    pub fn names(&self, worker: u32, row: u32, from: u32) -> Vec<String> {
        let mut names = Vec::new();
        if let Some(figures) = self.figures(worker) {
            block::names(figures, row as usize, from, &mut |name| {
                names.push(name.into());
            });
        }
        names
    }
}
