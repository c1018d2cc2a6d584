//! The core's `Figures` as JavaScript calls it: starting values, reading, look-ups.

mod hooks;

use streamgauge::{
    Anomaly, Figures as Core, HttpStatus, LabelFamily, LabelSlot, PartitionIndex, Start,
    TableCounts,
};
use wasm_bindgen::prelude::*;

use crate::block;
use crate::limits::Limits;
use crate::log::LOG_LENGTH;

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

    /// The same without the partitions, whose list is empty and stands last.
    #[wasm_bindgen(js_name = snapshotWithoutPartitions)]
    pub fn snapshot_without_partitions(&mut self, now: f64) -> Vec<u8> {
        self.core.snapshot_without_partitions(now).to_cbor()
    }

    /// What stands in that list, of the partitions whose numbers are in `from..to`.
    #[wasm_bindgen(js_name = partitionRows)]
    pub fn partition_rows(&mut self, now: f64, from: u32, to: u32) -> Vec<u8> {
        self.core.partitions_to_cbor(now, from, to)
    }

    /// The end of the partitions' numbers.
    #[wasm_bindgen(js_name = partitionNumbers)]
    pub fn partition_numbers(&self) -> u32 {
        self.core.partitions().index_count()
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
}
