//! The JSON forms: what `asdict()` becomes, what a monitor goes on from, what options look like.

use serde_json::{from_str, from_value, json, to_string, to_value};
use streamgauge::{
    AsDict, Figures, HttpStatus, ManualClock, Message, Monitor, Options, Sensor, Stream,
    TableCounts, TopicPartition,
};

/// A monitor with names that JSON and JavaScript must not trip over, and full deques.
fn busy() -> Monitor<ManualClock> {
    let options = Options {
        max_avg_history: 3,
        ..Options::default()
    };
    let mut monitor = Monitor::with_options(&options, ManualClock::new(0.1)).unwrap();
    for (place, topic) in ["orders", "a b\"c\\d", "__proto__", "\u{6d41}", ""]
        .into_iter()
        .enumerate()
    {
        let tp = TopicPartition::new(topic, 2_147_483_647 - place as u32);
        let stream = Stream::new(topic, Some("task"));
        let mut message = Message::default();
        monitor.on_message_in(tp, (1 << 53) - 1, &mut message);
        let mut event = monitor.on_stream_event_in(tp, 1, stream);
        let commit = monitor.on_commit_initiated();
        let send = monitor.on_send_initiated(topic, 3, 5);
        let mut request = monitor.on_web_request_start();
        let mut assignment = monitor.on_assignment_start();
        monitor.clock().advance(0.1);
        monitor.on_stream_event_out(tp, 1, stream, event.as_mut());
        monitor.on_commit_completed(commit);
        monitor.on_send_completed(send);
        monitor.on_send_error(&"refused", send);
        monitor.on_web_request_end(HttpStatus::new(200 + place as u16).ok(), Some(&mut request));
        monitor.on_assignment_error(Some(&mut assignment), &"failed");
        monitor.on_table_del(topic);
        monitor.on_topic_buffer_full(topic);
        monitor.count(topic, -9);
        monitor.on_tp_commit(&[(tp, 7)]);
        monitor.track_tp_end_offset(tp, 9);
    }
    monitor.sample();
    monitor
}

#[test]
fn asdict_survives_json_and_restore() {
    let dict = busy().asdict();
    let text = to_string(&dict).unwrap();
    let read: AsDict = from_str(&text).unwrap();
    assert_eq!(read, dict);
    let restored = Monitor::restore(&read, &Options::default(), ManualClock::new(0.0)).unwrap();
    assert_eq!(restored.asdict(), dict);
    assert_eq!(to_string(&restored.asdict()).unwrap(), text);
}

#[test]
fn a_restored_monitor_counts_on_and_takes_limits_and_events_from_the_options() {
    let dict = busy().asdict();
    let options = Options {
        max_avg_history: 2,
        epoch: 1e9,
        events_runtime: vec![0.5, 0.25],
        messages_sent: 1_000_000,
        ..Options::default()
    };
    let mut monitor = Monitor::restore(&dict, &options, ManualClock::new(0.0)).unwrap();
    assert_eq!((monitor.max_avg_history(), monitor.epoch()), (2, 1e9));
    assert_eq!(
        monitor.http_response_latency().len(),
        2,
        "the newest two of three"
    );
    assert_eq!(
        monitor.events_runtime().iter().collect::<Vec<_>>(),
        [0.5, 0.25]
    );
    assert_eq!(
        monitor.messages_sent(),
        5,
        "of the dictionary, not of the options"
    );
    monitor.on_message_in(TopicPartition::new("orders", 0), 1, &mut Message::default());
    assert_eq!(monitor.messages_received_by_topic().get("orders"), Some(&2));
    monitor.sample();
    assert_eq!(monitor.messages_s(), 1, "growth since the restore");
}

#[test]
fn what_no_monitor_can_have_is_refused_by_name_when_restoring() {
    let refused = |dict: AsDict| {
        Figures::restore(&dict, &Options::default())
            .unwrap_err()
            .to_string()
    };
    let long = "n".repeat(4097);
    assert_eq!(
        refused(AsDict {
            commit_latency: vec![-0.5],
            ..AsDict::default()
        }),
        "commit_latency must be finite and not negative, got -0.5"
    );
    assert_eq!(
        refused(AsDict {
            send_errors: 1 << 53,
            ..AsDict::default()
        }),
        "send_errors must be a whole number in 0..=9007199254740991, got 9007199254740992"
    );
    assert_eq!(
        refused(AsDict {
            topic_end_offsets: [(long.clone(), [(0, 1)].into())].into(),
            ..AsDict::default()
        }),
        "topic_end_offsets must be a name of at most 4096 characters, got one of 4097 characters"
    );
    assert_eq!(
        refused(AsDict {
            metric_counts: [(long, 1)].into(),
            ..AsDict::default()
        }),
        "metric_counts must be a name of at most 4096 characters, got one of 4097 characters"
    );
}

