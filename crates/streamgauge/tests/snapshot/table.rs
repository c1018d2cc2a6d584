//! The table says what the forms have, and the forms have what the table says.

use std::collections::BTreeSet;

use serde_json::Value;
use streamgauge::{
    FigureOf, HISTOGRAM, LATENCY, LIFE, MergeRule, PARTITION, RATE, SECTIONS, SNAPSHOT, Snapshot,
    SnapshotKind, SnapshotShape, TABLE,
};

use crate::random::Random;

/// The keys of an object with the texts of their values, as they stand. (serde_json's map sorts.)
fn entries(text: &str) -> Vec<(&str, &str)> {
    let inner = text.strip_prefix('{').unwrap().strip_suffix('}').unwrap();
    let (mut depth, mut start) = (0, 0);
    let mut ends = Vec::new();
    for (at, c) in inner.char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            ',' if depth == 0 => {
                ends.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    ends.push(&inner[start..]);
    ends.into_iter()
        .filter_map(|entry| entry.split_once(':'))
        .map(|(key, value)| (key.trim_matches('"'), value))
        .collect()
}

fn keys<'a>(entries: &[(&'a str, &str)]) -> Vec<&'a str> {
    entries.iter().map(|entry| entry.0).collect()
}

fn top_level() -> Vec<&'static str> {
    let sections = SNAPSHOT.chunk_by(|a, b| !a.section.is_empty() && a.section == b.section);
    sections
        .map(|figures| match figures[0].section {
            "" => figures[0].key,
            section => section,
        })
        .collect()
}

#[test]
fn the_form_has_the_rows_of_the_table_in_its_order() {
    let text = Snapshot::default().to_json();
    let document = entries(&text);
    assert_eq!(keys(&document), top_level());
    for section in SECTIONS {
        let found = document.iter().find(|entry| entry.0 == section.key);
        let rows = SNAPSHOT.iter();
        let rows = rows.filter(|figure| figure.section == section.key);
        assert_eq!(
            keys(&entries(found.unwrap().1)),
            rows.map(|figure| figure.key).collect::<Vec<_>>()
        );
    }
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap().to_string();
    words.fold(first, |name, word| {
        name + &word[..1].to_uppercase() + &word[1..]
    })
}

#[test]
fn keys_are_the_fields_in_camel_case() {
    // Debug names fields as Rust does, in their order.
    let shown = format!("{:#?}", Snapshot::default());
    let fields = |indent: &str| -> Vec<String> {
        let lines = shown.lines().filter_map(|line| line.strip_prefix(indent));
        let names = lines
            .filter_map(|line| line.split_once(':'))
            .map(|line| line.0);
        names
            .filter(|name| !name.starts_with(' ') && *name != "unknown")
            .map(camel)
            .collect()
    };
    let plain: Vec<_> = fields("    ");
    let mut sections = top_level();
    sections[0] = "format"; // Its key says what the document is.
    assert_eq!(plain, sections);
    let inner: Vec<_> = SNAPSHOT
        .iter()
        .filter(|figure| !figure.section.is_empty())
        .collect();
    let found = fields("        ");
    assert_eq!(
        found,
        inner.iter().map(|figure| figure.key).collect::<Vec<_>>()
    );
}

fn hold<T>(figures: &[FigureOf<T>], sample: &T) {
    let mut paths = BTreeSet::new();
    for figure in figures {
        assert_eq!(
            (figure.read)(sample).shape(),
            figure.shape,
            "{}",
            figure.path
        );
        assert!(paths.insert(figure.path), "{} stands twice", figure.path);
        assert!(figure.help.ends_with('.'), "{}", figure.path);
        assert!(!figure.help.contains("  "), "{}", figure.path);
        let state = figure.kind == SnapshotKind::State;
        assert!(!state || figure.unit.is_empty(), "{}", figure.path);
    }
    // A reader marks each row that came by a bit of 64.
    for section in paths
        .iter()
        .map(|path| path.split('.').next())
        .collect::<BTreeSet<_>>()
    {
        let rows = figures
            .iter()
            .filter(|figure| Some(figure.section) == section);
        assert!(rows.count() < 64);
    }
}

