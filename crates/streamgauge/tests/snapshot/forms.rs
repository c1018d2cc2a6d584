//! Both forms give back what was written, bit for bit.

use proptest::prelude::*;
use streamgauge::{Histogram, MAX_DEPTH, Snapshot, merge};

use crate::random::Random;

fn survives(snapshot: &Snapshot) {
    let text = snapshot.to_json();
    let read = Snapshot::from_json(&text).unwrap();
    assert_eq!(&read, snapshot);
    assert_eq!(
        read.to_json(),
        text,
        "bit for bit: equal texts, also for -0.0"
    );
    let bytes = snapshot.to_cbor();
    let read = Snapshot::from_cbor(&bytes).unwrap();
    assert_eq!(&read, snapshot);
    assert_eq!(read.to_cbor(), bytes);
    assert_eq!(read.to_json(), text);
    assert_eq!(serde_json::from_str::<Snapshot>(&text).unwrap(), *snapshot);
}

proptest! {
    #[test]
    fn a_snapshot_survives(seed: u64) {
        let mut random = Random(seed);
        let one = random.snapshot("worker", 12.5);
        survives(&one);
        survives(&merge(&[one, random.snapshot("other", 1e9)]).unwrap());
    }
}

#[test]
fn the_empty_snapshot_survives() {
    survives(&Snapshot::default());
}

#[test]
fn a_document_may_leave_out_all_but_its_name() {
    let read = Snapshot::from_json(r#"{"snapshot":"streamgauge/1"}"#);
    assert_eq!(read, Ok(Snapshot::default()));
    let bytes = b"\xa1\x68snapshot\x6dstreamgauge/1";
    assert_eq!(Snapshot::from_cbor(bytes), Ok(Snapshot::default()));
}

#[test]
fn whole_numbers_may_be_written_as_other_writers_do() {
    let read = |figures: &str| {
        let text = format!(r#"{{"snapshot":"streamgauge/1",{figures}}}"#);
        Snapshot::from_json(&text).unwrap()
    };
    assert_eq!(read(r#""messages":{"received":5.0}"#).messages.received, 5);
    let large = read(r#""messages":{"received":1e15}"#);
    assert_eq!(large.messages.received, 1_000_000_000_000_000);
    assert_eq!(read(r#""metrics":{"a":-3.0}"#).metrics["a"], -3);
    assert_eq!(read(r#""since":7"#).since, 7.0);
    let sum = r#""messages":{"time":{"life":{"sumNanoseconds":12}}}"#;
    assert_eq!(read(sum).messages.time.life.unwrap().sum_nanoseconds, 12);
}

#[test]
fn cbor_numbers_may_be_of_any_width_and_lengths_unknown() {
    // {_ "snapshot": (_ "streamgauge", "/1"), "since": 1.5 (f16), "at": 2.5 (f32), "sequence": 3 (u64)}
    let bytes = b"\xbf\x68snapshot\x7f\x6bstreamgauge\x62/1\xff\x65since\xf9\x3e\x00\x62at\xfa\x40\x20\x00\x00\x68sequence\x1b\0\0\0\0\0\0\0\x03\xff";
    let read = Snapshot::from_cbor(bytes).unwrap();
    assert_eq!((read.since, read.at, read.sequence), (1.5, 2.5, 3));
}

#[test]
fn partitions_and_lives_come_in_any_order() {
    let part = |topic: &str, number: u32| format!(r#"{{"topic":"{topic}","partition":{number}}}"#);
    let text = format!(
        r#"{{"partitions":[{},{},{}],"snapshot":"streamgauge/1","merged":[{{"worker":"b","since":1}},{{"worker":"a","since":2}},{{"worker":"a","since":1}}]}}"#,
        part("b", 0),
        part("a", 10),
        part("a", 9)
    );
    let read = Snapshot::from_json(&text).unwrap();
    let partitions = read.partitions.iter().map(|p| (&*p.topic, p.partition));
    assert_eq!(
        partitions.collect::<Vec<_>>(),
        [("a", 9), ("a", 10), ("b", 0)]
    );
    let lives = read.merged.iter().map(|life| (&*life.worker, life.since));
    assert_eq!(
        lives.collect::<Vec<_>>(),
        [("a", 1.0), ("a", 2.0), ("b", 1.0)]
    );
}

#[test]
fn a_sum_of_nanoseconds_keeps_all_its_digits() {
    let mut snapshot = Snapshot::default();
    snapshot.commits.latency.life = Some(Histogram {
        sum_nanoseconds: u128::MAX,
        ..Histogram::default()
    });
    let text = snapshot.to_json();
    assert!(text.contains(r#""sumNanoseconds":"340282366920938463463374607431768211455""#));
    survives(&snapshot);
}

#[test]
fn sixty_four_levels_are_read() {
    // The document is one level, the list under "new" the second.
    let lists = MAX_DEPTH as usize - 1;
    let nested = |lists: usize| {
        let (open, close) = ("[".repeat(lists), "]".repeat(lists));
        format!(r#"{{"snapshot":"streamgauge/1","new":{open}{close}}}"#)
    };
    let deepest = Snapshot::from_json(&nested(lists)).unwrap();
    survives(&deepest);
    let error = Snapshot::from_json(&nested(lists + 1)).unwrap_err();
    assert!(
        error.to_string().ends_with("is nested more than 64 deep"),
        "{error}"
    );
}
