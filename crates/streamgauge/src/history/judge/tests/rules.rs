use crate::health::Status::{self, Ok, Rewind, Stall, Stop, Warn};
use crate::history::History;
use alloc::string::{String, ToString};

/// Commits five seconds apart, from time 0: (offset, lag then).
fn history(commits: &[(u64, Option<u64>)]) -> History {
    let mut history = History::new(10);
    for (number, (offset, lag)) in commits.iter().enumerate() {
        history.committed(*offset, number as f64 * 5.0, *lag);
    }
    history
}

/// The same with every lag known.
fn lagging(commits: &[(u64, u64)]) -> History {
    let mut history = History::new(10);
    for (number, (offset, lag)) in commits.iter().enumerate() {
        history.committed(*offset, number as f64 * 5.0, Some(*lag));
    }
    history
}

fn judged(history: &History, lag: u64, allowed: u64, now: f64) -> (Status, String) {
    let judgement = history.judge(Some(lag), allowed, now);
    (judgement.status, judgement.reason.to_string())
}

fn says(status: Status, sentence: &str) -> (Status, String) {
    (status, sentence.to_string())
}

/// A consumer whose lag rises: Warn as long as no other rule applies.
fn falling_behind() -> History {
    lagging(&[(100, 50), (110, 60), (120, 70)])
}

#[test]
fn rule_1_fewer_than_two_commits_cannot_be_judged() {
    assert_eq!(
        judged(&lagging(&[]), 9, 0, 1e6),
        says(Ok, "no commit has been seen; two are needed to judge")
    );
    assert_eq!(
        judged(&lagging(&[(1, 9)]), 9, 0, 1e6),
        says(Ok, "only one commit has been seen; two are needed to judge")
    );
    assert_eq!(judged(&lagging(&[(1, 9), (1, 9)]), 9, 0, 1e6).0, Stop);
}

#[test]
fn rule_1_an_unknown_lag_cannot_be_judged() {
    let judgement = falling_behind().judge(None, 0, 1e6);
    assert_eq!(judgement.status, Ok);
    assert_eq!(
        judgement.reason.to_string(),
        "the end offset is unknown, and so is the lag"
    );
}

#[test]
fn rule_1_a_lag_up_to_the_allowed_one_is_ok_whatever_else() {
    let history = falling_behind();
    assert_eq!(judged(&history, 0, 0, 1e6), says(Ok, "there is no lag"));
    assert_eq!(
        judged(&history, 40, 40, 1e6),
        says(Ok, "lag is 40 records, within the 40 allowed")
    );
    assert_eq!(judged(&history, 41, 40, 1e6).0, Stop);
}

#[test]
fn rule_2_no_commit_for_longer_than_the_ring_spans_is_a_stop() {
    let history = falling_behind();
    assert_eq!(judged(&history, 80, 0, 20.0).0, Warn, "just as long");
    assert_eq!(
        judged(&history, 1_200, 0, 30.5),
        says(
            Stop,
            "no commit for 20 s while the last 3 span 10 s; lag is 1,200 records"
        )
    );
}

#[test]
fn rule_2_looks_at_the_span_of_the_kept_commits_alone() {
    let mut history = History::new(2);
    for (offset, time) in [(1, 0.0), (2, 1_000.0), (3, 1_010.0)] {
        history.committed(offset, time, Some(9));
    }
    assert_eq!(judged(&history, 9, 0, 1_020.0).0, Warn);
    assert_eq!(judged(&history, 9, 0, 1_020.5).0, Stop);
}

#[test]
fn rule_2_comes_before_a_rewind() {
    let history = lagging(&[(100, 50), (90, 60), (80, 70)]);
    assert_eq!(judged(&history, 80, 0, 20.0).0, Rewind);
    assert_eq!(judged(&history, 80, 0, 21.0).0, Stop);
}

#[test]
fn rule_2_comes_before_a_lag_that_was_allowed() {
    let history = lagging(&[(100, 0), (110, 0), (120, 0)]);
    assert_eq!(judged(&history, 80, 0, 20.0).0, Ok);
    assert_eq!(judged(&history, 80, 0, 21.0).0, Stop);
}

#[test]
fn rule_2_excuses_a_consumer_that_had_reached_the_end_of_late() {
    // Idle for an hour, then records come; the last commit had reached the end until then.
    let mut history = falling_behind();
    history.end_seen(120, 10.0);
    history.end_seen(120, 3_600.0);
    history.end_seen(121, 3_601.0);
    assert_eq!(judged(&history, 1, 0, 3_601.0).0, Warn);
    assert_eq!(
        judged(&history, 1, 0, 3_701.0).0,
        Warn,
        "100 s to take them"
    );
    history.end_seen(500, 3_701.0);
    assert_eq!(
        judged(&history, 380, 0, 3_701.5),
        says(
            Stop,
            "no commit for 62 min while the last 3 span 10 s; lag is 380 records"
        )
    );
}

#[test]
fn rule_2_excuses_only_who_had_reached_an_end() {
    let mut history = falling_behind();
    history.end_seen(121, 10.0);
    assert_eq!(judged(&history, 1, 0, 20.5).0, Stop);
    let mut history = falling_behind();
    history.end_seen(120, 10.0);
    assert_eq!(judged(&history, 1, 0, 20.5).0, Warn, "exactly reached");
}

