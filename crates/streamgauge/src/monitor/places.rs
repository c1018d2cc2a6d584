//! From handles to places in the tables: the short way, and the look-ups for all else.
//!
//! The look-ups stand apart, so that only the short way becomes part of every hook. They take and
//! give small parts that fit into registers: a handle or a result whose address is passed on must
//! be in memory, and be written there and read again by every hook.

use super::Monitor;
use crate::clock::Clock;
use crate::counters::LabelSlot;
use crate::figures::LabelFamily;
use crate::partitions::PartitionIndex;
use crate::sensor::{Era, EventPlace, Place, Spot, Stream, StreamPlace, TopicPartition};

/// Why a hook did nothing; the anomaly is counted already.
pub(super) struct NameTooLong;

/// Where a stream and its task count.
#[derive(Clone, Copy)]
pub(super) struct Spots {
    pub(super) label: Spot,
    pub(super) task: Spot,
}

impl<C: Clock> Monitor<C> {
    /// A place of now.
    #[inline]
    pub(super) fn place(&self, spot: Spot) -> Place {
        Place {
            era: self.era,
            spot,
        }
    }

    pub(super) fn partition_spot(&self, index: PartitionIndex) -> Spot {
        Spot::new(index.number(), self.figures.generation(index))
    }

    /// Where `tp` stands; `None` where the table is full. Its topic may be too long for any table.
    #[inline]
    pub(super) fn index_of(
        &mut self,
        tp: TopicPartition<'_>,
    ) -> Result<Option<PartitionIndex>, NameTooLong> {
        match tp.place {
            Some(place) if place.era == self.era => {
                Ok(Some(PartitionIndex::new(place.spot.number())))
            }
            place => self.look_up_partition(tp.topic, tp.partition, place),
        }
    }

    #[inline(never)]
    fn look_up_partition(
        &mut self,
        topic: &str,
        partition: u32,
        place: Option<Place>,
    ) -> Result<Option<PartitionIndex>, NameTooLong> {
        if let Some(Place { era, spot }) = place {
            let index = PartitionIndex::new(spot.number());
            if era.is_of(self.id) && self.figures.holds_partition(index, spot.generation()) {
                return Ok(Some(index));
            }
        }
        self.refuse_too_long(topic)?;
        Ok(self.figures.partition_index(topic, partition))
    }

    /// Where a stream and its task count.
    #[inline]
    pub(super) fn spots_of(&mut self, stream: Stream<'_>) -> Result<Spots, NameTooLong> {
        let (label, task) = match stream.place {
            Some(place) if place.era == self.era => (place.label, place.task),
            Some(StreamPlace { era, label, task }) if self.holds(era, label, task) => (label, task),
            _ => {
                self.refuse_too_long(stream.label)?;
                self.refuse_too_long(stream.task.unwrap_or_default())?;
                self.look_up_stream(stream.label, stream.task)
            }
        };
        Ok(Spots { label, task })
    }

    /// Whether a stream and its task still stand where they stood in another era.
    #[inline(never)]
    fn holds(&self, era: Era, label: Spot, task: Spot) -> bool {
        let (slot, task_slot) = (
            LabelSlot::new(label.number()),
            LabelSlot::new(task.number()),
        );
        era.is_of(self.id)
            && self.figures.holds_stream(slot, label.generation())
            && (task == Spot::NONE || self.figures.holds_task(task_slot, task.generation()))
    }

    /// Both names must be short enough.
    #[inline(never)]
    fn look_up_stream(&mut self, label: &str, task: Option<&str>) -> (Spot, Spot) {
        let figures = &mut self.figures;
        let label = figures.label_slot(LabelFamily::Streams, label);
        let task = task.and_then(|task| figures.label_slot(LabelFamily::Tasks, task));
        let label_spot =
            |slot: LabelSlot| Spot::new(slot.number(), figures.events_by_stream.generation(slot));
        let task_spot =
            |slot: LabelSlot| Spot::new(slot.number(), figures.events_by_task.generation(slot));
        (
            label.map_or(Spot::NONE, label_spot),
            task.map_or(Spot::NONE, task_spot),
        )
    }

    #[inline]
    pub(super) fn event_place(&self, label: Spot) -> EventPlace {
        EventPlace {
            era: self.era,
            monitor: self.id,
            at: LabelSlot::new(label.number()),
            generation: label.generation(),
        }
    }

    /// The stream that an event came into: its token knows, unless it was made by hand, came from
    /// another monitor, or the stream's label was folded since.
    #[inline]
    pub(super) fn stream_of(&self, place: Option<EventPlace>, label: &str) -> Option<LabelSlot> {
        match place {
            Some(place) if place.era == self.era => Some(place.at),
            _ => self.find_stream(place, label),
        }
    }

    #[inline(never)]
    fn find_stream(&self, place: Option<EventPlace>, label: &str) -> Option<LabelSlot> {
        match place {
            Some(place)
                if place.monitor == self.id
                    && self.figures.holds_stream(place.at, place.generation) =>
            {
                Some(place.at)
            }
            // One whose label was folded meanwhile went to `(other)` with all of it.
            _ => Some(self.figures.find_stream(label).unwrap_or(LabelSlot::OTHER)),
        }
    }
}
