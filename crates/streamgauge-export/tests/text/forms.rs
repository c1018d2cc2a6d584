//! Samples of every form, of one snapshot, of merged ones and of several.

use streamgauge::{
    Histogram, LagMethod, Latency, Life, PartitionFigures, Rate, Snapshot, Status, TableCounts,
    merge,
};
use streamgauge_export::TextFormat::{OpenMetrics, Prometheus};
use streamgauge_export::{ExportOptions, Renderer};

use crate::{named, renderer, samples, text};

#[test]
fn one_of_each_form_is_written() {
    let mut one = named("w");
    one.messages.received = u64::MAX;
    one.messages.retried_by_topic = [("a\"b".into(), 2), ("(other)".into(), 1)].into();
    one.errors.by_stage = [("send".into(), [("E1".into(), 3), ("E2".into(), 4)].into())].into();
    one.http.responses = [(200, 5), (500, 1)].into();
    one.metrics = [("credits".into(), i64::MIN)].into();
    one.rates.errors = Rate {
        one_minute: Some(0.5),
        ..Rate::default()
    };
    one.rebalances.storm = true;
    let counts = TableCounts {
        keys_updated: 7,
        ..TableCounts::default()
    };
    one.tables = [("t".into(), counts)].into();
    one.partitions = vec![PartitionFigures {
        topic: "orders".into(),
        partition: 3,
        worker: "ignored".into(),
        lag: Some(12),
        lag_seconds: Some(0.25),
        lag_method: LagMethod::AtLeast,
        status: Status::Stall,
        ..PartitionFigures::default()
    }];
    one.summarize();
    let text = text(Prometheus, &[one]);
    for (family, lines) in [
        (
            "messages_received_total",
            vec![r#"{worker="w"} 18446744073709551615"#],
        ),
        (
            "messages_retried_by_topic_total",
            vec![
                r#"{worker="w",topic="(other)"} 1"#,
                r#"{worker="w",topic="a\"b"} 2"#,
            ],
        ),
        (
            "errors_by_stage_total",
            vec![
                r#"{worker="w",stage="send",kind="E1"} 3"#,
                r#"{worker="w",stage="send",kind="E2"} 4"#,
            ],
        ),
        (
            "http_responses_total",
            vec![
                r#"{worker="w",status="200"} 5"#,
                r#"{worker="w",status="500"} 1"#,
            ],
        ),
        (
            "program_metric",
            vec![r#"{worker="w",name="credits"} -9223372036854775808"#],
        ),
        ("errors_per_second", vec![r#"{worker="w",window="1m"} 0.5"#]),
        ("rebalances_storm{", vec![r#"worker="w"} 1"#]),
        (
            "table_keys_updated_total",
            vec![r#"{worker="w",table="t"} 7"#],
        ),
        (
            "partition_lag{",
            vec![r#"worker="w",topic="orders",partition="3"} 12"#],
        ),
        (
            "partition_lag_seconds",
            vec![r#"{worker="w",topic="orders",partition="3"} 0.25"#],
        ),
        (
            "partition_lag_method_info",
            vec![r#"{worker="w",topic="orders",partition="3",method="atLeast"} 1"#],
        ),
        (
            "health_partitions",
            vec![
                r#"{worker="w",status="ok"} 0"#,
                r#"{worker="w",status="warn"} 0"#,
                r#"{worker="w",status="stop"} 0"#,
                r#"{worker="w",status="stall"} 1"#,
                r#"{worker="w",status="rewind"} 0"#,
            ],
        ),
        (
            "health_status",
            vec![
                r#"{worker="w",status="ok"} 0"#,
                r#"{worker="w",status="warn"} 0"#,
                r#"{worker="w",status="stop"} 0"#,
                r#"{worker="w",status="stall"} 1"#,
                r#"{worker="w",status="rewind"} 0"#,
            ],
        ),
    ] {
        let expected: Vec<String> = lines
            .iter()
            .map(|line| format!("streamgauge_{family}{line}"))
            .collect();
        assert_eq!(samples(&text, family), expected, "{family}");
    }
}

#[test]
fn what_is_not_finite_and_what_contradicts_itself_has_no_sample() {
    let mut one = named("w");
    one.since = f64::NAN;
    one.at = f64::INFINITY;
    one.messages.oldest_seconds = Some(f64::NEG_INFINITY);
    let wrong = Histogram {
        count: 5,
        ..Histogram::default()
    };
    one.messages.time = Latency {
        life: Some(wrong.clone()),
        last_minute: Some(wrong),
    };
    let options = ExportOptions {
        created: true,
        ..ExportOptions::default()
    };
    let text = Renderer::new(&options)
        .unwrap()
        .render(OpenMetrics, &[one])
        .unwrap();
    assert!(!text.to_lowercase().contains("nan"), "{text}");
    for family in [
        "start_time",
        "snapshot_time",
        "messages_oldest",
        "messages_time",
    ] {
        assert!(!text.contains(&format!("streamgauge_{family}")), "{family}");
    }
    assert!(!text.contains("_created"));
}

#[test]
fn a_merged_snapshot_tells_its_partitions_owners_and_its_workers_times() {
    let mut workers = [named("a"), named("b")];
    for (place, worker) in workers.iter_mut().enumerate() {
        (worker.since, worker.at) = (100.0 + place as f64, 200.0);
        worker.partitions = vec![PartitionFigures {
            topic: "t".into(),
            partition: place as u32,
            worker: worker.worker.clone(),
            at: 200.0,
            owned: true,
            ..PartitionFigures::default()
        }];
        worker.summarize();
    }
    let mut again = workers[1].clone();
    (again.since, again.at) = (300.0, 400.0);
    let sum = merge(&[workers[0].clone(), workers[1].clone(), again]).unwrap();
    let text = text(Prometheus, &[sum]);
    assert_eq!(
        samples(&text, "partition_owned"),
        [
            r#"streamgauge_partition_owned{worker="a",topic="t",partition="0"} 1"#,
            r#"streamgauge_partition_owned{worker="b",topic="t",partition="1"} 1"#,
        ]
    );
    assert_eq!(
        samples(&text, "worker_start_time"),
        [
            r#"streamgauge_worker_start_time_seconds{worker="a"} 100"#,
            r#"streamgauge_worker_start_time_seconds{worker="b"} 300"#,
        ]
    );
    assert_eq!(
        samples(&text, "ownership_owned"),
        ["streamgauge_ownership_owned 2"]
    );
    // No label of the worker comes before that of the state.
    assert_eq!(
        samples(&text, "health_status")[..2],
        [
            r#"streamgauge_health_status{status="ok"} 1"#,
            r#"streamgauge_health_status{status="warn"} 0"#,
        ]
    );
}

#[test]
fn lives_that_a_sum_forgot_to_name_are_one() {
    let lives = ["", "", "a"].map(|worker| Life {
        worker: worker.into(),
        since: 1.0,
        at: 2.0,
        ..Life::default()
    });
    let sum = Snapshot {
        merged: lives.into(),
        ..named("")
    };
    let text = text(Prometheus, &[sum]);
    assert_eq!(samples(&text, "worker_snapshot_time").len(), 2);
}

#[test]
fn several_snapshots_need_a_worker_each() {
    let renderer = renderer();
    for (snapshots, got) in [
        ([named("a"), named("")], ""),
        ([named(""), named("")], ""),
        ([named("a"), named("a")], "a"),
    ] {
        let error = renderer.render(OpenMetrics, &snapshots).unwrap_err();
        assert_eq!((error.subject(), error.got()), ("snapshots", got));
    }
    assert!(renderer.render(OpenMetrics, &[named("")]).is_ok());
    assert_eq!(renderer.render(OpenMetrics, &[]).unwrap(), "# EOF\n");
    assert_eq!(renderer.render(Prometheus, &[]).unwrap(), "");
}
