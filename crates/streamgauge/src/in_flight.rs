//! How long messages have been in flight, without holding any of them.
//!
//! What is in flight is counted by the time at which it came in, in buckets that grow coarser with
//! age: a bucket holds a count and the sum of the times in it. A message that goes out brings its
//! time in along, which says where it was counted. 6 KB, whatever is in flight.
//!
//! Most messages go out within the quarter of a second in which they came in. Its bucket stands
//! apart, so that they cost a comparison and two additions each way.

use alloc::boxed::Box;
use alloc::vec;

/// Buckets of one width.
const BUCKETS: i64 = 64;
/// Each level's buckets are 2^3 times as wide as those of the level below.
const WIDER: u32 = 3;
/// The narrowest are a quarter of a second wide, the widest 2.3 hours. Powers of two, so that the
/// bounds of buckets are exact.
const PER_SECOND: f64 = 4.0;
/// What came in within the last 6 days has a bucket; whatever is older shares one.
const LEVELS: usize = 6;
/// The width of the narrowest, in seconds.
const WIDTH: f64 = 1.0 / PER_SECOND;
/// The numbers of buckets stay within this, whatever the clock reads.
const FARTHEST: i64 = 1 << 60;

#[derive(Debug, Clone, Copy, Default)]
struct Bucket {
    count: u64,
    /// The sum of the times, less the bucket's beginning: small numbers, of which adding and
    /// taking away loses little.
    seconds: f64,
}

impl Bucket {
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    fn add(&mut self, count: u64, seconds: f64) {
        self.count += count;
        self.seconds += seconds;
    }

    /// Takes one away; false where there is none.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    fn take(&mut self, seconds: f64) -> bool {
        if self.count == 0 {
            return false;
        }
        self.count -= 1;
        // What rounding left goes with the last one.
        self.seconds = match self.count {
            0 => 0.0,
            _ => self.seconds - seconds,
        };
        true
    }
}

/// Whether a time so long after the beginning of one of the narrowest buckets is within it. One
/// comparison: the bits rise with the value from 0 on, and those of negative numbers are beyond.
#[cfg_attr(target_arch = "wasm32", inline(always))]
#[cfg_attr(not(target_arch = "wasm32"), inline)]
fn is_within(seconds: f64) -> bool {
    seconds.to_bits() < WIDTH.to_bits()
}

/// Which narrowest bucket a time is in.
fn number_of(time: f64) -> i64 {
    (libm::floor(time * PER_SECOND) as i64).clamp(-FARTHEST, FARTHEST)
}

/// When a bucket of a level begins.
fn beginning(number: i64, level: usize) -> f64 {
    number as f64 * (1_i64 << (WIDER * level as u32)) as f64 / PER_SECOND
}

fn place(number: i64, level: usize) -> usize {
    level * BUCKETS as usize + (number & (BUCKETS - 1)) as usize
}

/// The ages of the messages in flight.
#[derive(Debug, Clone)]
pub(crate) struct InFlight {
    /// The newest bucket, and the times at which it begins and ends.
    open: Bucket,
    begins: f64,
    ends: f64,
    /// How many the other buckets hold.
    elsewhere: u64,
    /// The number of the newest bucket; those of the other levels follow from it.
    newest: i64,
    /// Made with the first message: `LEVELS` times `BUCKETS`.
    buckets: Box<[Bucket]>,
    /// Those that are older than any bucket, since the clock read 0.
    ancient: Bucket,
    /// No later than the oldest of these.
    ancient_from: f64,
}

impl InFlight {
    pub(crate) fn new() -> Self {
        Self {
            open: Bucket::default(),
            // No time is within these.
            begins: f64::INFINITY,
            ends: f64::NEG_INFINITY,
            elsewhere: 0,
            newest: 0,
            buckets: Box::default(),
            ancient: Bucket::default(),
            ancient_from: f64::INFINITY,
        }
    }

