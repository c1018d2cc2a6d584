//! How fast the lag rises or falls.

/// How far back the slope looks: from this to twice this.
const WINDOW_SECONDS: f64 = 60.0;
/// Over less time a slope says nothing.
const LEAST_SECONDS: f64 = 1.0;

#[derive(Debug, Clone, Copy)]
struct Anchor {
    lag: u64,
    /// NaN: there is none.
    time: f64,
}

/// Two lags of the past. The slope is taken from the older; when the newer is a window old it takes
/// the older's place.
#[derive(Debug, Clone)]
pub(super) struct Slope {
    older: Anchor,
    newer: Anchor,
}

impl Default for Slope {
    fn default() -> Self {
        let none = Anchor {
            lag: 0,
            time: f64::NAN,
        };
        Self {
            older: none,
            newer: none,
        }
    }
}

impl Slope {
    pub(super) fn tick(&mut self, lag: u64, now: f64) {
        let since = now - self.newer.time;
        if since < WINDOW_SECONDS {
            return;
        }
        let anchor = Anchor { lag, time: now };
        self.older = if since <= 2.0 * WINDOW_SECONDS {
            self.newer
        } else {
            // The first tick, or the first for a long time.
            anchor
        };
        self.newer = anchor;
    }

    pub(super) fn slope(&self, lag: u64, now: f64) -> Option<f64> {
        let Anchor { lag: from, time } = self.older;
        let seconds = now - time;
        if seconds.is_nan() || seconds < LEAST_SECONDS {
            return None;
        }
        // Subtracted as whole numbers: the difference keeps its digits.
        let rise = if lag >= from {
            (lag - from) as f64
        } else {
            -((from - lag) as f64)
        };
        Some(rise / seconds)
    }

    pub(super) fn shift(&mut self, seconds: f64) {
        self.older.time += seconds;
        self.newer.time += seconds;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_none_before_a_second_has_passed() {
        let mut slope = Slope::default();
        assert_eq!(slope.slope(5, 100.0), None, "no tick yet");
        slope.tick(10, 100.0);
        assert_eq!(slope.slope(20, 100.0), None);
        assert_eq!(slope.slope(20, 100.99), None);
        assert_eq!(slope.slope(20, 101.0), Some(10.0));
        assert_eq!(slope.slope(20, 99.0), None, "the clock went back");
    }

    #[test]
    fn rises_and_falls_in_records_a_second() {
        let mut slope = Slope::default();
        slope.tick(1_000, 0.0);
        assert_eq!(slope.slope(1_030, 20.0), Some(1.5));
        assert_eq!(slope.slope(700, 20.0), Some(-15.0));
        assert_eq!(slope.slope(1_000, 20.0), Some(0.0));
        let mut slope = Slope::default();
        slope.tick(u64::MAX - 3, 0.0);
        assert_eq!(slope.slope(u64::MAX - 1, 1.0), Some(2.0), "no digit lost");
    }

    #[test]
    fn looks_back_60_to_120_seconds_once_there_is_as_much() {
        let mut slope = Slope::default();
        // The lag is the square of the time, so that the slope tells where it was taken from:
        // (now^2 - then^2) / (now - then) = now + then.
        for second in 0_u64..1_000 {
            let now = second as f64;
            slope.tick(second * second, now);
            let Some(rise) = slope.slope(second * second, now) else {
                assert_eq!(second, 0);
                continue;
            };
            let back = now - (rise - now);
            match second {
                0..60 => assert_eq!(back, now),
                _ => assert!((60.0..120.0).contains(&back), "{back} at {now}"),
            }
        }
    }

    #[test]
    fn lags_from_before_a_long_silence_do_not_count() {
        let mut slope = Slope::default();
        slope.tick(0, 0.0);
        slope.tick(60, 60.0);
        slope.tick(5_000, 180.5);
        assert_eq!(slope.slope(5_000, 181.0), None);
        assert_eq!(slope.slope(5_003, 182.0), Some(2.0));
    }

    #[test]
    fn a_tick_a_minute_is_enough() {
        let mut slope = Slope::default();
        slope.tick(0, 0.0);
        slope.tick(120, 120.0);
        assert_eq!(slope.slope(240, 180.0), Some(240.0 / 180.0));
    }
}
