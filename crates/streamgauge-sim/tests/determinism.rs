//! The same seed and the same commands give the same figures, to the last bit, everywhere.

use streamgauge_sim::{Simulation, SimulationOptions};

fn run(seed: u64) -> Vec<String> {
    let mut simulation = Simulation::new(&SimulationOptions {
        seed,
        ..SimulationOptions::default()
    })
    .unwrap();
    simulation.advance(30.0).unwrap();
    simulation.set_error_rate(0.2).unwrap();
    simulation.set_slow_consumer(true);
    simulation.rebalance();
    simulation.advance(30.0).unwrap();
    simulation.set_message_rate(250.0).unwrap();
    simulation.set_handler_latency(0.002).unwrap();
    simulation.advance(30.0).unwrap();
    let dicts = simulation
        .workers()
        .iter()
        .map(|worker| worker.monitor().asdict());
    dicts
        .map(|dict| serde_json::to_string(&dict).unwrap())
        .collect()
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
    let options = SimulationOptions {
        seed: 42,
        topics: vec!["orders".into()],
        partitions: 2,
        workers: 1,
        message_rate: 4.0,
        web_request_rate: 0.5,
        ..SimulationOptions::default()
    };
    let mut simulation = Simulation::new(&options).unwrap();
    simulation.advance(5.0).unwrap();
    let dict = serde_json::to_string_pretty(&simulation.workers()[0].monitor().asdict()).unwrap();
    assert_eq!(dict, include_str!("figures-of-seed-42.json").trim_end());
}

/// Steps of another length end in the same state, as long as the commands come at the same times.
#[test]
fn how_time_is_cut_does_not_matter() {
    let figures = |steps: u32, seconds: f64| {
        let mut simulation = Simulation::new(&SimulationOptions::default()).unwrap();
        for _ in 0..steps {
            simulation.advance(seconds).unwrap();
        }
        (simulation.now(), simulation.workers()[0].monitor().asdict())
    };
    assert_eq!(figures(32, 0.25), figures(1, 8.0));
}
