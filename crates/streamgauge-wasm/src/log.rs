//! The message hooks' calls, written down by JavaScript and applied at once.
//!
//! Three numbers a call: `partition * 4 + kind`, an argument, the clock's reading.
//!
//! | kind | argument |
//! |---|---|
//! | 0 message in | offset |
//! | 1 event in | `stream * 2^21 + task`, the task 2^21 - 1 for none |
//! | 2 event out | its time in |
//! | 3 message out | its time in, NaN where not known |

use streamgauge::{Figures, LabelSlot, MAX_LABELS, PartitionIndex};

/// Numbers that a log holds: 512 calls, 12 KB.
pub(crate) const LOG_LENGTH: usize = 3 * 512;

const TASKS: u64 = 1 << 21;
const NO_TASK: u64 = TASKS - 1;
const _: () = assert!(
    (MAX_LABELS as u64) < NO_TASK,
    "every task must have a number"
);

/// Applies the calls in `log`, in order.
pub(crate) fn apply(figures: &mut Figures, log: &[f64]) {
    for call in log.chunks_exact(3) {
        let (what, argument) = (call[0] as u64, call[1]);
        let now = figures.reading(call[2]);
        // No partition has the number u32::MAX, which stands for one that is not kept.
        let partition = PartitionIndex::new((what >> 2) as u32);
        match what & 3 {
            0 => figures.message_in(partition, argument as u64),
            1 => {
                let (stream, task) = ((argument as u64) / TASKS, (argument as u64) % TASKS);
                let task = (task != NO_TASK).then_some(LabelSlot::new(task as u32));
                figures.event_in(Some(partition), LabelSlot::new(stream as u32), task, now);
            }
            2 => {
                figures.event_out(argument, now);
            }
            _ => {
                figures.message_out((!argument.is_nan()).then_some(argument), now);
            }
        }
    }
}
