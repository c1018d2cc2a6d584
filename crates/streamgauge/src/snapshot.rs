//! A monitor's figures at one moment as plain data: what exporters render, what goes over the wire,
//! and what many monitors' figures are added up from.
//!
//! One table, [`SNAPSHOT`], has a row for each figure. The structs, the keys of the forms, reading,
//! writing and [`merge`] are all made from it.

mod any;
#[cfg(feature = "cbor")]
mod cbor;
#[cfg(feature = "serde")]
mod context;
#[cfg(feature = "json")]
mod json;
mod map;
mod merge;
mod order;
mod parts;
#[cfg(feature = "serde")]
mod read;
mod sections;
mod summary;
mod table;
mod value;
#[cfg(feature = "serde")]
mod write;

#[cfg(feature = "serde")]
pub use self::context::{MAX_DEPTH, MAX_SNAPSHOT_PARTITIONS, SnapshotError};
pub use self::{
    any::{AnyValue, Unknown},
    map::SortedMap,
    merge::{MergeError, merge},
    parts::{
        Format, HISTOGRAM, LATENCY, LIFE, LagMethod, Latency, Life, PARTITION, PartitionFigures,
        RATE, Rate, TABLE,
    },
    sections::{
        Assignments, Commits, Consumer, Errors, Events, Health, Http, Lag, Messages, Ownership,
        Rates, Rebalances, SECTIONS, SNAPSHOT, Sends, Snapshot,
    },
    table::{FigureOf, MergeRule, PartitionFigure, SnapshotFigure, SnapshotKind, SnapshotSection},
    value::{SnapshotShape, SnapshotValue},
};
