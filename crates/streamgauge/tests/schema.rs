//! The table of figures against what the monitor really has.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use streamgauge::{
    FIGURES, Figures, HttpStatus, Limits, MAX_COUNT, ManualClock, Message, Monitor, Offsets,
    Options, Sensor, Shape, Start, Stream, TableCounts, TopicPartition, Value,
};

/// A monitor in which every figure but the settings is something other than its start.
fn busy() -> Monitor<ManualClock> {
    let mut monitor = Monitor::new(ManualClock::new(1.0));
    let orders = TopicPartition::new("orders", 3);
    let stream = Stream::new("totals", Some("totals.process"));
    let mut rebalance = monitor.on_rebalance_start(Some(4));
    monitor.clock().advance(0.25);
    monitor.on_rebalance_return(Some(&mut rebalance));
    monitor.clock().advance(0.5);
    monitor.on_rebalance_end(Some(&mut rebalance));
    let mut message = Message::default();
    for offset in 0..3 {
        monitor.on_message_in(orders, offset, &mut message);
        let mut event = monitor.on_stream_event_in(orders, offset, stream);
        monitor.clock().advance(0.125);
        if offset < 2 {
            monitor.on_stream_event_out(orders, offset, stream, event.as_mut());
        }
    }
    monitor.on_topic_buffer_full("orders");
    monitor.on_table_get("counts");
    let commit = monitor.on_commit_initiated();
    let send = monitor.on_send_initiated("totals", 3, 5);
    let mut assignment = monitor.on_assignment_start();
    let mut failed = monitor.on_assignment_start();
    let mut request = monitor.on_web_request_start();
    monitor.clock().advance(0.0625);
    monitor.on_commit_completed(commit);
    monitor.on_send_completed(send);
    monitor.on_send_error(&"refused", send);
    monitor.on_assignment_completed(Some(&mut assignment));
    monitor.on_assignment_error(Some(&mut failed), &"failed");
    monitor.on_web_request_end(HttpStatus::new(404).ok(), Some(&mut request));
    monitor.count("retries", -2);
    monitor.on_tp_commit(&[(orders, 3)]);
    monitor.track_tp_end_offset(orders, 9);
    monitor.sample();
    monitor
}

/// What a row of the table reads, in JSON.
fn read(figures: &Figures, read: fn(&Figures) -> Value<'_>) -> Json {
    match read(figures) {
        Value::Whole(number) => json!(number),
        Value::Seconds(seconds) => json!(seconds),
        Value::SecondsList(ring) => ring.iter().collect::<Vec<_>>().into(),
        Value::WholeByLabel(family) => family.iter().map(|(label, n)| (label, *n)).collect(),
        Value::SignedByLabel(family) => family.iter().map(|(label, n)| (label, *n)).collect(),
        Value::Tables(family) => {
            let tables = family
                .iter()
                .map(|(table, counts)| (table.to_owned(), json!(counts)));
            tables.collect::<Map<_, _>>().into()
        }
        Value::WholeByStatus(codes) => codes
            .iter()
            .map(|(code, n)| (code.to_string(), n))
            .collect(),
        Value::OffsetByPartition(kind) => {
            let mut by_topic = Offsets::new();
            for (topic, partition, offset) in figures.offsets(kind) {
                by_topic
                    .entry(topic.into())
                    .or_default()
                    .insert(partition, offset);
            }
            json!(by_topic)
        }
        Value::SecondsByPartition => {
            let mut by_topic = BTreeMap::<_, BTreeMap<_, _>>::new();
            for (topic, partition, seconds) in figures.stream_inbound_time() {
                by_topic
                    .entry(topic)
                    .or_default()
                    .insert(partition, seconds);
            }
            json!(by_topic)
        }
    }
}

/// The keys of `{"a": ..., "b": ...}` in the order of the text, which a `Map` does not keep.
fn keys_in_order(text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut depth = 0;
    let mut rest = text;
    while let Some(place) = rest.find(['{', '}', '[', ']', '"']) {
        let found = rest.as_bytes()[place];
        rest = &rest[place + 1..];
        match found {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {
                let end = rest.find('"').unwrap();
                if depth == 1 {
                    keys.push(rest[..end].to_owned());
                }
                rest = &rest[end + 1..];
            }
        }
    }
    keys
}

