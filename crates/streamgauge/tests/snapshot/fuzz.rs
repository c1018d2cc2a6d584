//! No input panics, and what is read can be written and read again.

use proptest::prelude::*;
use streamgauge::Snapshot;

use crate::random::Random;

fn json(text: &str) {
    if let Ok(read) = Snapshot::from_json(text) {
        let written = read.to_json();
        let again = Snapshot::from_json(&written).unwrap();
        assert_eq!(again, read);
        assert_eq!(again.to_json(), written);
    }
}

fn cbor(bytes: &[u8]) -> bool {
    let Ok(read) = Snapshot::from_cbor(bytes) else {
        return false;
    };
    let written = read.to_cbor();
    let again = Snapshot::from_cbor(&written).unwrap();
    assert_eq!(again, read);
    assert_eq!(again.to_cbor(), written);
    true
}

/// A few changes: bytes flipped, replaced by what matters to the form, taken out, doubled, cut off.
fn mutate(document: &mut Vec<u8>, random: &mut Random, telling: &[u8]) {
    for _ in 0..=random.below(3) {
        let at = random.below(document.len().max(1) as u64) as usize;
        let end = (at + random.below(40) as usize).min(document.len());
        match random.below(6) {
            _ if document.is_empty() => return,
            0 => document[at] ^= 1 << random.below(8),
            1 | 2 => document[at] = telling[random.below(telling.len() as u64) as usize],
            3 => drop(document.drain(at..end)),
            4 => {
                let copied = document[at..end].to_vec();
                document.splice(at..at, copied);
            }
            _ => document.truncate(end),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_do_not_panic(bytes: Vec<u8>) {
        cbor(&bytes);
        json(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn random_bytes_in_the_place_of_a_value_do_not_panic(bytes: Vec<u8>, key in 0_usize..6) {
        let key = ["new", "partitions", "messages", "metrics", "rates", "errors"][key];
        let mut document = b"\xa2\x68snapshot\x6dstreamgauge/1".to_vec();
        document.push(0x60 + key.len() as u8);
        document.extend(key.as_bytes());
        document.extend(bytes);
        cbor(&document);
    }
}

#[test]
fn documents_with_changes_do_not_panic() {
    let mut random = Random(2_026);
    let mut read = 0;
    for round in 0..3_000 {
        if round % 100 == 0 {
            json(&random.snapshot("w", 1.0).to_json());
        }
        let snapshot = random.snapshot("worker", 12.5);
        let mut bytes = snapshot.to_cbor();
        let heads = [
            0x00, 0x1b, 0x20, 0x3b, 0x5f, 0x7f, 0x80, 0x9f, 0xbb, 0xbf, 0xc2, 0xf6, 0xf9, 0xfb,
            0xff,
        ];
        mutate(&mut bytes, &mut random, &heads);
        read += u32::from(cbor(&bytes));
        let mut text = snapshot.to_json().into_bytes();
        mutate(&mut text, &mut random, b"{}[]\",:0-e.\\u tn");
        json(&String::from_utf8_lossy(&text));
    }
    assert!(
        read > 100,
        "only {read} of 3,000 changed documents were read"
    );
}
