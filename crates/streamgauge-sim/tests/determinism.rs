//! The same seed and the same commands give the same figures, to the last bit, everywhere.

use streamgauge_sim::{Simulation, SimulationOptions};

fn run(seed: u64) -> Vec<String> {
    let mut simulation = Simulation::new(&SimulationOptions { seed, ..SimulationOptions::default() }).unwrap();
    simulation.advance(30.0).unwrap();
    simulation.set_error_rate(0.2).unwrap();
    simulation.set_slow_consumer(true);
    simulation.rebalance();
    simulation.advance(30.0).unwrap();
    simulation.set_message_rate(250.0).unwrap();
    simulation.set_handler_latency(0.002).unwrap();
    simulation.advance(30.0).unwrap();
    let dicts = simulation.workers().iter().map(|worker| worker.monitor().asdict());
    dicts.map(|dict| serde_json::to_string(&dict).unwrap()).collect()
}

#[test]
fn the_same_seed_gives_the_same_figures() {
    assert_eq!(run(5), run(5));
    assert_ne!(run(5), run(6));
}

/// Bits that must not change from one target, compiler or release to the next.
const FIGURES: &str = concat!(
    "{",
    r#""messages_active":0,"messages_received_total":17,"messages_sent":17,"#,
    r#""messages_sent_by_topic":{"orders-results":17},"messages_s":1,"#,
    r#""messages_received_by_topic":{"orders":17},"events_active":0,"events_total":17,"events_s":1,"#,
    r#""events_runtime_avg":0.007768417167023589,"events_by_task":{"orders-task":17},"#,
    r#""events_by_stream":{"orders-stream":17},"commit_latency":[0.026861556255023622,0.019137868121275048],"#,
    r#""send_latency":[0.003324766887091879,0.007687387910807697,0.002933357765483091,0.00015765446194548893,"#,
    r#"0.0005337483480216676,0.0012665910749247722,0.0011385686133724704,0.00009043162161370688,"#,
    r#"0.0033423086710655525,0.003137487426990049,0.0016520442614464947,0.002315931583053654,"#,
    r#"0.004288154177085612,0.002710076451689414,0.01144934265740849,0.005981253213503734,"#,
    r#"0.014311583320309573],"send_errors":0,"assignment_latency":[],"assignments_completed":0,"#,
    r#""assignments_failed":0,"topic_buffer_full":{},"tables":{"orders-table":{"keys_retrieved":17,"#,
    r#""keys_updated":16,"keys_deleted":1}},"metric_counts":{"orders-large":1},"#,
    r#""topic_committed_offsets":{"orders":{"0":5,"1":11}},"topic_read_offsets":{"orders":{"0":5,"1":10}},"#,
    r#""topic_end_offsets":{"orders":{"0":6,"1":11}},"rebalances":0,"rebalance_return_latency":[],"#,
    r#""rebalance_end_latency":[],"rebalance_return_avg":0.0,"rebalance_end_avg":0.0,"#,
    r#""http_response_codes":{"200":1},"http_response_latency":[0.02136007567159126],"#,
    r#""http_response_latency_avg":0.02136007567159126"#,
    "}",
);

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
    let dict = serde_json::to_string(&simulation.workers()[0].monitor().asdict()).unwrap();
    assert_eq!(dict, FIGURES);
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
