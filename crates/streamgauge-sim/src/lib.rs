//! Stream traffic that did not happen: a seeded discrete-event simulation on a virtual clock.
//!
//! Producers append records to the partitions of some topics, which lie on brokers. Consumer groups
//! of workers fetch them, each group for itself, into bounded buffers, handle them, read and write
//! tables, send onward, commit, serve web requests and rebalance; workers and brokers stall, fall out
//! of reach and die.
//! Each worker carries a real [`Monitor`](streamgauge::Monitor) that hears every hook, so its
//! figures are those of a real worker.
//!
//! ```
//! use streamgauge_sim::{Command, Scenario, Simulation};
//!
//! let scenario = Scenario { seed: 7, ..Default::default() };
//! let mut simulation = Simulation::new(&scenario)?;
//! simulation.advance(60.0)?;
//! simulation.command(&Command::Crash { worker: 1.into(), restart: Some(5.0) })?;
//! simulation.advance(60.0)?;
//!
//! // What the dead worker had not committed was read again: at least once, and some of it twice.
//! let counts = simulation.counts();
//! assert!(counts.read_again > 0 && counts.repeated > 0);
//! let cluster = simulation.cluster().expect("two workers");
//! assert!(cluster.messages.received > 10_000);
//! # Ok::<(), streamgauge_sim::Error>(())
//! ```
//!
//! A [`Scenario`] is plain data: what there is, and which [`Command`] comes when. With the feature
//! `json` (on by default) it is read from JSON, and [`PRESETS`] are eight that each teach one thing.
//!
//! The same scenario, seed and commands at the same virtual times give the same figures, bit for
//! bit, on every target: the random numbers have a fixed algorithm, logarithms and exponentials
//! come from `libm`, and nothing depends on the order of a hash map.
//!
//! All times are seconds, all rates are per second of virtual time. It does not read a clock,
//! sleep, or start threads: whoever drives it decides how fast virtual time passes. Memory is
//! bounded: partitions keep what is not committed, up to the brokers' retention.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

mod assignment;
mod broker;
mod command;
mod committing;
mod counts;
mod error;
mod event;
mod fetching;
mod gauge;
mod group;
mod handling;
mod journal;
mod membership;
mod number;
mod obeying;
mod particles;
mod partition;
mod plain;
mod presets;
mod producing;
mod random;
mod rebalancing;
mod scenario;
mod schedule;
mod serving;
mod simulation;
mod slots;
mod taking_over;
mod topic;
#[cfg(feature = "trace")]
mod trace;
mod view;
mod worker;

pub use crate::{
    command::{Command, WorkerNumber},
    counts::{Counts, Totals},
    error::Error,
    group::GroupView,
    journal::{DeadLetter, JournalEntry, MAX_DEAD_LETTERS, MAX_JOURNAL},
    particles::{MAX_PARTICLES, Particle, Stage},
    plain::{MAX_DEPTH, Plain},
    presets::{PRESETS, Preset},
    scenario::{
        Assignor, BrokerPlan, ErrorShares, GroupPlan, HandlerPlan, KeyPlan, MAX_BUFFER,
        MAX_COMMANDS, MAX_CONCURRENCY, MAX_GROUP_CHARACTERS, MAX_GROUPS, MAX_KEYS, MAX_PARTITIONS,
        MAX_PRODUCERS, MAX_RATE, MAX_SECONDS, MAX_TOPIC_CHARACTERS, MAX_TOPICS, MAX_WORKERS, Pace,
        ProducerPlan, Rhythm, Scenario, Shape, Spread, TimedCommand, TopicPlan, WebPlan,
    },
    simulation::Simulation,
    view::{PartitionView, ProducerView},
    worker::{Worker, WorkerState},
};

/// Runs the README's example.
#[cfg(all(doctest, feature = "json"))]
#[doc = include_str!("../README.md")]
struct Readme;
