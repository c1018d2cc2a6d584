//! What is no snapshot is refused, and the text says where and why.

use streamgauge::Snapshot;

fn refused(fields: &str) -> String {
    let text = format!(r#"{{"snapshot":"streamgauge/1",{fields}}}"#);
    Snapshot::from_json(&text).unwrap_err().to_string()
}

#[test]
fn other_forms_are_refused_by_name() {
    let of = |text: &str| Snapshot::from_json(text).unwrap_err().to_string();
    assert_eq!(
        of(r#"{"snapshot":"streamgauge/2","messages":{"received":"?"}}"#),
        "snapshot streamgauge/2 is not known; this version reads streamgauge/1"
    );
    assert_eq!(
        of("{}"),
        "snapshot is missing; this version reads streamgauge/1"
    );
    assert_eq!(of(r#"{"snapshot":1}"#), "snapshot must be a text, got 1");
    assert_eq!(of("[]"), "the snapshot must be a map, got a list");
    assert_eq!(of("\"x\""), "the snapshot must be a map, got \"x\"");
    assert_eq!(of("null"), "the snapshot must be a map, got null");
}

#[test]
fn wrong_types_are_refused_with_place_expectation_and_value() {
    let cases = [
        (
            r#""partitions":[{"topic":"t","partition":0,"lag":"many"}]"#,
            r#"partitions[0].lag must be a whole number in 0..=18446744073709551615 or null, got "many""#,
        ),
        (
            r#""messages":{"received":1.5}"#,
            "messages.received must be a whole number in 0..=18446744073709551615, got 1.5",
        ),
        (
            r#""messages":{"received":-1}"#,
            "messages.received must be a whole number in 0..=18446744073709551615, got -1",
        ),
        (
            r#""messages":{"received":18446744073709551616}"#,
            "messages.received must be a whole number in 0..=18446744073709551615, got 1.8446744073709552e19",
        ),
        (
            r#""messages":{"receivedByTopic":{"or ders":[]}}"#,
            r#"messages.receivedByTopic["or ders"] must be a whole number in 0..=18446744073709551615, got a list"#,
        ),
        (
            r#""messages":{"time":{"life":{"buckets":[1,{}]}}}"#,
            "messages.time.life.buckets[1] must be a whole number in 0..=18446744073709551615, got a map",
        ),
        (
            r#""messages":{"time":{"life":{"sumNanoseconds":"+1"}}}"#,
            r#"messages.time.life.sumNanoseconds must be a text of decimal digits, of at most 128 bits, got "+1""#,
        ),
        (
            r#""messages":{"time":{"life":{"scale":2147483648}}}"#,
            "messages.time.life.scale must be a whole number in -2147483648..=2147483647, got 2147483648",
        ),
        (r#""messages":3"#, "messages must be a map, got 3"),
        (r#""since":null"#, "since must be a finite number, got null"),
        (r#""worker":7"#, "worker must be a text, got 7"),
        (
            r#""metrics":{"m":9223372036854775808}"#,
            r#"metrics["m"] must be a whole number of 64 bits with a sign, got 9223372036854775808"#,
        ),
        (
            r#""rebalances":{"storm":0}"#,
            "rebalances.storm must be true or false, got 0",
        ),
        (
            r#""rates":{"busy":{"now":"fast"}}"#,
            r#"rates.busy.now must be a finite number or null, got "fast""#,
        ),
        (
            r#""partitions":{}"#,
            "partitions must be a list of maps, got a map",
        ),
        (
            r#""partitions":[[]]"#,
            "partitions[0] must be a map, got a list",
        ),
        (
            r#""partitions":[{"topic":"t"}]"#,
            "partitions[0].partition is missing",
        ),
        (
            r#""partitions":[{"topic":"t","partition":4294967296}]"#,
            "partitions[0].partition must be a whole number in 0..=4294967295, got 4294967296",
        ),
        (
            r#""partitions":[{"topic":"t","partition":0,"status":"bad"}]"#,
            r#"partitions[0].status must be one of ok, warn, stop, stall, rewind, got "bad""#,
        ),
        (
            r#""partitions":[{"topic":"t","partition":0,"lagMethod":""}]"#,
            r#"partitions[0].lagMethod must be one of none, timestamp, interpolated, atLeast, unknown, got """#,
        ),
        (r#""merged":[{"worker":"w"}]"#, "merged[0].since is missing"),
        (
            r#""http":{"responses":{"0200":1}}"#,
            r#"http.responses has a key that must be a status in 100..=599, got "0200""#,
        ),
        (
            r#""http":{"responses":{"600":1}}"#,
            r#"http.responses has a key that must be a status in 100..=599, got "600""#,
        ),
    ];
    for (fields, expected) in cases {
        assert_eq!(refused(fields), expected);
    }
}

#[test]
fn what_stands_twice_is_refused() {
    let cases = [
        (
            r#""worker":"a","worker":"a""#,
            r#"the snapshot has the key "worker" twice"#,
        ),
        (
            r#""http":{},"http":{}"#,
            r#"the snapshot has the key "http" twice"#,
        ),
        (
            r#""new":1,"new":1"#,
            r#"the snapshot has the key "new" twice"#,
        ),
        (
            r#""http":{"latency":{},"latency":{}}"#,
            r#"http has the key "latency" twice"#,
        ),
        (
            r#""lag":{"recordsMax":1,"recordsMax":1}"#,
            r#"lag has the key "recordsMax" twice"#,
        ),
        (
            r#""new":{"a":{"b":1,"b":2}}"#,
            r#"["new"]["a"] has the key "b" twice"#,
        ),
        (
            r#""metrics":{"a":1,"a":1}"#,
            r#"metrics has the key "a" twice"#,
        ),
        (
            r#""partitions":[{"topic":"t","partition":1},{"topic":"s","partition":1},{"topic":"t","partition":1}]"#,
            r#"partitions has partition 1 of "t" twice"#,
        ),
        (
            r#""merged":[{"worker":"w","since":1},{"worker":"w","since":1.0}]"#,
            r#"merged has worker "w" since 1 twice"#,
        ),
    ];
    for (fields, expected) in cases {
        assert_eq!(refused(fields), expected);
    }
}

#[test]
fn long_names_are_refused() {
    let name = |characters: usize| "\u{6d41}".repeat(characters);
    let text = |name: &str| format!(r#"{{"snapshot":"streamgauge/1","worker":"{name}"}}"#);
    assert!(Snapshot::from_json(&text(&name(4096))).is_ok());
    assert_eq!(
        refused(&format!(r#""worker":"{}""#, name(4097))),
        "worker must be a name of at most 4096 characters, got one of 4097 characters"
    );
    assert_eq!(
        refused(&format!(r#""metrics":{{"{}":1}}"#, name(4097))),
        "metrics has a key that must be a name of at most 4096 characters, got one of 4097 characters"
    );
    let shown = refused(&format!(r#""messages":{{"sent":"{}"}}"#, "x".repeat(9_999)));
    assert!(shown.ends_with(&format!("got \"{}\" and more", "x".repeat(64))));
}

#[test]
fn histograms_that_contradict_themselves_are_refused() {
    let error = refused(r#""http":{"latency":{"life":{"count":3,"buckets":[1,1]}}}"#);
    assert!(
        error.starts_with("http.latency.life contradicts itself: count must be"),
        "{error}"
    );
    let error = refused(r#""events":{"runtimeByStream":{"s":{"scale":9}}}"#);
    let expected = r#"events.runtimeByStream["s"] contradicts itself: scale must be"#;
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn json_that_ends_early_or_goes_on_is_refused() {
    let of = |text: &str| Snapshot::from_json(text).unwrap_err().to_string();
    let text = r#"{"snapshot":"streamgauge/1","messages":{"time":{"life":{"buckets":[1,"#;
    assert_eq!(
        of(text),
        format!(
            "messages.time.life.buckets[1]: EOF while parsing a value at line 1 column {}",
            text.len()
        )
    );
    let whole = Snapshot::default().to_json();
    assert!(of(&format!("{whole} 1")).starts_with("trailing characters at line 1"));
    assert!(of("").starts_with("EOF while parsing a value"));
    assert!(refused(r#""since":1e999"#).starts_with("since: number out of range"));
    assert!(refused(r#""since":NaN"#).starts_with("since: expected value"));
    for end in 0..whole.len() {
        assert!(Snapshot::from_json(&whole[..end]).is_err(), "{end} bytes");
    }
}

#[test]
fn cbor_that_ends_early_or_goes_on_is_refused() {
    let whole = Snapshot::default().to_cbor();
    for end in 0..whole.len() {
        assert!(Snapshot::from_cbor(&whole[..end]).is_err(), "{end} bytes");
    }
    let length = whole.len();
    let error = Snapshot::from_cbor(&[whole, vec![0, 0]].concat()).unwrap_err();
    let expected = format!("the snapshot ends at byte {length}, and 2 more follow");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn cbor_that_json_has_not_is_refused() {
    let of = |value: &[u8]| {
        let head: &[u8] = b"\xa2\x68snapshot\x6dstreamgauge/1\x65since";
        Snapshot::from_cbor(&[head, value].concat())
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        of(b"\xfb\x7f\xf8\0\0\0\0\0\0"),
        "since must be a finite number, got NaN"
    );
    assert_eq!(
        of(b"\xf9\xfc\x00"),
        "since must be a finite number, got -inf"
    );
    assert_eq!(of(b"\x41a"), "since must be a finite number, got bytes");
    assert_eq!(
        of(b"\x3b\xff\xff\xff\xff\xff\xff\xff\xff"),
        "since must be a finite number, got a whole number of more than 64 bits"
    );
    assert!(of(b"\xc1\x01").starts_with("since: "), "a tag");
    assert!(of(b"\xf7").starts_with("since: "), "undefined");
    let unknown = b"\xa2\x68snapshot\x6dstreamgauge/1\x63new\xfb\x7f\xf0\0\0\0\0\0\0";
    let error = Snapshot::from_cbor(unknown).unwrap_err().to_string();
    assert!(error.ends_with("got inf"), "{error}");
    let key = Snapshot::from_cbor(b"\xa1\x07\x01")
        .unwrap_err()
        .to_string();
    assert_eq!(key, "the snapshot has a key that must be a text, got 7");
}

#[test]
fn lengths_are_not_believed() {
    // Lists, maps, texts and bytes of 2^63 entries, of which none follows.
    for kind in [0x9b, 0xbb, 0x7b, 0x5b] {
        for key in ["partitions", "merged", "metrics", "new", "worker"] {
            let mut bytes = b"\xa2\x68snapshot\x6dstreamgauge/1".to_vec();
            bytes.push(0x60 + key.len() as u8);
            bytes.extend(key.as_bytes());
            bytes.extend([kind, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
            assert!(Snapshot::from_cbor(&bytes).is_err());
        }
    }
    assert!(Snapshot::from_cbor(b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff").is_err());
}

#[test]
fn nesting_does_not_overflow_the_stack() {
    let deep = "[".repeat(1_000_000);
    for key in ["new", "lag", "partitions", "ownership\":{\"owned"] {
        assert!(!refused(&format!(r#""{key}":{deep}"#)).is_empty());
    }
    for (byte, key) in [
        (0x81, "new"),
        (0x9f, "new"),
        (0xa1, "new"),
        (0xd8, "new"),
        (0x81, "lag"),
    ] {
        let mut bytes = b"\xa2\x68snapshot\x6dstreamgauge/1\x63".to_vec();
        bytes.extend(key.as_bytes());
        bytes.extend(vec![byte; 1_000_000]);
        assert!(Snapshot::from_cbor(&bytes).is_err());
    }
}
