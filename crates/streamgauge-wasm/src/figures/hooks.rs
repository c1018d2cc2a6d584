//! The hooks. Those of a message wait in the log.

use streamgauge::{HttpStatus, LabelSlot, PartitionIndex, Stage, TableCall, Taken};

use super::{Figures, given};
use crate::log;

impl Figures {
    /// Once in the module, where the log has it inlined.
    #[inline(never)]
    fn reading(&mut self, now: f64) -> f64 {
        self.core.reading(now)
    }

    fn partition_taken(&mut self, partition: u32, how: Taken, now: f64) {
        let now = self.reading(now);
        self.core
            .partition_taken(PartitionIndex::new(partition), how, now);
    }
}

/// Where the log lies, in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn figures_log_address(figures: &Figures) -> u32 {
    figures.log.as_ptr() as u32
}

/// How many numbers the log holds.
#[unsafe(no_mangle)]
pub extern "C" fn figures_log_length(figures: &Figures) -> u32 {
    figures.log.len() as u32
}

/// Applies the calls in the first `numbers` of the log, the last of which is first.
#[unsafe(no_mangle)]
pub extern "C" fn figures_apply_log(figures: &mut Figures, numbers: u32) {
    let numbers = figures.log.len().min(numbers as usize);
    log::apply(
        &mut figures.core,
        &mut figures.before,
        &figures.log[..numbers],
    );
}

/// Seconds from `start` to `now`.
#[unsafe(no_mangle)]
pub extern "C" fn figures_seconds_between(figures: &mut Figures, start: f64, now: f64) -> f64 {
    let now = figures.reading(now);
    figures.core.seconds_between(start, now)
}

/// A message came in from a topic-partition that is not kept.
#[unsafe(no_mangle)]
pub extern "C" fn figures_message_in_by_topic(figures: &mut Figures, topic: u32, now: f64) {
    let now = figures.reading(now);
    figures.core.message_in_by_topic(LabelSlot::new(topic), now);
}

/// A topic's buffer was full.
#[unsafe(no_mangle)]
pub extern "C" fn figures_buffer_full(figures: &mut Figures, topic: u32) {
    figures.core.buffer_full(LabelSlot::new(topic));
}

/// A key of a table was got.
#[unsafe(no_mangle)]
pub extern "C" fn figures_table_get(figures: &mut Figures, table: u32) {
    figures
        .core
        .table_call(LabelSlot::new(table), TableCall::Get);
}

/// A key of a table was set.
#[unsafe(no_mangle)]
pub extern "C" fn figures_table_set(figures: &mut Figures, table: u32) {
    figures
        .core
        .table_call(LabelSlot::new(table), TableCall::Set);
}

/// A key of a table was deleted.
#[unsafe(no_mangle)]
pub extern "C" fn figures_table_del(figures: &mut Figures, table: u32) {
    figures
        .core
        .table_call(LabelSlot::new(table), TableCall::Del);
}

/// A commit completed.
#[unsafe(no_mangle)]
pub extern "C" fn figures_commit_completed(figures: &mut Figures, started: f64, now: f64) {
    let now = figures.reading(now);
    figures.core.commit_completed(started, now);
}

/// A message of so many bytes was handed to the producer.
#[unsafe(no_mangle)]
pub extern "C" fn figures_send_initiated(figures: &mut Figures, topic: u32, bytes: f64, now: f64) {
    figures.reading(now);
    figures
        .core
        .send_initiated(LabelSlot::new(topic), bytes as u64);
}

/// A message was sent.
#[unsafe(no_mangle)]
pub extern "C" fn figures_send_completed(figures: &mut Figures, started: f64, now: f64) {
    let now = figures.reading(now);
    figures.core.send_completed(started, now);
}

/// `kind` is of `errorKind`, or `NONE`.
#[unsafe(no_mangle)]
pub extern "C" fn figures_send_error(figures: &mut Figures, kind: u32, started: f64, now: f64) {
    let now = figures.reading(now);
    figures.core.send_error(given(kind), started, now);
}

/// Adds to one of the program's own counts.
#[unsafe(no_mangle)]
pub extern "C" fn figures_count(figures: &mut Figures, metric: u32, n: f64) {
    figures.core.count(LabelSlot::new(metric), n as i64);
}

/// `kind` is 0 for an offset that was committed, 1 for a position, 2 for an end offset.
#[unsafe(no_mangle)]
pub extern "C" fn figures_offset(
    figures: &mut Figures,
    kind: u32,
    partition: u32,
    offset: f64,
    now: f64,
) {
    let now = figures.reading(now);
    let (core, partition, offset) = (
        &mut figures.core,
        PartitionIndex::new(partition),
        offset as u64,
    );
    match kind {
        0 => core.offset_committed(partition, offset, now),
        1 => core.position_told(partition, offset, now),
        _ => core.end_offset_seen(partition, offset, now),
    }
}

