use super::*;
use alloc::string::ToString;

#[test]
fn each_reason_is_a_sentence() {
    for (reason, status, sentence) in [
        (
            Reason::TooFewCommits { commits: 0 },
            Status::Ok,
            "no commit has been seen; two are needed to judge",
        ),
        (
            Reason::TooFewCommits { commits: 1 },
            Status::Ok,
            "only one commit has been seen; two are needed to judge",
        ),
        (
            Reason::LagUnknown,
            Status::Ok,
            "the end offset is unknown, and so is the lag",
        ),
        (
            Reason::LagAllowed { lag: 0, allowed: 5 },
            Status::Ok,
            "there is no lag",
        ),
        (
            Reason::LagAllowed { lag: 1, allowed: 1 },
            Status::Ok,
            "lag is 1 record, within the 1 allowed",
        ),
        (
            Reason::LagAllowed {
                lag: 1_000,
                allowed: 2_500,
            },
            Status::Ok,
            "lag is 1,000 records, within the 2,500 allowed",
        ),
        (
            Reason::NoCommit {
                seconds: 65.0,
                commits: 10,
                span_seconds: 45.0,
                lag: 1_200,
            },
            Status::Stop,
            "no commit for 65 s while the last 10 span 45 s; lag is 1,200 records",
        ),
        (
            Reason::WentBack {
                from: 1_500,
                to: 900,
                lag: 1_234_567,
            },
            Status::Rewind,
            "the committed offset went back from 1,500 and is now 900; lag is 1,234,567 records",
        ),
        (
            Reason::LagWasAllowed {
                lag: 12,
                allowed: 0,
                commits: 10,
            },
            Status::Ok,
            "lag is 12 records, but there was none at one of the last 10 commits",
        ),
        (
            Reason::LagWasAllowed {
                lag: 12,
                allowed: 5,
                commits: 4,
            },
            Status::Ok,
            "lag is 12 records, but it was within the 5 allowed at one of the last 4 commits",
        ),
        (
            Reason::SameOffset {
                offset: 1_000_000,
                commits: 10,
                span_seconds: 4.5,
                lag: 1,
            },
            Status::Stall,
            "the last 10 commits, over 4.5 s, were all of offset 1,000,000; lag is 1 record",
        ),
        (
            Reason::LagNeverFell {
                commits: 10,
                span_seconds: 45.2,
                lag: 300,
            },
            Status::Warn,
            "lag never fell over the last 10 commits, in 45 s; it is 300 records",
        ),
        (
            Reason::LagFell {
                lag: 300,
                commits: 10,
            },
            Status::Ok,
            "lag is 300 records, but it fell during the last 10 commits",
        ),
    ] {
        assert_eq!(reason.to_string(), sentence);
        assert_eq!(reason.status(), status);
    }
}

#[test]
fn thousands_are_parted() {
    for (count, text) in [
        (0, "0"),
        (999, "999"),
        (1_000, "1,000"),
        (1_000_000, "1,000,000"),
        (12_034_056, "12,034,056"),
        (u64::MAX, "18,446,744,073,709,551,615"),
    ] {
        assert_eq!(filled("_", &[Part::Count(count)]), text);
    }
}

#[test]
fn times_are_rounded_to_what_a_person_would_say() {
    for (seconds, text) in [
        (0.0, "0.0 s"),
        (0.26, "0.3 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (64.6, "65 s"),
        (599.4, "599 s"),
        (599.5, "10 min"),
        (3_600.0, "60 min"),
        (7_169.0, "119 min"),
        (7_170.0, "2 h"),
        (170_000.0, "47 h"),
        (171_000.0, "2 days"),
        (864_000.0, "10 days"),
    ] {
        assert_eq!(filled("_", &[Part::Seconds(seconds)]), text);
    }
}
