//! Topic-partitions and the last offset seen of each kind.

use alloc::vec::Vec;

use hashbrown::HashTable;

use crate::counters::LabelSlot;
use crate::hash::Seed;
use crate::holding::Holding;
use crate::names::Names;

/// The place of a topic-partition in one monitor's table, until it is forgotten.
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
    pub(crate) holding: Holding,
}

impl Partition {
    pub(crate) fn set_offset(&mut self, kind: OffsetKind, offset: u64) {
        self.offsets[kind as usize] = offset;
    }

    /// Whether Faust's dictionary or attributes show anything of it.
    pub(crate) fn is_shown(&self) -> bool {
        self.offsets != [NO_OFFSET; 3] || !self.inbound_time.is_nan()
    }

    pub(crate) fn set_inbound_time(&mut self, now: f64) {
        self.inbound_time = now;
    }
}

/// The topic-partitions that one monitor knows.
///
/// One that is forgotten leaves its index to another: who keeps an index keeps its
/// [`generation`](Self::generation) beside it.
#[derive(Debug, Clone)]
pub struct Partitions {
    slots: Vec<Slot>,
    free: Vec<u32>,
    topics: Names,
    /// How many partitions are known of each topic, by its number.
    partitions_of: Vec<u32>,
    table: HashTable<u32>,
    seed: Seed,
    limit: u32,
    revision: u32,
}

#[derive(Debug, Clone)]
struct Slot {
    generation: u32,
    /// `None` where the slot is free.
    partition: Option<Partition>,
}

