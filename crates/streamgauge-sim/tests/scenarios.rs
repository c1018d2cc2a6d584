//! Scenarios as JSON: what is read, and what is refused in which words.

use streamgauge_sim::{
    Assignor, Command, HandlerPlan, KeyPlan, Pace, ProducerPlan, Rhythm, Scenario, Shape,
    Simulation, Spread, TimedCommand, TopicPlan,
};

#[test]
fn every_key_is_read() {
    let json = r#"{
        "title": "t", "lesson": "l", "claim": "c", "seed": 9, "seconds": 60, "epoch": 5,
        "topics": ["a", {"name": "b", "partitions": 2, "keys": {"count": 10, "skew": 1.5}}],
        "producers": [
            {"name": "p", "topics": ["b"], "pace": {"perSecond": 3, "kind": "daily", "swing": 0.5, "period": 60}, "poisonShare": 0.1},
            {"pace": {"perSecond": 4, "kind": "bursty", "times": 2, "every": 10, "length": 1}},
            {"pace": {"perSecond": 5.0, "kind": "constant"}}
        ],
        "brokers": {"count": 1, "fetchSeconds": 0.1, "commitSeconds": 0.2, "sendSeconds": 0.3, "retention": 7},
        "group": {
            "workers": 3, "assignor": "cooperative", "concurrency": 2, "buffer": 11, "fetchRecords": 12,
            "commitInterval": 1, "heartbeatInterval": 2, "sessionTimeout": 8, "rebalanceTimeout": 20
        },
        "handler": {
            "time": {"mean": 0.5, "kind": "pareto", "alpha": 3}, "retries": 1, "backoff": 2,
            "tableGets": 3, "tableSets": 4, "sends": 0.5
        },
        "web": {"perSecond": 1, "time": {"mean": 0.1, "kind": "constant"}},
        "errors": {"handler": 0.1, "send": 0.2, "commit": 0.3, "web": 0.4, "assignment": 0.5},
        "commands": [
            {"at": 1, "command": "addWorker"},
            {"at": 2, "command": "crash", "worker": 3, "restart": 5},
            {"at": 2, "command": "rate", "perSecond": 9},
            {"at": 3, "command": "hotKey", "topic": "a", "share": 1}
        ]
    }"#;
    let scenario = Scenario::from_json(json).unwrap();
    let mut expected = Scenario::default();
    (expected.title, expected.lesson, expected.claim) = ("t".into(), "l".into(), "c".into());
    (expected.seed, expected.seconds, expected.epoch) = (9, 60.0, 5.0);
    let keys = Some(KeyPlan {
        count: 10,
        skew: 1.5,
    });
    expected.topics = vec![
        TopicPlan::new("a"),
        TopicPlan {
            name: "b".into(),
            partitions: 2,
            keys,
        },
    ];
    let pace = |per_second, rhythm| Pace { per_second, rhythm };
    expected.producers = vec![
        ProducerPlan {
            topics: vec!["b".into()],
            pace: pace(
                3.0,
                Rhythm::Daily {
                    swing: 0.5,
                    period: 60.0,
                },
            ),
            poison_share: 0.1,
            ..ProducerPlan::new("p", 0.0)
        },
        ProducerPlan {
            pace: pace(
                4.0,
                Rhythm::Bursty {
                    times: 2.0,
                    every: 10.0,
                    length: 1.0,
                },
            ),
            ..ProducerPlan::new("producer-1", 0.0)
        },
        ProducerPlan {
            pace: pace(5.0, Rhythm::Constant),
            ..ProducerPlan::new("producer-2", 0.0)
        },
    ];
    let brokers = &mut expected.brokers;
    (brokers.count, brokers.retention) = (1, 7);
    (
        brokers.fetch_seconds,
        brokers.commit_seconds,
        brokers.send_seconds,
    ) = (0.1, 0.2, 0.3);
    let group = &mut expected.groups[0];
    (
        group.workers,
        group.concurrency,
        group.buffer,
        group.fetch_records,
    ) = (3, 2, 11, 12);
    group.assignor = Assignor::Cooperative;
    (group.commit_interval, group.heartbeat_interval) = (1.0, 2.0);
    (group.session_timeout, group.rebalance_timeout) = (8.0, 20.0);
    expected.handler = HandlerPlan {
        time: Spread {
            mean: 0.5,
            shape: Shape::Pareto { alpha: 3.0 },
        },
        retries: 1,
        backoff: 2.0,
        table_gets: 3,
        table_sets: 4,
        sends: 0.5,
    };
    expected.web.per_second = 1.0;
    expected.web.time = Spread {
        mean: 0.1,
        shape: Shape::Constant,
    };
    let errors = &mut expected.errors;
    (errors.handler, errors.send, errors.commit) = (0.1, 0.2, 0.3);
    (errors.web, errors.assignment) = (0.4, 0.5);
    let timed = |at, command| TimedCommand { at, command };
    expected.commands = vec![
        timed(1.0, Command::AddWorker { group: None }),
        timed(
            2.0,
            Command::Crash {
                worker: 3.into(),
                restart: Some(5.0),
            },
        ),
        timed(
            2.0,
            Command::Rate {
                producer: None,
                per_second: 9.0,
            },
        ),
        timed(
            3.0,
            Command::HotKey {
                topic: "a".into(),
                share: 1.0,
            },
        ),
    ];
    assert_eq!(scenario, expected);
    assert_eq!(Scenario::from_json("{}").unwrap(), Scenario::default());
}

