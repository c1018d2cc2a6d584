//! What is known of a topic-partition for as long as the worker holds it. Faust's own offset maps
//! are emptied at every rebalance; this is not, so that one that moves other partitions does not
//! blind lag and health.

use alloc::boxed::Box;

use crate::health::{Reason, Status};
use crate::history::{Debounce, History, Judgement, WrittenAt};
use crate::snapshot::LagMethod;

/// A consumer that commits each message would fill the history in no time: the commits of a second
/// count as one there, as Burrow's `min-distance` has it.
const COMMITS_APART: f64 = 1.0;

/// What stands for "none yet". Kafka's offsets are below 2^63.
const NO_OFFSET: u64 = u64::MAX;

/// Whose a partition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// Nobody said, but its messages come here.
    Presumed,
    /// It was assigned to this worker.
    Owned,
    /// It was revoked or lost.
    Taken,
}

#[derive(Debug, Clone)]
pub(crate) struct Holding {
    position: u64,
    committed: u64,
    end: u64,
    /// The timestamp of the last record read, Unix seconds; NaN where it has none.
    record_time: f64,
    /// When it was last read, committed, assigned or taken.
    touched: f64,
    /// When its end offset was seen last.
    end_seen_at: f64,
    claim: Claim,
    paused: bool,
    /// The end offset was seen since the last commit.
    end_is_fresh: bool,
    /// The last end offset seen was lower than the one before, and not believed yet.
    lower_end_seen: bool,
    /// Made with the first commit or end offset.
    past: Option<Box<Past>>,
}

#[derive(Debug, Clone)]
struct Past {
    history: History,
    /// When the last commit was that has a place of its own in the history.
    committed_at: f64,
    told: Debounce,
}

impl Past {
    /// Commits nearer than [`COMMITS_APART`] share a place in the history, unless one went back.
    fn committed(&mut self, offset: u64, before: u64, lag: Option<u64>, now: f64) {
        let apart = (now - self.committed_at).abs();
        // Before the first commit `apart` is not a number.
        if apart < COMMITS_APART && offset >= before {
            self.history.committed_again(offset, now, lag);
        } else {
            self.committed_at = now;
            self.history.committed(offset, now, lag);
        }
    }
}

impl Holding {
    pub(crate) fn new(now: f64) -> Self {
        Self {
            position: NO_OFFSET,
            committed: NO_OFFSET,
            end: NO_OFFSET,
            record_time: f64::NAN,
            touched: now,
            end_seen_at: f64::NEG_INFINITY,
            claim: Claim::Presumed,
            paused: false,
            end_is_fresh: false,
            lower_end_seen: false,
            past: None,
        }
    }

