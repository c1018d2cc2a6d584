//! Groups read the same records, each for itself.

use streamgauge_sim::{
    Command, Counts, GroupPlan, HandlerPlan, Scenario, Simulation, TimedCommand, WorkerNumber,
};

/// Two workers that read everything, and one that reads `orders` and is too slow for it.
fn scenario() -> Scenario {
    let mut slow = HandlerPlan::default();
    slow.time.mean = 0.05;
    let audit = GroupPlan {
        name: "audit".into(),
        topics: vec!["orders".into()],
        workers: 1,
        handler: Some(slow),
        ..GroupPlan::default()
    };
    let mut scenario = Scenario::default();
    scenario.groups.push(audit);
    scenario
}

fn lag(simulation: &Simulation, group: usize) -> u64 {
    let partitions = simulation.partitions().filter(|one| one.group == group);
    partitions.map(|one| one.end - one.committed).sum()
}

/// The monitors of a group's workers.
fn said(simulation: &mut Simulation, group: usize) -> Vec<String> {
    let workers = 0..simulation.workers().len();
    let of_group: Vec<_> = workers
        .filter(|worker| simulation.workers()[*worker].group() == group)
        .collect();
    let said = of_group.iter().map(|worker| {
        let snapshot = simulation.snapshot(*worker).unwrap();
        snapshot.to_json()
    });
    said.collect()
}

#[test]
fn a_slow_group_lags_and_a_fast_one_does_not() {
    let mut simulation = Simulation::new(&scenario()).unwrap();
    simulation.advance(120.0).unwrap();
    let names: Vec<_> = simulation.groups().map(|group| group.name).collect();
    assert_eq!(names, ["workers", "audit"]);
    let workers = simulation.workers().iter();
    let names: Vec<_> = workers
        .map(|one| (one.name(), one.group(), one.number()))
        .collect();
    assert_eq!(
        names,
        [("worker-0", 0, 0), ("worker-1", 0, 1), ("audit-0", 1, 0)]
    );
    // All of both topics, and of one of them what is not done at 20 a second.
    assert_eq!(
        (simulation.partitions().len(), lag(&simulation, 0) < 300),
        (12, true)
    );
    let behind = simulation.counts_of(1).produced - 120 * 20;
    assert!(
        lag(&simulation, 1).abs_diff(behind) < 200,
        "{}",
        lag(&simulation, 1)
    );
    // The audit has seen what the others saw of that topic, and nothing else.
    let orders: u64 = simulation
        .partitions()
        .filter(|one| (one.group, one.topic) == (0, "orders"))
        .map(|one| one.end)
        .sum();
    assert_eq!(simulation.counts_of(1).produced, orders);
    let audit = simulation.cluster_of(1).unwrap();
    assert_eq!(audit.partitions.len(), 4);
    assert_eq!(audit.lag.committed_sum, Some(lag(&simulation, 1)));
    let first = simulation.cluster().unwrap();
    assert_eq!(first.lag.committed_sum, Some(lag(&simulation, 0)));
    assert_eq!(first.partitions.len(), 8);
}

/// To the last bit: no group changes what happens in another.
#[test]
fn a_group_is_as_it_would_be_alone() {
    let both = scenario();
    let alone = Scenario {
        groups: both.groups[..1].to_vec(),
        ..both.clone()
    };
    let run = |scenario: &Scenario, with_audit: bool| {
        let mut simulation = Simulation::new(scenario).unwrap();
        simulation.advance(40.0).unwrap();
        let to_first = |number| WorkerNumber {
            group: Some("workers".into()),
            number,
        };
        let mut commands = vec![
            Command::AddWorker { group: None },
            Command::Slow {
                worker: to_first(1),
                factor: 9.0,
            },
            Command::Rebalance { group: None },
            Command::BrokerStall {
                broker: 1,
                seconds: 7.0,
            },
            Command::Crash {
                worker: to_first(2),
                restart: Some(20.0),
            },
        ];
        if with_audit {
            let audit = || Some(String::from("audit"));
            commands.push(Command::AddWorker { group: audit() });
            commands.push(Command::Rebalance { group: audit() });
            let worker = WorkerNumber {
                group: audit(),
                number: 0,
            };
            commands.push(Command::Crash {
                worker,
                restart: None,
            });
        }
        for command in commands {
            simulation.command(&command).unwrap();
            simulation.advance(8.0).unwrap();
        }
        simulation.advance(160.0 - simulation.now()).unwrap();
        let counts: Counts = simulation.counts_of(0);
        (said(&mut simulation, 0), counts, simulation.totals_of(0))
    };
    let expected = run(&alone, false);
    assert!(expected.1.repeated > 0 && expected.0.len() == 3);
    assert_eq!(run(&both, true), expected);
}

fn later() -> Command {
    Command::AddGroup {
        group: Box::new(scenario().groups.remove(1)),
    }
}