#[test]
fn a_refusal_names_place_expectation_and_value() {
    let cases = [
        ("[]", "the scenario must be an object, got a list"),
        (
            r#"{"sed": 1}"#,
            "sed must be left out (known here are title, lesson, claim, seed, seconds, epoch, topics, producers, brokers, group, groups, handler, web, errors, commands), got 1",
        ),
        (
            r#"{"seed": -1}"#,
            "seed must be a whole number in 0..=2^53-1, got -1",
        ),
        (
            r#"{"seed": 9007199254740992}"#,
            "seed must be a whole number in 0..=2^53-1, got 9007199254740992",
        ),
        (
            r#"{"seed": "1"}"#,
            "seed must be a whole number in 0..=2^53-1, got \"1\"",
        ),
        (
            r#"{"topics": []}"#,
            "topics must be a list of 1 to 64, got 0",
        ),
        (r#"{"topics": {}}"#, "topics must be a list, got an object"),
        (
            r#"{"topics": [{"partitions": 3}]}"#,
            "topics[0].name must be a string, got nothing",
        ),
        (
            r#"{"topics": ["a", "a"]}"#,
            "topics[1].name must be different from the others', got \"a\" twice",
        ),
        (
            r#"{"topics": [""]}"#,
            "topics[0].name must be a name of 1 to 249 characters, got 0 characters",
        ),
        (
            r#"{"topics": [{"name": "a", "partitions": 0}]}"#,
            "topics[0].partitions must be a whole number in 1..=10000, got 0",
        ),
        (
            r#"{"topics": [{"name": "a", "partitions": 6000}, {"name": "b", "partitions": 6000}]}"#,
            "topics must be topics of at most 10000 partitions in all, got 12000",
        ),
        (
            r#"{"topics": [{"name": "a", "keys": {"skew": 9}}]}"#,
            "topics[0].keys.skew must be a number in 0..=5, got 9",
        ),
        (
            r#"{"producers": [{"pace": {}}]}"#,
            "producers[0].pace.perSecond must be a number, got nothing",
        ),
        (
            r#"{"producers": [{"pace": {"perSecond": "fast"}}]}"#,
            "producers[0].pace.perSecond must be a number, got \"fast\"",
        ),
        (
            r#"{"producers": [{"pace": {"perSecond": 1, "kind": "wild"}}]}"#,
            "producers[0].pace.kind must be one of poisson, constant, bursty, daily, got \"wild\"",
        ),
        (
            r#"{"producers": [{"pace": {"perSecond": 1, "swing": 1}}]}"#,
            "producers[0].pace.swing must be left out (known here are perSecond, kind), got 1",
        ),
        (
            r#"{"producers": [{"topics": ["x"]}]}"#,
            "producers[0].topics[0] must be the name of a topic ([\"orders\", \"payments\"]), got \"x\"",
        ),
        (
            r#"{"group": {"workers": 65}}"#,
            "group.workers must be a whole number in 1..=64, got 65",
        ),
        (
            r#"{"group": {"workers": 1.5}}"#,
            "group.workers must be a whole number in 0..=2^53-1, got 1.5",
        ),
        (
            r#"{"group": {"assignor": "fair"}}"#,
            "group.assignor must be one of range, roundRobin, sticky, cooperative, got \"fair\"",
        ),
        (
            r#"{"group": {"commitInterval": 0}}"#,
            "group.commitInterval must be a number in 0.01..=86400, got 0",
        ),
        (
            r#"{"handler": {"time": {"mean": 1, "kind": "pareto", "alpha": 1}}}"#,
            "handler.time.alpha must be a number in 1.05..=100, got 1",
        ),
        (
            r#"{"errors": {"send": 2}}"#,
            "errors.send must be a number in 0..=1, got 2",
        ),
        (
            r#"{"commands": [{"command": "addWorker"}]}"#,
            "commands[0].at must be a number, got nothing",
        ),
        (
            r#"{"commands": [{"at": 1, "command": "explode"}]}"#,
            "commands[0].command must be one of rate, handlerTime, errors, handlerErrors, slow, stall, blip, crash, addWorker, addGroup, removeWorker, brokerStall, poison, hotKey, rebalance, got \"explode\"",
        ),
        (
            r#"{"commands": [{"at": 1, "command": "stall", "worker": 2, "seconds": 1}]}"#,
            "commands[0].worker must be a whole number in 0..=1, got 2",
        ),
        (
            r#"{"commands": [{"at": 1, "command": "rebalance", "worker": 2}]}"#,
            "commands[0].worker must be left out (known here are at, command, group), got 2",
        ),
        (
            r#"{"commands": [{"at": 1, "command": "hotKey", "topic": "x", "share": 1}]}"#,
            "commands[0].topic must be the name of a topic ([\"orders\", \"payments\"]), got \"x\"",
        ),
    ];
    for (json, expected) in cases {
        let error = Scenario::from_json(json).expect_err(json);
        assert_eq!(error.to_string(), expected);
    }
    let error = Scenario::from_json("{").unwrap_err().to_string();
    assert!(
        error.starts_with("the scenario must be JSON, got EOF while parsing"),
        "{error}"
    );
}

#[test]
fn a_worker_that_was_added_by_then_can_be_named() {
    let json = r#"{"commands": [
        {"at": 9, "command": "crash", "worker": 2}, {"at": 3, "command": "addWorker"}
    ]}"#;
    assert!(Scenario::from_json(json).is_ok());
}

