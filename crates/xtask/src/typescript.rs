//! The TypeScript types of every figure.

use std::fmt::Write;

use streamgauge::{Anomaly, FIGURES, Figure, Shape};

use crate::wording::{camel, camel_help, default_of, shape, unit};

const HEADER: &str = "\
// Generated from crates/streamgauge/src/schema.rs by `cargo run -p xtask -- generate`. Do not edit.
";

const SHAPES: [Shape; 9] = [
    Shape::Whole,
    Shape::Seconds,
    Shape::SecondsList,
    Shape::WholeByLabel,
    Shape::SignedByLabel,
    Shape::Tables,
    Shape::WholeByStatus,
    Shape::OffsetByPartition,
    Shape::SecondsByPartition,
];

const FIGURE_ROW: &str = "
/** A row of the table of figures. */
export interface FigureRow {
  /** Faust's attribute. */
  readonly name: string;
  /** The monitor's getter. */
  readonly attribute: string;
  /** Its key in `asdict()`, null where it is not in there. */
  readonly asdict: string | null;
  /** Whether the constructor takes a starting value, under the getter's name. */
  readonly option: boolean;
  /** Its form. */
  readonly shape: Shape;
}

/** Every figure: those of `asdict()` in its order, then the rest. A row's place is its number. */
export const FIGURES: readonly FigureRow[] = [
";

const TABLES: &str = "
/** How often the keys of a table were got, set and deleted. */
export interface TableCounts {
  /** `onTableGet` calls. */
  keys_retrieved: number;
  /** `onTableSet` calls. */
  keys_updated: number;
  /** `onTableDel` calls. */
  keys_deleted: number;
}

/** A table and its counts. */
export interface TableState {
  /** The table's name. */
  readonly table: string;
  /** `onTableGet` calls. */
  readonly keysRetrieved: number;
  /** `onTableSet` calls. */
  readonly keysUpdated: number;
  /** `onTableDel` calls. */
  readonly keysDeleted: number;
  /** The three counts without the name. */
  asdict(): TableCounts;
}
";

pub(crate) fn schema() -> String {
    let mut text = String::from(HEADER);
    text.push_str("\n/** The form of a figure. */\nexport type Shape =\n");
    for (place, form) in SHAPES.into_iter().enumerate() {
        let end = if place + 1 == SHAPES.len() { ";" } else { "" };
        let _ = writeln!(text, "  | \"{}\"{end}", shape(form));
    }
    text.push_str(FIGURE_ROW);
    FIGURES.iter().for_each(|figure| row(&mut text, figure));
    text.push_str("];\n");
    text.push_str(TABLES);

    text.push_str(
        "\n/** Exactly what `asdict()` gives. Times are seconds. */\nexport interface AsDict {\n",
    );
    for figure in FIGURES {
        if let Some(key) = figure.asdict {
            property(
                &mut text,
                figure,
                (figure.help, ""),
                key,
                in_asdict(figure.shape),
            );
        }
    }
    text.push_str(
        "}\n\n/** The monitor's attributes. Times are seconds. */\nexport interface Attributes {\n",
    );
    for figure in FIGURES {
        let name = format!("readonly {}", camel(figure.name));
        let help = camel_help(figure.help);
        property(
            &mut text,
            figure,
            (&help, ""),
            &name,
            as_attribute(figure.shape),
        );
    }
    text.push_str("}\n\n/** Limits, and starting values (0 or empty unless given). Times are seconds. */\nexport interface FigureOptions {\n");
    for figure in FIGURES.iter().filter(|figure| figure.option) {
        let name = format!("{}?", camel(figure.name));
        let of_type = format!("{} | undefined", as_option(figure.shape));
        let help = (&*camel_help(figure.help), &*default_help(figure.name));
        property(&mut text, figure, help, &name, &of_type);
    }
    text.push_str("}\n");
    anomalies(&mut text);
    text
}

fn row(text: &mut String, figure: &Figure) {
    let key = figure
        .asdict
        .map_or("null".into(), |key| format!("\"{key}\""));
    let _ = writeln!(
        text,
        "  {{ name: \"{}\", attribute: \"{}\", asdict: {key}, option: {}, shape: \"{}\" }},",
        figure.name,
        camel(figure.name),
        figure.option,
        shape(figure.shape),
    );
}

fn property(
    text: &mut String,
    figure: &Figure,
    (help, default): (&str, &str),
    name: &str,
    of_type: &str,
) {
    let unit = unit(figure.unit).map_or(String::new(), |unit| format!(" Unit: {unit}."));
    let _ = writeln!(text, "  /** {help}{unit}{default} */\n  {name}: {of_type};");
}

/// What an option is where it is not given.
fn default_help(name: &str) -> String {
    match (name, default_of(name)) {
        // A host of JavaScript knows the time; the core has no clock to ask.
        ("epoch", _) => " Default `performance.timeOrigin / 1000`.".into(),
        (_, Some(default)) => format!(" Default {default}."),
        (_, None) => String::new(),
    }
}

fn anomalies(text: &mut String) {
    text.push_str(
        "\n/** What should not happen and is counted instead, in the order of the bits. */\n\
         export const ANOMALIES = [\n",
    );
    for anomaly in Anomaly::ALL {
        let name = camel(anomaly.name());
        let _ = writeln!(
            text,
            "  {{ name: \"{name}\", says: {:?} }},",
            anomaly.says()
        );
    }
    text.push_str("] as const;\n\n/** How often each anomaly was seen since the monitor was made. */\nexport interface Anomalies {\n");
    for anomaly in Anomaly::ALL {
        let name = camel(anomaly.name());
        let _ = writeln!(
            text,
            "  /** Count of: {}. */\n  readonly {name}: number;",
            anomaly.says()
        );
    }
    text.push_str("}\n");
}

fn in_asdict(shape: Shape) -> &'static str {
    match shape {
        Shape::Whole | Shape::Seconds => "number",
        Shape::SecondsList => "number[]",
        Shape::WholeByLabel | Shape::SignedByLabel | Shape::WholeByStatus => {
            "Record<string, number>"
        }
        Shape::Tables => "Record<string, TableCounts>",
        Shape::OffsetByPartition | Shape::SecondsByPartition => {
            "Record<string, Record<string, number>>"
        }
    }
}

fn as_attribute(shape: Shape) -> &'static str {
    match shape {
        Shape::Tables => "Record<string, TableState>",
        Shape::OffsetByPartition | Shape::SecondsByPartition => "Map<string, Map<number, number>>",
        other => in_asdict(other),
    }
}

fn as_option(shape: Shape) -> &'static str {
    match shape {
        Shape::Tables => "Record<string, Partial<TableCounts>>",
        Shape::SecondsList => "Iterable<number>",
        other => in_asdict(other),
    }
}
