//! The reference page of every figure.

use std::fmt::Write;

use streamgauge::{
    Anomaly, FIGURES, Figure, FigureOf, HISTOGRAM, Kind, LATENCY, LIFE, MergeRule, PARTITION, RATE,
    SNAPSHOT, SnapshotKind,
};

use crate::wording::{camel, default_of};

pub(crate) fn page() -> String {
    let mut page = String::from(
        "<!-- Generated from src/schema.rs and src/snapshot/ by `cargo run -p xtask -- generate`. Do not edit. -->\n\
         # Figures\n\
         \n\
         Every figure of a monitor, in the order of the table that they all come from\n\
         (`streamgauge::FIGURES`): first those of `asdict()` in its order, then the attributes that\n\
         Faust leaves out of it.\n\
         \n\
         - **Attribute** is the name in Faust and in Rust, **JavaScript** the getter's name there.\n\
         - **asdict()** is the key in the dictionary; \u{2013} where it is not in there.\n\
         - **Option** says whether a monitor can be made with a starting value, under the name of the\n\
           attribute in each language.\n\
         - **Kind**: a counter only grows, a gauge goes up and down, measurements are the newest\n\
           single values, oldest first, a setting was chosen when the monitor was made.\n\
         - **Unit** is UCUM's spelling as OpenTelemetry uses it: `s` is seconds, `{message}` counts\n\
           messages, `1` is a plain number.\n\
         - **Labels** are what the figure is split by, outermost first.\n\
         - **What it says** ends with a setting's default.\n\
         \n\
         | Attribute | JavaScript | asdict() | Option | Kind | Unit | Labels | What it says |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for figure in FIGURES {
        row(&mut page, figure);
    }
    snapshot(&mut page);
    page.push_str(
        "\n## Anomalies\n\
         \n\
         What should not happen is counted by kind (`anomalies()`, in JavaScript `anomalies`) instead\n\
         of corrupting a figure.\n\
         \n\
         | Kind | JavaScript | What happened, and what was done |\n\
         |---|---|---|\n",
    );
    for anomaly in Anomaly::ALL {
        let (name, says) = (anomaly.name(), anomaly.says());
        let _ = writeln!(page, "| `{name}` | `{}` | {says} |", camel(name));
    }
    page
}

/// The figures of a snapshot, and of what stands in it more than once.
fn snapshot(page: &mut String) {
    page.push_str(
        "\n## The snapshot\n\
         \n\
         Every figure of `snapshot()`, by its place in the JSON form (the same in CBOR and in\n\
         JavaScript; in Rust the fields have the same names in snake case). They come from the table\n\
         `streamgauge::SNAPSHOT`.\n\
         \n\
         **Merged** says how those of many workers become one: *add* over all lives of all workers,\n\
         *sum*, *max*, *min* and *either* over the newest life of each worker, *derived* is computed again\n\
         from the other figures, *own* has a rule of its own, which `merge` tells.\n\
         \n",
    );
    table(page, SNAPSHOT);
    for (title, key, says) in [
        (
            "A partition",
            "`partitions`",
            "one for each topic-partition that is held",
        ),
        ("A latency", "a latency", "two histograms"),
        ("A histogram", "a histogram", "exponential, base 2"),
        ("A rate", "a rate", "per second"),
        ("A life", "`merged`", "one for each that was merged"),
    ] {
        let _ = writeln!(page, "\n### {title}\n\nWhat stands in {key}: {says}.\n");
        match title {
            "A partition" => table(page, PARTITION),
            "A latency" => table(page, LATENCY),
            "A histogram" => table(page, HISTOGRAM),
            "A rate" => table(page, RATE),
            _ => table(page, LIFE),
        }
    }
}

fn table<T>(page: &mut String, figures: &[FigureOf<T>]) {
    page.push_str(
        "| Place | Kind | Unit | Labels | Merged | What it says |\n|---|---|---|---|---|---|\n",
    );
    for figure in figures {
        let kind = match figure.kind {
            SnapshotKind::Counter => "counter",
            SnapshotKind::Gauge => "gauge",
            SnapshotKind::Histogram => "histogram",
            SnapshotKind::State => "state",
        };
        let merged = match figure.merge {
            MergeRule::Add => "add",
            MergeRule::Sum => "sum",
            MergeRule::Max => "max",
            MergeRule::Min => "min",
            MergeRule::Either => "either",
            MergeRule::Derived => "derived",
            MergeRule::Own => "own",
        };
        let unit = match figure.unit {
            "" => "\u{2013}".into(),
            unit => format!("`{unit}`"),
        };
        let labels = match figure.labels {
            [] => "\u{2013}".into(),
            labels => labels.join(", "),
        };
        let (path, help) = (figure.path, figure.help);
        let _ = writeln!(
            page,
            "| `{path}` | {kind} | {unit} | {labels} | {merged} | {help} |"
        );
    }
}

fn row(page: &mut String, figure: &Figure) {
    let name = figure.name;
    let javascript = camel(name);
    let asdict = figure
        .asdict
        .map_or("\u{2013}".into(), |key| format!("`{key}`"));
    let option = if figure.option { "yes" } else { "\u{2013}" };
    let kind = match figure.kind {
        Kind::Counter => "counter",
        Kind::Gauge => "gauge",
        Kind::Measurements => "measurements",
        Kind::Setting => "setting",
    };
    let labels = match figure.labels {
        [] => "\u{2013}".into(),
        labels => labels.join(", "),
    };
    let (unit, help) = (figure.unit, figure.help);
    let default = match (name, default_of(name)) {
        ("epoch", Some(default)) => {
            format!(" Default {default}; in JavaScript `performance.timeOrigin / 1000`.")
        }
        (_, Some(default)) => format!(" Default {default}."),
        (_, None) => String::new(),
    };
    let _ = writeln!(
        page,
        "| `{name}` | `{javascript}` | {asdict} | {option} | {kind} | `{unit}` | {labels} | {help}{default} |"
    );
}