#[test]
fn asdict_has_partitions_and_statuses_as_text_as_fausts_stats_have() {
    let dict = to_value(busy().asdict()).unwrap();
    assert_eq!(
        dict["topic_committed_offsets"]["orders"],
        json!({ "2147483647": 7 })
    );
    assert_eq!(dict["http_response_codes"]["204"], json!(1));
    assert_eq!(
        dict["tables"]["orders"],
        json!({ "keys_retrieved": 0, "keys_updated": 0, "keys_deleted": 1 })
    );
    assert_eq!(dict["metric_counts"]["__proto__"], json!(-9));
}

#[test]
fn a_dictionary_of_other_hands_may_miss_keys_but_have_no_strange_ones() {
    let partial: AsDict = from_value(json!({ "messages_sent": 7 })).unwrap();
    assert_eq!(
        partial,
        AsDict {
            messages_sent: 7,
            ..AsDict::default()
        }
    );
    let strange = from_value::<AsDict>(json!({ "message_sent": 7 })).unwrap_err();
    assert!(
        strange.to_string().contains("unknown field `message_sent`"),
        "{strange}"
    );
    for partition in ["-1", "+1", "01", "1.5", "", "4294967296", " 1"] {
        let dict = json!({ "topic_read_offsets": { "orders": { partition: 1 } } });
        assert!(
            from_value::<AsDict>(dict).is_err(),
            "{partition:?} is no partition"
        );
    }
    let zero: AsDict =
        from_value(json!({ "topic_read_offsets": { "orders": { "0": 1 } } })).unwrap();
    assert_eq!(zero.topic_read_offsets["orders"][&0], 1);
}

#[test]
fn options_come_in_fausts_names() {
    let options: Options = from_value(json!({
        "max_avg_history": 5,
        "events_runtime": [0.25, 1],
        "events_by_stream": { "totals": 12 },
        "http_response_codes": { "404": 3 },
        "tables": { "counts": { "keys_updated": 4 } },
        "epoch": 1.5,
    }))
    .unwrap();
    let counts = TableCounts {
        keys_updated: 4,
        ..TableCounts::default()
    };
    let expected = Options {
        max_avg_history: 5,
        events_runtime: vec![0.25, 1.0],
        events_by_stream: [("totals".into(), 12)].into(),
        http_response_codes: [(404, 3)].into(),
        tables: [("counts".into(), counts)].into(),
        epoch: 1.5,
        ..Options::default()
    };
    assert_eq!(options, expected);
    assert_eq!(
        from_value::<Options>(to_value(&options).unwrap()).unwrap(),
        options
    );
}

#[test]
fn an_option_that_does_not_exist_is_refused_by_name() {
    let refused = from_value::<Options>(json!({ "max_average_history": 5 })).unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("unknown field `max_average_history`"),
        "{refused}"
    );
    let refused =
        from_value::<Options>(json!({ "tables": { "counts": { "keys_read": 1 } } })).unwrap_err();
    assert!(
        refused.to_string().contains("unknown field `keys_read`"),
        "{refused}"
    );
    for nonsense in [json!(-1), json!(1.5), json!("5"), json!(null)] {
        let options = json!({ "messages_sent": nonsense });
        assert!(from_value::<Options>(options).is_err());
    }
}

#[test]
fn options_out_of_range_are_refused_by_name() {
    let refused = |options: Options| options.check().unwrap_err().to_string();
    assert_eq!(
        refused(Options {
            max_avg_history: 2_000_000,
            ..Options::default()
        }),
        "max_avg_history must be a whole number in 0..=1000000, got 2000000"
    );
    assert_eq!(
        refused(Options {
            max_partitions: 10_000_001,
            ..Options::default()
        }),
        "max_partitions must be a whole number in 0..=10000000, got 10000001"
    );
    assert_eq!(
        refused(Options {
            epoch: f64::NAN,
            ..Options::default()
        }),
        "epoch must be a finite number, got NaN"
    );
    assert_eq!(
        refused(Options {
            events_runtime_avg: f64::INFINITY,
            ..Options::default()
        }),
        "events_runtime_avg must be finite and not negative, got inf"
    );
    assert_eq!(
        refused(Options {
            events_total: u64::MAX,
            ..Options::default()
        }),
        "events_total must be a whole number in 0..=9007199254740991, got 18446744073709551615"
    );
    for (name, options) in [
        (
            "max_commit_latency_history",
            Options {
                max_commit_latency_history: 1_000_001,
                ..Options::default()
            },
        ),
        (
            "max_send_latency_history",
            Options {
                max_send_latency_history: 1_000_001,
                ..Options::default()
            },
        ),
        (
            "max_assignment_latency_history",
            Options {
                max_assignment_latency_history: 1_000_001,
                ..Options::default()
            },
        ),
        (
            "max_labels",
            Options {
                max_labels: 1_000_001,
                ..Options::default()
            },
        ),
        (
            "rebalance_end_latency",
            Options {
                rebalance_end_latency: vec![1.0, f64::NAN],
                ..Options::default()
            },
        ),
    ] {
        assert_eq!(options.check().unwrap_err().argument(), name);
    }
}
