//! streamgauge's figures for others to read: what each is called, and all of a
//! [`Snapshot`](streamgauge::Snapshot) as OpenMetrics or Prometheus text.
//!
//! [`metrics`] is the table of names, made from the snapshot's own table: no figure is without a
//! row, or without a reason in [`OMITTED`].

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod buckets;
mod error;
mod format;
mod labelled;
mod metric;
mod names;
mod options;
mod render;
mod samples;
mod table;
mod write;

pub use self::{
    error::ExportError,
    format::TextFormat,
    metric::{Metric, MetricKind},
    options::{Buckets, ExportOptions},
    render::Renderer,
    table::{HISTOGRAM_PARTS, OMITTED, metrics},
};
