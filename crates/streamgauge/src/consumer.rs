//! What the consumer does beside messages: polls, heartbeats, pauses; and how busy it is.

/// Counters of the consumer, and when it gave a sign of life.
#[derive(Debug, Clone, Default)]
pub(crate) struct Consumer {
    pub(crate) polls: u64,
    pub(crate) empty_polls: u64,
    pub(crate) polled_records: u64,
    pub(crate) bytes_received: u64,
    pub(crate) pauses: u64,
    pub(crate) resumes: u64,
    pub(crate) heartbeats: u64,
    pub(crate) heartbeat_at: Option<f64>,
}

/// How long at least one message was in flight.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Busy {
    seconds: f64,
    since: f64,
    began: f64,
}

/// Whole nanoseconds: sums of workers come out the same in any order.
fn nanoseconds(seconds: f64) -> u64 {
    // Half a nanosecond more, so that what was added up rounds to what it stands for.
    (seconds * 1e9 + 0.5) as u64
}

impl Busy {
    /// Time counts from `now` on.
    pub(crate) fn begin(&mut self, now: f64) {
        self.began = now;
        self.since = now;
    }

    /// The first message came in.
    #[inline]
    pub(crate) fn starts(&mut self, now: f64) {
        self.since = now;
    }

    /// The last message went out.
    #[inline]
    pub(crate) fn ends(&mut self, now: f64) {
        // A clock that stepped back adds nothing.
        self.seconds += (now - self.since).max(0.0);
    }

    /// Nanoseconds so far; `is_busy` where messages are in flight now.
    pub(crate) fn nanoseconds(&self, is_busy: bool, now: f64) -> u64 {
        let open = if is_busy {
            (now - self.since).max(0.0)
        } else {
            0.0
        };
        nanoseconds(self.seconds + open)
    }

    /// Nanoseconds without a message in flight.
    pub(crate) fn idle_nanoseconds(&self, is_busy: bool, now: f64) -> u64 {
        nanoseconds(now - self.began).saturating_sub(self.nanoseconds(is_busy, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_and_idle_are_all_the_time_there_was() {
        let mut busy = Busy::default();
        busy.begin(10.0);
        busy.starts(12.0);
        assert_eq!(busy.nanoseconds(true, 12.5), 500_000_000);
        busy.ends(13.0);
        assert_eq!(busy.nanoseconds(false, 20.0), 1_000_000_000);
        assert_eq!(busy.idle_nanoseconds(false, 20.0), 9_000_000_000);
        busy.starts(20.0);
        busy.ends(19.0);
        assert_eq!(
            busy.nanoseconds(false, 20.0),
            1_000_000_000,
            "the clock stepped back"
        );
    }
}
