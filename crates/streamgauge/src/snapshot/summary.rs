//! What follows from the other figures of a snapshot.

use alloc::string::String;
use core::mem;

use crate::health::Status;
use crate::number::decimal;
use crate::snapshot::order::put_in_order;
use crate::snapshot::parts::PartitionFigures;
use crate::snapshot::{Consumer, Health, Lag, Snapshot};

impl Snapshot {
    /// Puts `partitions` in order and computes what follows from other figures: all of `lag` and
    /// `health`, `ownership.owned`, and the seconds and share of `consumer`.
    ///
    /// Reading and merging do this themselves. Cost: a few passes over the partitions, and sorting
    /// them where they are not in order.
    pub fn summarize(&mut self) {
        put_in_order(&mut self.partitions, &|a, b| a.place() < b.place());
        summarize_lag(&mut self.lag, &self.partitions);
        summarize_health(&mut self.health, &self.partitions);
        let owned = self.partitions.iter().filter(|partition| partition.owned);
        self.ownership.owned = owned.count() as u64;
        summarize_time(&mut self.consumer);
    }
}

impl PartitionFigures {
    pub(crate) fn place(&self) -> (&str, u32) {
        (&self.topic, self.partition)
    }
}

/// One pass, as plain code: the same by iterators, figure for figure, is three times the code.
fn summarize_lag(lag: &mut Lag, partitions: &[PartitionFigures]) {
    let mut sum = Lag {
        unknown: mem::take(&mut lag.unknown),
        ..Lag::default()
    };
    let mut all_drain = true;
    let mut last_drained = None;
    for partition in partitions {
        match partition.lag {
            Some(_) => sum.partitions_known += 1,
            None => sum.partitions_unknown += 1,
        }
        sum.records_max = sum.records_max.max(partition.lag);
        add(&mut sum.records_sum, partition.lag);
        sum.committed_max = sum.committed_max.max(partition.committed_lag);
        add(&mut sum.committed_sum, partition.committed_lag);
        greatest(&mut sum.seconds_max, partition.lag_seconds);
        if let Some(slope) = partition.slope {
            sum.slope = Some(sum.slope.map_or(slope, |sum| sum + slope));
        }
        if partition.lag.is_some_and(|lag| lag > 0) {
            all_drain &= partition.catch_up_seconds.is_some();
            greatest(&mut last_drained, partition.catch_up_seconds);
        }
    }
    sum.catch_up_seconds = match sum.records_sum {
        Some(0) => Some(0.0),
        Some(_) if all_drain => last_drained,
        _ => None,
    };
    *lag = sum;
}

fn add(sum: &mut Option<u64>, value: Option<u64>) {
    if let Some(value) = value {
        *sum = Some(sum.unwrap_or(0).saturating_add(value));
    }
}

#[inline(never)]
fn greatest(most: &mut Option<f64>, value: Option<f64>) {
    if let Some(value) = value
        && most.is_none_or(|most| value.total_cmp(&most).is_ge())
    {
        *most = Some(value);
    }
}

fn summarize_health(health: &mut Health, partitions: &[PartitionFigures]) {
    let mut counts = [0; Status::ALL.len()];
    // Of those that do equally badly, the one with the most to catch up; of those, the first.
    let mut worst: Option<&PartitionFigures> = None;
    for partition in partitions {
        if let Some(count) = counts.get_mut(partition.status as usize) {
            *count += 1;
        }
        let rank = |partition: &PartitionFigures| (partition.status, partition.lag);
        if worst.is_none_or(|worst| rank(partition) > rank(worst)) {
            worst = Some(partition);
        }
    }
    [
        health.ok,
        health.warn,
        health.stop,
        health.stall,
        health.rewind,
    ] = counts;
    (health.status, health.reason) = match worst {
        Some(worst) => {
            let mut words = String::new();
            let number = decimal(worst.partition.into());
            for part in [&*worst.topic, "/", &*number, ": ", &*worst.reason] {
                words.push_str(part);
            }
            (worst.status, words)
        }
        None => (Status::Ok, String::from("no partition is known")),
    };
}

fn summarize_time(consumer: &mut Consumer) {
    const NANOSECONDS: f64 = 1e9;
    let (busy, idle) = (consumer.busy_nanoseconds, consumer.idle_nanoseconds);
    consumer.busy_seconds = busy as f64 / NANOSECONDS;
    consumer.idle_seconds = idle as f64 / NANOSECONDS;
    let both = u128::from(busy) + u128::from(idle);
    consumer.busy_share = (both > 0).then(|| busy as f64 / both as f64);
}
