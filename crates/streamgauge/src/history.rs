//! What lag and health need of one partition's past: the last commits, where the end offset was
//! when, and how the lag moves. Everything has its room from the start.

pub(crate) mod judge;
mod points;
mod slope;

use alloc::boxed::Box;
use alloc::vec;

use self::points::Points;
use self::slope::Slope;

pub(crate) use self::judge::Judgement;
pub(crate) use self::points::WrittenAt;
pub(crate) use crate::health::debounce::Debounce;

/// The fewest commits that say anything, and the most that may be asked for.
const COMMITS: core::ops::RangeInclusive<usize> = 2..=1_000;

/// What stands for a lag that was not known.
const UNKNOWN: u64 = u64::MAX;

#[derive(Debug, Clone, Copy, Default)]
struct Commit {
    offset: u64,
    time: f64,
    /// The lag at that time.
    lag: u64,
}

impl Commit {
    fn lag(&self) -> Option<u64> {
        (self.lag != UNKNOWN).then_some(self.lag)
    }
}

/// The past of one topic-partition.
///
/// `now` is a finite reading of one clock. Where it goes back, what was kept moves back with it:
/// the time between two calls counts as 0 then, and no time is in the future.
#[derive(Debug, Clone)]
pub(crate) struct History {
    commits: Box<[Commit]>,
    /// Where the next commit goes: the place of the oldest, once the ring is full.
    next: u16,
    count: u16,
    points: Points,
    slope: Slope,
    /// When an end offset beyond the last commit was first seen. NaN: none was.
    behind_since: f64,
    /// The latest reading of the clock.
    latest: f64,
}

impl History {
    /// Keeps the last `commits` commits: at least 2, at most 1,000. Takes all its room at once:
    /// 24 bytes a commit beside its own.
    pub(crate) fn new(commits: usize) -> Self {
        let commits = commits.clamp(*COMMITS.start(), *COMMITS.end());
        Self {
            commits: vec![Commit::default(); commits].into_boxed_slice(),
            next: 0,
            count: 0,
            points: Points::default(),
            slope: Slope::default(),
            behind_since: f64::NAN,
            latest: f64::NEG_INFINITY,
        }
    }

    /// Forgets everything: the partition was lost. Keeps its room.
    pub(crate) fn clear(&mut self) {
        self.next = 0;
        self.count = 0;
        self.points = Points::default();
        self.slope = Slope::default();
        self.behind_since = f64::NAN;
    }

    /// `offset` was committed, with that lag left.
    pub(crate) fn committed(&mut self, offset: u64, now: f64, lag: Option<u64>) {
        self.advance(now);
        let lag = lag.map_or(UNKNOWN, |lag| lag.min(UNKNOWN - 1));
        if let Some(oldest) = self.commits.get_mut(usize::from(self.next)) {
            *oldest = Commit {
                offset,
                time: now,
                lag,
            };
        }
        self.next += 1;
        self.count = self.count.max(self.next);
        if usize::from(self.next) == self.commits.len() {
            self.next = 0;
        }
        self.behind_since = self.points.passed_at(offset).unwrap_or(f64::NAN);
    }

    /// The same, right after the last commit: it takes that one's place. Before the first commit
    /// nothing happens.
    pub(crate) fn committed_again(&mut self, offset: u64, now: f64, lag: Option<u64>) {
        if self.count == 0 {
            return;
        }
        let newest = self.next.checked_sub(1).unwrap_or(self.count - 1);
        self.next = newest;
        self.committed(offset, now, lag);
    }

    /// The partition's end offset is `end`. One below the last says that the topic was made anew
    /// or cut: what was known of its end is forgotten.
    pub(crate) fn end_seen(&mut self, end: u64, now: f64) {
        self.advance(now);
        self.points.see(end, now);
        if let Some(last) = self.last_commit() {
            if end <= last.offset {
                self.behind_since = f64::NAN;
            } else if self.behind_since.is_nan() {
                self.behind_since = now;
            }
        }
    }

    /// To be called about once a second, with the lag of now.
    pub(crate) fn tick(&mut self, lag: Option<u64>, now: f64) {
        self.advance(now);
        if let Some(lag) = lag {
            self.slope.tick(lag, now);
        }
    }

    /// Records a second by which the lag rises, over the last 60 to 120 seconds; less at the start,
    /// up to 180 where ticks were missed. `None` before a second has passed, or without a lag.
    pub(crate) fn slope(&self, lag: Option<u64>, now: f64) -> Option<f64> {
        self.slope.slope(lag?, now)
    }

    /// When the record at `offset` was written, as far as the end offsets that were seen tell.
    pub(crate) fn written_at(&self, offset: u64) -> WrittenAt {
        self.points.written_at(offset)
    }

    /// The latest time that is known at which there was no record at `position` yet: an end offset
    /// at or below it was seen. Points that were thinned out may make it earlier than it was.
    pub(crate) fn caught_up_at(&self, position: u64) -> Option<f64> {
        self.points.caught_up_at(position)
    }

    /// The commits kept, as two runs, the older run first.
    fn commits(&self) -> (&[Commit], &[Commit]) {
        let kept = &self.commits[..usize::from(self.count)];
        let split = if kept.len() == self.commits.len() {
            usize::from(self.next)
        } else {
            0
        };
        let (newer, older) = kept.split_at(split);
        (older, newer)
    }

    fn last_commit(&self) -> Option<&Commit> {
        let (older, newer) = self.commits();
        newer.last().or_else(|| older.last())
    }

    #[inline]
    fn advance(&mut self, now: f64) {
        if now < self.latest {
            self.clock_went_back(self.latest - now);
        }
        self.latest = now;
    }

    #[cold]
    fn clock_went_back(&mut self, seconds: f64) {
        for commit in &mut self.commits {
            commit.time -= seconds;
        }
        self.points.shift(-seconds);
        self.slope.shift(-seconds);
        self.behind_since -= seconds;
    }
}

#[cfg(test)]
mod tests;
