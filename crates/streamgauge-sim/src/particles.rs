//! Some records, followed from their making to their end, for whoever draws them.

use alloc::vec::Vec;

use crate::event::WorkerIndex;
use crate::partition::PartitionIndex;

/// The most records that are followed at a time.
pub const MAX_PARTICLES: usize = 512;

/// Seconds for which a record's end is remembered at least, as long as there is room.
const REMEMBERED: f64 = 1.0;

pub(crate) type ParticleSlot = u16;
pub(crate) const NO_PARTICLE: ParticleSlot = ParticleSlot::MAX;

/// Where a followed record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Stage {
    /// The producer holds it back: the broker does not answer.
    Held,
    /// In its partition, not fetched.
    Waiting,
    /// In a worker's buffer.
    Buffered,
    /// In a handler's hands.
    Handling,
    /// It failed, and will be tried again.
    Retrying,
    /// Done.
    Done,
    /// Given up: a dead letter.
    Dead,
    /// Retention took it before anyone read it, or there was no room for it.
    Lost,
}

impl Stage {
    /// Every stage, in the order of their numbers.
    pub const ALL: [Self; 8] = [
        Self::Held,
        Self::Waiting,
        Self::Buffered,
        Self::Handling,
        Self::Retrying,
        Self::Done,
        Self::Dead,
        Self::Lost,
    ];

    /// Its name: `"held"`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Waiting => "waiting",
            Self::Buffered => "buffered",
            Self::Handling => "handling",
            Self::Retrying => "retrying",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Lost => "lost",
        }
    }

    fn is_end(self) -> bool {
        matches!(self, Self::Done | Self::Dead | Self::Lost)
    }
}

/// A record that is followed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Particle {
    /// Tells it from all others.
    pub id: u64,
    /// When it was made.
    pub born: f64,
    /// Who made it.
    pub producer: u32,
    /// Its partition, by its place in [`Simulation::partitions`](crate::Simulation::partitions).
    pub partition: usize,
    /// Where it is.
    pub stage: Stage,
    /// Since when.
    pub since: f64,
    /// The worker that has it, or had it last.
    pub worker: Option<usize>,
}

/// At most [`MAX_PARTICLES`], taken evenly from what is produced.
#[derive(Debug)]
pub(crate) struct Particles {
    all: Vec<Particle>,
    /// Each one's offset, which tells whether a slot still stands for a record.
    offsets: Vec<u64>,
    /// One of so many records is followed.
    stride: u64,
    seen: u64,
    taken: u64,
    /// Where the search for a slot goes on.
    next: usize,
}

impl Particles {
    pub(crate) fn new() -> Self {
        Self {
            all: Vec::new(),
            offsets: Vec::new(),
            stride: 1,
            seen: 0,
            taken: 0,
            next: 0,
        }
    }

    pub(crate) fn all(&self) -> &[Particle] {
        &self.all
    }

    /// Decides whether a new record is followed: by all groups that read it, or by none.
    pub(crate) fn is_next_followed(&mut self) -> bool {
        self.seen += 1;
        self.seen.is_multiple_of(self.stride)
    }

    /// Follows a new record, where there is room, on its way to one group.
    pub(crate) fn born(
        &mut self,
        now: f64,
        producer: u32,
        partition: PartitionIndex,
    ) -> ParticleSlot {
        let Some(slot) = self.free_slot(now) else {
            // Too many are under way: follow fewer.
            self.stride = (self.stride * 2).min(1 << 30);
            return NO_PARTICLE;
        };
        self.taken += 1;
        self.all[slot] = Particle {
            id: self.taken,
            born: now,
            producer,
            partition,
            stage: Stage::Held,
            since: now,
            worker: None,
        };
        self.offsets[slot] = u64::MAX;
        slot as ParticleSlot
    }

    fn free_slot(&mut self, now: f64) -> Option<usize> {
        if self.all.len() < MAX_PARTICLES {
            self.all.push(Particle {
                id: 0,
                born: now,
                producer: 0,
                partition: 0,
                stage: Stage::Lost,
                since: now,
                worker: None,
            });
            self.offsets.push(u64::MAX);
            return Some(self.all.len() - 1);
        }
        for _ in 0..MAX_PARTICLES {
            let slot = self.next;
            self.next = (self.next + 1) % MAX_PARTICLES;
            let particle = &self.all[slot];
            if particle.stage.is_end() && now - particle.since >= REMEMBERED {
                return Some(slot);
            }
        }
        None
    }

    /// Once a second: follows more, where there is room.
    pub(crate) fn tick(&mut self) {
        let under_way = self.all.iter().filter(|particle| !particle.stage.is_end());
        if under_way.count() < MAX_PARTICLES / 4 {
            self.stride = (self.stride / 2).max(1);
        }
    }

    pub(crate) fn appended(&mut self, slot: ParticleSlot, offset: u64, now: f64) {
        if let Some(known) = self.offsets.get_mut(slot as usize) {
            *known = offset;
            self.set(slot, offset, Stage::Waiting, None, now);
        }
    }

    /// Says where a record is, if the slot is still its own.
    pub(crate) fn set(
        &mut self,
        slot: ParticleSlot,
        offset: u64,
        stage: Stage,
        worker: Option<WorkerIndex>,
        now: f64,
    ) {
        if self.offsets.get(slot as usize) != Some(&offset) {
            return;
        }
        let particle = &mut self.all[slot as usize];
        // Who handles what another is done with does not undo that.
        if particle.stage.is_end() {
            return;
        }
        particle.stage = stage;
        particle.since = now;
        if worker.is_some() {
            particle.worker = worker;
        }
    }

    /// A partition's records from `offset` on wait again.
    pub(crate) fn read_again(&mut self, partition: PartitionIndex, offset: u64, now: f64) {
        for (particle, at) in self.all.iter_mut().zip(&self.offsets) {
            let is_of = particle.partition == partition && *at >= offset && *at != u64::MAX;
            if is_of && !particle.stage.is_end() {
                particle.stage = Stage::Waiting;
                particle.since = now;
            }
        }
    }

    /// A record that was never appended.
    pub(crate) fn refused(&mut self, slot: ParticleSlot, now: f64) {
        if let Some(particle) = self.all.get_mut(slot as usize) {
            particle.stage = Stage::Lost;
            particle.since = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_the_most_are_followed_and_a_slot_is_used_again() {
        let mut particles = Particles::new();
        let slots: Vec<_> = (0..MAX_PARTICLES)
            .map(|_| particles.born(0.0, 0, 0))
            .collect();
        for (offset, slot) in slots.iter().enumerate() {
            particles.appended(*slot, offset as u64, 0.0);
        }
        assert_eq!(particles.born(0.0, 0, 0), NO_PARTICLE);
        particles.set(slots[7], 7, Stage::Done, Some(1), 1.0);
        assert_eq!(particles.born(1.5, 0, 0), NO_PARTICLE);
        let followed: Vec<_> = (0..8).map(|_| particles.born(9.0, 0, 0)).collect();
        assert!(followed.contains(&slots[7]));
        // The old record is no longer meant.
        particles.set(slots[7], 7, Stage::Buffered, None, 9.5);
        assert_eq!(particles.all()[slots[7] as usize].stage, Stage::Held);
        assert_eq!(particles.all().len(), MAX_PARTICLES);
    }
}
