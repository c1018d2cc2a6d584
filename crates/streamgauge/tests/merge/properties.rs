//! Whatever the order and the grouping, the sum is the same, and it is that of a naive model.

use std::collections::BTreeSet;

use proptest::prelude::*;
use streamgauge::{Snapshot, merge};

use crate::random::Random;

/// Lives of a few workers, some of them restarted, without two snapshots of one life.
fn cluster(random: &mut Random) -> Vec<Snapshot> {
    let mut snapshots = Vec::new();
    for worker in ["", "a", "b", "c", "d"] {
        for since in 1..=1 + random.below(3) {
            snapshots.push(random.snapshot(worker, since as f64));
        }
    }
    snapshots
}

fn shuffle<T>(list: &mut [T], random: &mut Random) {
    for end in (1..list.len()).rev() {
        list.swap(end, random.below(end as u64 + 1) as usize);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_makes_no_difference(seed: u64) {
        let mut random = Random(seed);
        let mut snapshots = cluster(&mut random);
        let merged = merge(&snapshots).unwrap();
        shuffle(&mut snapshots, &mut random);
        prop_assert_eq!(merge(&snapshots).unwrap(), merged);
    }

    /// A worker's lives stay together: gauges of an older life cannot be taken out again.
    #[test]
    fn the_grouping_makes_no_difference(seed: u64) {
        let mut random = Random(seed);
        let snapshots = cluster(&mut random);
        let merged = merge(&snapshots).unwrap();
        let workers = snapshots.chunk_by(|a, b| a.worker == b.worker);
        let mut groups = vec![Vec::new(); 3];
        for lives in workers {
            groups[random.below(3) as usize].extend(lives.iter().cloned());
        }
        let mut parts: Vec<Snapshot> = groups.pop().unwrap();
        parts.extend(groups.iter().filter_map(|group| merge(group).ok()));
        shuffle(&mut parts, &mut random);
        prop_assert_eq!(&merge(&parts).unwrap(), &merged);
        // And one after another.
        let mut sum: Option<Snapshot> = None;
        for lives in snapshots.chunk_by(|a, b| a.worker == b.worker) {
            let next: Vec<_> = sum.into_iter().chain(lives.iter().cloned()).collect();
            sum = Some(merge(&next).unwrap());
        }
        prop_assert_eq!(sum, Some(merged));
    }

    #[test]
    fn snapshots_that_were_overtaken_make_no_difference(seed: u64) {
        let mut random = Random(seed);
        let mut snapshots = cluster(&mut random);
        let merged = merge(&snapshots).unwrap();
        for place in 0..snapshots.len() {
            let now = &snapshots[place];
            let mut before = random.snapshot(&now.worker, now.since);
            before.sequence = now.sequence.saturating_sub(1);
            before.at = now.at - 1.0;
            snapshots.push(before);
        }
        shuffle(&mut snapshots, &mut random);
        prop_assert_eq!(merge(&snapshots).unwrap(), merged);
    }

    /// Counters by a plain sum, gauges by a plain sum over the newest lives.
    #[test]
    fn sums_are_those_of_a_naive_model(seed: u64) {
        let mut random = Random(seed);
        let snapshots = cluster(&mut random);
        let merged = merge(&snapshots).unwrap();
        let sum = |figure: fn(&Snapshot) -> u64, snapshots: &[&Snapshot]| {
            snapshots.iter().fold(0_u64, |sum, s| sum.saturating_add(figure(s)))
        };
        let all: Vec<_> = snapshots.iter().collect();
        let newest: Vec<_> = snapshots
            .iter()
            .filter(|one| {
                let lives = snapshots.iter().filter(|other| other.worker == one.worker);
                one.worker.is_empty() || lives.into_iter().all(|other| other.since <= one.since)
            })
            .collect();
        for counter in [
            |s: &Snapshot| s.messages.bytes_sent,
            |s: &Snapshot| s.events.total,
            |s: &Snapshot| s.sends.errors,
            |s: &Snapshot| s.commits.completed,
            |s: &Snapshot| s.rebalances.count,
            |s: &Snapshot| s.ownership.lost,
            |s: &Snapshot| s.consumer.idle_nanoseconds,
            |s: &Snapshot| s.anomalies.get("orders").copied().unwrap_or(0),
            |s: &Snapshot| s.messages.time.life.as_ref().map_or(0, |h| h.count),
            |s: &Snapshot| s.events.runtime_by_stream.get("z").map_or(0, |h| h.count),
        ] {
            prop_assert_eq!(counter(&merged), sum(counter, &all));
        }
        for gauge in [
            |s: &Snapshot| s.messages.active,
            |s: &Snapshot| s.messages.stuck,
            |s: &Snapshot| s.events.active,
            |s: &Snapshot| s.rebalances.in_progress,
            |s: &Snapshot| s.consumer.paused_partitions,
            |s: &Snapshot| s.messages.time.last_minute.as_ref().map_or(0, |h| h.count),
        ] {
            prop_assert_eq!(gauge(&merged), sum(gauge, &newest));
        }
        let places = newest.iter().flat_map(|s| &s.partitions).map(|p| (&p.topic, p.partition));
        let places: BTreeSet<_> = places.collect();
        let kept: Vec<_> = merged.partitions.iter().map(|p| (&p.topic, p.partition)).collect();
        prop_assert_eq!(kept, places.into_iter().collect::<Vec<_>>());
    }
}