#[test]
fn the_keys_of_asdict_are_the_rows_in_their_order() {
    let rows: Vec<_> = FIGURES.iter().filter_map(|figure| figure.asdict).collect();
    let text = serde_json::to_string(&busy().asdict()).unwrap();
    assert_eq!(keys_in_order(&text), rows);
    // As FAUST's page lists them.
    let faust = [
        "messages_active",
        "messages_received_total",
        "messages_sent",
        "messages_sent_by_topic",
        "messages_s",
        "messages_received_by_topic",
        "events_active",
        "events_total",
        "events_s",
        "events_runtime_avg",
        "events_by_task",
        "events_by_stream",
        "commit_latency",
        "send_latency",
        "send_errors",
        "assignment_latency",
        "assignments_completed",
        "assignments_failed",
        "topic_buffer_full",
        "tables",
        "metric_counts",
        "topic_committed_offsets",
        "topic_read_offsets",
        "topic_end_offsets",
        "rebalances",
        "rebalance_return_latency",
        "rebalance_end_latency",
        "rebalance_return_avg",
        "rebalance_end_avg",
        "http_response_codes",
        "http_response_latency",
        "http_response_latency_avg",
    ];
    assert_eq!(rows, faust);
}

#[test]
fn each_row_reads_what_its_key_in_asdict_has() {
    let monitor = busy();
    let fresh = json!(Monitor::new(ManualClock::new(1.0)).asdict());
    let dict = json!(monitor.asdict());
    for figure in FIGURES {
        let value = read(monitor.figures(), figure.read);
        if let Some(key) = figure.asdict {
            assert_eq!(value, dict[key], "{key}");
            // A row that read another figure's 0 would go unnoticed.
            assert_ne!(dict[key], fresh[key], "{key} was not moved by this test");
        }
    }
}

#[test]
fn the_rows_that_asdict_leaves_out_read_their_attributes() {
    let monitor = busy();
    let rest: Vec<_> = FIGURES
        .iter()
        .filter(|figure| figure.asdict.is_none())
        .collect();
    let values: Vec<_> = rest
        .iter()
        .map(|figure| (figure.name, read(monitor.figures(), figure.read)))
        .collect();
    let expected = [
        ("events_runtime", json!([0.125, 0.125])),
        ("stream_inbound_time", json!({ "orders": { "3": 2.0 } })),
        ("max_avg_history", json!(100)),
        ("max_commit_latency_history", json!(30)),
        ("max_send_latency_history", json!(30)),
        ("max_assignment_latency_history", json!(30)),
        ("max_labels", json!(2_000)),
        ("max_partitions", json!(100_000)),
        ("epoch", json!(0.0)),
        ("health_commits", json!(10)),
        ("allowed_lag", json!(0)),
        ("health_hold", json!(10.0)),
        ("stuck_after", json!(60.0)),
        ("storm_rebalances", json!(5)),
        ("storm_window", json!(300.0)),
        ("label_idle", json!(86_400.0)),
        ("partition_idle", json!(600.0)),
    ];
    assert_eq!(values, expected);
}

#[test]
fn the_options_are_the_rows_marked_so() {
    let Json::Object(options) = json!(Options::default()) else {
        unreachable!()
    };
    let mut rows: Vec<_> = FIGURES
        .iter()
        .filter(|figure| figure.option)
        .map(|figure| figure.name)
        .collect();
    rows.sort_unstable();
    // The worker's name is no figure.
    rows.push("worker");
    assert_eq!(options.keys().collect::<Vec<_>>(), rows);
}

#[test]
fn labels_stand_where_the_shape_has_any() {
    for figure in FIGURES {
        let depth = match figure.shape {
            Shape::Whole | Shape::Seconds | Shape::SecondsList => 0,
            Shape::WholeByLabel | Shape::SignedByLabel | Shape::Tables | Shape::WholeByStatus => 1,
            Shape::OffsetByPartition | Shape::SecondsByPartition => 2,
        };
        assert_eq!(figure.labels.len(), depth, "{}", figure.name);
    }
}

/// The number of a figure's row.
fn row(name: &str) -> usize {
    FIGURES
        .iter()
        .position(|figure| figure.name == name)
        .unwrap()
}

