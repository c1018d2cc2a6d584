//! What the text of a snapshot is, natively; foreign parsers read it in `tests/prometheus`.

use proptest::prelude::*;
use streamgauge::{
    Histogram, LagMethod, Latency, Life, ManualClock, Monitor, PartitionFigures, Rate, Sensor,
    Snapshot, Status, TableCounts, TopicPartition, merge,
};
use streamgauge_export::{Buckets, ExportOptions, Renderer, TextFormat};

use TextFormat::{OpenMetrics, Prometheus};

fn renderer() -> Renderer {
    Renderer::new(&ExportOptions::default()).unwrap()
}

fn text(format: TextFormat, snapshots: &[Snapshot]) -> String {
    renderer().render(format, snapshots).unwrap()
}

/// A snapshot of a monitor to which nothing happened.
fn named(worker: &str) -> Snapshot {
    Snapshot {
        worker: worker.into(),
        ..Monitor::new(ManualClock::new(1.0)).snapshot()
    }
}

/// The lines of one family, without its comments.
fn samples<'a>(text: &'a str, family: &str) -> Vec<&'a str> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter(|line| line.starts_with(&format!("streamgauge_{family}")))
        .collect()
}

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
fn sums_that_were_named_stand_side_by_side() {
    let of = |name: &str| {
        let sum = merge(&[named(&format!("{name}-1")), named(&format!("{name}-2"))]).unwrap();
        Snapshot {
            worker: name.into(),
            ..sum
        }
    };
    let text = text(OpenMetrics, &[of("north"), of("south")]);
    assert_eq!(
        samples(&text, "messages_received_total"),
        [
            "streamgauge_messages_received_total{worker=\"north\"} 0",
            "streamgauge_messages_received_total{worker=\"south\"} 0",
        ]
    );
    for line in text.lines() {
        assert!(line.matches("worker=\"").count() < 2, "{line}");
    }
    assert!(samples(&text, "worker_start_time").is_empty());
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

#[test]
fn options_that_no_scraper_takes_are_refused() {
    let refused = |options: ExportOptions| Renderer::new(&options).unwrap_err().to_string();
    for prefix in ["a", "a b_", "é_", "9_", "__a_", "a:b_", "_"] {
        let options = ExportOptions {
            prefix: prefix.into(),
            ..ExportOptions::default()
        };
        if prefix == "_" {
            assert!(Renderer::new(&options).is_ok());
        } else {
            assert!(
                refused(options).starts_with("prefix must be empty, or letters"),
                "{prefix}"
            );
        }
    }
    for (labels, says) in [
        (vec![("é", "x")], "named with letters"),
        (vec![("__a", "x")], "named with letters"),
        (vec![("a:b", "x")], "named with letters"),
        (vec![("quantile", "x")], "named unlike"),
        (vec![("partition", "x")], "named unlike"),
        (vec![("a", "x"), ("a", "y")], "of different names"),
    ] {
        let labels = labels
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        let said = refused(ExportOptions {
            labels,
            ..ExportOptions::default()
        });
        assert!(said.contains(says), "{said}");
    }
    for buckets in [
        Buckets {
            scale: 4,
            ..Buckets::default()
        },
        Buckets {
            scale: -4,
            ..Buckets::default()
        },
        Buckets {
            from: 0.0,
            ..Buckets::default()
        },
        Buckets {
            to: f64::NAN,
            ..Buckets::default()
        },
        Buckets {
            from: 3.0,
            to: 3.5,
            scale: 0,
        },
        Buckets {
            from: 2.0,
            to: 1.0,
            scale: 0,
        },
    ] {
        let said = refused(ExportOptions {
            buckets,
            ..ExportOptions::default()
        });
        assert!(said.starts_with("buckets"), "{said}");
    }
}

#[test]
fn powers_of_two_are_the_cores_own() {
    let mut monitor = Monitor::new(ManualClock::new(0.0));
    let tp = TopicPartition::new("t", 0);
    for offset in 0..2_000_u64 {
        let mut message = streamgauge::Message::default();
        monitor.on_message_in(tp, offset, &mut message);
        monitor.clock().advance(1e-6 * (offset * offset) as f64);
        monitor.on_message_out(tp, offset, &mut message);
    }
    let snapshot = monitor.snapshot();
    let expected: Vec<(f64, u64)> = snapshot
        .messages
        .time
        .life
        .as_ref()
        .unwrap()
        .cumulative_at_powers_of_two();
    let buckets = Buckets {
        scale: 0,
        from: 1.0 / 1_048_576.0,
        to: 1_024.0,
    };
    let renderer = Renderer::new(&ExportOptions {
        buckets,
        ..ExportOptions::default()
    })
    .unwrap();
    let text = renderer.render(Prometheus, &[snapshot]).unwrap();
    let found: Vec<(f64, u64)> = samples(&text, "messages_time_seconds_bucket")
        .iter()
        .map(|line| {
            let (_, rest) = line.split_once("le=\"").unwrap();
            let (bound, count) = rest.split_once("\"} ").unwrap();
            (bound.parse().unwrap(), count.parse().unwrap())
        })
        .collect();
    let (infinite, finite) = found.split_last().unwrap();
    assert_eq!(finite, expected);
    assert_eq!(*infinite, (f64::INFINITY, 2_000));
}

/// The histogram of `values` at a scale, by the core's own arithmetic.
fn histogram(values: &[f64], scale: i32) -> Histogram {
    let mut sum = Histogram {
        scale,
        ..Histogram::default()
    };
    for value in values {
        let index = (0..30 << scale)
            .map(|place| place - (20 << scale))
            .find(|index| {
                let bucket = Histogram {
                    scale,
                    offset: *index,
                    ..Histogram::default()
                };
                let (lower, upper) = bucket.bucket_bounds(0);
                lower < *value && *value <= upper
            });
        let one = Histogram {
            scale,
            count: 1,
            min: Some(*value),
            max: Some(*value),
            offset: index.unwrap(),
            buckets: vec![1],
            ..Histogram::default()
        };
        sum.merge(&one).unwrap();
    }
    sum
}

fn label_value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        r#"["\\\n{}=,# en]{0,8}"#.prop_map(|text| text)
    ]
}

