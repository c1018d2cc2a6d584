//! The reference page of every figure.

use std::fmt::Write;

use streamgauge::{Anomaly, FIGURES, Figure, Kind};

use crate::wording::camel;

pub(crate) fn page() -> String {
    let mut page = String::from(
        "<!-- Generated from src/schema.rs by `cargo run -p xtask -- generate`. Do not edit. -->\n\
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
         \n\
         | Attribute | JavaScript | asdict() | Option | Kind | Unit | Labels | What it says |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for figure in FIGURES {
        row(&mut page, figure);
    }
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
    let _ = writeln!(
        page,
        "| `{name}` | `{javascript}` | {asdict} | {option} | {kind} | `{unit}` | {labels} | {help} |"
    );
}
