//! Simulated traffic as JavaScript calls it.
//!
//! A worker's figures are read as a monitor's are: blocks, numbers, names (see `block`), each with
//! the worker's number first. Only `block.rs` knows their form.

use streamgauge::Figures;
use streamgauge_sim::{HandlerTime, Simulation as Core, SimulationOptions as Options, Worker};
use wasm_bindgen::prelude::*;

use crate::block;

/// What to simulate: the defaults, until it is told otherwise. `Simulation` checks the bounds;
/// whole numbers must be whole already.
#[wasm_bindgen]
#[derive(Default)]
pub struct SimulationOptions {
    options: Options,
}

#[wasm_bindgen]
impl SimulationOptions {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a number by its name in Rust; false where there is none of that name.
    pub fn number(&mut self, name: &str, value: f64) -> bool {
        let options = &mut self.options;
        match name {
            "seed" => options.seed = value as u64,
            "partitions" => options.partitions = value as u32,
            "workers" => options.workers = value as u32,
            "concurrency" => options.concurrency = value as u32,
            "buffer_size" => options.buffer_size = value as u32,
            "message_rate" => options.message_rate = value,
            "handler_latency" => options.handler_latency = value,
            "error_rate" => options.error_rate = value,
            "slow_factor" => options.slow_factor = value,
            "fetch_latency" => options.fetch_latency = value,
            "commit_interval" => options.commit_interval = value,
            "web_request_rate" => options.web_request_rate = value,
            _ => return false,
        }
        true
    }

    pub fn topics(&mut self, topics: Vec<String>) {
        self.options.topics = topics;
    }

    #[wasm_bindgen(js_name = constantHandler)]
    pub fn constant_handler(&mut self) {
        self.options.handler_time = HandlerTime::Constant;
    }

    #[wasm_bindgen(js_name = exponentialHandler)]
    pub fn exponential_handler(&mut self) {
        self.options.handler_time = HandlerTime::Exponential;
    }

    #[wasm_bindgen(js_name = logNormalHandler)]
    pub fn log_normal_handler(&mut self, shape: f64) {
        self.options.handler_time = HandlerTime::LogNormal { shape };
    }
}

/// A simulated stream processor. What it refuses is thrown as `[name in Rust, what it must be]`.
#[wasm_bindgen]
pub struct Simulation {
    core: Core,
    block: Vec<f64>,
}

fn refused(error: streamgauge_sim::Error) -> Vec<String> {
    vec![error.field().into(), error.expected().into()]
}

impl Simulation {
    fn worker(&self, worker: u32) -> Option<&Worker> {
        self.core.workers().get(worker as usize)
    }

    fn figures(&self, worker: u32) -> Option<&Figures> {
        self.worker(worker).map(|worker| worker.monitor().figures())
    }
}

#[wasm_bindgen]
impl Simulation {
    #[wasm_bindgen(constructor)]
    pub fn new(options: &SimulationOptions) -> Result<Simulation, Vec<String>> {
        let core = Core::new(&options.options).map_err(refused)?;
        Ok(Self {
            core,
            block: Vec::new(),
        })
    }

    // Driving it.

    pub fn advance(&mut self, seconds: f64) -> Result<(), Vec<String>> {
        self.core.advance(seconds).map_err(refused)
    }

    #[wasm_bindgen(js_name = setMessageRate)]
    pub fn set_message_rate(&mut self, rate: f64) -> Result<(), Vec<String>> {
        self.core.set_message_rate(rate).map_err(refused)
    }

    #[wasm_bindgen(js_name = setHandlerLatency)]
    pub fn set_handler_latency(&mut self, seconds: f64) -> Result<(), Vec<String>> {
        self.core.set_handler_latency(seconds).map_err(refused)
    }

    #[wasm_bindgen(js_name = setErrorRate)]
    pub fn set_error_rate(&mut self, rate: f64) -> Result<(), Vec<String>> {
        self.core.set_error_rate(rate).map_err(refused)
    }

    #[wasm_bindgen(js_name = setSlowConsumer)]
    pub fn set_slow_consumer(&mut self, slow: bool) {
        self.core.set_slow_consumer(slow);
    }

    pub fn rebalance(&mut self) -> bool {
        self.core.rebalance()
    }

    // Its state.

    pub fn now(&self) -> f64 {
        self.core.now()
    }

    #[wasm_bindgen(js_name = messageRate)]
    pub fn message_rate(&self) -> f64 {
        self.core.options().message_rate
    }

    #[wasm_bindgen(js_name = handlerLatency)]
    pub fn handler_latency(&self) -> f64 {
        self.core.options().handler_latency
    }

    #[wasm_bindgen(js_name = errorRate)]
    pub fn error_rate(&self) -> f64 {
        self.core.options().error_rate
    }

    #[wasm_bindgen(js_name = isRebalancing)]
    pub fn is_rebalancing(&self) -> bool {
        self.core.is_rebalancing()
    }

    /// Produced, waiting, buffered, in flight, processed, given back.
    pub fn counts(&self) -> Vec<f64> {
        let counts = self.core.counts();
        let all = [
            counts.produced,
            counts.waiting,
            counts.buffered,
            counts.in_flight,
            counts.processed,
            counts.given_back,
        ];
        all.map(|count| count as f64).into()
    }

    // Its workers. Of a worker that is none there is nothing to read.

    #[wasm_bindgen(js_name = workerCount)]
    pub fn worker_count(&self) -> u32 {
        self.core.workers().len() as u32
    }

    #[wasm_bindgen(js_name = isSlow)]
    pub fn is_slow(&self, worker: u32) -> bool {
        self.worker(worker).is_some_and(Worker::is_slow)
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
        let mut block = std::mem::take(&mut self.block);
        if let Some(figures) = self.figures(worker) {
            block::write_asdict(figures, &mut block);
        }
        self.block = block;
        self.block.as_ptr() as u32
    }

    /// Where the block of one row of a worker's figures lies.
    #[wasm_bindgen(js_name = figureBlock)]
    pub fn figure_block(&mut self, worker: u32, row: u32) -> u32 {
        let mut block = std::mem::take(&mut self.block);
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

    /// Changes whenever the number of a worker's label or partition may have got another meaning.
    pub fn revision(&self, worker: u32) -> u32 {
        self.figures(worker).map_or(0, Figures::revision)
    }

    /// The names behind a row's numbers, from number `from` on.
    pub fn names(&self, worker: u32, row: u32, from: u32) -> Vec<String> {
        let figures = self.figures(worker);
        figures.map_or_else(Vec::new, |figures| {
            block::names(figures, row as usize, from as usize)
        })
    }
}
