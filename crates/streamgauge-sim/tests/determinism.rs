//! The same seed and the same commands give the same figures, to the last bit, everywhere.

use streamgauge_sim::{Command, Scenario, Simulation, TopicPlan};

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
            worker: 1,
            factor: 5.0,
        },
        Command::Rebalance,
        Command::Stall {
            worker: 0,
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
            worker: 1,
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
    scenario.group.workers = 1;
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
