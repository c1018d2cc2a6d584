//! The core's `Limits` as JavaScript gives them: rows of the table of figures, and values.

use streamgauge::{FIGURES, Limits};

/// The row of a limit, by its name.
const fn row_of(name: &str) -> usize {
    let mut row = 0;
    while !is_same(FIGURES[row].name, name) {
        row += 1;
    }
    row
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut place = 0;
    while place < one.len() && place < other.len() && one[place] == other[place] {
        place += 1;
    }
    place == one.len() && place == other.len()
}

macro_rules! set {
    ($limits:ident, $row:ident, $value:ident: $($name:ident)+) => {
        match $row as usize {
            $(row if row == const { row_of(stringify!($name)) } => $limits.$name = $value as _,)+
            _ => {}
        }
    };
}

/// The limits of which `pairs` has rows and values; the others have their defaults.
pub(crate) fn read(pairs: &[f64]) -> Limits {
    let mut limits = Limits::default();
    for pair in pairs.chunks_exact(2) {
        let &[row, value] = pair else { continue };
        set!(limits, row, value:
            max_avg_history
            max_commit_latency_history
            max_send_latency_history
            max_assignment_latency_history
            max_labels
            max_partitions
            epoch
            health_commits
            allowed_lag
            health_hold
            stuck_after
            storm_rebalances
            storm_window
            label_idle
            partition_idle
        );
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test(unsupported = test)]
    fn each_pair_sets_the_limit_of_its_row_and_no_other() {
        let row = |name| row_of(name) as f64;
        let pairs = [
            row("max_labels"),
            7.0,
            row("epoch"),
            1.5,
            row("allowed_lag"),
            9.0,
        ];
        let expected = Limits {
            max_labels: 7,
            epoch: 1.5,
            allowed_lag: 9,
            ..Limits::default()
        };
        assert_eq!(read(&pairs), expected);
        assert_eq!(FIGURES[row_of("max_labels")].name, "max_labels");
        // A figure that is no limit, and no figure at all.
        assert_eq!(
            read(&[row("messages_active"), 7.0, 1e9, 7.0, -1.0]),
            Limits::default()
        );
    }
}
