//! The message hooks' calls, written down by JavaScript and applied at once.
//!
//! Three numbers a call: `number * 8 + kind`, an argument, the clock's reading, which is finite. The
//! newest call is first.
//!
//! | kind | number | argument |
//! |---|---|---|
//! | 0 message in | its partition's | offset |
//! | 1 event in, of the partition that the log spoke of last | `stream * 2^21 + task`, the task 2^21 - 1 for none | |
//! | 2 event out | as of event in; a stream 2^21 - 1 where it is not known | its time in |
//! | 3 message out | | its time in, NaN where not known |
//! | 4 of the message in or out that follows | | its record's time, Unix seconds |
//! | 5 of the events that follow | their partition's | |

use core::mem;

use streamgauge::{Figures, LabelSlot, MAX_LABELS, PartitionIndex};

/// Numbers that stand for one call.
const CALL: usize = 3;
/// Numbers that a log holds: 512 calls, 12 KB.
pub(crate) const LOG_LENGTH: usize = CALL * 512;

const KINDS: u64 = 8;
const TASKS: u64 = 1 << 21;
const NO_TASK: u64 = TASKS - 1;
const _: () = assert!(
    (MAX_LABELS as u64) < NO_TASK,
    "every task must have a number, and a stream that is not known"
);

/// What the calls of the next log go on from.
#[derive(Clone, Copy)]
pub(crate) struct Before {
    /// The partition that the log spoke of last.
    partition: PartitionIndex,
    /// The record time of the message in or out that follows, NaN where not known.
    record_time: f64,
}

impl Before {
    pub(crate) const NOTHING: Self = Self {
        partition: PartitionIndex::new(u32::MAX),
        record_time: f64::NAN,
    };
}

