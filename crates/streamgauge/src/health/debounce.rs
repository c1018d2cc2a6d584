//! A status as an event: told once it has held for a while.

use super::Status;

/// Tells when a status has changed for good, so that one that flaps alarms nobody.
#[derive(Debug, Clone, Default)]
pub(crate) struct Debounce {
    /// When `pending` was first seen without interruption.
    since: f64,
    told: Status,
    pending: Option<Status>,
}

impl Debounce {
    /// Takes the status at `now`; gives the one told before and the new one, once the new one has
    /// held for `hold_seconds` without interruption. Nothing else is told in between: the first
    /// change is from `Ok`. 0 seconds (or fewer, or NaN) tell at once.
    ///
    /// Where the clock goes back below the start of the wait, the wait starts again.
    pub(crate) fn update(
        &mut self,
        status: Status,
        now: f64,
        hold_seconds: f64,
    ) -> Option<(Status, Status)> {
        if status == self.told {
            self.pending = None;
            return None;
        }
        if self.pending != Some(status) || now < self.since {
            self.pending = Some(status);
            self.since = now;
        }
        if now - self.since < hold_seconds {
            return None;
        }
        let before = self.told;
        self.told = status;
        Some((before, status))
    }
}

#[cfg(test)]
mod tests {
    use super::Status::{Ok, Stall, Stop, Warn};
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn takes_at_most_24_bytes() {
        assert!(size_of::<Debounce>() <= 24, "{}", size_of::<Debounce>());
    }

    #[test]
    fn tells_once_when_the_hold_has_passed() {
        let mut debounce = Debounce::default();
        assert_eq!(debounce.update(Stop, 100.0, 30.0), None);
        assert_eq!(debounce.update(Stop, 129.5, 30.0), None);
        assert_eq!(debounce.update(Stop, 130.0, 30.0), Some((Ok, Stop)));
        assert_eq!(debounce.update(Stop, 190.0, 30.0), None);
        assert_eq!(debounce.update(Ok, 191.0, 30.0), None);
        assert_eq!(debounce.update(Ok, 221.0, 30.0), Some((Stop, Ok)));
    }

    #[test]
    fn ok_at_the_start_is_no_change() {
        let mut debounce = Debounce::default();
        assert_eq!(debounce.update(Ok, 0.0, 0.0), None);
    }

    #[test]
    fn a_flap_back_starts_the_wait_again() {
        let mut debounce = Debounce::default();
        debounce.update(Stop, 0.0, 30.0);
        debounce.update(Ok, 20.0, 30.0);
        assert_eq!(debounce.update(Stop, 21.0, 30.0), None);
        assert_eq!(debounce.update(Stop, 50.0, 30.0), None);
        assert_eq!(debounce.update(Stop, 51.0, 30.0), Some((Ok, Stop)));
    }

    #[test]
    fn a_third_status_starts_the_wait_again() {
        let mut debounce = Debounce::default();
        debounce.update(Warn, 0.0, 30.0);
        assert_eq!(debounce.update(Stall, 29.0, 30.0), None);
        assert_eq!(debounce.update(Stall, 31.0, 30.0), None);
        assert_eq!(debounce.update(Stall, 59.0, 30.0), Some((Ok, Stall)));
    }

    #[test]
    fn no_hold_tells_at_once() {
        for hold in [0.0, -1.0, f64::NAN] {
            let mut debounce = Debounce::default();
            assert_eq!(debounce.update(Warn, 7.0, hold), Some((Ok, Warn)));
            assert_eq!(debounce.update(Stop, 7.0, hold), Some((Warn, Stop)));
        }
    }

    #[test]
    fn a_clock_that_goes_back_starts_the_wait_again() {
        let mut debounce = Debounce::default();
        debounce.update(Stop, 1e9, 30.0);
        assert_eq!(debounce.update(Stop, 5.0, 30.0), None);
        assert_eq!(debounce.update(Stop, 34.0, 30.0), None, "not early");
        let told = debounce.update(Stop, 35.0, 30.0);
        assert_eq!(told, Some((Ok, Stop)), "nor never");
    }

    proptest! {
        #[test]
        fn a_change_is_told_when_every_status_of_the_hold_agreed(
            seen in prop::collection::vec((0_usize..3, 0_u32..20), 1..200),
            hold in 0_u32..40,
        ) {
            let mut debounce = Debounce::default();
            let mut past: Vec<(Status, u32)> = Vec::new();
            let (mut told, mut told_before) = (Ok, 0);
            let mut now = 0;
            for (status, later) in seen {
                let status = Status::ALL[status];
                now += later;
                past.push((status, now));
                // The run of this status that reaches up to now, since the last change was told.
                let run = past[told_before..].iter().rev().take_while(|(other, _)| *other == status);
                let held = now - run.last().unwrap().1;
                let expected = (status != told && held >= hold).then_some((told, status));
                if expected.is_some() {
                    told = status;
                    told_before = past.len();
                }
                prop_assert_eq!(debounce.update(status, now.into(), hold.into()), expected);
            }
        }
    }
}