#[test]
fn rule_2_finds_the_consumer_that_kept_up_and_died() {
    let mut history = History::new(10);
    for second in 0..1_000_u32 {
        history.end_seen(u64::from(second) * 100, second.into());
        if second % 5 == 0 && second <= 500 {
            history.committed(u64::from(second) * 100, second.into(), Some(0));
        }
        let lag = u64::from(second.saturating_sub(500)) * 100;
        let status = judged(&history, lag, 0, second.into()).0;
        // Behind since 501; 100 s of grace.
        let expected = if second <= 601 { Ok } else { Stop };
        assert_eq!(status, expected, "at {second}");
    }
}

#[test]
fn rule_2_gives_a_slow_committer_as_long_as_its_commits_span() {
    let mut history = History::new(10);
    for number in 0..10_u32 {
        let now = f64::from(number) * 60.0;
        history.end_seen(u64::from(number), now);
        history.committed(number.into(), now, Some(0));
    }
    history.end_seen(10, 600.0);
    assert_eq!(judged(&history, 1, 0, 1_140.0).0, Ok, "540 s");
    assert_eq!(judged(&history, 1, 0, 1_140.5).0, Stop);
}

#[test]
fn rule_3_an_offset_that_went_back_is_a_rewind() {
    let history = lagging(&[(1_500, 300), (900, 900), (1_499, 301)]);
    assert_eq!(
        judged(&history, 1_200, 0, 10.0),
        says(
            Rewind,
            "the committed offset went back from 1,500 and is now 1,499; lag is 1,200 records"
        )
    );
}

#[test]
fn rule_3_an_offset_that_was_regained_is_none() {
    let history = lagging(&[(1_500, 300), (900, 900), (1_500, 300)]);
    assert_eq!(judged(&history, 1_200, 0, 10.0).0, Ok, "the lag fell");
}

#[test]
fn rule_3_one_of_two_is_enough() {
    // 20 was regained, 100 was not.
    let history = lagging(&[(100, 9), (20, 9), (10, 9), (30, 9)]);
    assert_eq!(judged(&history, 9, 0, 15.0).0, Rewind);
}

#[test]
fn rule_3_comes_before_a_lag_that_was_allowed() {
    let history = lagging(&[(100, 0), (90, 0)]);
    assert_eq!(judged(&history, 10, 0, 5.0).0, Rewind);
}

#[test]
fn rule_4_a_lag_that_was_allowed_once_is_ok() {
    let history = lagging(&[(100, 5), (100, 6), (100, 7)]);
    assert_eq!(judged(&history, 12, 4, 10.0).0, Stall);
    assert_eq!(
        judged(&history, 12, 5, 10.0),
        says(
            Ok,
            "lag is 12 records, but it was within the 5 allowed at one of the last 3 commits"
        )
    );
}

#[test]
fn rule_4_an_unknown_lag_was_not_allowed() {
    let history = history(&[(100, None), (100, None)]);
    assert_eq!(judged(&history, u64::MAX, u64::MAX - 1, 5.0).0, Stall);
}

#[test]
fn rule_5_equal_offsets_are_a_stall() {
    let history = lagging(&[(900, 50), (900, 40), (900, 30)]);
    assert_eq!(
        judged(&history, 1_200, 0, 10.0),
        says(
            Stall,
            "the last 3 commits, over 10 s, were all of offset 900; lag is 1,200 records"
        )
    );
    let history = lagging(&[(900, 50), (900, 60), (901, 70)]);
    assert_eq!(judged(&history, 1_200, 0, 10.0).0, Warn);
}

#[test]
fn rule_6_a_lag_that_never_fell_is_a_warning() {
    let history = lagging(&[(100, 50), (110, 50), (120, 50)]);
    assert_eq!(
        judged(&history, 50, 0, 10.0),
        says(
            Warn,
            "lag never fell over the last 3 commits, in 10 s; it is 50 records"
        )
    );
}

#[test]
fn rule_6_a_lag_that_fell_once_is_ok() {
    let history = lagging(&[(100, 50), (110, 49), (120, 90)]);
    assert_eq!(
        judged(&history, 1, 0, 10.0),
        says(Ok, "lag is 1 record, but it fell during the last 3 commits")
    );
}

#[test]
fn rule_6_leaves_unknown_lags_out() {
    let fell = history(&[(100, Some(50)), (110, None), (120, Some(49))]);
    assert_eq!(judged(&fell, 9, 0, 10.0).0, Ok);
    let rose = history(&[(100, Some(50)), (110, None), (120, Some(50))]);
    assert_eq!(judged(&rose, 9, 0, 10.0).0, Warn);
    for one in [None, Some(50)] {
        let history = history(&[(100, one), (110, None)]);
        assert_eq!(
            judged(&history, 9, 0, 5.0).0,
            Ok,
            "{one:?} alone cannot fall"
        );
    }
}

#[test]
fn the_lag_of_now_counts_not_that_of_the_last_commit() {
    let history = lagging(&[(100, 50), (110, 60)]);
    assert_eq!(judged(&history, 0, 0, 5.0).0, Ok);
    let history = lagging(&[(100, 0), (110, 0)]);
    assert_eq!(judged(&history, 9, 0, 10.5).0, Stop);
}

#[test]
fn a_clock_that_goes_back_makes_no_stop() {
    let mut history = falling_behind();
    assert_eq!(judged(&history, 9, 0, -1e6).0, Warn);
    history.committed(130, -3_600.0, Some(80));
    assert_eq!(judged(&history, 9, 0, -3_590.0).0, Warn);
    assert_eq!(judged(&history, 9, 0, -3_589.5).0, Stop);
}
