//! The form itself, as text: what stands here is what other programs read.

use streamgauge::{
    Histogram, LagMethod, Latency, PartitionFigures, Rate, Snapshot, Status, TableCounts,
};

fn small() -> Snapshot {
    let quarter = Histogram {
        scale: 5,
        count: 1,
        sum_nanoseconds: 250_000_000,
        min: Some(0.25),
        max: Some(0.25),
        offset: -65,
        buckets: vec![1],
        ..Histogram::default()
    };
    let mut snapshot = Snapshot {
        worker: "worker-1".into(),
        since: 1_700_000_000.0,
        at: 1_700_000_060.5,
        sequence: 60,
        ..Snapshot::default()
    };
    snapshot.messages.received = 18_446_744_073_709_551_615;
    snapshot.messages.received_by_topic = [("orders".into(), 3)].into();
    snapshot.messages.time = Latency {
        life: Some(quarter),
        last_minute: Some(Histogram::default()),
    };
    snapshot.rates.busy = Rate {
        now: Some(0.1),
        ..Rate::default()
    };
    snapshot.errors.by_stage = [("commit".into(), [("timeout".into(), 2)].into())].into();
    snapshot.consumer.busy_nanoseconds = 1_500_000_000;
    snapshot.consumer.idle_nanoseconds = 4_500_000_000;
    snapshot.http.responses = [(200, 5)].into();
    snapshot.tables = [(
        "counts".into(),
        TableCounts {
            keys_retrieved: 1,
            keys_updated: 2,
            keys_deleted: 3,
        },
    )]
    .into();
    snapshot.metrics = [("balance".into(), -4)].into();
    snapshot.partitions = vec![PartitionFigures {
        topic: "orders".into(),
        partition: 7,
        worker: "worker-1".into(),
        at: 1_700_000_060.5,
        owned: true,
        position: Some(10),
        end: Some(15),
        lag: Some(5),
        lag_seconds: Some(2.5),
        lag_method: LagMethod::AtLeast,
        status: Status::Warn,
        reason: "its lag grows".into(),
        ..PartitionFigures::default()
    }];
    snapshot.summarize();
    snapshot
}

#[test]
fn the_json_form_is_this() {
    let expected: String = include_str!("golden.json")
        .lines()
        .map(str::trim_start)
        .collect();
    assert_eq!(small().to_json(), expected);
    assert_eq!(Snapshot::from_json(&expected), Ok(small()));
    assert_eq!(
        Snapshot::from_json(include_str!("golden.json")),
        Ok(small()),
        "spaces and lines make no difference"
    );
}

#[test]
fn what_is_computed_is_not_believed() {
    let text = small().to_json();
    let changed = text
        .replace(r#""recordsSum":5"#, r#""recordsSum":77"#)
        .replace(r#""mean":0.25"#, r#""mean":"long""#)
        .replace(r#""busyShare":0.25"#, r#""busyShare":9"#)
        .replace(r#""owned":1"#, r#""owned":{}"#)
        .replace(
            r#""status":"warn","reason":"orders"#,
            r#""status":"fine","reason":"x"#,
        );
    assert_ne!(text, changed);
    assert_eq!(Snapshot::from_json(&changed), Ok(small()));
}

#[test]
fn percentiles_stand_under_their_own_keys() {
    let mut snapshot = small();
    let spread = Histogram {
        scale: 5,
        count: 2_000,
        sum_nanoseconds: 1,
        min: Some(0.001),
        max: Some(900.0),
        below: 0,
        above: 0,
        offset: -300,
        buckets: vec![4; 500],
    };
    snapshot.sends.latency.life = Some(spread.clone());
    let value: serde_json::Value = serde_json::from_str(&snapshot.to_json()).unwrap();
    let life = &value["sends"]["latency"]["life"];
    for (key, q) in [
        ("p50", 0.5),
        ("p90", 0.9),
        ("p95", 0.95),
        ("p99", 0.99),
        ("p999", 0.999),
    ] {
        assert_eq!(life[key].as_f64(), spread.quantile(q), "{key}");
    }
    assert_eq!(life["mean"].as_f64(), spread.mean());
    assert_eq!(life["sum"].as_f64(), Some(1e-9));
}
