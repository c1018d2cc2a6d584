use super::WrittenAt::{Before, Interpolated, Unknown};
use super::*;
use crate::health::Status;
use alloc::vec::Vec;

fn kept(history: &History) -> Vec<(u64, f64, Option<u64>)> {
    let (older, newer) = history.commits();
    older
        .iter()
        .chain(newer)
        .map(|commit| (commit.offset, commit.time, commit.lag()))
        .collect()
}

#[test]
fn takes_at_most_512_bytes_with_ten_commits() {
    let history = History::new(10);
    let bytes = size_of::<History>() + size_of_val(&*history.commits);
    assert_eq!(history.commits.len(), 10);
    assert!(bytes <= 512, "{bytes}");
}

#[test]
fn keeps_the_last_commits_in_order() {
    let mut history = History::new(3);
    assert_eq!(kept(&history), []);
    history.committed(1, 10.0, Some(5));
    history.committed(2, 20.0, None);
    assert_eq!(kept(&history), [(1, 10.0, Some(5)), (2, 20.0, None)]);
    history.committed(3, 30.0, Some(u64::MAX));
    history.committed(4, 40.0, Some(0));
    assert_eq!(
        kept(&history),
        [
            (2, 20.0, None),
            (3, 30.0, Some(u64::MAX - 1)),
            (4, 40.0, Some(0))
        ]
    );
    for offset in 5..100 {
        history.committed(offset, 50.0, None);
        let offsets: Vec<_> = kept(&history).iter().map(|commit| commit.0).collect();
        assert_eq!(offsets, [offset - 2, offset - 1, offset]);
        assert_eq!(
            history.last_commit().map(|commit| commit.offset),
            Some(offset)
        );
    }
}

#[test]
fn a_ring_has_2_to_1000_commits() {
    for (asked, got) in [(0, 2), (2, 2), (1_000, 1_000), (usize::MAX, 1_000)] {
        let mut history = History::new(asked);
        assert_eq!(history.commits.len(), got);
        (0..2_500).for_each(|offset| history.committed(offset, 0.0, None));
        assert_eq!(kept(&history).len(), got);
        assert_eq!(kept(&history)[0].0, 2_500 - got as u64);
    }
}

#[test]
fn clear_forgets_everything() {
    let mut history = History::new(2);
    for offset in 0..3 {
        history.committed(offset, 100.0, Some(1));
    }
    history.end_seen(10, 100.0);
    history.end_seen(20, 110.0);
    history.tick(Some(1), 110.0);
    assert_eq!(history.slope(Some(3), 111.0), Some(2.0));
    assert_eq!(history.caught_up_at(10), Some(100.0));
    history.clear();
    assert_eq!(kept(&history), []);
    assert_eq!(history.written_at(15), Unknown);
    assert_eq!(history.caught_up_at(10), None);
    assert_eq!(history.slope(Some(3), 200.0), None);
    assert!(history.behind_since.is_nan());
    history.committed(1, 5.0, None);
    assert_eq!(kept(&history), [(1, 5.0, None)], "an earlier clock is fine");
}

#[test]
fn a_lag_that_is_unknown_has_no_slope_and_makes_no_anchor() {
    let mut history = History::new(2);
    history.tick(None, 0.0);
    assert_eq!(history.slope(Some(5), 10.0), None);
    history.tick(Some(5), 10.0);
    assert_eq!(history.slope(None, 20.0), None);
    assert_eq!(history.slope(Some(25), 20.0), Some(2.0));
}

#[test]
fn a_clock_that_goes_back_takes_the_past_along() {
    let mut history = History::new(10);
    history.end_seen(100, 1_000.0);
    history.committed(100, 1_000.0, Some(0));
    history.end_seen(200, 1_010.0);
    history.tick(Some(100), 1_010.0);
    history.committed(150, 1_020.0, Some(50));
    // An hour back and a bit: 1,020 became 20, and 5 seconds on it is 25.
    history.end_seen(200, 20.0);
    assert_eq!(history.written_at(149), Interpolated(5.0));
    assert_eq!(history.written_at(99), Before(0.0));
    assert_eq!(kept(&history), [(100, 0.0, Some(0)), (150, 20.0, Some(50))]);
    assert_eq!(history.slope(Some(130), 25.0), Some(2.0));
    assert_eq!(history.behind_since, 10.0);
}

#[test]
fn times_that_make_no_sense_do_not_panic() {
    let odd = [
        f64::MAX,
        f64::MIN,
        0.0,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1.0,
    ];
    let mut history = History::new(3);
    for first in odd {
        for second in odd {
            for (offset, now) in [(0, first), (u64::MAX, second), (7, first)] {
                history.committed(offset, now, Some(offset));
                history.tick(Some(offset), now);
                for end in [offset, offset.saturating_add(1), u64::MAX] {
                    history.end_seen(end, now);
                    history.written_at(end);
                    history.caught_up_at(end);
                    history.slope(Some(end), second);
                    history.judge(Some(end), 0, second);
                }
            }
        }
    }
    history.clear();
    assert_eq!(history.judge(Some(1), 0, 0.0).status, Status::Ok);
}
