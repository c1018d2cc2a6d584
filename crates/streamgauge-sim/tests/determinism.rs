//! The same seed and the same commands give the same figures, to the last bit, everywhere.

use streamgauge_sim::{Command, Scenario, Simulation, TimedCommand, TopicPlan};

fn run(seed: u64) -> Vec<String> {
    let mut simulation = Simulation::new(&Scenario {
        seed,
        ..Scenario::default()
    })
    .unwrap();
    simulation.advance(30.0).unwrap();
    let commands = [
        Command::Errors { share: 0.2 },
        Command::Slow {
            worker: 1.into(),
            factor: 5.0,
        },
        Command::Rebalance { group: None },
        Command::Stall {
            worker: 0.into(),
            seconds: 15.0,
        },
    ];
    for command in commands {
        simulation.command(&command).unwrap();
    }
    simulation.advance(30.0).unwrap();
    simulation
        .command(&Command::Rate {
            producer: None,
            per_second: 250.0,
        })
        .unwrap();
    simulation
        .command(&Command::Crash {
            worker: 1.into(),
            restart: Some(2.0),
        })
        .unwrap();
    simulation.advance(30.0).unwrap();
    let mut said: Vec<_> = (0..2)
        .map(|worker| simulation.snapshot(worker).unwrap().to_json())
        .collect();
    said.push(simulation.cluster().unwrap().to_json());
    said
}

#[test]
fn the_same_seed_gives_the_same_figures() {
    assert_eq!(run(5), run(5));
    assert_ne!(run(5), run(6));
}

/// Bits that must not change from one target, compiler or release to the next. The tests of the
/// JavaScript package read the same file.
#[test]
fn these_figures_stay() {
    let mut scenario = Scenario {
        seed: 42,
        ..Scenario::default()
    };
    scenario.topics = vec![TopicPlan {
        partitions: 2,
        ..TopicPlan::new("orders")
    }];
    scenario.producers[0].pace.per_second = 4.0;
    scenario.groups[0].workers = 1;
    scenario.web.per_second = 0.5;
    let mut simulation = Simulation::new(&scenario).unwrap();
    simulation.advance(5.0).unwrap();
    let dict = serde_json::to_string_pretty(&simulation.workers()[0].figures().asdict()).unwrap();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/figures-of-seed-42.json");
    if std::env::var_os("STREAMGAUGE_WRITE_FIGURES").is_some() {
        std::fs::write(file, format!("{dict}\n")).unwrap();
    }
    assert_eq!(dict, std::fs::read_to_string(file).unwrap().trim_end());
}

/// Steps of another length end in the same state, as long as the commands come at the same times.
#[test]
fn how_time_is_cut_does_not_matter() {
    let figures = |steps: u32, seconds: f64| {
        let mut simulation = Simulation::new(&Scenario::default()).unwrap();
        for _ in 0..steps {
            simulation.advance(seconds).unwrap();
        }
        let totals = simulation.totals();
        (simulation.now(), totals, simulation.cluster().unwrap())
    };
    assert_eq!(figures(32, 0.25), figures(1, 8.0));
}

/// What was done live, and when.
fn live(times: &[f64], commands: &[Command], end: f64) -> Simulation {
    let mut simulation = Simulation::new(&Scenario::default()).unwrap();
    for (at, command) in times.iter().zip(commands) {
        simulation.advance(at - simulation.now()).unwrap();
        simulation.command(command).unwrap();
    }
    simulation.advance(end - simulation.now()).unwrap();
    simulation
}

/// The same commands in the scenario, and the time in one piece.
fn planned(times: &[f64], commands: &[Command], end: f64) -> Simulation {
    let both = times.iter().zip(commands.iter().cloned());
    let mut simulation = Simulation::new(&Scenario {
        commands: both
            .map(|(at, command)| TimedCommand { at: *at, command })
            .collect(),
        ..Scenario::default()
    })
    .unwrap();
    simulation.advance(end).unwrap();
    simulation
}

fn everything(simulation: &mut Simulation) -> (String, Vec<String>, String) {
    let workers = 0..simulation.workers().len();
    let each = workers.map(|worker| simulation.snapshot(worker).unwrap().to_json());
    let each = each.collect();
    let journal: Vec<_> = simulation.journal(0).collect();
    let journal = format!("{journal:?}");
    (simulation.cluster().unwrap().to_json(), each, journal)
}

/// A command given live does what the same command in the scenario does: on a tick, in between, at the
/// beginning, several at once, and where nothing happens after it.
#[test]
fn a_command_is_the_same_live_and_planned() {
    let worker = 1;
    let commands = [
        Command::Rebalance { group: None },
        Command::Slow {
            worker: worker.into(),
            factor: 5.0,
        },
        Command::AddWorker { group: None },
        Command::Errors { share: 0.2 },
        Command::Crash {
            worker: worker.into(),
            restart: Some(0.0),
        },
        Command::AddWorker { group: None },
        Command::Stall {
            worker: 0.into(),
            seconds: 15.0,
        },
        Command::Rate {
            producer: None,
            per_second: 250.0,
        },
        Command::RemoveWorker { worker: 2.into() },
        Command::BrokerStall {
            broker: 0,
            seconds: 0.0,
        },
        Command::AddWorker { group: None },
        Command::Crash {
            worker: 0.into(),
            restart: Some(3.0),
        },
    ];
    let times = [
        0.0, 0.0, 3.0, 7.25, 30.0, 30.0, 30.0, 41.1, 60.0, 60.0, 75.0, 75.0,
    ];
    for end in [75.0, 90.5] {
        let mut done = live(&times, &commands, end);
        let mut said = planned(&times, &commands, end);
        assert_eq!(everything(&mut done), everything(&mut said));
    }
}
