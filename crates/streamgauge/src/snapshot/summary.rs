//! What follows from the other figures of a snapshot.

use alloc::format;
use alloc::string::String;

use crate::health::Status;
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

fn summarize_lag(lag: &mut Lag, partitions: &[PartitionFigures]) {
    let records = || partitions.iter().filter_map(|partition| partition.lag);
    let committed = || partitions.iter().filter_map(|p| p.committed_lag);
    let seconds = partitions.iter().filter_map(|p| p.lag_seconds);
    lag.records_max = records().max();
    lag.records_sum = records().reduce(u64::saturating_add);
    lag.committed_max = committed().max();
    lag.committed_sum = committed().reduce(u64::saturating_add);
    lag.seconds_max = seconds.max_by(f64::total_cmp);
    lag.slope = partitions
        .iter()
        .filter_map(|partition| partition.slope)
        .reduce(|sum, slope| sum + slope);
    let behind = || {
        partitions
            .iter()
            .filter(|p| p.lag.is_some_and(|lag| lag > 0))
    };
    let all_drain = behind().all(|partition| partition.catch_up_seconds.is_some());
    let times = || behind().filter_map(|partition| partition.catch_up_seconds);
    lag.catch_up_seconds = match lag.records_sum {
        Some(0) => Some(0.0),
        Some(_) if all_drain => times().max_by(f64::total_cmp),
        _ => None,
    };
    lag.partitions_known = records().count() as u64;
    lag.partitions_unknown = partitions.len() as u64 - lag.partitions_known;
}

fn summarize_health(health: &mut Health, partitions: &[PartitionFigures]) {
    let count = |status: Status| partitions.iter().filter(|p| p.status == status).count() as u64;
    health.ok = count(Status::Ok);
    health.warn = count(Status::Warn);
    health.stop = count(Status::Stop);
    health.stall = count(Status::Stall);
    health.rewind = count(Status::Rewind);
    // Of those that do equally badly, the one with the most to catch up; of those, the first.
    let worst = partitions
        .iter()
        .rev()
        .max_by_key(|partition| (partition.status, partition.lag));
    match worst {
        Some(worst) => {
            health.status = worst.status;
            health.reason = format!("{}/{}: {}", worst.topic, worst.partition, worst.reason);
        }
        None => {
            health.status = Status::Ok;
            health.reason = String::from("no partition is known");
        }
    }
}

fn summarize_time(consumer: &mut Consumer) {
    const NANOSECONDS: f64 = 1e9;
    let (busy, idle) = (consumer.busy_nanoseconds, consumer.idle_nanoseconds);
    consumer.busy_seconds = busy as f64 / NANOSECONDS;
    consumer.idle_seconds = idle as f64 / NANOSECONDS;
    let both = u128::from(busy) + u128::from(idle);
    consumer.busy_share = (both > 0).then(|| busy as f64 / both as f64);
}