impl Partitions {
    pub(crate) fn new(limit: u32) -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            topics: Names::new(),
            partitions_of: Vec::new(),
            table: HashTable::new(),
            seed: Seed::new(),
            limit,
            revision: 0,
        }
    }

    fn hash(seed: Seed, topic: u32, partition: u32) -> u64 {
        seed.of_number(u64::from(topic) << 32 | u64::from(partition))
    }

    /// The index of a topic-partition, made where there is room; `None` where there is none left.
    pub(crate) fn index(&mut self, topic: &str, partition: u32) -> Option<PartitionIndex> {
        let known_topic = self.topics.find(topic);
        if let Some(topic) = known_topic {
            let hash = Self::hash(self.seed, topic, partition);
            let found = self.table.find(hash, |index| {
                let known = partition_at(&self.slots, *index);
                known.is_some_and(|known| known.topic == topic && known.partition == partition)
            });
            if let Some(index) = found {
                return Some(PartitionIndex(*index));
            }
        }
        if self.len() >= self.limit as usize {
            return None;
        }
        let topic = known_topic.unwrap_or_else(|| self.topics.add(topic));
        let index = self.put(Partition {
            offsets: [NO_OFFSET; 3],
            inbound_time: f64::NAN,
            topic,
            partition,
            received_slot: None,
            holding: Holding::new(f64::NEG_INFINITY),
        });
        self.partitions_of.resize(self.topics.numbers() as usize, 0);
        self.partitions_of[topic as usize] += 1;
        let (slots, seed) = (&self.slots, self.seed);
        let hash = Self::hash(seed, topic, partition);
        self.table.insert_unique(hash, index, |other| {
            partition_at(slots, *other)
                .map_or(0, |known| Self::hash(seed, known.topic, known.partition))
        });
        Some(PartitionIndex(index))
    }

    /// Puts it into a free slot, or a new one.
    fn put(&mut self, partition: Partition) -> u32 {
        if let Some(index) = self.free.pop() {
            self.slots[index as usize].partition = Some(partition);
            self.revision = self.revision.wrapping_add(1);
            return index;
        }
        self.slots.push(Slot {
            generation: 0,
            partition: Some(partition),
        });
        // Nothing is free, so there is room for every index: forgetting never allocates.
        self.free.reserve(self.slots.len());
        self.slots.len() as u32 - 1
    }

    /// Lets a topic-partition go, and its topic with the last one of it. The next new one gets its
    /// index. False where the index is free or of another monitor.
    pub(crate) fn forget(&mut self, index: PartitionIndex) -> bool {
        let Some(slot) = self.slots.get_mut(index.0 as usize) else {
            return false;
        };
        let Some(partition) = slot.partition.take() else {
            return false;
        };
        slot.generation = slot.generation.wrapping_add(1);
        let hash = Self::hash(self.seed, partition.topic, partition.partition);
        if let Ok(entry) = self.table.find_entry(hash, |other| *other == index.0) {
            entry.remove();
        }
        self.free.push(index.0);
        self.revision = self.revision.wrapping_add(1);
        let left = &mut self.partitions_of[partition.topic as usize];
        *left -= 1;
        if *left == 0 {
            self.topics.remove(partition.topic);
        }
        true
    }

    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub(crate) fn at(&mut self, index: PartitionIndex) -> Option<&mut Partition> {
        self.slots.get_mut(index.0 as usize)?.partition.as_mut()
    }

    #[inline]
    pub(crate) fn get(&self, index: PartitionIndex) -> Option<&Partition> {
        partition_at(&self.slots, index.0)
    }

    /// How often what had this index was forgotten, beginning anew after 2^32 times. Whoever keeps
    /// an index for later keeps this with it and asks [`holds`](Self::holds) before using it.
    #[inline]
    pub fn generation(&self, index: PartitionIndex) -> u32 {
        self.slots
            .get(index.0 as usize)
            .map_or(0, |slot| slot.generation)
    }

    /// Whether `index` still is the topic-partition's that had it in this generation. One
    /// comparison of memory beside its offsets. Where not, look the topic-partition up again.
    #[inline]
    pub fn holds(&self, index: PartitionIndex, generation: u32) -> bool {
        self.slots
            .get(index.0 as usize)
            .is_some_and(|slot| slot.generation == generation && slot.partition.is_some())
    }

    /// Another value whenever an index or a topic's number lost its meaning or got another one:
    /// what was remembered at one revision is right for as long as it stays.
    pub fn revision(&self) -> u32 {
        // Each of the two only goes up, so their sum stays only where both do.
        self.revision.wrapping_add(self.topics.revision())
    }

    /// The topic's name, `None` for an index that is free or of another monitor.
    pub(crate) fn topic_of(&self, index: PartitionIndex) -> Option<&str> {
        let partition = partition_at(&self.slots, index.0)?;
        Some(self.topics.get(partition.topic))
    }

    /// Forgets every offset and inbound time; the indices stay.
    pub(crate) fn clear(&mut self) {
        for partition in self
            .slots
            .iter_mut()
            .filter_map(|slot| slot.partition.as_mut())
        {
            partition.offsets = [NO_OFFSET; 3];
            partition.inbound_time = f64::NAN;
        }
    }

    /// How many topic-partitions are known.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// How many topics are known.
    pub fn topic_count(&self) -> usize {
        self.topics.len()
    }

    /// The end of the topics' numbers: every number given so far, free now or not, is below it.
    pub fn topic_number_count(&self) -> usize {
        self.topics.numbers() as usize
    }

    /// The name of a topic by its number, which [`topic_and_partition`](Self::topic_and_partition)
    /// gives; `(other)` where no topic has the number.
    pub fn topic(&self, number: u32) -> &str {
        self.topics.get(number)
    }

    /// The number of its topic and its partition, `None` for an index that is free or of another
    /// monitor.
    pub fn topic_and_partition(&self, index: PartitionIndex) -> Option<(u32, u32)> {
        let partition = partition_at(&self.slots, index.0)?;
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

    /// Every topic-partition, to change it.
    pub(crate) fn each_mut(&mut self) -> impl Iterator<Item = &mut Partition> {
        let slots = self.slots.iter_mut();
        slots.filter_map(|slot| slot.partition.as_mut())
    }

    /// Every topic-partition with its index.
    pub(crate) fn each(&self) -> impl Iterator<Item = (PartitionIndex, &Partition)> {
        self.numbered()
    }

    /// The end of the indices: every index given so far, free now or not, is below it.
    pub fn index_count(&self) -> u32 {
        self.slots.len() as u32
    }

    /// Its topic's name and its partition, `None` for an index that is free or of another monitor.
    pub(crate) fn name_of(&self, index: PartitionIndex) -> Option<(&str, u32)> {
        let (topic, partition) = self.topic_and_partition(index)?;
        Some((self.topics.get(topic), partition))
    }

    fn numbered(&self) -> impl Iterator<Item = (PartitionIndex, &Partition)> {
        let numbered = self.slots.iter().enumerate();
        numbered.filter_map(|(number, slot)| {
            let partition = slot.partition.as_ref()?;
            Some((PartitionIndex(number as u32), partition))
        })
    }
}

#[cfg(test)]
pub(crate) const SLOT_BYTES: usize = size_of::<Slot>();

fn partition_at(slots: &[Slot], index: u32) -> Option<&Partition> {
    slots.get(index as usize)?.partition.as_ref()
}

#[cfg(test)]
mod tests;
