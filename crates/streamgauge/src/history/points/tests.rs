use super::WrittenAt::{Before, Interpolated, Unknown};
use super::*;
use alloc::vec::Vec;
use proptest::prelude::*;

fn points(seen: &[(u64, f64)]) -> Points {
    let mut points = Points::default();
    for (end, time) in seen {
        points.see(*end, *time);
    }
    points
}

fn kept(points: &Points) -> Vec<(u64, f64)> {
    points.kept().iter().map(|p| (p.end, p.time)).collect()
}

#[test]
fn without_points_nothing_is_known() {
    let points = Points::default();
    assert_eq!(points.written_at(0), Unknown);
    assert_eq!(points.caught_up_at(u64::MAX), None);
    assert_eq!(points.passed_at(0), None);
}

#[test]
fn a_record_between_two_points_was_written_between_them() {
    let points = points(&[(100, 10.0), (200, 20.0), (300, 60.0)]);
    // The hundred records from 100 to 199 came evenly; the last of them as 200 was seen.
    assert_eq!(points.written_at(149), Interpolated(15.0));
    assert_eq!(points.written_at(199), Interpolated(20.0));
    assert_eq!(points.written_at(200), Interpolated(20.4));
    assert_eq!(points.written_at(299), Interpolated(60.0));
}

#[test]
fn nothing_is_extrapolated() {
    let points = points(&[(100, 10.0), (200, 20.0)]);
    assert_eq!(points.written_at(99), Before(10.0));
    assert_eq!(points.written_at(0), Before(10.0));
    assert_eq!(points.written_at(200), Unknown, "none such was seen");
}

#[test]
fn an_idle_time_ages_no_record() {
    let points = points(&[
        (100, 0.0),
        (200, 10.0),
        (200, 1_800.0),
        (200, 3_600.0),
        (300, 3_610.0),
    ]);
    assert_eq!(points.written_at(149), Interpolated(5.0));
    assert_eq!(points.written_at(249), Interpolated(3_605.0));
    assert_eq!(kept(&points).len(), 4, "two for the end that stayed");
}

#[test]
fn a_single_record_after_a_long_time_unseen_is_new() {
    let points = points(&[(100, 0.0), (101, 3_600.0)]);
    assert_eq!(points.written_at(100), Interpolated(3_600.0));
}

#[test]
fn caught_up_is_the_latest_time_at_which_the_end_was_not_beyond() {
    let points = points(&[(100, 0.0), (200, 10.0), (200, 40.0), (300, 50.0)]);
    assert_eq!(points.caught_up_at(99), None);
    assert_eq!(points.caught_up_at(100), Some(0.0));
    assert_eq!(points.caught_up_at(199), Some(0.0));
    assert_eq!(points.caught_up_at(200), Some(40.0));
    assert_eq!(points.caught_up_at(1_000), Some(50.0));
}

#[test]
fn passed_is_the_first_time_at_which_the_end_was_beyond() {
    let points = points(&[(100, 0.0), (200, 10.0), (200, 40.0)]);
    assert_eq!(points.passed_at(99), Some(0.0));
    assert_eq!(points.passed_at(100), Some(10.0));
    assert_eq!(points.passed_at(200), None);
}

#[test]
fn an_end_that_falls_starts_afresh() {
    let points = points(&[(100, 0.0), (200, 10.0), (199, 20.0)]);
    assert_eq!(kept(&points), [(199, 20.0)]);
}

#[test]
fn the_same_sight_twice_is_one_point() {
    let points = points(&[(100, 5.0), (100, 5.0)]);
    assert_eq!(kept(&points), [(100, 5.0)]);
}

#[test]
fn the_first_ten_are_all_kept() {
    let seen: Vec<_> = (0..10_u32)
        .map(|n| (u64::from(n), f64::from(n) / 1e3))
        .collect();
    assert_eq!(kept(&points(&seen)), seen);
}

#[test]
fn thinned_points_reach_far_and_stand_further_apart_with_age() {
    let mut points = Points::default();
    for second in 0..200_000_u32 {
        let now = f64::from(second);
        points.see(u64::from(second), now);
        let kept = kept(&points);
        assert_eq!(kept.last(), Some(&(u64::from(second), now)));
        if second < 86_400 {
            assert_eq!(kept[0], (0, 0.0), "the oldest stays for a day");
        }
        assert!(now < 86_400.0 || now - kept[0].1 >= 86_400.0);
        for pair in kept.windows(2) {
            let ratio = (now - pair[0].1 + 1.0) / (now - pair[1].1 + 1.0);
            assert!(ratio < 16.0, "{ratio} at {now}: {kept:?}");
        }
    }
    let mut points = Points::default();
    (0..10_000_u32).for_each(|second| points.see(second.into(), second.into()));
    assert!(9_999.0 - kept(&points)[0].1 >= 1_000.0);
}

