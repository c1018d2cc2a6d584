//! The monitor for stream processors: Faust's `Monitor` (`faust.sensors.monitor`) in Rust.
//!
//! A stream processor calls a [`Sensor`]'s hooks as messages come in, are processed and go out, as
//! offsets are committed and partitions move; a [`Monitor`] turns the calls into figures, bounded
//! in memory, and [`asdict`](Figures::asdict) gives them under Faust's own keys.
//!
//! ```
//! use streamgauge::{ManualClock, Message, Monitor, Sensor, TopicPartition};
//!
//! let clock = ManualClock::new(0.0); // or `StdClock`, or any function that gives seconds
//! let mut monitor = Monitor::new(&clock);
//! let tp = TopicPartition::new("orders", 0);
//! let mut message = Message::default();
//! monitor.on_message_in(tp, 17, &mut message);
//! // ... work on it ...
//! monitor.on_message_out(tp, 17, &mut message);
//! assert_eq!(monitor.messages_received_total(), 1);
//! assert_eq!(monitor.asdict().topic_read_offsets["orders"][&0], 17);
//! ```
//!
//! - [`SensorDelegate`] tells many sensors at once and keeps their tokens apart.
//! - [`Clock`] is where time comes from, [`ManualClock`] one that a test moves.
//! - [`Figures`] is the arithmetic alone, for hosts that bring their own clock and names.
//! - [`FIGURES`] is the table of every figure: name, key, unit, help.
//! - [`Snapshot`] is everything beyond Faust's figures, [`merge`] a cluster's sum of them.
//! - `Recorder` writes a trace of what a monitor is told, `Replay` reads it (feature `json`).
//!
//! It needs `alloc` and 32-bit atomics, no operating system. It forbids unsafe code. Where it
//! differs from Faust, and why, is written in `DESIGN.md` beside this crate.
//!
//! It does not talk to Kafka, export, or start threads.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

mod anomaly;
mod asdict;
mod attributes;
mod clock;
mod consumer;
mod counters;
mod delegate;
mod error;
mod errors;
mod figures;
mod forward;
mod hash;
mod health;
mod histogram;
#[cfg(feature = "health")]
mod history;
#[cfg(not(feature = "health"))]
#[path = "history/off.rs"]
mod history;
mod holding;
mod http;
mod idle;
mod in_flight;
mod limits;
mod monitor;
mod names;
mod number;
#[cfg(feature = "serde")]
mod numeric_keys;
mod options;
mod partitions;
mod rates;
#[cfg(feature = "json")]
mod recorder;
#[cfg(feature = "json")]
mod replay;
mod ring;
mod schema;
mod sensor;
mod snapshot;
mod start;
#[cfg(feature = "histograms")]
mod streams;
#[cfg(not(feature = "histograms"))]
#[path = "streams/off.rs"]
mod streams;
mod tables;
mod tokens;

#[cfg(feature = "std")]
pub use crate::clock::StdClock;
#[cfg(all(feature = "json", feature = "std"))]
pub use crate::recorder::IoSink;
#[cfg(feature = "serde")]
pub use crate::snapshot::{MAX_DEPTH, MAX_SNAPSHOT_PARTITIONS, SnapshotError};
pub use crate::{
    anomaly::{Anomalies, Anomaly},
    asdict::{AsDict, Offsets},
    clock::{Clock, ManualClock},
    counters::{Family, LabelSlot},
    delegate::{Fanned, SensorDelegate, SensorKey},
    error::Error,
    errors::Stage,
    figures::{Figures, HealthChange, LabelFamily, Taken},
    health::{Reason, Status},
    histogram::Histogram,
    http::{HttpStatus, ResponseCodes},
    limits::{Limits, MAX_HISTORY, MAX_LABELS, MAX_PARTITIONS, MAX_REMEMBERED},
    monitor::Monitor,
    names::{MAX_NAME_CHARACTERS, OTHER},
    number::decimal,
    options::{MAX_COUNT, Options},
    partitions::{OffsetKind, PartitionIndex, Partitions},
    ring::Ring,
    schema::{FIGURES, Figure, Kind, Shape, Value},
    sensor::{Sensor, Stream, TopicPartition},
    snapshot::{
        AnyValue, Assignments, Commits, Consumer, Errors, Events, FigureOf, Format, HISTOGRAM,
        Health, Http, LATENCY, LIFE, Lag, LagMethod, Latency, Life, MergeError, MergeRule,
        Messages, Ownership, PARTITION, PartitionFigure, PartitionFigures, RATE, Rate, Rates,
        Rebalances, SECTIONS, SNAPSHOT, Sends, Snapshot, SnapshotFigure, SnapshotKind,
        SnapshotSection, SnapshotShape, SnapshotValue, SortedMap, TABLE, Unknown, merge,
    },
    start::Start,
    tables::{TableCall, TableCounts, TableState},
    tokens::{AssignmentState, EventState, Message, RebalanceState, WebRequestState},
};
#[cfg(feature = "json")]
pub use crate::{
    recorder::Recorder,
    replay::{Replay, TRACE_VERSION, TraceDifference, TraceError},
};

/// Runs the README's examples.
#[cfg(all(doctest, feature = "std", feature = "histograms", feature = "health"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// Runs the Rust of the project's own README.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../../../README.md")]
struct ProjectReadme;
