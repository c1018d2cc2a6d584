//! Replays what the real Faust answered (`tests/vectors`, see its README) and holds every answer
//! of ours against it, exactly.

use std::fs;
use std::path::{Path, PathBuf};

mod replay;

use replay::{ANSWERS, replay};

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors")
}

#[test]
fn every_recorded_answer_of_faust_is_ours_too() {
    let mut answers = 0;
    let mut failures = Vec::new();
    let mut names = Vec::new();
    for entry in fs::read_dir(vectors()).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "jsonl")
        {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let checked = replay(&name, &fs::read_to_string(&path).unwrap());
            answers += checked.answers;
            failures.extend(checked.failures);
            names.push(name);
        }
    }
    names.sort();
    let five = [
        "default.jsonl",
        "no-history.jsonl",
        "restored.jsonl",
        "short-histories.jsonl",
        "small.jsonl",
    ];
    assert_eq!(names, five);
    assert!(
        failures.is_empty(),
        "{} differences:\n{}",
        failures.len(),
        failures.join("\n")
    );
    // Were the checks skipped, nothing would differ either.
    assert_eq!(answers, ANSWERS);
}

#[test]
fn a_difference_is_found_and_told_with_its_line_and_path() {
    let trace = r#"{"trace": "streamgauge/1", "options": {"max_avg_history": 2}}
{"at": 1.0, "call": "on_web_request_start", "state": "a", "after": {"time_start": 1.5}}
{"at": 1.5, "call": "on_web_request_end", "state": "a", "status": null, "after": {"time_start": 1.0, "time_end": 1.5, "latency_end": 0.5}}
{"at": 2.0, "call": "asdict", "expect": {"http_response_latency": [0.5000000000000001], "nothing": 1}}"#;
    let failures = replay("made-up", trace).failures;
    assert_eq!(
        failures[0],
        "made-up:2: after.time_start: expected 1.5, actual 1.0"
    );
    assert_eq!(
        failures[1],
        "made-up:3: after.status_code: expected no such key, actual 500"
    );
    let by_path = |path: &str| {
        failures
            .iter()
            .find(|failure| failure.contains(path))
            .unwrap()
    };
    assert_eq!(
        by_path("latency[0]"),
        "made-up:4: expect.http_response_latency[0]: expected 0.5000000000000001, actual 0.5"
    );
    assert_eq!(
        by_path("nothing"),
        "made-up:4: expect.nothing: expected 1, actual: no such key"
    );
    assert_eq!(
        failures
            .iter()
            .filter(|failure| failure.contains("actual"))
            .count(),
        failures.len()
    );
}
