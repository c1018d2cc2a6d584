use super::*;
use alloc::vec::Vec;
use proptest::prelude::*;

#[test]
fn a_message_that_stays_is_found_exactly() {
    let mut in_flight = InFlight::new();
    in_flight.came_in(100.000_25);
    for second in 101..50_000 {
        let now = f64::from(second);
        in_flight.came_in(now);
        in_flight.went_out(now);
    }
    let oldest = in_flight.oldest().unwrap();
    assert!((oldest - 100.000_25).abs() < 1e-9, "{oldest}");
    assert_eq!(in_flight.older_than(100.0), 0);
    assert_eq!(in_flight.older_than(101.0), 1);
    in_flight.went_out(100.000_25);
    assert_eq!(in_flight.oldest(), None);
    assert_eq!(in_flight.count(), 0);
}

#[test]
fn what_is_older_than_any_bucket_still_counts() {
    let mut in_flight = InFlight::new();
    in_flight.came_in(5.0);
    in_flight.came_in(10_000_000.0);
    assert_eq!(in_flight.oldest(), Some(5.0));
    assert_eq!(in_flight.older_than(9_000_000.0), 1);
    in_flight.went_out(5.0);
    assert_eq!(in_flight.oldest(), Some(10_000_000.0));
}

#[test]
fn of_many_older_than_any_bucket_the_oldest_is_told() {
    let mut in_flight = InFlight::new();
    for time in [5.0, 300_000.0, 10_000_000.0] {
        in_flight.came_in(time);
    }
    let oldest = in_flight.oldest().unwrap();
    assert!((0.0..=5.0).contains(&oldest), "{oldest}");
    in_flight.went_out(5.0);
    in_flight.went_out(300_000.0);
    in_flight.came_in(40_000_000.0);
    in_flight.came_in(80_000_000.0);
    let oldest = in_flight.oldest().unwrap();
    assert!((9_990_000.0..=10_000_000.0).contains(&oldest), "{oldest}");
}

#[test]
fn nonsense_changes_nothing() {
    let mut in_flight = InFlight::new();
    in_flight.went_out(3.0);
    in_flight.came_in(10.0);
    for time in [f64::NAN, f64::INFINITY, -1e300, 1e300, 11.0] {
        in_flight.went_out(time);
    }
    assert_eq!(in_flight.oldest(), Some(10.0));
    in_flight.came_in(-1e300);
    in_flight.came_in(1e300);
    assert_eq!(in_flight.count(), 3);
    in_flight.clear();
    assert_eq!(in_flight.oldest(), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Messages that come in, and go out in any order, over times from milliseconds to days.
    #[test]
    fn agrees_with_a_list_of_times(
        steps in prop::collection::vec((0.0_f64..1.0, 0_u32..8, any::<prop::sample::Index>()), 1..400),
    ) {
        let mut in_flight = InFlight::new();
        let mut times: Vec<f64> = Vec::new();
        let mut now = 1000.0;
        for (step, power, index) in steps {
            now += step * 10_f64.powi(power as i32 - 3);
            if power % 2 == 0 || times.is_empty() {
                in_flight.came_in(now);
                times.push(now);
            } else {
                in_flight.went_out(times.remove(index.index(times.len())));
            }
            prop_assert_eq!(in_flight.count(), times.len() as u64);
            let counted: u64 = in_flight.each().map(|(_, _, count, _)| count).sum();
            prop_assert_eq!(counted, times.len() as u64);
            if let Some(oldest) = times.first() {
                let found = in_flight.oldest().unwrap();
                // The wheel has moved on with the last arrival, not with `now`.
                let last = *times.last().unwrap();
                let slack = 0.27 + (last.max(now) - oldest) * 8.0 / 63.0;
                prop_assert!(found <= oldest + 2e-6 && found >= oldest - slack, "{} for {} at {}: {:?}", found, oldest, now, in_flight.each().collect::<Vec<_>>());
                prop_assert!(in_flight.older_than(oldest - slack) <= times.len() as u64);
                prop_assert_eq!(in_flight.older_than(now + 1.0), times.len() as u64);
                prop_assert_eq!(in_flight.older_than(oldest - slack - 1e-3), 0);
            }
        }
    }
}