/// Applies the calls in `log`.
pub(crate) fn apply(figures: &mut Figures, before: &mut Before, log: &[f64]) {
    let Before {
        mut partition,
        mut record_time,
    } = *before;
    for call in log.rchunks_exact(CALL) {
        let (what, argument, now) = (call[0] as u64, call[1], call[2]);
        let number = what / KINDS;
        let stream = LabelSlot::new((number / TASKS) as u32);
        match what % KINDS {
            0 => {
                // No partition has the number u32::MAX, which stands for one that is not kept.
                partition = PartitionIndex::new(number as u32);
                let record_time = mem::replace(&mut record_time, f64::NAN);
                figures.message_in(partition, argument as u64, record_time, now);
            }
            1 => {
                let task = number % TASKS;
                let task = (task != NO_TASK).then_some(LabelSlot::new(task as u32));
                figures.event_in(Some(partition), stream, task, now);
            }
            // A stream that is none has no run times of its own.
            2 => {
                figures.event_out(Some(stream), argument, now);
            }
            3 => {
                let time_in = (!argument.is_nan()).then_some(argument);
                let record_time = mem::replace(&mut record_time, f64::NAN);
                figures.message_out(time_in, record_time, now);
            }
            4 => record_time = argument,
            _ => partition = PartitionIndex::new(number as u32),
        }
    }
    *before = Before {
        partition,
        record_time,
    };
    if let Some(newest) = log.get(..CALL) {
        figures.reading(newest[2]);
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use streamgauge::{LabelFamily, Limits};
    use wasm_bindgen_test::wasm_bindgen_test;

    /// A log of these calls, the first of which comes first.
    fn log(calls: &[[f64; CALL]]) -> Vec<f64> {
        calls.iter().rev().flatten().copied().collect()
    }

    fn what(number: u64, kind: u64) -> f64 {
        (number * KINDS + kind) as f64
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn logged_calls_do_what_the_hooks_do() {
        let mut figures = Figures::with_limits(Limits::default()).unwrap();
        let [first, second] = [3, 4].map(|number| {
            let index = figures.partition_index("orders", number).unwrap();
            u64::from(index.number())
        });
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
        let mut before = Before::NOTHING;
        let calls = [
            [what(0, 4), 7.5, 10.0],
            [what(first, 0), offset as f64, 10.0],
            [what(names, 1), 0.0, 10.5],
            [what(u64::from(u32::MAX), 5), 0.0, 11.0],
            [what(u64::from(stream) * TASKS + NO_TASK, 1), 0.0, 11.0],
            [what(second, 5), 0.0, 11.5],
            [what(names, 1), 0.0, 11.5],
            [what(names, 2), 10.5, 12.0],
            [what(NO_TASK * TASKS, 2), 11.0, 12.25],
            [what(0, 4), 7.5, 12.5],
            [what(0, 3), 10.0, 12.5],
        ];
        apply(&mut figures, &mut before, &log(&calls));
        let [partition, time] = [
            u64::from(before.partition.number()) as f64,
            before.record_time,
        ];
        assert_eq!(partition, second as f64, "what the next log is of");
        assert!(time.is_nan(), "it was the last message's");
        let dict = figures.asdict();
        assert_eq!(dict.topic_read_offsets["orders"][&3], offset);
        assert_eq!((dict.messages_received_total, dict.messages_active), (1, 0));
        assert_eq!((dict.events_total, dict.events_active), (3, 1));
        assert_eq!(
            (
                dict.events_by_stream["totals"],
                dict.events_by_task["process"]
            ),
            (3, 2)
        );
        assert_eq!(
            figures.events_runtime().iter().collect::<Vec<_>>(),
            [1.5, 1.25]
        );
        let inbound: Vec<_> = figures.stream_inbound_time().collect();
        assert_eq!(inbound, [("orders", 3, 10.5), ("orders", 4, 11.5)]);
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
        let mut calls = Vec::new();
        for call in 0.. {
            let (partition, stream) = (partitions[call % 3], streams[call / 4 % 2]);
            let task = task.filter(|_| call % 8 == 1);
            let now = call as f64 * 0.5;
            let number = u64::from(partition.number());
            // Every other message has a record time.
            let record_time = match call % 8 {
                0 | 7 => now - 3.0,
                _ => f64::NAN,
            };
            if record_time.is_finite() {
                calls.push([what(0, 4), record_time, now]);
            }
            match call % 4 {
                0 => {
                    called.message_in(partition, call as u64, record_time, now);
                    calls.push([what(number, 0), call as f64, now]);
                }
                1 => {
                    called.event_in(Some(partition), stream, task, now);
                    let task = task.map_or(NO_TASK, |task| u64::from(task.number()));
                    calls.push([what(number, 5), 0.0, now]);
                    let names = u64::from(stream.number()) * TASKS + task;
                    calls.push([what(names, 1), 0.0, now]);
                }
                2 => {
                    // Every other stream is not known.
                    let known = Some(stream).filter(|_| call % 8 == 2);
                    called.event_out(known, now - 0.5, now);
                    let names = known.map_or(NO_TASK, |stream| u64::from(stream.number())) * TASKS;
                    calls.push([what(names, 2), now - 0.5, now]);
                }
                // Every other message has no time in, and one call in a hundred steps back.
                _ if call % 8 == 3 => {
                    called.message_out(None, record_time, now);
                    calls.push([what(0, 3), f64::NAN, now]);
                }
                _ => {
                    let time_in = now - if call % 100 == 7 { -1.0 } else { 1.5 };
                    called.message_out(Some(time_in), record_time, now);
                    calls.push([what(0, 3), time_in, now]);
                }
            }
            if calls.len() >= LOG_LENGTH / CALL - 1 {
                break;
            }
        }
        let mut before = Before::NOTHING;
        apply(&mut logged, &mut before, &log(&calls));
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
        let mut before = Before::NOTHING;
        let calls = [
            [f64::NAN, f64::INFINITY, f64::NAN],
            [1e300, -5.0, 1.0],
            [-7.0, 0.5, 2.0],
            [what(999 * TASKS + 999, 1), -1e300, 1e300],
            [what(NO_TASK * TASKS, 2), f64::NAN, 3.0],
            [5e18, 6.0, f64::NEG_INFINITY],
        ];
        apply(&mut figures, &mut before, &log(&calls));
        assert_eq!(figures.asdict().events_by_stream.len(), 0);
        assert_eq!(figures.asdict().topic_read_offsets.len(), 0);
    }
}
