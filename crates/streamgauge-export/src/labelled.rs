//! A snapshot's labels, ready for every sample that has them.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use streamgauge::{Life, PartitionFigures, Snapshot};

use crate::metric::Metric;
use crate::write::{label, whole};

/// A snapshot, and the labels that its samples have as text.
pub(crate) struct Labelled<'a> {
    pub(crate) snapshot: &'a Snapshot,
    /// Of every sample.
    pub(crate) common: String,
    /// Of each partition's samples, with `common`, one behind the other, and where each ends.
    partitions: (String, Vec<usize>),
}

impl<'a> Labelled<'a> {
    pub(crate) fn of(snapshot: &'a Snapshot, constant: &str) -> Self {
        let mut common = String::from(constant);
        if !snapshot.worker.is_empty() {
            label(&mut common, "worker", &snapshot.worker);
        }
        let mut text = String::new();
        let mut ends = Vec::with_capacity(snapshot.partitions.len());
        let mut labels = String::new();
        for partition in &snapshot.partitions {
            labels.clear();
            labels.push_str(&common);
            // A merged snapshot has no worker's name; its partitions have those of their owners.
            if snapshot.worker.is_empty() && !partition.worker.is_empty() {
                label(&mut labels, "worker", &partition.worker);
            }
            label(&mut labels, "topic", &partition.topic);
            labels.push_str(",partition=\"");
            whole(&mut labels, partition.partition.into());
            labels.push('"');
            text.push_str(&labels);
            ends.push(text.len());
        }
        Self {
            snapshot,
            common,
            partitions: (text, ends),
        }
    }

    /// Every partition and its labels.
    pub(crate) fn partitions(&self) -> impl Iterator<Item = (&'a PartitionFigures, &str)> {
        let (text, ends) = &self.partitions;
        let mut start = 0;
        self.snapshot
            .partitions
            .iter()
            .zip(ends)
            .map(move |(partition, end)| {
                let labels: Range<usize> = start..*end;
                start = *end;
                (partition, text.get(labels).unwrap_or_default())
            })
    }

    /// The newest life of each worker that is merged in here. Of a sum that was given a name there are
    /// none: no sample can have two labels `worker`.
    pub(crate) fn newest_lives(&self) -> impl Iterator<Item = &'a Life> {
        let lives: &[Life] = match &*self.snapshot.worker {
            "" => &self.snapshot.merged,
            _ => &[],
        };
        lives.iter().enumerate().filter_map(|(place, life)| {
            let next = lives.get(place + 1);
            next.is_none_or(|next| next.worker != life.worker)
                .then_some(life)
        })
    }
}

/// `labels` with one more, the row's at `place`.
pub(crate) fn with(labels: &str, row: &Metric, place: usize, value: &str) -> String {
    let mut text = String::from(labels);
    label(
        &mut text,
        row.labels.get(place).copied().unwrap_or_default(),
        value,
    );
    text
}
