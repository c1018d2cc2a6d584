//! The core's `Figures` as JavaScript calls it.

use streamgauge::{
    Anomaly, Figures as Core, HttpStatus, LabelFamily, LabelSlot, PartitionIndex, Stage, Start,
    TableCall, TableCounts, Taken,
};
use wasm_bindgen::prelude::*;

use crate::block;
use crate::limits::Limits;
use crate::log::{self, LOG_LENGTH};

/// Stands for "no such partition", "no task", "no name".
const NONE: u32 = u32::MAX;

/// One monitor's figures.
///
/// `now` is the clock's reading, finite.
#[wasm_bindgen]
pub struct Figures {
    core: Core,
    block: Vec<f64>,
    log: Vec<f64>,
}

impl Figures {
    fn label(&mut self, family: LabelFamily, name: &str) -> u32 {
        self.core
            .label_slot(family, name)
            .map_or(NONE, LabelSlot::number)
    }

    fn partition_taken(&mut self, partition: u32, how: Taken, now: f64) {
        let now = self.core.reading(now);
        self.core
            .partition_taken(PartitionIndex::new(partition), how, now);
    }
}

/// A label that there need not be.
fn given(label: u32) -> Option<LabelSlot> {
    (label != NONE).then_some(LabelSlot::new(label))
}

#[wasm_bindgen]
impl Figures {
    /// Figures with these limits. Throws what was refused.
    #[wasm_bindgen(constructor)]
    pub fn new(limits: Limits) -> Result<Figures, JsValue> {
        match Core::with_limits(limits.core) {
            Ok(core) => Ok(Figures {
                core,
                block: Vec::new(),
                log: vec![0.0; LOG_LENGTH],
            }),
            Err(error) => Err([error.argument(), " must be ", error.expected()]
                .concat()
                .into()),
        }
    }

    /// Who is monitored, in snapshots.
    #[wasm_bindgen(js_name = setWorker)]
    pub fn set_worker(&mut self, worker: &str) {
        self.core.set_worker(worker);
    }

    /// Time counts from `now` on. Once, after the starting values.
    pub fn begin(&mut self, now: f64) {
        self.core.begin(now);
    }

    // Starting values, by row of the table of figures. False where the row takes none of the kind.

    #[wasm_bindgen(js_name = startWhole)]
    pub fn start_whole(&mut self, row: u32, value: f64) -> bool {
        self.core.start(row as usize, Start::Whole(value as u64))
    }

    #[wasm_bindgen(js_name = startSeconds)]
    pub fn start_seconds(&mut self, row: u32, value: f64) -> bool {
        self.core.start(row as usize, Start::Seconds(value))
    }

    #[wasm_bindgen(js_name = startList)]
    pub fn start_list(&mut self, row: u32, values: &[f64]) -> bool {
        self.core.start(row as usize, Start::SecondsList(values))
    }

    #[wasm_bindgen(js_name = startLabel)]
    pub fn start_label(&mut self, row: u32, label: &str, count: f64) -> bool {
        self.core
            .start(row as usize, Start::Label(label, count as i64))
    }

    #[wasm_bindgen(js_name = startTable)]
    pub fn start_table(
        &mut self,
        row: u32,
        table: &str,
        retrieved: f64,
        updated: f64,
        deleted: f64,
    ) -> bool {
        let counts = TableCounts {
            keys_retrieved: retrieved as u64,
            keys_updated: updated as u64,
            keys_deleted: deleted as u64,
        };
        self.core.start(row as usize, Start::Table(table, counts))
    }

    #[wasm_bindgen(js_name = startStatus)]
    pub fn start_status(&mut self, row: u32, status: u16, count: f64) -> bool {
        let Ok(status) = HttpStatus::new(status) else {
            return false;
        };
        self.core
            .start(row as usize, Start::Status(status, count as u64))
    }

    #[wasm_bindgen(js_name = startOffset)]
    pub fn start_offset(&mut self, row: u32, topic: &str, partition: u32, offset: f64) -> bool {
        self.core
            .start(row as usize, Start::Offset(topic, partition, offset as u64))
    }

    // Reading.

    /// Where the block of `asdict()` lies, in bytes; valid until the next call of any kind.
    #[wasm_bindgen(js_name = asdictBlock)]
    pub fn asdict_block(&mut self) -> u32 {
        block::write_asdict(&self.core, &mut self.block);
        self.block.as_ptr() as u32
    }

    /// Where the block of one row of the table of figures lies.
    #[wasm_bindgen(js_name = figureBlock)]
    pub fn figure_block(&mut self, row: u32) -> u32 {
        block::write_figure(&self.core, row as usize, &mut self.block);
        self.block.as_ptr() as u32
    }

    /// The number in a row of the shapes whole and seconds.
    pub fn number(&self, row: u32) -> f64 {
        block::number(&self.core, row as usize)
    }

    /// The names behind a row's numbers, from number `from` on.
    pub fn names(&self, row: u32, from: u32) -> Vec<String> {
        block::names(&self.core, row as usize, from as usize)
    }

