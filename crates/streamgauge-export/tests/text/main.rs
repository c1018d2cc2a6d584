//! What the text of a snapshot is, natively; foreign parsers read it in `tests/prometheus`.

mod buckets;
mod forms;
mod labels;
mod options;

use streamgauge::{ManualClock, Monitor, Snapshot};
use streamgauge_export::{ExportOptions, Renderer, TextFormat};

pub(crate) fn renderer() -> Renderer {
    Renderer::new(&ExportOptions::default()).unwrap()
}

pub(crate) fn text(format: TextFormat, snapshots: &[Snapshot]) -> String {
    renderer().render(format, snapshots).unwrap()
}

/// A snapshot of a monitor to which nothing happened.
pub(crate) fn named(worker: &str) -> Snapshot {
    Snapshot {
        worker: worker.into(),
        ..Monitor::new(ManualClock::new(1.0)).snapshot()
    }
}

/// The lines of one family, without its comments.
pub(crate) fn samples<'a>(text: &'a str, family: &str) -> Vec<&'a str> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter(|line| line.starts_with(&format!("streamgauge_{family}")))
        .collect()
}

/// A line's name, labels and value, by the rules of the text alone.
pub(crate) fn parsed(line: &str) -> (String, Vec<(String, String)>, f64) {
    let name_end = line.find(['{', ' ']).unwrap();
    let (name, mut rest) = line.split_at(name_end);
    let mut labels = Vec::new();
    while let Some(after) = rest.strip_prefix(['{', ',']) {
        let (label, quoted) = after.split_once("=\"").unwrap();
        let mut value = String::new();
        let mut letters = quoted.char_indices();
        let end = loop {
            match letters.next().unwrap() {
                (_, '\\') => value.push(match letters.next().unwrap().1 {
                    'n' => '\n',
                    other => other,
                }),
                (end, '"') => break end,
                (_, letter) => value.push(letter),
            }
        };
        labels.push((label.into(), value));
        rest = &quoted[end + 1..];
    }
    let value = rest.trim_start_matches('}').strip_prefix(' ').unwrap();
    (name.into(), labels, value.parse().unwrap())
}