    /// A record was read. False, and nothing changed, of a partition that was taken.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub(crate) fn read(&mut self, offset: u64, record_time: f64, now: f64) -> bool {
        self.touched = now;
        if self.claim == Claim::Taken {
            return false;
        }
        self.position = offset.saturating_add(1);
        self.record_time = record_time;
        true
    }

    /// The next record to be read is at `offset`: the client says so itself, without a record.
    pub(crate) fn moved(&mut self, offset: u64, now: f64) {
        self.touched = now;
        if self.claim == Claim::Taken || offset == NO_OFFSET {
            return;
        }
        // The last record read is older than the next one, or is that one, unless it went back further.
        if offset.saturating_add(1) < self.position {
            self.record_time = f64::NAN;
        }
        self.position = offset;
    }

    fn past(&mut self, commits: u32) -> &mut Past {
        self.past.get_or_insert_with(|| {
            Box::new(Past {
                history: History::new(commits as usize),
                committed_at: f64::NAN,
                told: Debounce::default(),
            })
        })
    }

    /// `commits` is how many are remembered.
    pub(crate) fn committed(&mut self, offset: u64, commits: u32, now: f64) {
        if self.claim == Claim::Taken || offset == NO_OFFSET {
            return;
        }
        let before = core::mem::replace(&mut self.committed, offset);
        self.touched = now;
        // What is committed is done with, though no record of it was read: a transaction's markers.
        if known(self.position).is_some_and(|position| position < offset) {
            self.position = offset;
        }
        // From an end offset of before the last commit the lag seems to fall whatever is written.
        let end = known(self.end).filter(|_| self.end_is_fresh);
        let lag = end.map(|end| end.saturating_sub(offset));
        self.end_is_fresh = false;
        self.past(commits).committed(offset, before, lag, now);
    }

    /// Seeing an end offset is no sign that the partition is ours.
    ///
    /// A lower one than before is believed when it is seen twice in a row: two who ask may get
    /// their answers in another order. Then the topic was made anew, or cut.
    pub(crate) fn end_seen(&mut self, offset: u64, commits: u32, now: f64) {
        if self.claim == Claim::Taken || offset == NO_OFFSET {
            return;
        }
        self.end_seen_at = now;
        let is_lower = known(self.end).is_some_and(|end| offset < end);
        let is_first = !core::mem::replace(&mut self.lower_end_seen, is_lower);
        if is_lower && is_first {
            return;
        }
        self.end = offset;
        self.end_is_fresh = true;
        if is_lower {
            self.forget_beyond(offset);
        }
        self.past(commits).history.end_seen(offset, now);
    }

    /// Offsets beyond a partition's end are of records that are gone.
    fn forget_beyond(&mut self, end: u64) {
        for offset in [&mut self.position, &mut self.committed] {
            if *offset > end {
                *offset = NO_OFFSET;
            }
        }
        if let Some(past) = &mut self.past {
            past.history.clear();
            past.committed_at = f64::NAN;
        }
    }

    /// It was assigned; false where it was owned already.
    pub(crate) fn assigned(&mut self, now: f64) -> bool {
        let is_new = self.claim != Claim::Owned;
        self.claim = Claim::Owned;
        self.touched = now;
        is_new
    }

    /// It was revoked or lost; false where that was so already. Nothing of it is known any more.
    pub(crate) fn taken(&mut self, now: f64) -> bool {
        let was_held = self.claim != Claim::Taken;
        let mut past = self.past.take();
        if let Some(past) = &mut past {
            past.history.clear();
            past.committed_at = f64::NAN;
        }
        *self = Self {
            claim: Claim::Taken,
            past,
            ..Self::new(now)
        };
        was_held
    }

    /// Taken without being assigned anew, it comes back with its first message: for those who tell
    /// of revocations alone.
    pub(crate) fn comes_back(&mut self) {
        if self.claim == Claim::Taken {
            self.claim = Claim::Presumed;
        }
    }

    /// False where it was so already.
    pub(crate) fn set_paused(&mut self, paused: bool) -> bool {
        let changed = self.paused != paused && self.claim != Claim::Taken;
        if changed {
            self.paused = paused;
        }
        changed
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.paused
    }

    pub(crate) fn claim(&self) -> Claim {
        self.claim
    }

    pub(crate) fn touched(&self) -> f64 {
        self.touched
    }

    /// Whether there is anything to show of it. Where somebody tells of assignments
    /// (`are_told`), an end offset alone is that of anybody's partition.
    pub(crate) fn is_held(&self, are_told: bool) -> bool {
        match self.claim {
            Claim::Owned => true,
            Claim::Taken => false,
            Claim::Presumed => {
                let is_worked_on = self.position != NO_OFFSET || self.committed != NO_OFFSET;
                is_worked_on || (self.end != NO_OFFSET && !are_told)
            }
        }
    }

    /// Whether it lags while its end offset is still looked at, as of `since`: nobody let go of it.
    pub(crate) fn is_waited_for(&self, since: f64) -> bool {
        self.lag().is_some_and(|lag| lag > 0) && self.end_seen_at >= since
    }

    /// The next record to be read: after the last one, or where it was committed beyond that.
    pub(crate) fn position(&self) -> Option<u64> {
        known(self.position).or(known(self.committed))
    }

    pub(crate) fn committed_offset(&self) -> Option<u64> {
        known(self.committed)
    }

    pub(crate) fn end_offset(&self) -> Option<u64> {
        known(self.end)
    }

    /// Records between the position and the end. An end offset seen before the last read is older
    /// than it: never below 0.
    pub(crate) fn lag(&self) -> Option<u64> {
        Some(known(self.end)?.saturating_sub(self.position()?))
    }

    /// Records between the committed offset and the end.
    pub(crate) fn committed_lag(&self) -> Option<u64> {
        Some(known(self.end)?.saturating_sub(known(self.committed)?))
    }

    /// How old the oldest record is that was not read yet, in seconds, and how that was found.
    /// `unix_now` is the same moment as `now`, in Unix time.
    pub(crate) fn lag_seconds(&self, now: f64, unix_now: f64) -> (Option<f64>, LagMethod) {
        let (Some(lag), Some(position)) = (self.lag(), self.position()) else {
            return (None, LagMethod::Unknown);
        };
        if lag == 0 {
            return (Some(0.0), LagMethod::None);
        }
        let history = self.past.as_deref().map(|past| &past.history);
        let written_at = history.map_or(WrittenAt::Unknown, |history| history.written_at(position));
        // The last record read is older than the next one; how much older, its age cannot tell. A
        // later moment at which there was no next one yet is nearer: after an idle day, the day.
        let age = unix_now - self.record_time;
        let caught_up_at = history.and_then(|history| history.caught_up_at(position));
        // One from the future tells no age; a second of it is a clock that is a little ahead.
        if age >= -1.0 && caught_up_at.is_none_or(|at| now - at >= age) {
            return (Some(age.max(0.0)), LagMethod::Timestamp);
        }
        match written_at {
            WrittenAt::Interpolated(at) => (Some((now - at).max(0.0)), LagMethod::Interpolated),
            WrittenAt::Before(at) => (Some((now - at).max(0.0)), LagMethod::AtLeast),
            WrittenAt::Unknown => (None, LagMethod::Unknown),
        }
    }

    /// The sampler's tick.
    pub(crate) fn tick(&mut self, now: f64) {
        let lag = self.lag();
        if let Some(past) = &mut self.past {
            past.history.tick(lag, now);
        }
    }

    /// How the lag grows, in records per second; it drains where negative.
    pub(crate) fn slope(&self, now: f64) -> Option<f64> {
        self.past.as_deref()?.history.slope(self.lag(), now)
    }

    /// Seconds until the lag is gone at this slope, where it drains.
    pub(crate) fn catch_up_seconds(&self, now: f64) -> Option<f64> {
        let lag = self.lag()? as f64;
        let slope = self.slope(now)?;
        if lag == 0.0 {
            return Some(0.0);
        }
        (slope < 0.0).then(|| lag / -slope)
    }

    /// Its health, judged by the lag of now: from the committed offset, as its rules are about
    /// commits.
    pub(crate) fn judge(&self, allowed_lag: u64, now: f64) -> Judgement {
        match &self.past {
            Some(past) => past.history.judge(self.committed_lag(), allowed_lag, now),
            None => {
                let reason = if cfg!(feature = "health") {
                    Reason::TooFewCommits { commits: 0 }
                } else {
                    Reason::NotBuiltIn
                };
                Judgement {
                    status: reason.status(),
                    reason,
                }
            }
        }
    }

    /// The status before and after, once a new one has held for so many seconds.
    pub(crate) fn status_changed(
        &mut self,
        status: Status,
        now: f64,
        hold_seconds: f64,
    ) -> Option<(Status, Status)> {
        self.past
            .as_deref_mut()?
            .told
            .update(status, now, hold_seconds)
    }
}

