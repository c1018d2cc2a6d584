//! Many monitors' figures as one.

#[path = "merge/properties.rs"]
mod properties;
#[path = "snapshot/random.rs"]
mod random;

use streamgauge::{
    AnyValue, Histogram, MergeError, PartitionFigures, Snapshot, Status, TableCounts, merge,
};

fn life(worker: &str, since: f64) -> Snapshot {
    Snapshot {
        worker: worker.into(),
        since,
        at: since + 10.0,
        sequence: 10,
        ..Snapshot::default()
    }
}

fn partition(worker: &str, at: f64, owned: bool) -> PartitionFigures {
    PartitionFigures {
        topic: "orders".into(),
        worker: worker.into(),
        at,
        owned,
        ..PartitionFigures::default()
    }
}

fn seconds(count: u64) -> Option<Histogram> {
    Some(Histogram {
        scale: 0,
        count,
        sum_nanoseconds: u128::from(count) * 1_000_000_000,
        min: Some(1.0),
        max: Some(1.0),
        offset: -1,
        buckets: vec![count],
        ..Histogram::default()
    })
}

#[test]
fn two_workers_add_up() {
    let (mut a, mut b) = (life("a", 100.0), life("b", 200.0));
    for (snapshot, n) in [(&mut a, 1), (&mut b, 10)] {
        snapshot.messages.received = n;
        snapshot.messages.received_by_topic = [("orders".into(), n)].into();
        snapshot.messages.active = 2 * n;
        snapshot.messages.oldest_seconds = Some(n as f64);
        snapshot.messages.stuck_after_seconds = 60.0;
        snapshot.messages.time.life = seconds(n);
        snapshot.messages.time.last_minute = seconds(n);
        snapshot.rates.events.now = Some(n as f64 / 4.0);
        snapshot.rebalances.app_count = n;
        snapshot.rebalances.last_age_seconds = Some(n as f64);
        snapshot.rebalances.storm = n == 1;
        snapshot.errors.by_stage = [("send".into(), [("timeout".into(), n)].into())].into();
        snapshot.consumer.busy_nanoseconds = n * 1_000_000_000;
        snapshot.consumer.idle_nanoseconds = 11_000_000_000;
        snapshot.http.responses = [(200, n)].into();
        snapshot.metrics = [("balance".into(), -(n as i64))].into();
        snapshot.tables = [(
            "t".into(),
            TableCounts {
                keys_updated: n,
                ..TableCounts::default()
            },
        )]
        .into();
    }
    b.messages.received_by_topic.insert("refunds".into(), 5);
    b.rates.errors.one_minute = Some(0.1);
    let both = merge(&[a, b]).unwrap();
    assert_eq!(
        (&*both.worker, both.since, both.at, both.sequence),
        ("", 100.0, 210.0, 2)
    );
    assert_eq!(both.messages.received, 11);
    assert_eq!(
        both.messages.received_by_topic,
        [("orders".into(), 11), ("refunds".into(), 5)].into()
    );
    assert_eq!(both.messages.active, 22);
    assert_eq!(both.messages.oldest_seconds, Some(10.0));
    assert_eq!(both.messages.stuck_after_seconds, 60.0);
    assert_eq!(both.messages.time.life, seconds(11));
    assert_eq!(both.messages.time.last_minute, seconds(11));
    assert_eq!(both.messages.end_to_end.life, None);
    assert_eq!(both.rates.events.now, Some(2.75));
    assert_eq!(both.rates.errors.now, None);
    assert_eq!(
        both.rates.errors.one_minute,
        Some(104_858.0 / 1_048_576.0),
        "0.1, rounded"
    );
    assert_eq!(both.rebalances.app_count, 10);
    assert_eq!(both.rebalances.last_age_seconds, Some(1.0));
    assert!(both.rebalances.storm);
    assert_eq!(both.errors.by_stage["send"]["timeout"], 11);
    assert_eq!(both.consumer.busy_seconds, 11.0);
    assert_eq!(both.consumer.busy_share, Some(1.0 / 3.0));
    assert_eq!(both.http.responses[&200], 11);
    assert_eq!(both.metrics["balance"], -11);
    assert_eq!(both.tables["t"].keys_updated, 11);
    let lives = both
        .merged
        .iter()
        .map(|l| (&*l.worker, l.since, l.at, l.sequence));
    assert_eq!(
        lives.collect::<Vec<_>>(),
        [("a", 100.0, 110.0, 10), ("b", 200.0, 210.0, 10)]
    );
}

#[test]
fn of_one_life_the_newest_snapshot_counts_once() {
    let at = |sequence: u64, at: f64, received: u64| {
        let mut snapshot = life("a", 1.0);
        (snapshot.sequence, snapshot.at) = (sequence, at);
        snapshot.messages.received = received;
        snapshot
    };
    // The highest sequence, even where a clock went back; then the latest.
    let all = [
        at(2, 50.0, 20),
        at(3, 40.0, 30),
        at(3, 41.0, 31),
        at(1, 90.0, 10),
        at(3, 41.0, 31),
    ];
    let merged = merge(&all).unwrap();
    assert_eq!(merged.messages.received, 31);
    assert_eq!(
        (merged.sequence, merged.at, merged.merged[0].sequence),
        (1, 41.0, 3)
    );
    assert_eq!(
        merge(&[at(3, 41.0, 31), at(3, 41.0, 32)])
            .unwrap_err()
            .to_string(),
        "two snapshots of worker \"a\" since 1 carry the same number and time but other figures"
    );
}

