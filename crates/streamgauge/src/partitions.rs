//! Topic-partitions and the last offset seen of each kind.

use alloc::vec::Vec;
use core::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::counters::LabelSlot;
use crate::names::Names;

/// The place of a topic-partition in one monitor's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartitionIndex(u32);

impl PartitionIndex {
    /// The index of a number that [`number`](Self::number) gave.
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Its number, for keeping it where only numbers go.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// Which offset of a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(usize)]
pub enum OffsetKind {
    /// The last one committed, as the client gave it (in Kafka: the next to read).
    Committed,
    /// The last one read.
    Read,
    /// The end of the partition, the high watermark (in Kafka: the next to be written).
    End,
}

/// What stands for "none yet". Kafka's offsets are below 2^63.
const NO_OFFSET: u64 = u64::MAX;

#[derive(Debug, Clone)]
pub(crate) struct Partition {
    offsets: [u64; 3],
    inbound_time: f64,
    topic: u32,
    partition: u32,
    /// The topic's slot in `messages_received_by_topic`, once a message came.
    pub(crate) received_slot: Option<LabelSlot>,
}

impl Partition {
    pub(crate) fn set_offset(&mut self, kind: OffsetKind, offset: u64) {
        self.offsets[kind as usize] = offset;
    }

    pub(crate) fn set_inbound_time(&mut self, now: f64) {
        self.inbound_time = now;
    }
}

/// The topic-partitions that one monitor knows.
#[derive(Debug, Clone)]
pub struct Partitions {
    partitions: Vec<Partition>,
    topics: Names,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
    limit: u32,
}

impl Partitions {
    pub(crate) fn new(limit: u32) -> Self {
        Self {
            partitions: Vec::new(),
            topics: Names::new(),
            table: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            limit,
        }
    }

    fn hash(hasher: &DefaultHashBuilder, topic: u32, partition: u32) -> u64 {
        hasher.hash_one(u64::from(topic) << 32 | u64::from(partition))
    }

    /// The index of a topic-partition, made where there is room; `None` where there is none left.
    pub(crate) fn index(&mut self, topic: &str, partition: u32) -> Option<PartitionIndex> {
        let known_topic = self.topics.find(topic);
        if let Some(topic) = known_topic {
            let hash = Self::hash(&self.hasher, topic, partition);
            let found = self.table.find(hash, |index| {
                let known = &self.partitions[*index as usize];
                known.topic == topic && known.partition == partition
            });
            if let Some(index) = found {
                return Some(PartitionIndex(*index));
            }
        }
        if self.partitions.len() >= self.limit as usize {
            return None;
        }
        let topic = known_topic.unwrap_or_else(|| self.topics.add(topic));
        let index = self.partitions.len() as u32;
        self.partitions.push(Partition {
            offsets: [NO_OFFSET; 3],
            inbound_time: f64::NAN,
            topic,
            partition,
            received_slot: None,
        });
        let (partitions, hasher) = (&self.partitions, &self.hasher);
        let hash = Self::hash(hasher, topic, partition);
        self.table.insert_unique(hash, index, |other| {
            let known = &partitions[*other as usize];
            Self::hash(hasher, known.topic, known.partition)
        });
        Some(PartitionIndex(index))
    }

    pub(crate) fn at(&mut self, index: PartitionIndex) -> Option<&mut Partition> {
        self.partitions.get_mut(index.0 as usize)
    }

    /// The topic's name, `None` for an index of another monitor.
    pub(crate) fn topic_of(&self, index: PartitionIndex) -> Option<&str> {
        let partition = self.partitions.get(index.0 as usize)?;
        Some(self.topics.get(partition.topic))
    }

    /// Forgets every offset and inbound time; the indices stay.
    pub(crate) fn clear(&mut self) {
        for partition in &mut self.partitions {
            partition.offsets = [NO_OFFSET; 3];
            partition.inbound_time = f64::NAN;
        }
    }

    /// How many topic-partitions are known.
    pub fn len(&self) -> usize {
        self.partitions.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.partitions.is_empty()
    }

    /// How many topics are known.
    pub fn topic_count(&self) -> usize {
        self.topics.len()
    }

    /// The name of a topic by its number, which [`topic_and_partition`](Self::topic_and_partition) gives.
    pub fn topic(&self, number: u32) -> &str {
        self.topics.get(number)
    }

    /// The number of its topic and its partition, `None` for an index of another monitor.
    pub fn topic_and_partition(&self, index: PartitionIndex) -> Option<(u32, u32)> {
        let partition = self.partitions.get(index.0 as usize)?;
        Some((partition.topic, partition.partition))
    }

    /// Every topic-partition that has an offset of this kind: its index and the offset.
    pub fn offsets(&self, kind: OffsetKind) -> impl Iterator<Item = (PartitionIndex, u64)> {
        self.numbered().filter_map(move |(index, partition)| {
            let offset = partition.offsets[kind as usize];
            (offset != NO_OFFSET).then_some((index, offset))
        })
    }

    /// Every topic-partition that had an event: its index and when the last one came in.
    pub fn inbound_times(&self) -> impl Iterator<Item = (PartitionIndex, f64)> {
        self.numbered().filter_map(|(index, partition)| {
            let time = partition.inbound_time;
            (!time.is_nan()).then_some((index, time))
        })
    }

    fn numbered(&self) -> impl Iterator<Item = (PartitionIndex, &Partition)> {
        let numbered = self.partitions.iter().enumerate();
        numbered.map(|(number, partition)| (PartitionIndex(number as u32), partition))
    }
}