/// An assignment completed or failed.
#[unsafe(no_mangle)]
pub extern "C" fn figures_assignment_over(
    figures: &mut Figures,
    started: f64,
    now: f64,
    completed: bool,
) {
    let now = figures.reading(now);
    figures.core.assignment_over(started, now, completed);
}

/// `rebalances` is the app's count, NaN where it keeps none.
#[unsafe(no_mangle)]
pub extern "C" fn figures_rebalance_started(figures: &mut Figures, rebalances: f64, now: f64) {
    let now = figures.reading(now);
    let rebalances = (!rebalances.is_nan()).then_some(rebalances as u64);
    figures.core.rebalance_started(rebalances, now);
}

/// A rebalance returned. Gives its seconds.
#[unsafe(no_mangle)]
pub extern "C" fn figures_rebalance_returned(figures: &mut Figures, started: f64, now: f64) -> f64 {
    let now = figures.reading(now);
    figures.core.rebalance_returned(started, now)
}

/// A rebalance ended. Gives its seconds.
#[unsafe(no_mangle)]
pub extern "C" fn figures_rebalance_ended(figures: &mut Figures, started: f64, now: f64) -> f64 {
    let now = figures.reading(now);
    figures.core.rebalance_ended(started, now)
}

/// NaN, and nothing changed, for a status outside 100 to 599.
#[unsafe(no_mangle)]
pub extern "C" fn figures_web_request_ended(
    figures: &mut Figures,
    status: u16,
    started: f64,
    now: f64,
) -> f64 {
    let Ok(status) = HttpStatus::new(status) else {
        return f64::NAN;
    };
    let now = figures.reading(now);
    figures.core.web_request_ended(status, started, now)
}

/// A partition was given to this consumer.
#[unsafe(no_mangle)]
pub extern "C" fn figures_partition_assigned(figures: &mut Figures, partition: u32, now: f64) {
    let now = figures.reading(now);
    figures
        .core
        .partition_assigned(PartitionIndex::new(partition), now);
}

/// A partition was taken, as the group agreed.
#[unsafe(no_mangle)]
pub extern "C" fn figures_partition_revoked(figures: &mut Figures, partition: u32, now: f64) {
    figures.partition_taken(partition, Taken::Revoked, now);
}

/// A partition was taken without being asked for.
#[unsafe(no_mangle)]
pub extern "C" fn figures_partition_lost(figures: &mut Figures, partition: u32, now: f64) {
    figures.partition_taken(partition, Taken::Lost, now);
}

/// `stage` is its place among the stages; `topic` of `errorTopic`, or `NONE`.
#[unsafe(no_mangle)]
pub extern "C" fn figures_error(figures: &mut Figures, stage: u32, kind: u32, topic: u32) {
    if let Some(stage) = Stage::ALL.get(stage as usize) {
        figures
            .core
            .error(*stage, LabelSlot::new(kind), given(topic));
    }
}

/// `topic` is of `retryTopic`, or `NONE`.
#[unsafe(no_mangle)]
pub extern "C" fn figures_retry(figures: &mut Figures, topic: u32) {
    figures.core.retry(given(topic));
}

/// `topic` is of `deadLetterTopic`, or `NONE`.
#[unsafe(no_mangle)]
pub extern "C" fn figures_dead_letter(figures: &mut Figures, topic: u32) {
    figures.core.dead_letter(given(topic));
}

/// A heartbeat was answered.
#[unsafe(no_mangle)]
pub extern "C" fn figures_heartbeat(figures: &mut Figures, now: f64) {
    let now = figures.reading(now);
    figures.core.heartbeat(now);
}

/// A partition was paused or resumed.
#[unsafe(no_mangle)]
pub extern "C" fn figures_partition_paused(figures: &mut Figures, partition: u32, paused: bool) {
    figures
        .core
        .partition_paused(PartitionIndex::new(partition), paused);
}

/// `bytes` is NaN where not known.
#[unsafe(no_mangle)]
pub extern "C" fn figures_polled(figures: &mut Figures, records: f64, bytes: f64) {
    let bytes = (!bytes.is_nan()).then_some(bytes as u64);
    figures.core.polled(records as u64, bytes);
}

/// The sampler's tick.
#[unsafe(no_mangle)]
pub extern "C" fn figures_sample(figures: &mut Figures, now: f64) {
    figures.core.sample(now);
}