    /// How often an anomaly was seen; 0 for a kind that is none.
    pub fn anomaly(&self, kind: u32) -> f64 {
        let kind = Anomaly::ALL.get(kind as usize);
        kind.map_or(0.0, |kind| self.core.anomalies().count(*kind) as f64)
    }

    /// Counts an anomaly that JavaScript saw.
    pub fn note(&mut self, kind: u32) {
        if let Some(kind) = Anomaly::ALL.get(kind as usize) {
            self.core.note(*kind);
        }
    }

    /// The kinds of anomaly seen for the first time since the last call, as bits.
    #[wasm_bindgen(js_name = takeUnreported)]
    pub fn take_unreported(&mut self) -> u32 {
        self.core.take_unreported()
    }

    /// Changes whenever the number of a label or partition may have got another meaning.
    pub fn revision(&self) -> u32 {
        self.core.revision()
    }

    /// Every figure in the snapshot's CBOR form.
    pub fn snapshot(&mut self, now: f64) -> Vec<u8> {
        self.core.snapshot(now).to_cbor()
    }

    /// What changed in health, five texts each: topic, partition, status before, after, reason.
    /// Of the group the first two are empty, and the reason begins with its worst partition.
    #[wasm_bindgen(js_name = healthChanges)]
    pub fn health_changes(&mut self, now: f64) -> Vec<String> {
        let mut told = Vec::new();
        self.core.health_changes(now, |change| {
            let (topic, partition) = match change.partition {
                Some((topic, partition)) => (topic.into(), partition.to_string()),
                None => (String::new(), String::new()),
            };
            let statuses = [change.before, change.after].map(|status| status.name().into());
            told.extend([topic, partition]);
            told.extend(statuses);
            let reason = change.reason.to_string();
            told.push(match change.worst {
                Some((topic, partition)) => {
                    [topic, "/", &partition.to_string(), ": ", &reason].concat()
                }
                None => reason,
            });
        });
        told
    }

    // Look-ups.

    /// The number of a topic-partition, `NONE` where there is no room.
    #[wasm_bindgen(js_name = partitionIndex)]
    pub fn partition_index(&mut self, topic: &str, partition: u32) -> u32 {
        self.core
            .partition_index(topic, partition)
            .map_or(NONE, PartitionIndex::number)
    }

    /// The number of a topic in `messages_received_by_topic`.
    #[wasm_bindgen(js_name = receivedTopic)]
    pub fn received_topic(&mut self, topic: &str) -> u32 {
        self.label(LabelFamily::ReceivedTopics, topic)
    }

    /// The number of a topic in `messages_sent_by_topic`.
    #[wasm_bindgen(js_name = sentTopic)]
    pub fn sent_topic(&mut self, topic: &str) -> u32 {
        self.label(LabelFamily::SentTopics, topic)
    }

    /// The number of a topic in `topic_buffer_full`.
    #[wasm_bindgen(js_name = bufferFullTopic)]
    pub fn buffer_full_topic(&mut self, topic: &str) -> u32 {
        self.label(LabelFamily::BufferFullTopics, topic)
    }

    /// The number of an error's kind.
    #[wasm_bindgen(js_name = errorKind)]
    pub fn error_kind(&mut self, kind: &str) -> u32 {
        self.label(LabelFamily::ErrorKinds, kind)
    }

    /// The number of a topic in which errors happened.
    #[wasm_bindgen(js_name = errorTopic)]
    pub fn error_topic(&mut self, topic: &str) -> u32 {
        self.label(LabelFamily::ErrorTopics, topic)
    }

    /// The number of a topic of retries.
    #[wasm_bindgen(js_name = retryTopic)]
    pub fn retry_topic(&mut self, topic: &str) -> u32 {
        self.label(LabelFamily::RetryTopics, topic)
    }

    /// The number of a topic of dead letters.
    #[wasm_bindgen(js_name = deadLetterTopic)]
    pub fn dead_letter_topic(&mut self, topic: &str) -> u32 {
        self.label(LabelFamily::DeadLetterTopics, topic)
    }

    /// The number of a stream's label.
    #[wasm_bindgen(js_name = streamLabel)]
    pub fn stream_label(&mut self, label: &str) -> u32 {
        self.label(LabelFamily::Streams, label)
    }

    /// The number of a task's label.
    #[wasm_bindgen(js_name = taskLabel)]
    pub fn task_label(&mut self, label: &str) -> u32 {
        self.label(LabelFamily::Tasks, label)
    }

    /// The number of a table's name.
    #[wasm_bindgen(js_name = tableName)]
    pub fn table_name(&mut self, table: &str) -> u32 {
        self.label(LabelFamily::Tables, table)
    }

    /// The number of a metric's name.
    #[wasm_bindgen(js_name = metricName)]
    pub fn metric_name(&mut self, name: &str) -> u32 {
        self.label(LabelFamily::Metrics, name)
    }

    // Hooks. Those of a message wait in the log.

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