    /// A message came in.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub(crate) fn came_in(&mut self, now: f64) {
        let since = now - self.begins;
        if is_within(since) {
            self.open.add(1, since);
        } else {
            self.came_in_elsewhere(now);
        }
    }

    /// A message went out that came in at `time_in`. One that is not counted changes nothing.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub(crate) fn went_out(&mut self, time_in: f64) {
        let since = time_in - self.begins;
        if !is_within(since) || !self.open.take(since) {
            self.went_out_elsewhere(time_in);
        }
    }

    fn count(&self) -> u64 {
        self.open.count + self.elsewhere
    }

    /// A message went out of which nobody knows when it came in: the oldest, as a rule.
    #[cold]
    pub(crate) fn oldest_went_out(&mut self) {
        if let Some(time) = self.oldest() {
            self.went_out(time);
        }
    }

    /// Nothing is in flight any more.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub(crate) fn clear(&mut self) {
        if self.count() > 0 {
            self.empty();
        }
    }

    #[cold]
    fn empty(&mut self) {
        self.buckets.fill(Bucket::default());
        self.open = Bucket::default();
        self.ancient = Bucket::default();
        self.elsewhere = 0;
    }

    /// The bucket that a time before the newest bucket is added to, and when it begins.
    fn bucket_for(&mut self, time: f64) -> Option<(&mut Bucket, f64)> {
        let before_all = beginning(
            (self.newest >> (WIDER * (LEVELS - 1) as u32)) - (BUCKETS - 1),
            LEVELS - 1,
        );
        if time < before_all {
            let from = match self.ancient.count {
                0 => f64::INFINITY,
                _ => self.ancient_from,
            };
            self.ancient_from = from.min(time);
        }
        self.bucket(time)
    }

    /// The bucket of a time before the newest bucket, and when it begins.
    fn bucket(&mut self, time: f64) -> Option<(&mut Bucket, f64)> {
        let number = number_of(time);
        for level in 0..LEVELS {
            let up = WIDER * level as u32;
            let (newest, number) = (self.newest >> up, number >> up);
            if number > newest {
                return None;
            }
            if newest - number < BUCKETS {
                let bucket = self.buckets.get_mut(place(number, level))?;
                return Some((bucket, beginning(number, level)));
            }
        }
        Some((&mut self.ancient, 0.0))
    }

    /// In a bucket that opens now, or in an older one: the clock stepped back since the newest
    /// began.
    #[cold]
    #[inline(never)]
    fn came_in_elsewhere(&mut self, time: f64) {
        if self.count() == 0 {
            // Should the clock have stepped back, the wheel begins anew.
            self.begins = f64::INFINITY;
            self.ends = f64::NEG_INFINITY;
        }
        if time >= self.ends {
            self.move_on(time);
        }
        if time >= self.begins {
            self.open.add(1, time - self.begins);
        } else if let Some((bucket, begins)) = self.bucket_for(time) {
            bucket.add(1, time - begins);
            self.elsewhere += 1;
        }
    }

    /// Where its bucket is empty, it is from a neighbour: another monitor that heard of the same
    /// message a moment later wrote its own reading over this one's.
    #[inline(never)]
    fn went_out_elsewhere(&mut self, time: f64) {
        for time in [time, time - WIDTH, time + WIDTH] {
            if time >= self.begins && time < self.ends {
                if self.open.take(time - self.begins) {
                    return;
                }
            } else if let Some((bucket, begins)) = self.bucket(time)
                && bucket.take(time - begins)
            {
                self.elsewhere -= 1;
                return;
            }
        }
    }

    /// Opens the bucket of `now`; what grows too old for its level moves to the next.
    fn move_on(&mut self, now: f64) {
        let newest = number_of(now);
        let before = self.newest;
        let open = core::mem::take(&mut self.open);
        self.newest = newest;
        self.begins = beginning(newest, 0);
        self.ends = beginning(newest + 1, 0);
        if self.buckets.is_empty() {
            self.buckets = vec![Bucket::default(); LEVELS * BUCKETS as usize].into();
            return;
        }
        if let Some(bucket) = self.buckets.get_mut(place(before, 0)) {
            bucket.add(open.count, open.seconds);
            self.elsewhere += open.count;
        }
        // The widest first: what moves up finds its place free.
        for level in (0..LEVELS).rev() {
            let up = WIDER * level as u32;
            let last = before >> up;
            let too_old = ((newest >> up) - BUCKETS).min(last);
            for number in last - (BUCKETS - 1)..=too_old {
                let bucket = self.buckets.get_mut(place(number, level));
                let moved = bucket.map_or(Bucket::default(), core::mem::take);
                let begins = beginning(number, level);
                if moved.count == 0 {
                } else if let Some((wider, wider_begins)) = self.bucket_for(begins) {
                    let apart = (begins - wider_begins) * moved.count as f64;
                    wider.add(moved.count, moved.seconds + apart);
                }
            }
        }
    }

    /// Each bucket that holds something, oldest first: its beginning and end, count and mean.
    fn each(&self) -> impl Iterator<Item = (f64, f64, u64, f64)> + '_ {
        let ancient = self.ancient;
        let mean = ancient.seconds / ancient.count as f64;
        let ancient = (ancient.count > 0).then_some((self.ancient_from, mean, ancient.count, mean));
        let levels = (0..LEVELS).rev().flat_map(move |level| {
            let newest = self.newest >> (WIDER * level as u32);
            (newest - (BUCKETS - 1)..=newest).filter_map(move |number| {
                let bucket = self.buckets.get(place(number, level))?;
                let (begins, ends) = (beginning(number, level), beginning(number + 1, level));
                let mean = begins + bucket.seconds / bucket.count as f64;
                (bucket.count > 0).then_some((begins, ends, bucket.count, mean))
            })
        });
        let open = self.open;
        let mean = self.begins + open.seconds / open.count as f64;
        let open = (open.count > 0).then_some((self.begins, self.ends, open.count, mean));
        ancient.into_iter().chain(levels).chain(open)
    }

    /// When the oldest came in. Exactly so, but for rounding, where it has its bucket for itself;
    /// else the beginning of its bucket: too old by at most 8/63 of its age, or a quarter of a
    /// second.
    pub(crate) fn oldest(&self) -> Option<f64> {
        if self.count() == 0 {
            return None;
        }
        let (begins, _, count, mean) = self.each().next()?;
        Some(if count == 1 { mean } else { begins })
    }

    /// How many came in before `time`. Of the bucket that holds `time` all or none count, by
    /// their mean.
    pub(crate) fn older_than(&self, time: f64) -> u64 {
        self.each()
            .filter(|(_, ends, _, mean)| *ends <= time || *mean < time)
            .map(|(_, _, count, _)| count)
            .sum()
    }
}

#[cfg(test)]
mod tests;
