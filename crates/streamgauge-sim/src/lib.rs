//! Stream traffic that did not happen: a seeded discrete-event simulation on a virtual clock.
//!
//! Producers append records to the partitions of some topics. A consumer group of workers fetches
//! them into bounded buffers, handles them, reads and writes tables, sends onward, commits, serves
//! web requests and rebalances. Each worker carries a real [`Monitor`](streamgauge::Monitor) that
//! hears every one of these hooks, so its figures are those of a real worker.
//!
//! ```
//! use streamgauge_sim::{Simulation, SimulationOptions};
//!
//! let options = SimulationOptions { seed: 7, message_rate: 50.0, ..Default::default() };
//! let mut simulation = Simulation::new(&options)?;
//! simulation.advance(60.0)?;
//! simulation.set_slow_consumer(true);
//! simulation.advance(60.0)?;
//!
//! let counts = simulation.counts();
//! assert_eq!(counts.produced, counts.waiting + counts.buffered + counts.in_flight + counts.processed);
//! let monitor = simulation.workers()[0].monitor();
//! assert!(monitor.messages_received_total() > 0);
//! # Ok::<(), streamgauge_sim::Error>(())
//! ```
//!
//! The same seed and the same commands at the same virtual times give the same figures, bit for
//! bit, on every target: the random numbers have a fixed algorithm, logarithms and exponentials
//! come from `libm`, and nothing depends on the order of a hash map.
//!
//! All times are seconds, all rates are per second of virtual time. It does not read a clock,
//! sleep, or start threads: whoever drives it decides how fast virtual time passes.
#![forbid(unsafe_code)]

mod assignment;
mod committing;
mod error;
mod event;
mod fetching;
mod handling;
mod names;
mod options;
mod partition;
mod random;
mod rebalancing;
mod schedule;
mod serving;
mod simulation;
mod slots;
mod worker;

pub use crate::error::Error;
pub use crate::options::{
    HandlerTime, MAX_BUFFER, MAX_CONCURRENCY, MAX_PARTITIONS, MAX_RATE, MAX_SECONDS,
    MAX_TOPIC_CHARACTERS, MAX_TOPICS, MAX_WORKERS, SimulationOptions,
};
pub use crate::simulation::{Counts, Simulation};
pub use crate::worker::Worker;