#[test]
fn every_row_reads_the_shape_it_names_and_none_stands_twice() {
    hold(SNAPSHOT, &Snapshot::default());
    hold(PARTITION, &Default::default());
    hold(LIFE, &Default::default());
    hold(RATE, &Default::default());
    hold(LATENCY, &Default::default());
    hold(HISTOGRAM, &Default::default());
    hold(TABLE, &Default::default());
    assert!([PARTITION.len(), LIFE.len(), HISTOGRAM.len()] < [64; 3]);
}

#[test]
fn labels_stand_where_the_shape_splits() {
    for figure in SNAPSHOT {
        let labels = match figure.shape {
            SnapshotShape::ByStage | SnapshotShape::Partitions => 2,
            SnapshotShape::ByLabel
            | SnapshotShape::SignedByLabel
            | SnapshotShape::ByStatus
            | SnapshotShape::Tables
            | SnapshotShape::HistogramByLabel => 1,
            _ => 0,
        };
        assert_eq!(figure.labels.len(), labels, "{}", figure.path);
    }
}

#[test]
fn the_random_snapshots_of_these_tests_fill_every_figure() {
    let plain = Snapshot::default();
    let unfilled: Vec<_> = SNAPSHOT
        .iter()
        .filter(|figure| {
            (0..200).all(|seed| {
                let filled = Random(seed).snapshot("w", 1.5);
                (figure.read)(&filled) == (figure.read)(&plain)
            })
        })
        .map(|figure| figure.path)
        .collect();
    assert_eq!(unfilled, ["snapshot", "merged"]);
}

#[test]
fn every_figure_is_read_back_or_computed() {
    let mut random = Random(7);
    for figure in SNAPSHOT
        .iter()
        .filter(|figure| figure.merge != MergeRule::Derived)
    {
        // Without its key the figure is lost; so the key is what carries it.
        let found = (0..500).any(|_| {
            let filled = random.snapshot("w", 1.5);
            let mut value: Value = serde_json::from_str(&filled.to_json()).unwrap();
            let inner = match figure.section {
                "" => &mut value,
                section => &mut value[section],
            };
            inner.as_object_mut().unwrap().remove(figure.key).unwrap();
            match Snapshot::from_json(&value.to_string()) {
                Ok(read) => (figure.read)(&read) != (figure.read)(&filled),
                Err(_) => true,
            }
        });
        assert!(found || figure.path == "merged", "{}", figure.path);
    }
}

#[test]
fn every_figure_merges_by_this_rule() {
    let by = |rule: MergeRule| -> Vec<_> {
        let rows = SNAPSHOT.iter().filter(|figure| figure.merge == rule);
        rows.map(|figure| figure.path).collect()
    };
    assert_eq!(
        by(MergeRule::Sum),
        [
            "messages.active",
            "messages.stuck",
            "events.active",
            "rates.messagesReceived",
            "rates.messagesSent",
            "rates.events",
            "rates.errors",
            "rates.busy",
            "rebalances.inProgress",
            "consumer.pausedPartitions",
        ]
    );
    assert_eq!(
        by(MergeRule::Max),
        [
            "messages.oldestSeconds",
            "messages.stuckAfterSeconds",
            "rates.intervalSeconds",
            "rebalances.appCount",
            "rebalances.recent",
            "rebalances.stormRebalances",
            "rebalances.stormWindowSeconds",
            "consumer.heartbeatAgeSeconds",
        ]
    );
    assert_eq!(by(MergeRule::Min), ["rebalances.lastAgeSeconds"]);
    assert_eq!(by(MergeRule::Either), ["rebalances.storm"]);
    let own = [
        "snapshot",
        "worker",
        "since",
        "at",
        "sequence",
        "merged",
        "partitions",
    ];
    assert_eq!(by(MergeRule::Own), own);
    let derived = by(MergeRule::Derived);
    let outside = ["lag", "health"].map(|section| format!("{section}."));
    let rest = derived
        .iter()
        .filter(|path| !outside.iter().any(|o| path.starts_with(o)));
    assert_eq!(
        rest.collect::<Vec<_>>(),
        [
            &"ownership.owned",
            &"consumer.busySeconds",
            &"consumer.idleSeconds",
            &"consumer.busyShare",
        ]
    );
    for figure in SNAPSHOT
        .iter()
        .filter(|figure| figure.merge == MergeRule::Add)
    {
        let kinds = [SnapshotKind::Counter, SnapshotKind::Histogram];
        assert!(
            kinds.contains(&figure.kind) || figure.path == "metrics",
            "{}",
            figure.path
        );
    }
}
