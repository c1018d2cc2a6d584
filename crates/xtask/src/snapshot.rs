//! The TypeScript types of a snapshot.

use std::fmt::Write;

use streamgauge::{
    FigureOf, HISTOGRAM, LATENCY, LIFE, LagMethod, PARTITION, RATE, SECTIONS, SNAPSHOT,
    SnapshotShape, Stage, Status, TABLE,
};

use crate::wording::unit;

const HEADER: &str = "\
// Generated from crates/streamgauge/src/snapshot by `cargo run -p xtask -- generate`. Do not edit.
";

const SNAPSHOT_SAYS: &str = "
/**
 * Every figure of one monitor at one moment, or of many merged: plain data, in this order. Times
 * are seconds, times of the day Unix times. Keys of records are the names that hooks were given.
 */
export interface Snapshot {
";

pub(crate) fn types() -> String {
    let mut text = String::from(HEADER);
    union(
        &mut text,
        "How a partition, or all of them, is doing, from well to worst.",
        "Status",
        Status::ALL.iter().map(|status| status.name()),
    );
    union(
        &mut text,
        "How a lag in seconds was found: there is none; by the timestamp of a record; between two \
         end offsets that were seen; it is at least so much; it is not known.",
        "LagMethod",
        LagMethod::ALL.iter().map(|method| method.name()),
    );
    union(
        &mut text,
        "Where in a stream processor an error happened: sending a message (`onSendError` counts here by itself); \
         processing a message or an event; committing offsets; decoding a key or a value; \
         answering a web request (one that ended with a status of 500 or more counts here by itself); \
         fetching from a broker; anything else.",
        "Stage",
        Stage::ALL.iter().map(|stage| stage.name()),
    );
    interface(
        &mut text,
        "How long something took: durations counted in buckets, each quantile at most 1.1% off \
         (those by stream: 5%).",
        "Histogram",
        HISTOGRAM,
    );
    interface(&mut text, "How long something takes.", "Latency", LATENCY);
    interface(
        &mut text,
        "How fast something happens, per second; null before the first sample.",
        "Rate",
        RATE,
    );
    interface(
        &mut text,
        "How often keys of a table were touched.",
        "TableFigures",
        TABLE,
    );
    interface(
        &mut text,
        "The figures of a partition.",
        "PartitionFigures",
        PARTITION,
    );
    interface(
        &mut text,
        "One life of a monitor, from its making to its end.",
        "Life",
        LIFE,
    );

    text.push_str(SNAPSHOT_SAYS);
    for figures in SNAPSHOT.chunk_by(|a, b| a.section == b.section) {
        let key = figures.first().map_or("", |figure| figure.section);
        match SECTIONS.iter().find(|section| section.key == key) {
            None => properties(&mut text, "  ", figures),
            Some(section) => {
                let _ = writeln!(text, "  /** {} */\n  readonly {key}: {{", section.help);
                properties(&mut text, "    ", figures);
                text.push_str("  };\n");
            }
        }
    }
    text.push_str("}\n");
    text
}

fn union(text: &mut String, says: &str, name: &str, of: impl Iterator<Item = &'static str>) {
    let names: Vec<String> = of.map(|name| format!("\"{name}\"")).collect();
    let _ = writeln!(
        text,
        "\n/** {says} */\nexport type {name} = {};",
        names.join(" | ")
    );
}

fn interface<T>(text: &mut String, says: &str, name: &str, figures: &[FigureOf<T>]) {
    let _ = writeln!(text, "\n/** {says} */\nexport interface {name} {{");
    properties(text, "  ", figures);
    text.push_str("}\n");
}

fn properties<T>(text: &mut String, indent: &str, figures: &[FigureOf<T>]) {
    for figure in figures {
        let unit = match figure.unit {
            "" => None,
            named => unit(named),
        };
        let unit = unit.map_or(String::new(), |unit| format!(" Unit: {unit}."));
        let (help, key, of_type) = (figure.help, figure.key, of_type(figure.shape));
        let _ = writeln!(
            text,
            "{indent}/** {help}{unit} */\n{indent}readonly {key}: {of_type};"
        );
    }
}

fn of_type(shape: SnapshotShape) -> &'static str {
    match shape {
        SnapshotShape::Format => "\"streamgauge/1\"",
        SnapshotShape::Whole
        | SnapshotShape::Index
        | SnapshotShape::Signed
        | SnapshotShape::Number => "number",
        SnapshotShape::OptionalWhole | SnapshotShape::OptionalNumber => "number | null",
        SnapshotShape::Wide | SnapshotShape::Text => "string",
        SnapshotShape::Flag => "boolean",
        SnapshotShape::Texts => "readonly string[]",
        SnapshotShape::Status => "Status",
        SnapshotShape::LagMethod => "LagMethod",
        SnapshotShape::ByLabel | SnapshotShape::SignedByLabel | SnapshotShape::ByStatus => {
            "Readonly<Record<string, number>>"
        }
        SnapshotShape::ByStage => {
            "Readonly<Partial<Record<Stage, Readonly<Record<string, number>>>>>"
        }
        SnapshotShape::Tables => "Readonly<Record<string, TableFigures>>",
        SnapshotShape::Buckets => "readonly number[]",
        SnapshotShape::Histogram => "Histogram | null",
        SnapshotShape::HistogramByLabel => "Readonly<Record<string, Histogram>>",
        SnapshotShape::Latency => "Latency",
        SnapshotShape::Rate => "Rate",
        SnapshotShape::Partitions => "readonly PartitionFigures[]",
        SnapshotShape::Lives => "readonly Life[]",
    }
}

#[cfg(test)]
mod tests {
    use streamgauge::SNAPSHOT;

    #[test]
    fn every_figure_is_documented_and_typed() {
        let text = super::types();
        for figure in SNAPSHOT {
            let line = format!(
                "readonly {}: {};\n",
                figure.key,
                super::of_type(figure.shape)
            );
            assert!(text.contains(&line), "{}", figure.path);
            assert!(
                text.contains(&format!("/** {}", figure.help)),
                "{}",
                figure.path
            );
        }
        assert!(!text.contains('\u{2028}'));
    }
}
