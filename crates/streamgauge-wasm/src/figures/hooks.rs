//! The hooks. Those of a message wait in the log.

use streamgauge::{HttpStatus, LabelSlot, PartitionIndex, Stage, TableCall, Taken};
use wasm_bindgen::prelude::*;

use super::{Figures, given};
use crate::log;

impl Figures {
    fn partition_taken(&mut self, partition: u32, how: Taken, now: f64) {
        let now = self.core.reading(now);
        self.core
            .partition_taken(PartitionIndex::new(partition), how, now);
    }
}

#[wasm_bindgen]
impl Figures {
    /// Where the log lies, in bytes.
    #[wasm_bindgen(js_name = logAddress)]
    pub fn log_address(&self) -> u32 {
        self.log.as_ptr() as u32
    }

    /// How many numbers the log holds.
    #[wasm_bindgen(js_name = logLength)]
    pub fn log_length(&self) -> u32 {
        self.log.len() as u32
    }

    /// Applies the calls in the first `numbers` of the log.
    #[wasm_bindgen(js_name = applyLog)]
    pub fn apply_log(&mut self, numbers: u32) {
        let numbers = self.log.len().min(numbers as usize);
        log::apply(&mut self.core, &self.log[..numbers]);
    }

    /// Seconds from `start` to `now`.
    #[wasm_bindgen(js_name = secondsBetween)]
    pub fn seconds_between(&mut self, start: f64, now: f64) -> f64 {
        let now = self.core.reading(now);
        self.core.seconds_between(start, now)
    }

    #[wasm_bindgen(js_name = messageInByTopic)]
    pub fn message_in_by_topic(&mut self, topic: u32, now: f64) {
        let now = self.core.reading(now);
        self.core.message_in_by_topic(LabelSlot::new(topic), now);
    }

    #[wasm_bindgen(js_name = bufferFull)]
    pub fn buffer_full(&mut self, topic: u32) {
        self.core.buffer_full(LabelSlot::new(topic));
    }

    #[wasm_bindgen(js_name = tableGet)]
    pub fn table_get(&mut self, table: u32) {
        self.core.table_call(LabelSlot::new(table), TableCall::Get);
    }

    #[wasm_bindgen(js_name = tableSet)]
    pub fn table_set(&mut self, table: u32) {
        self.core.table_call(LabelSlot::new(table), TableCall::Set);
    }

    #[wasm_bindgen(js_name = tableDel)]
    pub fn table_del(&mut self, table: u32) {
        self.core.table_call(LabelSlot::new(table), TableCall::Del);
    }

    #[wasm_bindgen(js_name = commitCompleted)]
    pub fn commit_completed(&mut self, started: f64, now: f64) {
        let now = self.core.reading(now);
        self.core.commit_completed(started, now);
    }

    #[wasm_bindgen(js_name = sendInitiated)]
    pub fn send_initiated(&mut self, topic: u32, bytes: f64, now: f64) {
        self.core.reading(now);
        self.core
            .send_initiated(LabelSlot::new(topic), bytes as u64);
    }

    #[wasm_bindgen(js_name = sendCompleted)]
    pub fn send_completed(&mut self, started: f64, now: f64) {
        let now = self.core.reading(now);
        self.core.send_completed(started, now);
    }

    /// `kind` is of `errorKind`, or `NONE`.
    #[wasm_bindgen(js_name = sendError)]
    pub fn send_error(&mut self, kind: u32, started: f64, now: f64) {
        let now = self.core.reading(now);
        self.core.send_error(given(kind), started, now);
    }

    pub fn count(&mut self, metric: u32, n: f64) {
        self.core.count(LabelSlot::new(metric), n as i64);
    }

    #[wasm_bindgen(js_name = committedOffset)]
    pub fn committed_offset(&mut self, partition: u32, offset: f64, now: f64) {
        let now = self.core.reading(now);
        self.core
            .offset_committed(PartitionIndex::new(partition), offset as u64, now);
    }

