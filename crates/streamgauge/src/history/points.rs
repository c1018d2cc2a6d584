//! Where the end offset was when: a few points that reach far back.

/// How many points are kept.
const POINTS: usize = 10;
/// Points nearer than this are not worth two places, and the scale below which age does not count.
const NEAR_SECONDS: f64 = 1.0;
/// A point is not needed once the next one is this old: a day.
const FAR_SECONDS: f64 = 86_400.0;

/// When a record was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum WrittenAt {
    /// About then: interpolated between two times at which the end offset was seen.
    Interpolated(f64),
    /// Before then: its age is at least the time since. The oldest end seen is already beyond it.
    Before(f64),
    /// It cannot be told: no end offset was seen, or none beyond this offset.
    Unknown,
}

#[derive(Debug, Clone, Copy, Default)]
struct Point {
    end: u64,
    time: f64,
}

/// End offsets with the times at which they were seen; neither ever falls from a point to the next.
///
/// An end offset that stays the same has two points, its first sight and its latest: records before
/// it were written by the first, records after it not before the latest.
#[derive(Debug, Clone, Default)]
pub(super) struct Points {
    points: [Point; POINTS],
    count: u8,
}

impl Points {
    fn kept(&self) -> &[Point] {
        &self.points[..usize::from(self.count)]
    }

    /// `end` is the end offset now.
    #[inline]
    pub(super) fn see(&mut self, end: u64, now: f64) {
        let point = Point { end, time: now };
        match &mut self.points[..usize::from(self.count)] {
            [.., newest] if end < newest.end => self.count = 0,
            [.., before, newest] if end == newest.end && end == before.end => {
                newest.time = now;
                return;
            }
            [.., newest] if end == newest.end && now <= newest.time => return,
            // The usual case of many calls a second.
            full @ [_, ..]
                if full.len() == POINTS && now - full[POINTS - 2].time < NEAR_SECONDS =>
            {
                full[POINTS - 1] = point;
                return;
            }
            _ => {}
        }
        if usize::from(self.count) == POINTS {
            self.thin(now);
        }
        if let Some(place) = self.points.get_mut(usize::from(self.count)) {
            *place = point;
            self.count += 1;
        }
    }

    /// Drops one of the points for one at `now`, so that the others stand the further apart the
    /// older they are: the one whose neighbours' ages have the smallest ratio. The oldest stays
    /// until the next one is a day old.
    fn thin(&mut self, now: f64) {
        let age = |point: &Point| now - point.time + NEAR_SECONDS;
        let mut dropped = 0;
        if age(&self.points[1]) < FAR_SECONDS {
            let mut least = f64::INFINITY;
            for place in 1..POINTS {
                let younger = self.points.get(place + 1).map_or(NEAR_SECONDS, age);
                let ratio = age(&self.points[place - 1]) / younger;
                if ratio < least {
                    least = ratio;
                    dropped = place;
                }
            }
        }
        self.points.copy_within(dropped + 1.., dropped);
        self.count -= 1;
    }

    /// How many of the points have an end at or below `offset`.
    fn reached(&self, offset: u64) -> usize {
        self.kept().partition_point(|point| point.end <= offset)
    }

    /// The record at `offset` is written when the end becomes `offset + 1`; in between two points
    /// the end is taken to have moved evenly.
    pub(super) fn written_at(&self, offset: u64) -> WrittenAt {
        let (reached, beyond) = self.kept().split_at(self.reached(offset));
        match (reached.last(), beyond.first()) {
            (_, None) => WrittenAt::Unknown,
            (None, Some(oldest)) => WrittenAt::Before(oldest.time),
            (Some(before), Some(after)) => {
                let share = (offset - before.end + 1) as f64 / (after.end - before.end) as f64;
                let time = before.time + (after.time - before.time) * share;
                WrittenAt::Interpolated(time.min(after.time))
            }
        }
    }

    pub(super) fn caught_up_at(&self, position: u64) -> Option<f64> {
        let reached = &self.kept()[..self.reached(position)];
        reached.last().map(|point| point.time)
    }

    /// When an end beyond `offset` was first seen.
    pub(super) fn passed_at(&self, offset: u64) -> Option<f64> {
        let beyond = &self.kept()[self.reached(offset)..];
        beyond.first().map(|point| point.time)
    }

    /// Whether any end was at or below `offset`.
    pub(super) fn ever_reached(&self, offset: u64) -> bool {
        self.reached(offset) > 0
    }

    pub(super) fn shift(&mut self, seconds: f64) {
        for point in &mut self.points {
            point.time += seconds;
        }
    }
}

#[cfg(test)]
mod tests;