fn known(offset: u64) -> Option<u64> {
    (offset != NO_OFFSET).then_some(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_takes_no_more_than_its_share_of_memory() {
        // Offsets and lag; and with ten commits what health needs, of which the commits take 24
        // bytes each.
        let slot = crate::partitions::SLOT_BYTES;
        assert!(slot <= 128, "{slot}");
        let past = size_of::<Past>() + 10 * 24;
        assert!(past <= 512, "{past}");
    }

    #[cfg(feature = "health")]
    #[test]
    fn the_commits_of_a_second_count_as_one_unless_one_goes_back() {
        let mut holding = Holding::new(0.0);
        holding.end_seen(1000, 10, 0.0);
        for commit in 0..100_u32 {
            holding.committed(commit.into(), 10, f64::from(commit) / 10.0);
        }
        // The ten that are kept span nine seconds: without a commit for that long it may still be
        // well, and then it stopped.
        assert_eq!(holding.judge(0, 18.8).reason.status(), Status::Ok);
        let stopped = holding.judge(0, 9.9 + 101.0).reason;
        assert!(
            matches!(stopped, Reason::NoCommit { commits: 10, .. }),
            "{stopped:?}"
        );
        holding.committed(50, 10, 10.0);
        let went_back = holding.judge(0, 10.0).reason;
        assert!(
            matches!(went_back, Reason::WentBack { to: 50, .. }),
            "{went_back:?}"
        );
    }
}