/// Gives `to` everything that row `row` of `from` reads.
fn start_like(to: &mut Figures, row: usize, from: &Figures) {
    let mut start = |value: Start<'_>| assert!(to.start(row, value), "{}", FIGURES[row].name);
    match (FIGURES[row].read)(from) {
        Value::Whole(number) => start(Start::Whole(number)),
        Value::Seconds(seconds) => start(Start::Seconds(seconds)),
        Value::SecondsList(ring) => start(Start::SecondsList(&ring.iter().collect::<Vec<_>>())),
        Value::WholeByLabel(family) => {
            family
                .iter()
                .for_each(|(label, n)| start(Start::Label(label, *n as i64)));
        }
        Value::SignedByLabel(family) => {
            family
                .iter()
                .for_each(|(label, n)| start(Start::Label(label, *n)));
        }
        Value::Tables(family) => {
            family
                .iter()
                .for_each(|(table, counts)| start(Start::Table(table, *counts)));
        }
        Value::WholeByStatus(codes) => {
            codes
                .iter()
                .for_each(|(code, n)| start(Start::Status(HttpStatus::new(code).unwrap(), n)));
        }
        Value::OffsetByPartition(kind) => {
            for (topic, partition, offset) in from.offsets(kind) {
                start(Start::Offset(topic, partition, offset));
            }
        }
        Value::SecondsByPartition => unreachable!("asdict() has none"),
    }
}

#[test]
fn figures_started_row_by_row_are_those_that_were_read() {
    let monitor = busy();
    let mut figures = Figures::with_limits(Limits::default()).unwrap();
    for (row, figure) in FIGURES.iter().enumerate() {
        if figure.asdict.is_some() || figure.name == "events_runtime" {
            start_like(&mut figures, row, &monitor);
        }
    }
    assert_eq!(figures.asdict(), monitor.asdict());
    assert!(
        figures
            .events_runtime()
            .iter()
            .eq(monitor.events_runtime().iter())
    );
    figures.sample(1.0);
    assert_eq!(figures.messages_s(), 0, "growth counts from the start");
}

#[test]
fn a_start_that_no_monitor_can_have_is_refused_and_changes_nothing() {
    let mut figures = Figures::with_limits(Limits::default()).unwrap();
    let before = figures.asdict();
    let long = "n".repeat(4097);
    let counts = TableCounts {
        keys_deleted: MAX_COUNT + 1,
        ..TableCounts::default()
    };
    for (name, value) in [
        ("messages_sent", Start::Whole(MAX_COUNT + 1)),
        ("messages_sent", Start::Seconds(1.0)),
        ("events_runtime_avg", Start::Seconds(-1.0)),
        ("events_runtime", Start::SecondsList(&[1.0, f64::NAN])),
        ("events_by_task", Start::Label("a", -1)),
        ("events_by_task", Start::Label(&long, 1)),
        ("metric_counts", Start::Table("a", TableCounts::default())),
        ("tables", Start::Table("a", counts)),
        ("tp_read_offsets", Start::Offset(&long, 0, 1)),
        ("stream_inbound_time", Start::Offset("a", 0, 1)),
        ("max_labels", Start::Whole(7)),
        ("epoch", Start::Seconds(7.0)),
    ] {
        assert!(!figures.start(row(name), value), "{name}: {value:?}");
    }
    assert!(
        !figures.start(FIGURES.len(), Start::Whole(1)),
        "no such row"
    );
    assert_eq!(figures.asdict(), before);
    assert_eq!((figures.max_labels(), figures.epoch()), (2_000, 0.0));
    assert_eq!(figures.anomalies().total(), 0);
}

#[test]
fn starts_beyond_the_caps_count_under_other_and_as_anomalies() {
    let limits = Limits {
        max_labels: 1,
        max_partitions: 1,
        ..Limits::default()
    };
    let mut figures = Figures::with_limits(limits).unwrap();
    for label in ["a", "b", "c"] {
        assert!(figures.start(row("events_by_task"), Start::Label(label, 2)));
        assert!(figures.start(row("tp_end_offsets"), Start::Offset(label, 0, 5)));
    }
    assert_eq!(figures.events_by_task().get("(other)"), Some(&4));
    assert_eq!(figures.tp_end_offsets().collect::<Vec<_>>(), [("a", 0, 5)]);
    assert_eq!(figures.anomalies().total(), 4);
}