#[test]
fn a_zero_with_a_sign_is_in_the_order_of_the_schedule() {
    let json = r#"{"group": {"workers": 1}, "commands": [
        {"at": 0, "command": "addWorker"}, {"at": -0.0, "command": "slow", "worker": 1, "factor": 2}
    ]}"#;
    let mut scenario = Scenario::from_json(json).unwrap();
    assert!(scenario.commands[1].at.is_sign_positive());
    let mut simulation = Simulation::new(&scenario).unwrap();
    simulation.advance(1.0).unwrap();
    assert!(simulation.worker_state(1).is_some());
    // Made in Rust, it is before 0, where nobody was added yet.
    scenario.commands[1].at = -0.0;
    let error = scenario.check().unwrap_err().to_string();
    assert_eq!(
        error,
        "commands[1].worker must be a whole number in 0..=0, got 1"
    );
}

#[test]
fn a_live_command_finds_who_is_added_at_that_time() {
    let json = r#"{"group": {"workers": 1}, "commands": [{"at": 0, "command": "addWorker"}]}"#;
    let mut simulation = Simulation::new(&Scenario::from_json(json).unwrap()).unwrap();
    let slow = |worker: u32| Command::Slow {
        worker: worker.into(),
        factor: 2.0,
    };
    simulation.command(&slow(1)).unwrap();
    let error = simulation.command(&slow(2)).unwrap_err().to_string();
    assert_eq!(error, "worker must be a whole number in 0..=1, got 2");
}

#[test]
fn commands_refuse_what_scenarios_refuse_and_change_nothing() {
    let mut simulation = Simulation::new(&Scenario::default()).unwrap();
    let refused = [
        simulation
            .command(&Command::Errors { share: f64::NAN })
            .unwrap_err()
            .to_string(),
        simulation
            .command_json(r#"{"command": "slow", "worker": 0, "factor": 0.5}"#)
            .unwrap_err()
            .to_string(),
        simulation
            .command_json(r#"{"command": "slow", "worker": 0}"#)
            .unwrap_err()
            .to_string(),
        simulation.command_json("nonsense").unwrap_err().to_string(),
        simulation.advance(-0.1).unwrap_err().to_string(),
    ];
    assert_eq!(
        refused,
        [
            "share must be a number in 0..=1, got NaN",
            "command.factor must be a number in 1..=1000, got 0.5",
            "command.factor must be a number, got nothing",
            "command must be JSON, got expected ident at line 1 column 2",
            "seconds must be a number in 0..=86400, got -0.1",
        ]
    );
    assert_eq!(simulation.scenario(), &Scenario::default());
    for _ in 2..64 {
        simulation
            .command(&Command::AddWorker { group: None })
            .unwrap();
    }
    let error = simulation
        .command(&Command::AddWorker { group: None })
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "addWorker must be at most 64 workers, got one more"
    );
}

#[test]
fn timed_commands_are_carried_out_at_their_time() {
    let json = r#"{"commands": [
        {"at": 60, "command": "stall", "worker": 1, "seconds": 20},
        {"at": 5, "command": "rate", "perSecond": 0}
    ]}"#;
    let mut simulation = Simulation::new(&Scenario::from_json(json).unwrap()).unwrap();
    simulation.advance(5.0).unwrap();
    let produced = simulation.counts().produced;
    simulation.advance(55.0).unwrap();
    assert_eq!(simulation.counts().produced, produced);
    let state = |simulation: &Simulation| simulation.worker_state(1).unwrap().name();
    assert_eq!(state(&simulation), "stalled");
    simulation.advance(20.0).unwrap();
    // Its session had run out.
    assert_eq!(state(&simulation), "rebalancing");
    simulation.advance(10.0).unwrap();
    assert_eq!(state(&simulation), "running");
}

#[test]
fn the_example_in_the_documentation_is_a_scenario() {
    let document = include_str!("../SCENARIOS.md");
    let example = document
        .split("```json")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let scenario = Scenario::from_json(example).unwrap();
    assert_eq!(
        (scenario.groups[0].workers, scenario.commands.len()),
        (4, 2)
    );
}