#[test]
fn a_restart_adds_counters_and_takes_gauges_of_the_newest_life() {
    let (mut old, mut new) = (life("a", 1.0), life("a", 50.0));
    for (snapshot, n) in [(&mut old, 100), (&mut new, 1)] {
        snapshot.messages.received = n;
        snapshot.messages.active = n;
        snapshot.messages.stuck = n;
        snapshot.messages.oldest_seconds = Some(n as f64);
        snapshot.messages.time.life = seconds(n);
        snapshot.messages.time.last_minute = seconds(n);
        snapshot.rates.busy.now = Some(n as f64);
        snapshot.rebalances.storm = n == 100;
        snapshot.rebalances.last_age_seconds = (n == 100).then_some(0.5);
        snapshot.consumer.paused_partitions = n;
    }
    old.partitions = vec![partition("a", 11.0, true)];
    let merged = merge(&[new, old]).unwrap();
    assert_eq!(merged.messages.received, 101);
    assert_eq!(merged.messages.time.life, seconds(101));
    assert_eq!(merged.messages.time.last_minute, seconds(1));
    assert_eq!((merged.messages.active, merged.messages.stuck), (1, 1));
    assert_eq!(merged.messages.oldest_seconds, Some(1.0));
    assert_eq!(merged.rates.busy.now, Some(1.0));
    assert!(!merged.rebalances.storm);
    assert_eq!(merged.rebalances.last_age_seconds, None);
    assert_eq!(merged.consumer.paused_partitions, 1);
    assert_eq!(merged.partitions, []);
    assert_eq!((merged.since, merged.at, merged.sequence), (1.0, 60.0, 2));
}

#[test]
fn workers_without_a_name_are_different_workers() {
    let (mut a, mut b) = (life("", 1.0), life("", 2.0));
    (a.messages.active, b.messages.active) = (3, 4);
    assert_eq!(merge(&[a, b]).unwrap().messages.active, 7);
}

#[test]
fn a_partition_is_its_owners_then_of_who_told_last_then_by_name() {
    let told = |worker: &str, at: f64, owned: bool| {
        let mut snapshot = life(worker, 1.0);
        snapshot.partitions = vec![partition(worker, at, owned)];
        snapshot
    };
    let speaker = |snapshots: &[Snapshot]| {
        let merged = merge(snapshots).unwrap();
        assert_eq!(merged.partitions.len(), 1);
        merged.partitions[0].worker.clone()
    };
    let (owner, later) = (told("owner", 5.0, true), told("later", 9.0, false));
    assert_eq!(speaker(&[later.clone(), owner.clone()]), "owner");
    assert_eq!(
        speaker(&[owner.clone(), told("new owner", 6.0, true)]),
        "new owner"
    );
    assert_eq!(
        speaker(&[later.clone(), told("earlier", 8.0, false)]),
        "later"
    );
    assert_eq!(speaker(&[told("b", 8.0, true), told("a", 8.0, true)]), "a");
    assert_eq!(merge(&[owner, later]).unwrap().ownership.owned, 1);
}

#[test]
fn where_nothing_else_decides_the_order_still_makes_no_difference() {
    let told = |since: f64, position: u64| {
        let mut snapshot = life("", since);
        let mut figures = partition("", 5.0, true);
        figures.position = Some(position);
        snapshot.partitions = vec![figures];
        snapshot
    };
    let (one, other) = (told(1.0, 7), told(2.0, 3));
    let merged = merge(&[one.clone(), other.clone()]).unwrap();
    let sum = |snapshot: &Snapshot| merge(std::slice::from_ref(snapshot)).unwrap();
    assert_eq!(merge(&[sum(&one), other.clone()]).unwrap(), merged);
    assert_eq!(merge(&[sum(&other), one]).unwrap(), merged);
    // Sums that do not tell which life gave an unknown field.
    let sum = |worker: &str, value: u64| {
        let mut sum = merge(&[life(worker, 1.0)]).unwrap();
        sum.unknown = [("new".into(), AnyValue::Whole(value))].into();
        sum
    };
    let (one, other) = (sum("a", 3), sum("b", 7));
    let merged = merge(&[one.clone(), other.clone()]).unwrap();
    assert_eq!(merge(&[other, one]).unwrap(), merged);
}

