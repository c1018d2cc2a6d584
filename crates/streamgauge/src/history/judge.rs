//! Burrow's rules for the status of a partition.

use super::{Commit, History};
use crate::health::{Reason, Status};

/// For how long a consumer that had reached the end may take to commit what came then, where its
/// commits span less. Burrow looks at the last 10 end offsets, one every 10 s by default.
const RECENT_SECONDS: f64 = 100.0;

/// A status, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Judgement {
    pub(crate) status: Status,
    pub(crate) reason: Reason,
}

impl History {
    /// The status at `now`, with the lag of now; `None` where it is unknown. The first rule that
    /// applies decides:
    ///
    /// 1. fewer than two commits, or a lag that is unknown or within `allowed_lag`: Ok;
    /// 2. no commit for longer than the kept ones span, unless the last commit had reached an end
    ///    offset of late: Stop;
    /// 3. the offset went back and was not regained: Rewind;
    /// 4. the lag at some commit was within `allowed_lag`: Ok;
    /// 5. all offsets are equal: Stall;
    /// 6. the lag never fell from one commit to the next (unknown lags left out): Warn, else Ok.
    ///
    /// As in Burrow, whose lag is stale between commits (its issue 127) and whose transactions never
    /// come to lag 0 (its issue 697): hence the lag of now and the allowed one. Costs one pass over
    /// the commits.
    pub(crate) fn judge(&self, lag: Option<u64>, allowed_lag: u64, now: f64) -> Judgement {
        let reason = self.reason(lag, allowed_lag, now);
        Judgement {
            status: reason.status(),
            reason,
        }
    }

    fn reason(&self, lag: Option<u64>, allowed: u64, now: f64) -> Reason {
        let (older, newer) = self.commits();
        let kept = || older.iter().chain(newer);
        let commits = u32::from(self.count);
        let (Some(first), Some(last), 2..) = (older.first(), self.last_commit(), commits) else {
            return Reason::TooFewCommits { commits };
        };
        let Some(lag) = lag else {
            return Reason::LagUnknown;
        };
        if lag <= allowed {
            return Reason::LagAllowed { lag, allowed };
        }

        let seconds = now - last.time;
        let span_seconds = last.time - first.time;
        if seconds > span_seconds && !self.reached_of_late(last, span_seconds, now) {
            return Reason::NoCommit {
                seconds,
                commits,
                span_seconds,
                lag,
            };
        }

        // An offset that was not regained is above all that follow, and so above the last.
        let highest = kept().map(|commit| commit.offset).max();
        if let Some(from) = highest.filter(|highest| *highest > last.offset) {
            return Reason::WentBack {
                from,
                to: last.offset,
                lag,
            };
        }

        let lags = || kept().filter_map(Commit::lag);
        if lags().any(|lag| lag <= allowed) {
            return Reason::LagWasAllowed {
                lag,
                allowed,
                commits,
            };
        }
        if kept().all(|commit| commit.offset == last.offset) {
            return Reason::SameOffset {
                offset: last.offset,
                commits,
                span_seconds,
                lag,
            };
        }
        // One lag, or none, cannot fall.
        if lags().count() >= 2 && lags().is_sorted() {
            return Reason::LagNeverFell {
                commits,
                span_seconds,
                lag,
            };
        }
        Reason::LagFell { lag, commits }
    }

    /// Whether the last commit had reached the end offset, and it is not long that the end is known
    /// to be further. Old end offsets do not excuse: every consumer that ever kept up reached one.
    fn reached_of_late(&self, last: &Commit, span_seconds: f64, now: f64) -> bool {
        let behind_long = now - self.behind_since > span_seconds.max(RECENT_SECONDS);
        self.points.ever_reached(last.offset) && !behind_long
    }
}

#[cfg(test)]
mod tests;
