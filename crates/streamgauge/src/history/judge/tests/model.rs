//! `judge` beside the rules written down over plain lists, on random histories.

use crate::health::Status;
use crate::history::History;
use alloc::vec::Vec;
use proptest::prelude::*;

#[derive(Debug, Clone, Copy)]
enum Step {
    Commit(u64, Option<u64>),
    End(u64),
}

#[derive(Debug, Clone)]
struct Case {
    ring: usize,
    /// Each with the seconds since the one before.
    steps: Vec<(u32, Step)>,
    lag: Option<u64>,
    allowed: u64,
    silence: u32,
}

/// The status and the number of the rule that gave it.
fn model(case: &Case) -> (Status, usize) {
    let mut now = 0.0;
    let mut commits: Vec<(u64, f64, Option<u64>)> = Vec::new();
    let mut ends: Vec<(u64, f64)> = Vec::new();
    for (later, step) in &case.steps {
        now += f64::from(*later);
        match *step {
            Step::Commit(offset, lag) => commits.push((offset, now, lag)),
            Step::End(end) => {
                if ends.last().is_some_and(|last| last.0 > end) {
                    ends.clear();
                }
                ends.push((end, now));
            }
        }
    }
    now += f64::from(case.silence);
    let commits = &commits[commits.len().saturating_sub(case.ring)..];
    let allowed = case.allowed;

    if commits.len() < 2 || case.lag.is_none_or(|lag| lag <= allowed) {
        return (Status::Ok, 1);
    }

    let (first, last) = (commits[0], commits[commits.len() - 1]);
    let span = last.1 - first.1;
    let reached = ends.iter().any(|end| last.0 >= end.0);
    let first_beyond = ends.iter().find(|end| end.0 > last.0);
    let patience = if span > 100.0 { span } else { 100.0 };
    let of_late = first_beyond.is_none_or(|beyond| now - beyond.1 <= patience);
    if now - last.1 > span && !(reached && of_late) {
        return (Status::Stop, 2);
    }

    for i in 1..commits.len() {
        let before = commits[i - 1].0;
        let regained = commits[i + 1..].iter().any(|later| later.0 >= before);
        if commits[i].0 < before && !regained {
            return (Status::Rewind, 3);
        }
    }

    for commit in commits {
        if let Some(lag) = commit.2
            && lag <= allowed
        {
            return (Status::Ok, 4);
        }
    }

    if (1..commits.len()).all(|i| commits[i].0 == commits[i - 1].0) {
        return (Status::Stall, 5);
    }

    // One lag, or none, says nothing about falling.
    let known = commits.iter().filter(|commit| commit.2.is_some()).count();
    if known < 2 {
        return (Status::Ok, 6);
    }
    let mut before = None;
    for commit in commits {
        if let (Some(before), Some(lag)) = (before, commit.2)
            && lag < before
        {
            return (Status::Ok, 6);
        }
        before = commit.2.or(before);
    }
    (Status::Warn, 6)
}

fn judged(case: &Case) -> Status {
    let mut history = History::new(case.ring);
    let mut now = 0.0;
    for (later, step) in &case.steps {
        now += f64::from(*later);
        match *step {
            Step::Commit(offset, lag) => history.committed(offset, now, lag),
            Step::End(end) => history.end_seen(end, now),
        }
    }
    now += f64::from(case.silence);
    let judgement = history.judge(case.lag, case.allowed, now);
    assert_eq!(judgement.status, judgement.reason.status());
    judgement.status
}

/// Marsaglia's xorshift: the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len() as u64) as usize]
    }

    /// Offsets, lags and times from so few values that equal ones meet often. At most ten ends, so
    /// that none is thinned out.
    fn case(&mut self) -> Case {
        let mut offset = 100;
        let mut end = 100;
        let mut ends = 0;
        let backs = self.one_of(&[0, 0, 4]);
        let advances = self.one_of(&[0, 3, 10]);
        let lags = self.one_of(&[3, 9, 9]);
        let steps = (0..self.below(24)).map(|_| {
            let later = self.one_of(&[0, 1, 5, 5, 5, 60]);
            let step = if ends < 10 && self.below(3) == 0 {
                ends += 1;
                end = match self.below(20) {
                    0 => end - self.below(end.min(30) + 1),
                    _ => end + self.below(9),
                };
                Step::End(end)
            } else {
                offset = (offset + self.below(advances + 1)).saturating_sub(self.below(backs + 1));
                let lag = (self.below(6) > 0).then(|| 9 - lags + self.below(lags));
                Step::Commit(offset, lag)
            };
            (later as u32, step)
        });
        Case {
            steps: steps.collect(),
            ring: self.one_of(&[2, 3, 10, 10]),
            lag: (self.below(12) > 0).then(|| self.below(9)),
            allowed: self.one_of(&[0, 0, 1, 3]),
            silence: self.one_of(&[0, 1, 5, 10, 20, 40, 45, 100, 101, 200]),
        }
    }
}

#[test]
fn two_hundred_thousand_histories_are_judged_by_the_rules() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut seen = [[0; 7]; 5];
    for _ in 0..200_000 {
        let case = random.case();
        let (status, rule) = model(&case);
        assert_eq!(judged(&case), status, "rule {rule}: {case:?}");
        seen[status as usize][rule] += 1;
    }
    // Each outcome of each rule came up often.
    for (status, rule) in [
        (Status::Ok, 1),
        (Status::Stop, 2),
        (Status::Rewind, 3),
        (Status::Ok, 4),
        (Status::Stall, 5),
        (Status::Ok, 6),
        (Status::Warn, 6),
    ] {
        let count = seen[status as usize][rule];
        assert!(count > 1_000, "{status:?} by rule {rule}: {count}");
    }
}

fn step() -> impl Strategy<Value = (u32, Step)> {
    let later = prop_oneof![3 => 0_u32..3, 1 => 0_u32..150];
    let lag = prop::option::weighted(0.8, 0_u64..12);
    let step = prop_oneof![
        3 => (0_u64..20, lag).prop_map(|(offset, lag)| Step::Commit(offset, lag)),
        1 => (0_u64..25).prop_map(Step::End),
    ];
    (later, step)
}

fn at_most_ten_ends(steps: &[(u32, Step)]) -> bool {
    let ends = steps.iter().filter(|step| matches!(step.1, Step::End(_)));
    ends.count() <= 10
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn a_history_is_judged_by_the_rules(
        ring in 2_usize..14,
        steps in prop::collection::vec(step(), 0..30).prop_filter("thinned", |s| at_most_ten_ends(s)),
        lag in prop::option::weighted(0.9, 0_u64..12),
        allowed in 0_u64..4,
        silence in 0_u32..300,
    ) {
        let case = Case { ring, steps, lag, allowed, silence };
        prop_assert_eq!(judged(&case), model(&case).0);
    }
}
