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

/// How long at least one message was in flight, and how long none was.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Busy {
    seconds: f64,
    idle_seconds: f64,
    /// Up to when both are counted.
    since: f64,
}

/// Whole nanoseconds: sums of workers come out the same in any order.
fn nanoseconds(seconds: f64) -> u64 {
    // Half a nanosecond more, so that what was added up rounds to what it stands for.
    (seconds * 1e9 + 0.5) as u64
}

/// A clock that stepped back adds nothing.
#[cfg_attr(target_arch = "wasm32", inline(always))]
#[cfg_attr(not(target_arch = "wasm32"), inline)]
fn between(since: f64, now: f64) -> f64 {
    let seconds = now - since;
    // `f64::max` is a function in WebAssembly.
    if seconds > 0.0 { seconds } else { 0.0 }
}

impl Busy {
    /// Time counts from `now` on.
    pub(crate) fn begin(&mut self, now: f64) {
        self.since = now;
    }

    /// The first message came in.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub(crate) fn starts(&mut self, now: f64) {
        self.idle_seconds += between(self.since, now);
        self.since = now;
    }

    /// The last message went out.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub(crate) fn ends(&mut self, now: f64) {
        self.seconds += between(self.since, now);
        self.since = now;
    }

    /// Counts up to `now`, for who reads. `is_busy` where messages are in flight.
    pub(crate) fn settle(&mut self, is_busy: bool, now: f64) {
        match is_busy {
            true => self.ends(now),
            false => self.starts(now),
        }
    }

    /// Nanoseconds with a message in flight, so far as they were counted.
    pub(crate) fn nanoseconds(&self) -> u64 {
        nanoseconds(self.seconds)
    }

    /// Nanoseconds without.
    pub(crate) fn idle_nanoseconds(&self) -> u64 {
        nanoseconds(self.idle_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_and_idle_are_all_the_time_there_was() {
        let both = |busy: &Busy| (busy.nanoseconds(), busy.idle_nanoseconds());
        let mut busy = Busy::default();
        busy.begin(10.0);
        busy.starts(12.0);
        busy.settle(true, 12.5);
        assert_eq!(both(&busy), (500_000_000, 2_000_000_000));
        busy.ends(13.0);
        busy.settle(false, 20.0);
        assert_eq!(both(&busy), (1_000_000_000, 9_000_000_000));
        busy.starts(20.0);
        busy.ends(19.0);
        busy.settle(false, 19.0);
        assert_eq!(
            both(&busy),
            (1_000_000_000, 9_000_000_000),
            "the clock stepped back"
        );
    }
}