#[test]
fn no_more_than_one_point_is_older_than_a_day() {
    let mut points = Points::default();
    for minute in 0..43_200_u32 {
        let now = f64::from(minute) * 60.0;
        points.see(minute.into(), now);
        if minute > 0 {
            let kept = kept(&points);
            assert!(now - kept[1].1 <= 86_400.0, "{kept:?}");
            assert!(now < 86_400.0 || now - kept[0].1 >= 86_400.0);
        }
    }
}

#[test]
fn a_thousand_ends_a_second_reach_as_far() {
    let mut points = Points::default();
    for millisecond in 0..3_000_000_u32 {
        points.see(millisecond.into(), f64::from(millisecond) / 1e3);
    }
    let kept = kept(&points);
    assert_eq!(kept[0], (0, 0.0));
    assert_eq!(kept[9], (2_999_999, 2_999.999));
    assert!(kept[8].1 > 2_980.0, "near ones stay near: {kept:?}");
}

#[test]
fn an_end_that_stayed_is_not_stretched_once_the_points_are_full() {
    let mut seen: Vec<_> = (0..10_u32)
        .map(|n| (u64::from(n) * 100, f64::from(n) * 10.0))
        .collect();
    // Half a second after the newest, then unchanged and looked at rarely.
    seen.extend([
        (1_000, 90.5),
        (1_000, 120.0),
        (1_000, 150.0),
        (1_100, 180.0),
    ]);
    let points = points(&seen);
    let WrittenAt::Interpolated(time) = points.written_at(999) else {
        panic!("it is bracketed");
    };
    assert_eq!(time, 90.5);
}

#[test]
fn points_move_with_the_clock() {
    let mut points = points(&[(100, 50.0), (200, 60.0)]);
    points.shift(-50.0);
    assert_eq!(kept(&points), [(100, 0.0), (200, 10.0)]);
}

proptest! {
    #[test]
    fn tells_what_every_end_ever_seen_allows(
        steps in prop::collection::vec(
            (prop_oneof![4 => Just(0_u64), 8 => 1_u64..50, 1 => 1_000_000_u64..1_000_001],
             prop_oneof![1 => Just(0.0), 4 => 0.0..0.5, 4 => 1.0..10.0, 1 => 100.0..5_000.0],
             prop::bool::weighted(0.01)),
            1..400),
        probes in prop::collection::vec(0.0_f64..1.1, 20),
    ) {
        let mut points = Points::default();
        let mut all: Vec<(u64, f64)> = Vec::new();
        let (mut end, mut now) = (1_000, 100.0);
        for (rise, later, falls) in steps {
            now += later;
            end = if falls { end / 2 } else { end + rise };
            if all.last().is_some_and(|(last, _)| end < *last) {
                all.clear();
            }
            all.push((end, now));
            points.see(end, now);

            let kept = kept(&points);
            prop_assert!(kept.iter().all(|point| all.contains(point)), "only what was seen");
            prop_assert!(kept.is_sorted());
            prop_assert_eq!(kept.last(), all.last());
            if now - all[0].1 < 80_000.0 {
                prop_assert_eq!(kept[0], all[0]);
            }
        }
        let kept = kept(&points);
        let lowest = kept[0].0.saturating_sub(5);
        for probe in probes {
            let offset = lowest + ((end - lowest) as f64 * probe) as u64;
            let before = all.iter().rfind(|(end, _)| *end <= offset);
            let after = all.iter().find(|(end, _)| *end > offset);
            let kept_before = kept.iter().rfind(|(end, _)| *end <= offset);
            let kept_after = kept.iter().find(|(end, _)| *end > offset);
            match (points.written_at(offset), kept_before, kept_after) {
                (Unknown, _, None) => prop_assert_eq!(after, None),
                (Before(time), None, Some(oldest)) => {
                    prop_assert_eq!(time, oldest.1);
                    prop_assert!(after.unwrap().1 <= time, "it was written by then");
                }
                (Interpolated(time), Some(from), Some(to)) => {
                    prop_assert!(from.1 <= time && time <= to.1);
                    prop_assert!(from.1 <= before.unwrap().1 && after.unwrap().1 <= to.1);
                    if all.len() <= POINTS {
                        let records = (to.0 - from.0) as f64;
                        let share = (offset + 1 - from.0) as f64 / records;
                        let exact = from.1 * (1.0 - share) + to.1 * share;
                        prop_assert_eq!((before, after), (Some(from), Some(to)));
                        prop_assert!((time - exact).abs() < 1e-9, "{} {}", time, exact);
                    }
                }
                other => prop_assert!(false, "{other:?}"),
            }
            match (points.caught_up_at(offset), before) {
                (Some(time), Some(latest)) => {
                    prop_assert!(time <= latest.1);
                    prop_assert_eq!(time, kept_before.unwrap().1);
                }
                (None, _) => prop_assert!(kept_before.is_none()),
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }
}
