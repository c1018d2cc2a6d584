//! How many hook calls a second the simulation makes: `cargo run --release -p streamgauge-sim --example throughput`.

use std::time::Instant;

use streamgauge_sim::{PRESETS, Scenario, Simulation, TopicPlan};

/// 1,000 partitions, 50 workers, 20,000 records a second.
fn large() -> Scenario {
    let topics = (0..10)
        .map(|number| TopicPlan {
            partitions: 100,
            ..TopicPlan::new(&format!("topic-{number}"))
        })
        .collect();
    let mut scenario = Scenario {
        topics,
        ..Scenario::default()
    };
    scenario.producers[0].pace.per_second = 20_000.0;
    scenario.groups[0].workers = 50;
    scenario.groups[0].concurrency = 8;
    scenario.groups[0].buffer = 1_000;
    scenario
}

/// Calls of the monitors' hooks, read from their figures.
fn hook_calls(simulation: &mut Simulation) -> u64 {
    let Ok(all) = simulation.cluster() else {
        return 0;
    };
    let tables: u64 = all
        .tables
        .iter()
        .map(|(_, table)| table.keys_retrieved + table.keys_updated + table.keys_deleted)
        .sum();
    let messages = all.messages.received * 2 + all.events.total * 2;
    messages
        + tables
        + all.messages.sent * 2
        + all.commits.completed * 3
        + all.consumer.polls
        + all.consumer.heartbeats
}

fn main() {
    let presets = PRESETS
        .iter()
        .map(|preset| (preset.name, preset.scenario(), 300.0));
    for (name, scenario, seconds) in presets.chain([("1,000 partitions", large(), 10.0)]) {
        let mut simulation = Simulation::new(&scenario).expect("it is within its bounds");
        let started = Instant::now();
        simulation.advance(seconds).expect("less than a day");
        let took = started.elapsed().as_secs_f64();
        let calls = hook_calls(&mut simulation) as f64;
        println!(
            "{name:<18} {seconds:>5} s simulated in {took:>7.3} s, {:>5.2} million hook calls a second",
            calls / took / 1e6
        );
    }
}
