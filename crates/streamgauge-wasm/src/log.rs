//! The message hooks' calls, written down by JavaScript and applied at once.
//!
//! Four numbers a call: `partition * 4 + kind`, an argument, the clock's reading, one thing more.
//!
//! | kind | argument | one thing more |
//! |---|---|---|
//! | 0 message in | offset | its record's time, Unix seconds, NaN where not known |
//! | 1 event in | `stream * 2^21 + task`, the task 2^21 - 1 for none | |
//! | 2 event out | its time in | as the argument of event in, NaN where the stream is not known |
//! | 3 message out | its time in, NaN where not known | as of message in |

use streamgauge::{Figures, LabelSlot, MAX_LABELS, PartitionIndex};

/// Numbers that stand for one call.
const CALL: usize = 4;
/// Numbers that a log holds: 512 calls, 16 KB.
pub(crate) const LOG_LENGTH: usize = CALL * 512;

const TASKS: u64 = 1 << 21;
const NO_TASK: u64 = TASKS - 1;
const _: () = assert!(
    (MAX_LABELS as u64) < NO_TASK,
    "every task must have a number"
);

/// Applies the calls in `log`, in order.
pub(crate) fn apply(figures: &mut Figures, log: &[f64]) {
    for call in log.chunks_exact(CALL) {
        let (what, argument, more) = (call[0] as u64, call[1], call[3]);
        let now = figures.reading(call[2]);
        // No partition has the number u32::MAX, which stands for one that is not kept.
        let partition = PartitionIndex::new((what >> 2) as u32);
        match what & 3 {
            0 => figures.message_in(partition, argument as u64, more, now),
            1 => {
                let (stream, task) = ((argument as u64) / TASKS, (argument as u64) % TASKS);
                let task = (task != NO_TASK).then_some(LabelSlot::new(task as u32));
                figures.event_in(Some(partition), LabelSlot::new(stream as u32), task, now);
            }
            2 => {
                let stream = (!more.is_nan()).then_some((more as u64) / TASKS);
                figures.event_out(
                    stream.map(|stream| LabelSlot::new(stream as u32)),
                    argument,
                    now,
                );
            }
            _ => {
                let time_in = (!argument.is_nan()).then_some(argument);
                figures.message_out(time_in, more, now);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use streamgauge::{LabelFamily, Limits};
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test(unsupported = test)]
    fn logged_calls_do_what_the_hooks_do() {
        let mut figures = Figures::with_limits(Limits::default()).unwrap();
        let partition = figures.partition_index("orders", 3).unwrap().number();
        let stream = figures
            .label_slot(LabelFamily::Streams, "totals")
            .unwrap()
            .number();
        let task = figures
            .label_slot(LabelFamily::Tasks, "process")
            .unwrap()
            .number();
        let offset = (1_u64 << 53) - 1;
        let names = u64::from(stream) * TASKS + u64::from(task);
        let with_task = (u64::from(partition) * 4 + 1) as f64;
        let without_place = u64::from(u32::MAX) * 4 + 1;
        apply(
            &mut figures,
            &[
                f64::from(partition * 4),
                offset as f64,
                10.0,
                7.5,
                with_task,
                names as f64,
                10.5,
                f64::NAN,
                without_place as f64,
                (u64::from(stream) * TASKS + NO_TASK) as f64,
                11.0,
                f64::NAN,
                2.0,
                10.5,
                12.0,
                names as f64,
                3.0,
                10.0,
                12.5,
                7.5,
            ],
        );
        let dict = figures.asdict();
        assert_eq!(dict.topic_read_offsets["orders"][&3], offset);
        assert_eq!((dict.messages_received_total, dict.messages_active), (1, 0));
        assert_eq!((dict.events_total, dict.events_active), (2, 1));
        assert_eq!(
            (
                dict.events_by_stream["totals"],
                dict.events_by_task["process"]
            ),
            (2, 1)
        );
        assert_eq!(figures.events_runtime().iter().collect::<Vec<_>>(), [1.5]);
        let inbound: Vec<_> = figures.stream_inbound_time().collect();
        assert_eq!(inbound, [("orders", 3, 10.5)]);
        let snapshot = figures.snapshot(13.0);
        let end_to_end = snapshot.messages.end_to_end.life.unwrap();
        assert_eq!((end_to_end.count, end_to_end.max), (1, Some(5.0)));
        assert_eq!(snapshot.events.runtime_by_stream["totals"].count, 1);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_full_log_does_what_the_same_calls_do_one_by_one() {
        let figures = || {
            let mut figures = Figures::with_limits(Limits::default()).unwrap();
            let partitions = [0, 1, 2].map(|n| figures.partition_index("orders", n).unwrap());
            let streams = ["a", "b"].map(|name| figures.label_slot(LabelFamily::Streams, name));
            let task = figures.label_slot(LabelFamily::Tasks, "process");
            (figures, partitions, streams.map(Option::unwrap), task)
        };
        let (mut logged, partitions, streams, task) = figures();
        let (mut called, ..) = figures();
        let mut log = Vec::new();
        for call in 0..LOG_LENGTH / CALL {
            let (partition, stream) = (partitions[call % 3], streams[call / 4 % 2]);
            let task = task.filter(|_| call % 8 == 1);
            let now = call as f64 * 0.5;
            let kind = call % 4;
            let mut more = f64::NAN;
            let argument = match kind {
                0 => {
                    more = now - 3.0;
                    called.message_in(partition, call as u64, more, now);
                    call as f64
                }
                1 => {
                    called.event_in(Some(partition), stream, task, now);
                    let task = task.map_or(NO_TASK, |task| u64::from(task.number()));
                    (u64::from(stream.number()) * TASKS + task) as f64
                }
                2 => {
                    // Every other stream is not known.
                    let known = Some(stream).filter(|_| call % 8 == 2);
                    more = known.map_or(more, |stream| (u64::from(stream.number()) * TASKS) as f64);
                    called.event_out(known, now - 0.5, now);
                    now - 0.5
                }
                // Every other message has no time in, and one call in a hundred steps back.
                _ if call % 8 == 3 => {
                    called.message_out(None, more, now);
                    f64::NAN
                }
                _ => {
                    let time_in = if call % 100 == 7 {
                        now + 1.0
                    } else {
                        now - 1.5
                    };
                    more = now - 4.0;
                    called.message_out(Some(time_in), more, now);
                    time_in
                }
            };
            log.extend([
                (partition.number() as usize * 4 + kind) as f64,
                argument,
                now,
                more,
            ]);
        }
        assert_eq!(log.len(), LOG_LENGTH);
        apply(&mut logged, &log);
        assert_eq!(logged.asdict(), called.asdict());
        assert_eq!(
            logged.events_runtime().iter().collect::<Vec<_>>(),
            called.events_runtime().iter().collect::<Vec<_>>()
        );
        assert_eq!(
            logged.stream_inbound_time().collect::<Vec<_>>(),
            called.stream_inbound_time().collect::<Vec<_>>()
        );
        assert_eq!(logged.snapshot(9e3), called.snapshot(9e3));
        for (kind, count) in called.anomalies().iter() {
            assert_eq!(logged.anomalies().count(kind), count, "{kind:?}");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn nonsense_in_the_log_neither_panics_nor_counts_a_label() {
        let mut figures = Figures::with_limits(Limits::default()).unwrap();
        apply(
            &mut figures,
            &[
                f64::NAN,
                f64::INFINITY,
                f64::NAN,
                1e300,
                -5.0,
                1.0,
                -7.0,
                0.5,
                2.0,
                1.0,
                -1e300,
                1e300,
            ],
        );
        assert_eq!(figures.asdict().events_by_stream.len(), 0);
        assert_eq!(figures.asdict().topic_read_offsets.len(), 0);
    }
}