/// A line's name, labels and value, by the rules of the text alone.
fn parsed(line: &str) -> (String, Vec<(String, String)>, f64) {
    let name_end = line.find(['{', ' ']).unwrap();
    let (name, mut rest) = line.split_at(name_end);
    let mut labels = Vec::new();
    while let Some(after) = rest.strip_prefix(['{', ',']) {
        let (label, quoted) = after.split_once("=\"").unwrap();
        let mut value = String::new();
        let mut letters = quoted.char_indices();
        let end = loop {
            match letters.next().unwrap() {
                (_, '\\') => value.push(match letters.next().unwrap().1 {
                    'n' => '\n',
                    other => other,
                }),
                (end, '"') => break end,
                (_, letter) => value.push(letter),
            }
        };
        labels.push((label.into(), value));
        rest = &quoted[end + 1..];
    }
    let value = rest.trim_start_matches('}').strip_prefix(' ').unwrap();
    (name.into(), labels, value.parse().unwrap())
}

proptest! {
    #[test]
    fn every_bound_counts_what_is_at_most_it(
        values in proptest::collection::vec((1e-6_f64..1_000.0).prop_map(|value| value.max(1.0 / 1_048_576.0 * 1.01)), 0..40),
        histograms_scale in 0..=5_i32,
        scale in -3..=3_i32,
    ) {
        let mut one = named("w");
        one.messages.time.life = Some(histogram(&values, histograms_scale));
        let buckets = Buckets { scale, from: 1.0 / 1_048_576.0, to: 1_024.0 };
        let renderer = Renderer::new(&ExportOptions { buckets, ..ExportOptions::default() }).unwrap();
        let text = renderer.render(OpenMetrics, &[one]).unwrap();
        let lines = samples(&text, "messages_time_seconds_bucket");
        // Finer bounds than the histogram's own lie within its buckets.
        let bounds = if scale >= 0 { (30 << scale.min(histograms_scale)) + 1 } else { (10 >> -scale) - ((-20_i32 + (1 << -scale) - 1) >> -scale) + 1 };
        prop_assert_eq!(lines.len() as i32, bounds + 1);
        for line in lines {
            let (_, labels, count) = parsed(line);
            let bound = match &*labels.last().unwrap().1 { "+Inf" => f64::INFINITY, bound => bound.parse().unwrap() };
            let expected = values.iter().filter(|value| **value <= bound).count();
            prop_assert_eq!(count, expected as f64, "{}", line);
        }
    }

    #[test]
    fn names_of_any_kind_come_back(worker in label_value(), topic in label_value(), stage in label_value(), kind in label_value(), constant in label_value()) {
        let mut one = named(&worker);
        one.messages.received_by_topic = [(topic.clone(), 4)].into();
        one.errors.by_stage = [(stage.clone(), [(kind.clone(), 5)].into())].into();
        one.partitions = vec![PartitionFigures { topic: topic.clone(), partition: 9, lag: Some(6), ..PartitionFigures::default() }];
        one.summarize();
        let options = ExportOptions { labels: vec![("extra".into(), constant.clone())], ..ExportOptions::default() };
        let text = Renderer::new(&options).unwrap().render(OpenMetrics, &[one]).unwrap();
        let mut common = vec![("extra".to_string(), constant), ("worker".to_string(), worker)];
        common.retain(|(_, value)| !value.is_empty());
        let with = |own: &[(&str, &str)]| {
            let own = own.iter().map(|(name, value)| (name.to_string(), value.to_string()));
            common.iter().cloned().chain(own).collect::<Vec<_>>()
        };
        for (name, labels, value) in [
            ("messages_received_by_topic_total", with(&[("topic", &topic)]), 4.0),
            ("errors_by_stage_total", with(&[("stage", &stage), ("kind", &kind)]), 5.0),
            ("partition_lag{", with(&[("topic", &topic), ("partition", "9")]), 6.0),
        ] {
            let line = text.split('\n').find(|line| line.starts_with(&format!("streamgauge_{name}"))).unwrap();
            let (_, found, number) = parsed(line);
            prop_assert_eq!((found, number), (labels, value));
        }
    }
}