    #[wasm_bindgen(js_name = endOffset)]
    pub fn end_offset(&mut self, partition: u32, offset: f64, now: f64) {
        let now = self.core.reading(now);
        self.core
            .end_offset_seen(PartitionIndex::new(partition), offset as u64, now);
    }

    #[wasm_bindgen(js_name = assignmentOver)]
    pub fn assignment_over(&mut self, started: f64, now: f64, completed: bool) {
        let now = self.core.reading(now);
        self.core.assignment_over(started, now, completed);
    }

    /// `rebalances` is the app's count, NaN where it keeps none.
    #[wasm_bindgen(js_name = rebalanceStarted)]
    pub fn rebalance_started(&mut self, rebalances: f64, now: f64) {
        let now = self.core.reading(now);
        let rebalances = (!rebalances.is_nan()).then_some(rebalances as u64);
        self.core.rebalance_started(rebalances, now);
    }

    #[wasm_bindgen(js_name = rebalanceReturned)]
    pub fn rebalance_returned(&mut self, started: f64, now: f64) -> f64 {
        let now = self.core.reading(now);
        self.core.rebalance_returned(started, now)
    }

    #[wasm_bindgen(js_name = rebalanceEnded)]
    pub fn rebalance_ended(&mut self, started: f64, now: f64) -> f64 {
        let now = self.core.reading(now);
        self.core.rebalance_ended(started, now)
    }

    /// NaN, and nothing changed, for a status outside 100 to 599.
    #[wasm_bindgen(js_name = webRequestEnded)]
    pub fn web_request_ended(&mut self, status: u16, started: f64, now: f64) -> f64 {
        let Ok(status) = HttpStatus::new(status) else {
            return f64::NAN;
        };
        let now = self.core.reading(now);
        self.core.web_request_ended(status, started, now)
    }

    #[wasm_bindgen(js_name = partitionAssigned)]
    pub fn partition_assigned(&mut self, partition: u32, now: f64) {
        let now = self.core.reading(now);
        self.core
            .partition_assigned(PartitionIndex::new(partition), now);
    }

    #[wasm_bindgen(js_name = partitionRevoked)]
    pub fn partition_revoked(&mut self, partition: u32, now: f64) {
        self.partition_taken(partition, Taken::Revoked, now);
    }

    #[wasm_bindgen(js_name = partitionLost)]
    pub fn partition_lost(&mut self, partition: u32, now: f64) {
        self.partition_taken(partition, Taken::Lost, now);
    }

    /// `stage` is its place among the stages; `topic` of `errorTopic`, or `NONE`.
    pub fn error(&mut self, stage: u32, kind: u32, topic: u32) {
        if let Some(stage) = Stage::ALL.get(stage as usize) {
            self.core.error(*stage, LabelSlot::new(kind), given(topic));
        }
    }

    /// `topic` is of `retryTopic`, or `NONE`.
    pub fn retry(&mut self, topic: u32) {
        self.core.retry(given(topic));
    }

    /// `topic` is of `deadLetterTopic`, or `NONE`.
    #[wasm_bindgen(js_name = deadLetter)]
    pub fn dead_letter(&mut self, topic: u32) {
        self.core.dead_letter(given(topic));
    }

    pub fn heartbeat(&mut self, now: f64) {
        let now = self.core.reading(now);
        self.core.heartbeat(now);
    }

    #[wasm_bindgen(js_name = partitionPaused)]
    pub fn partition_paused(&mut self, partition: u32, paused: bool) {
        self.core
            .partition_paused(PartitionIndex::new(partition), paused);
    }

    /// `bytes` is NaN where not known.
    pub fn polled(&mut self, records: f64, bytes: f64) {
        let bytes = (!bytes.is_nan()).then_some(bytes as u64);
        self.core.polled(records as u64, bytes);
    }

    pub fn sample(&mut self, now: f64) {
        self.core.sample(now);
    }
}
