//! Fields of other versions are kept apart and written back.

use streamgauge::{AnyValue, Snapshot};

#[test]
fn unknown_fields_are_written_back_after_the_known_ones() {
    let unknown = r#""a":[1,-2,0.5,null,true,{"b":"c"}],"z":18446744073709551615"#;
    let plain = Snapshot::from_json(
        r#"{"snapshot":"streamgauge/1","partitions":[{"topic":"t","partition":0}],"merged":[{"worker":"w","since":1.0}]}"#,
    )
    .unwrap()
    .to_json();
    // At the end of the document, of a section, of a partition and of a life.
    let with = plain
        .replace(
            r#""unknownFields":[]}"#,
            &format!(r#""unknownFields":[],{unknown}}}"#),
        )
        .replace(
            r#""deadLettered":0,"#,
            &format!(r#"{unknown},"deadLettered":0,"#),
        )
        .replace(
            r#""reason":""}]}"#,
            &format!(r#""reason":"",{unknown}}}],{unknown}}}"#),
        );
    let read = Snapshot::from_json(&with).unwrap();
    for fields in [
        &read.unknown,
        &read.messages.unknown,
        &read.partitions[0].unknown,
        &read.merged[0].unknown,
    ] {
        assert_eq!(fields["z"], AnyValue::Whole(u64::MAX));
        assert_eq!(fields.len(), 2);
    }
    let list = AnyValue::List(vec![
        AnyValue::Whole(1),
        AnyValue::Negative(-2),
        AnyValue::Number(0.5),
        AnyValue::Null,
        AnyValue::Flag(true),
        AnyValue::Map([("b".into(), AnyValue::Text("c".into()))].into()),
    ]);
    assert_eq!(read.unknown["a"], list);
    let written = read.to_json();
    assert!(written.ends_with(&format!(",{unknown}}}")), "{written}");
    assert!(written.contains(&format!(r#""stuckAfterSeconds":0.0,{unknown}}},"events""#)));
    assert_eq!(Snapshot::from_json(&written), Ok(read.clone()));
    assert_eq!(Snapshot::from_cbor(&read.to_cbor()), Ok(read));
}

#[test]
fn bytes_of_cbor_are_kept_and_are_a_list_in_json() {
    let bytes = b"\xa2\x68snapshot\x6dstreamgauge/1\x63new\x43\x01\x02\xff";
    let read = Snapshot::from_cbor(bytes).unwrap();
    assert_eq!(read.unknown["new"], AnyValue::Bytes(vec![1, 2, 255]));
    assert_eq!(Snapshot::from_cbor(&read.to_cbor()), Ok(read.clone()));
    assert!(read.to_json().ends_with(r#","new":[1,2,255]}"#));
}

#[test]
fn further_fields_of_a_rate_a_latency_a_histogram_or_a_table_are_passed_over() {
    let text = r#"{"snapshot":"streamgauge/1","tables":{"t":{"x":1}},"rates":{"events":{"x":1}},"messages":{"time":{"x":[],"life":{"x":1}}}}"#;
    let read = Snapshot::from_json(text).unwrap();
    assert!(!read.to_json().contains(r#""x""#));
}
