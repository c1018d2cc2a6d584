//! What each command does, read from the monitors.

use streamgauge::Figures;
use streamgauge_sim::{Simulation, SimulationOptions};

fn simulation(change: impl FnOnce(&mut SimulationOptions)) -> Simulation {
    let mut options = SimulationOptions::default();
    change(&mut options);
    Simulation::new(&options).unwrap()
}

fn total(simulation: &Simulation, figure: fn(&Figures) -> u64) -> u64 {
    simulation
        .workers()
        .iter()
        .map(|worker| figure(worker.monitor()))
        .sum()
}

/// Records between what a worker committed and the end, as its monitor sees it.
fn lag(figures: &Figures) -> u64 {
    let dict = figures.asdict();
    let mut lag = 0;
    for (topic, ends) in &dict.topic_end_offsets {
        for (partition, end) in ends {
            lag += end - dict.topic_committed_offsets[topic][partition];
        }
    }
    lag
}

#[test]
fn every_kind_of_hook_leaves_its_trace() {
    let mut simulation = simulation(|o| o.error_rate = 0.1);
    simulation.advance(60.0).unwrap();
    assert!(simulation.rebalance());
    simulation.advance(60.0).unwrap();
    for worker in simulation.workers() {
        let dict = worker.monitor().asdict();
        assert!(dict.messages_received_total > 1_000 && dict.messages_s > 0 && dict.events_s > 0);
        assert!(dict.events_runtime_avg > 0.005 && dict.events_runtime_avg < 0.02);
        assert_eq!(
            dict.events_by_stream.keys().collect::<Vec<_>>(),
            ["orders-stream", "payments-stream"]
        );
        assert_eq!(
            dict.events_by_task.keys().collect::<Vec<_>>(),
            ["orders-task", "payments-task"]
        );
        assert_eq!(
            dict.messages_sent_by_topic.keys().collect::<Vec<_>>(),
            ["orders-results", "payments-results"]
        );
        let table = &dict.tables["orders-table"];
        assert!(table.keys_retrieved > 0 && table.keys_updated > 0 && table.keys_deleted > 0);
        assert!(dict.metric_counts["orders-large"] > 0);
        assert_eq!(
            (dict.commit_latency.len(), dict.send_latency.len()),
            (30, 30)
        );
        let share = dict.send_errors as f64 / dict.messages_sent as f64;
        assert!((share - 0.1).abs() < 0.02, "{share}");
        assert!(dict.http_response_codes[&200] > dict.http_response_codes[&500]);
        assert!(dict.http_response_latency_avg > 0.0);
        assert_eq!((dict.rebalances, dict.rebalance_end_latency.len()), (1, 1));
        assert!(
            dict.rebalance_end_avg > dict.rebalance_return_avg && dict.rebalance_return_avg > 0.0
        );
        assert_eq!(worker.monitor().anomalies().total(), 0);
    }
    assert_eq!(
        total(&simulation, |figures| figures.assignments_completed()),
        1
    );
}

#[test]
fn the_assignor_fails_at_most_twice() {
    let mut simulation = simulation(|o| o.error_rate = 1.0);
    assert!(simulation.rebalance());
    simulation.advance(60.0).unwrap();
    assert_eq!(
        total(&simulation, |figures| figures.assignments_failed()),
        2
    );
    assert_eq!(
        total(&simulation, |figures| figures.assignments_completed()),
        1
    );
    assert!(!simulation.is_rebalancing());
}

#[test]
fn a_slow_consumer_lags_and_the_other_does_not() {
    let mut simulation = simulation(|_| {});
    simulation.advance(60.0).unwrap();
    simulation.set_slow_consumer(true);
    simulation.advance(60.0).unwrap();
    let [fast, slow] = simulation.workers() else {
        panic!("two workers")
    };
    assert!(slow.is_slow() && !fast.is_slow());
    // It gets 50 a second and handles 10.
    assert!(lag(slow.monitor()) > 2_000, "{}", lag(slow.monitor()));
    assert!(lag(fast.monitor()) < 300, "{}", lag(fast.monitor()));
    simulation.set_slow_consumer(false);
    simulation.advance(120.0).unwrap();
    assert!(lag(simulation.workers()[1].monitor()) < 300);
}

#[test]
fn a_rebalance_empties_the_offsets_lets_the_queue_grow_and_moves_partitions() {
    let mut simulation = simulation(|_| {});
    simulation.advance(60.0).unwrap();
    let owned = |simulation: &Simulation, worker: usize| {
        simulation
            .owned(worker)
            .map(|(topic, partition)| format!("{topic}-{partition}"))
            .collect::<Vec<_>>()
    };
    let before = [owned(&simulation, 0), owned(&simulation, 1)];
    assert_eq!(
        before[0],
        ["orders-0", "orders-2", "payments-0", "payments-2"]
    );

    assert!(simulation.rebalance());
    assert!(!simulation.rebalance(), "one is under way");
    for worker in simulation.workers() {
        assert_eq!(worker.monitor().tp_read_offsets().count(), 0);
        assert_eq!(worker.monitor().rebalances(), 1);
    }
    let mut most_waiting = 0;
    while simulation.is_rebalancing() {
        simulation.step();
        most_waiting = most_waiting.max(simulation.counts().waiting);
    }
    assert!(most_waiting > 20, "{most_waiting}");
    assert_eq!([owned(&simulation, 1), owned(&simulation, 0)], before);
    simulation.advance(30.0).unwrap();
    assert!(simulation.counts().waiting < 20);
    // Nothing is skipped and nothing is handled twice.
    let counts = simulation.counts();
    assert_eq!(
        total(&simulation, |figures| figures.events_total()),
        counts.processed + counts.in_flight
    );
}

#[test]
fn no_messages_no_work() {
    let mut simulation = simulation(|o| (o.message_rate, o.web_request_rate) = (0.0, 0.0));
    simulation.advance(600.0).unwrap();
    assert_eq!(simulation.counts().produced, 0);
    assert_eq!(
        simulation.workers()[0].monitor().asdict().commit_latency,
        [0.0; 0]
    );
    simulation.set_message_rate(10.0).unwrap();
    simulation.advance(10.0).unwrap();
    assert!(simulation.counts().produced > 50);
}

#[test]
fn commands_refuse_what_options_refuse() {
    let mut simulation = simulation(|_| {});
    let refused = [
        simulation
            .set_message_rate(f64::NAN)
            .unwrap_err()
            .to_string(),
        simulation
            .set_handler_latency(-1.0)
            .unwrap_err()
            .to_string(),
        simulation.set_error_rate(2.0).unwrap_err().to_string(),
        simulation.advance(-0.1).unwrap_err().to_string(),
    ];
    assert_eq!(
        refused,
        [
            "message_rate must be a number in 0..=1000000, got NaN",
            "handler_latency must be seconds in 0..=86400, got -1",
            "error_rate must be a number in 0..=1, got 2",
            "seconds must be seconds in 0..=86400, got -0.1",
        ]
    );
    assert_eq!(simulation.options(), &SimulationOptions::default());
}
