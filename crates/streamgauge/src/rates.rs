//! Rates over the time that really passed, and their moving averages.

/// The spans of the moving averages, in seconds.
const SPANS: [f64; 3] = [60.0, 300.0, 900.0];

/// Samples nearer than this are one: a rate over less says nothing.
const LEAST_SECONDS: f64 = 1e-3;

/// What has a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Flow {
    MessagesReceived,
    MessagesSent,
    Events,
    Errors,
    /// Seconds with a message in flight, counted in nanoseconds.
    Busy,
}

/// How many there are.
const FLOWS: usize = Flow::Busy as usize + 1;

/// The rates of one flow, per second; `None` before the first sample.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct FlowRates {
    /// Between the last two samples.
    pub(crate) now: Option<f64>,
    /// Over 1, 5 and 15 minutes.
    pub(crate) averages: [Option<f64>; 3],
}

#[derive(Debug, Clone, Copy, Default)]
struct Meter {
    total: u64,
    now: f64,
    /// Weighted sums; divided by the weights so far, so that an average starts where the rate is
    /// and not at 0.
    sums: [f64; 3],
}

/// The rates of every flow.
///
/// An average is exponentially weighted: a sample that is `t` seconds old counts with
/// `exp(-t / span)`, as in Unix load averages, but over the time that passed between samples
/// rather than a fixed tick.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rates {
    at: f64,
    interval: Option<f64>,
    weights: [f64; 3],
    meters: [Meter; FLOWS],
}

impl Rates {
    /// Counts from here: the totals of now, at `now`.
    pub(crate) fn begin(&mut self, totals: [u64; FLOWS], now: f64) {
        self.at = now;
        for (meter, total) in self.meters.iter_mut().zip(totals) {
            meter.total = total;
        }
    }

    /// A sample. Where hardly any time passed nothing changes; a clock that stepped back starts anew.
    pub(crate) fn sample(&mut self, totals: [u64; FLOWS], now: f64) {
        let seconds = now - self.at;
        if seconds < 0.0 {
            return self.begin(totals, now);
        }
        if seconds < LEAST_SECONDS {
            return;
        }
        self.at = now;
        self.interval = Some(seconds);
        let decays = SPANS.map(|span| libm::exp(-seconds / span));
        for (weight, decay) in self.weights.iter_mut().zip(decays) {
            *weight = *weight * decay + (1.0 - decay);
        }
        for (meter, total) in self.meters.iter_mut().zip(totals) {
            meter.now = total.saturating_sub(meter.total) as f64 / seconds;
            meter.total = total;
            for (sum, decay) in meter.sums.iter_mut().zip(decays) {
                *sum = *sum * decay + meter.now * (1.0 - decay);
            }
        }
    }

    /// Seconds between the last two samples.
    pub(crate) fn interval(&self) -> Option<f64> {
        self.interval
    }

    pub(crate) fn of(&self, flow: Flow) -> FlowRates {
        let meter = &self.meters[flow as usize];
        let unit = if flow == Flow::Busy { 1e-9 } else { 1.0 };
        let mut averages = [None; 3];
        for ((average, sum), weight) in averages.iter_mut().zip(meter.sums).zip(self.weights) {
            *average = (weight > 0.0).then_some(sum / weight * unit);
        }
        FlowRates {
            now: self.interval.map(|_| meter.now * unit),
            averages,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(count: u64) -> [u64; FLOWS] {
        [count, 0, 0, 0, 0]
    }

    #[test]
    fn a_rate_is_growth_over_the_time_that_passed() {
        let mut rates = Rates::default();
        rates.begin(received(5), 10.0);
        assert_eq!(rates.of(Flow::MessagesReceived), FlowRates::default());
        rates.sample(received(25), 12.0);
        let of = rates.of(Flow::MessagesReceived);
        assert_eq!(of.now, Some(10.0));
        for average in of.averages {
            assert!(
                (average.unwrap() - 10.0).abs() < 1e-12,
                "starts at the rate"
            );
        }
        assert_eq!(rates.interval(), Some(2.0));
        rates.sample(received(99), 12.0);
        assert_eq!(rates.of(Flow::MessagesReceived), of, "no time passed");
        rates.sample(received(99), 11.0);
        assert_eq!(
            rates.of(Flow::MessagesReceived),
            of,
            "the clock stepped back"
        );
        rates.sample(received(100), 12.0);
        assert_eq!(rates.of(Flow::MessagesReceived).now, Some(1.0));
    }

    #[test]
    fn averages_follow_over_their_spans_whatever_the_ticks() {
        // 100 a second for an hour, then nothing for a minute: exp(-1), exp(-1/5), exp(-1/15).
        for tick in [1.0, 0.25, 5.0] {
            let mut rates = Rates::default();
            rates.begin(received(0), 0.0);
            let (mut now, mut total) = (0.0, 0);
            while now < 3600.0 {
                now += tick;
                total += (100.0 * tick) as u64;
                rates.sample(received(total), now);
            }
            while now < 3660.0 {
                now += tick;
                rates.sample(received(total), now);
            }
            let averages = rates
                .of(Flow::MessagesReceived)
                .averages
                .map(Option::unwrap);
            for (average, wanted) in averages.into_iter().zip([36.788, 81.873, 93.551]) {
                assert!((average - wanted).abs() < 0.2, "{average} is not {wanted}");
            }
        }
    }

    #[test]
    fn busy_is_a_share() {
        let mut rates = Rates::default();
        rates.begin([0; FLOWS], 0.0);
        rates.sample([0, 0, 0, 0, 500_000_000], 2.0);
        assert_eq!(rates.of(Flow::Busy).now, Some(0.25));
    }
}