#[test]
fn lag_and_health_are_those_of_the_merged_partitions() {
    let told = |worker: &str, number: u32, lag: Option<u64>, status: Status| {
        let mut snapshot = life(worker, 1.0);
        snapshot.partitions = vec![PartitionFigures {
            partition: number,
            lag,
            committed_lag: lag.map(|lag| lag + 1),
            lag_seconds: lag.map(|lag| lag as f64 / 2.0),
            status,
            reason: format!("because of {worker}"),
            ..partition(worker, 2.0, true)
        }];
        snapshot
    };
    let merged = merge(&[
        told("a", 0, Some(3), Status::Stop),
        told("b", 1, Some(9), Status::Stop),
        told("c", 2, None, Status::Ok),
        told("d", 3, Some(50), Status::Warn),
        told("e", 4, Some(9), Status::Stop),
    ])
    .unwrap();
    let lag = &merged.lag;
    assert_eq!((lag.records_max, lag.records_sum), (Some(50), Some(71)));
    assert_eq!((lag.committed_max, lag.committed_sum), (Some(51), Some(75)));
    assert_eq!(lag.seconds_max, Some(25.0));
    assert_eq!((lag.partitions_known, lag.partitions_unknown), (4, 1));
    let health = &merged.health;
    assert_eq!(health.status, Status::Stop);
    assert_eq!(
        health.reason, "orders/1: because of b",
        "of the worst, the first of those with the most lag"
    );
    let counts = [
        health.ok,
        health.warn,
        health.stop,
        health.stall,
        health.rewind,
    ];
    assert_eq!(counts, [1, 1, 3, 0, 0]);
    let none = merge(&[life("a", 1.0)]).unwrap();
    assert_eq!(none.health.reason, "no partition is known");
    assert_eq!((none.lag.records_sum, none.lag.partitions_known), (None, 0));
}

#[test]
fn counters_and_rates_stop_at_their_most() {
    let mut a = life("a", 1.0);
    a.messages.received = u64::MAX - 1;
    a.metrics = [("m".into(), i64::MAX)].into();
    a.rates.events.now = Some(f64::MAX);
    a.rates.busy.now = Some(-1.0);
    let mut b = a.clone();
    b.worker = "b".into();
    let both = merge(&[a, b]).unwrap();
    assert_eq!(both.messages.received, u64::MAX);
    assert_eq!(both.metrics["m"], i64::MAX);
    assert_eq!(both.rates.events.now, Some(2_147_483_648.0));
    assert_eq!(both.rates.busy.now, Some(0.0));
}

#[test]
fn of_an_unknown_field_the_newest_value_stays_whatever_the_grouping() {
    let with = |worker: &str, at: f64, value: Option<u64>| {
        let mut snapshot = life(worker, 1.0);
        snapshot.at = at;
        if let Some(value) = value {
            snapshot.messages.unknown = [("new".into(), AnyValue::Whole(value))].into();
        }
        snapshot
    };
    let (a, b, c) = (
        with("a", 20.0, Some(1)),
        with("b", 90.0, None),
        with("c", 30.0, Some(2)),
    );
    let flat = merge(&[a.clone(), b.clone(), c.clone()]).unwrap();
    assert_eq!(flat.messages.unknown["new"], AnyValue::Whole(2));
    let given = flat.merged.iter().map(|life| life.unknown_fields.clone());
    assert_eq!(
        given.collect::<Vec<_>>(),
        [vec![], vec![], vec!["messages.new".to_string()]]
    );
    // The first sum is as new as b, but its value is as old as a.
    let grouped = merge(&[merge(&[a, b]).unwrap(), c]).unwrap();
    assert_eq!(grouped, flat);
}

#[test]
fn what_would_count_twice_is_refused_by_name() {
    let (a, b) = (life("a", 1.0), life("b", 1.0));
    let sum = |snapshots: &[&Snapshot]| {
        merge(&snapshots.iter().map(|s| (*s).clone()).collect::<Vec<_>>()).unwrap()
    };
    let refused = |snapshots: &[Snapshot]| merge(snapshots).unwrap_err().to_string();
    let twice = "worker \"a\" since 1 is in a merged snapshot and comes again";
    assert_eq!(refused(&[sum(&[&a]), sum(&[&a, &b])]), twice);
    assert_eq!(refused(&[a.clone(), sum(&[&a, &b])]), twice);
    assert_eq!(refused(&[sum(&[&a, &b]), a.clone()]), twice);
    let again = life("a", 7.0);
    let outlived =
        "worker \"a\" started again at 7, and its gauges since 1 are in a merged snapshot";
    assert_eq!(refused(&[sum(&[&a, &b]), again.clone()]), outlived);
    assert_eq!(refused(&[sum(&[&again]), sum(&[&a, &b])]), outlived);
    // An older life that comes alone leaves its gauges out; one beside its successor did so before.
    assert!(merge(&[a.clone(), sum(&[&again])]).is_ok());
    assert!(merge(&[sum(&[&a, &again]), b]).is_ok());
    assert_eq!(merge(&[]), Err(MergeError::Nothing));
}

#[test]
fn a_histogram_that_contradicts_itself_is_refused_by_its_path() {
    let mut wrong = life("a", 1.0);
    wrong.http.latency.life = Some(Histogram {
        scale: 20,
        ..Histogram::default()
    });
    let error = merge(&[wrong, life("b", 1.0)]).unwrap_err().to_string();
    assert!(error.starts_with("http.latency: scale must be"), "{error}");
}
