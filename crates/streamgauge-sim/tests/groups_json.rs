//! Groups in a scenario's JSON: what is read, and what is refused in which words.

use streamgauge::Replay;
use streamgauge_sim::{Assignor, GroupPlan, HandlerPlan, Scenario, Simulation, Spread};

#[test]
fn groups_are_read() {
    let json = r#"{"groups": [
        {"name": "billing", "workers": 3, "assignor": "cooperative"},
        {"name": "audit.v2", "topics": ["orders"], "workers": 1, "handler": {"time": {"mean": 0.05}, "sends": 0}}
    ]}"#;
    let scenario = Scenario::from_json(json).unwrap();
    let handler = HandlerPlan {
        time: Spread::log_normal(0.05, 0.5),
        sends: 0.0,
        ..HandlerPlan::default()
    };
    let expected = [
        GroupPlan {
            name: "billing".into(),
            workers: 3,
            assignor: Assignor::Cooperative,
            ..GroupPlan::default()
        },
        GroupPlan {
            name: "audit.v2".into(),
            topics: vec!["orders".into()],
            workers: 1,
            handler: Some(handler),
            ..GroupPlan::default()
        },
    ];
    assert_eq!(scenario.groups, expected);
    let simulation = Simulation::new(&scenario).unwrap();
    let names: Vec<_> = simulation.workers().iter().map(|one| one.name()).collect();
    assert_eq!(names, ["billing-0", "billing-1", "billing-2", "audit.v2-0"]);
    let one = Scenario::from_json(r#"{"group": {"name": "billing", "workers": 1}}"#).unwrap();
    assert_eq!(
        (one.groups.len(), one.groups[0].name.as_str()),
        (1, "billing")
    );
}

#[test]
fn the_example_in_the_documentation_shows_what_its_title_says() {
    let document = include_str!("../SCENARIOS.md");
    let example = document.split("```json").nth(2).unwrap();
    let scenario = Scenario::from_json(example.split("```").next().unwrap()).unwrap();
    let mut simulation = Simulation::new(&scenario).unwrap();
    simulation.advance(60.0).unwrap();
    let mut lag = |group| simulation.cluster_of(group).unwrap().lag.committed_sum;
    // 100 records a second come, and the audit does 50.
    assert!(lag(0).unwrap() < 300 && lag(1).unwrap() > 2_500);
}

#[test]
fn a_refusal_names_the_group() {
    let cases = [
        (
            r#"{"group": {}, "groups": []}"#,
            "groups must be left out beside group, got a list",
        ),
        (
            r#"{"groups": []}"#,
            "groups must be a list of 1 to 8, got 0",
        ),
        (
            r#"{"groups": [{"workers": 1}]}"#,
            "groups[0].name must be a string, got nothing",
        ),
        (
            r#"{"groups": [{"name": "a"}, {"name": "a"}]}"#,
            "groups[1].name must be different from the others', got \"a\" twice",
        ),
        (
            r#"{"groups": [{"name": "a b"}, {"name": "c"}]}"#,
            "groups[0].name must be a name of 1 to 100 letters, digits, \".\", \"_\" and \"-\", got \"a b\"",
        ),
        // Both would have a worker-0.
        (
            r#"{"groups": [{"name": "workers"}, {"name": "worker"}]}"#,
            "groups[1].name must be different from the others', got \"worker\" twice",
        ),
        (
            r#"{"groups": [{"name": "a", "topics": ["x"]}, {"name": "b"}]}"#,
            "groups[0].topics[0] must be the name of a topic ([\"orders\", \"payments\"]), got \"x\"",
        ),
        (
            r#"{"groups": [{"name": "a"}, {"name": "b", "workers": 0}]}"#,
            "groups[1].workers must be a whole number in 1..=64, got 0",
        ),
        (
            r#"{"groups": [{"name": "a", "workers": 40}, {"name": "b", "workers": 25}]}"#,
            "groups must be groups of at most 64 workers in all, got 65",
        ),
        (
            r#"{"groups": [{"name": "a", "topics": ["orders"]}]}"#,
            "topics[1] must be among the topics of a group, got \"payments\"",
        ),
        (
            r#"{"groups": [{"name": "a"}, {"name": "b", "handler": {"time": {"mean": 1, "sigma": 5}}}]}"#,
            "groups[1].handler.time.sigma must be a number in 0..=4, got 5",
        ),
        (
            r#"{"commands": [{"at": 9, "command": "crash", "worker": 0, "group": "b"}, {"at": 9, "command": "addGroup", "name": "b"}]}"#,
            "commands[0].group must be the name of a group ([\"workers\"]), got \"b\"",
        ),
        (
            r#"{"commands": [{"at": 1, "command": "addGroup", "name": "workers"}]}"#,
            "commands[0].name must be different from the others', got \"workers\" twice",
        ),
    ];
    for (json, expected) in cases {
        let error = Scenario::from_json(json).expect_err(json);
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_group_that_was_added_by_then_can_be_named() {
    let json = r#"{"commands": [
        {"at": 9, "command": "crash", "worker": 1, "group": "b"}, {"at": 3, "command": "addGroup", "name": "b"}
    ]}"#;
    assert!(Scenario::from_json(json).is_ok());
}

/// One trace of all workers, whose names tell which group they are of.
#[test]
fn a_trace_of_two_groups_replays_to_the_same_figures() {
    let json = r#"{"groups": [{"name": "billing"}, {"name": "audit", "workers": 1}], "commands": [
        {"at": 10, "command": "crash", "worker": 0, "group": "audit", "restart": 5}
    ]}"#;
    let scenario = Scenario::from_json(json).unwrap();
    let mut simulation = Simulation::recording(&scenario).unwrap();
    simulation.advance(30.0).unwrap();
    let trace = simulation.take_trace();
    let begin = r#"{"worker":"audit-0 (life 2)","at":15.0,"call":"begin","name":"audit-0","group":"audit"}"#;
    assert!(trace.lines().any(|line| line == begin));
    let replay = Replay::of(&trace).unwrap();
    let monitors: Vec<_> = replay
        .monitors()
        .map(|(name, _)| name.to_string())
        .collect();
    for name in ["billing-0", "billing-1", "audit-0", "audit-0 (life 2)"] {
        assert!(monitors.iter().any(|known| known == name), "{monitors:?}");
    }
    for (worker, key) in [(0, "billing-0"), (2, "audit-0 (life 2)")] {
        let (_, monitor) = replay.monitors().find(|(name, _)| *name == key).unwrap();
        assert_eq!(
            monitor.asdict(),
            simulation.workers()[worker].figures().asdict()
        );
    }
}