#[test]
fn a_group_that_is_added_reads_from_then_on() {
    let mut simulation = Simulation::new(&Scenario::default()).unwrap();
    simulation.advance(30.0).unwrap();
    let ends = |simulation: &Simulation| -> Vec<_> {
        let orders = simulation.partitions().take(4);
        orders.map(|one| one.end).collect()
    };
    let before = ends(&simulation);
    assert!(before.iter().all(|end| *end > 300));
    simulation.command(&later()).unwrap();
    let begun: Vec<_> = simulation.partitions().skip(8).collect();
    let places: Vec<_> = begun.iter().map(|one| (one.topic, one.committed)).collect();
    let expected: Vec<_> = before.iter().map(|end| ("orders", *end)).collect();
    assert_eq!(places, expected);
    assert!(begun.iter().all(|one| one.owner == Some(2)));
    assert_eq!(simulation.counts_of(1).produced, 0);
    simulation.advance(30.0).unwrap();
    let since: u64 = ends(&simulation).iter().sum::<u64>() - before.iter().sum::<u64>();
    assert_eq!(simulation.counts_of(1).produced, since);
    assert_eq!(simulation.scenario().groups.len(), 2);
    let last = simulation
        .journal(0)
        .find(|entry| entry.kind == "groupAdded");
    assert_eq!(last.unwrap().text, "audit: 1 workers begin to read");

    let planned = Scenario {
        commands: vec![TimedCommand {
            at: 30.0,
            command: later(),
        }],
        ..Scenario::default()
    };
    let mut planned = Simulation::new(&planned).unwrap();
    planned.advance(60.0).unwrap();
    assert_eq!(said(&mut planned, 1), said(&mut simulation, 1));
}

/// What producers hold back while a broker stalls, a group that begins meanwhile gets, too.
#[test]
fn a_group_that_begins_during_a_stall_gets_what_is_held_back() {
    let mut simulation = Simulation::new(&Scenario::default()).unwrap();
    let stall = Command::BrokerStall {
        broker: 0,
        seconds: 20.0,
    };
    simulation.command(&stall).unwrap();
    simulation.advance(10.0).unwrap();
    simulation.command(&later()).unwrap();
    let held: Vec<_> = simulation.partitions().map(|one| one.held).collect();
    assert_eq!(held[..4], held[8..]);
    assert!(held[0] > 50, "{held:?}");
    simulation.advance(20.0).unwrap();
    let ends: Vec<_> = simulation.partitions().map(|one| one.end).collect();
    assert_eq!(ends[..4], ends[8..]);
}

#[test]
fn workers_are_named_in_their_group_or_among_all() {
    let mut simulation = Simulation::new(&scenario()).unwrap();
    let json = r#"{"command": "slow", "worker": 0, "group": "audit", "factor": 3}"#;
    simulation.command_json(json).unwrap();
    assert_eq!(simulation.workers()[2].slowness(), 3.0);
    let worker = 2.into();
    let faster = Command::Slow {
        worker,
        factor: 1.0,
    };
    simulation.command(&faster).unwrap();
    assert_eq!(simulation.workers()[2].slowness(), 1.0);
    let to = |group: &str| Command::AddWorker {
        group: Some(group.into()),
    };
    simulation.command(&to("audit")).unwrap();
    simulation.command(&to("workers")).unwrap();
    let names: Vec<_> = simulation.workers().iter().map(|one| one.name()).collect();
    assert_eq!(
        names,
        ["worker-0", "worker-1", "audit-0", "audit-1", "worker-2"]
    );
    let mean = |group: Option<&str>, mean| Command::HandlerTime {
        group: group.map(String::from),
        mean,
    };
    simulation.command(&mean(None, 0.5)).unwrap();
    simulation.command(&mean(Some("audit"), 0.25)).unwrap();
    let scenario = simulation.scenario();
    let own = scenario.groups[1].handler.unwrap();
    assert_eq!((scenario.handler.time.mean, own.time.mean), (0.5, 0.25));
    let refused = [
        simulation
            .command_json(r#"{"command": "stall", "worker": 2, "group": "audit", "seconds": 1}"#),
        simulation.command_json(r#"{"command": "rebalance", "group": "x"}"#),
        simulation.command(&later()),
        simulation.command_json(r#"{"command": "addGroup", "name": "b", "workers": 60}"#),
        simulation.command_json(r#"{"command": "addGroup", "name": "b", "topics": ["c"]}"#),
    ];
    assert_eq!(
        refused.map(|refused| refused.unwrap_err().to_string()),
        [
            "command.worker must be a whole number in 0..=1, got 2",
            "command.group must be the name of a group ([\"workers\", \"audit\"]), got \"x\"",
            "name must be different from the others', got \"audit\" twice",
            "command.addGroup must be at most 64 workers, got 60 more",
            "command.topics[0] must be the name of a topic ([\"orders\", \"payments\"]), got \"c\"",
        ]
    );
    assert_eq!(simulation.groups().len(), 2);
    for name in ["c", "d", "e", "f", "g", "h"] {
        let group = Box::new(GroupPlan {
            name: name.into(),
            workers: 1,
            ..GroupPlan::default()
        });
        simulation.command(&Command::AddGroup { group }).unwrap();
    }
    let error = simulation.command_json(r#"{"command": "addGroup", "name": "i"}"#);
    let error = error.unwrap_err().to_string();
    assert_eq!(
        error,
        "command.addGroup must be at most 8 groups, got one more"
    );
}

/// A scenario may ask for more workers than there is room for: what it says of them is void.
#[test]
fn what_is_said_of_workers_that_found_no_room_is_void() {
    let json = r#"{"group": {"workers": 64}, "commands": [
        {"at": 1, "command": "addWorker"}, {"at": 2, "command": "crash", "worker": 64},
        {"at": 3, "command": "addGroup", "name": "late", "workers": 2},
        {"at": 4, "command": "slow", "worker": 1, "group": "late", "factor": 2},
        {"at": 4, "command": "rebalance", "group": "late"}
    ]}"#;
    let mut simulation = Simulation::new(&Scenario::from_json(json).unwrap()).unwrap();
    simulation.advance(5.0).unwrap();
    assert_eq!(
        (simulation.workers().len(), simulation.groups().len()),
        (64, 1)
    );
}
