//! The simulated queues behave as queueing theory says.

use streamgauge_sim::{HandlerTime, Simulation, SimulationOptions};

/// One partition, one worker, exponential times, no overhead: the M/M/1 queue.
fn single_server(message_rate: f64, handler_latency: f64) -> SimulationOptions {
    SimulationOptions {
        seed: 11,
        topics: vec!["orders".into()],
        partitions: 1,
        workers: 1,
        message_rate,
        handler_latency,
        handler_time: HandlerTime::Exponential,
        buffer_size: 1_000_000,
        fetch_latency: 0.0,
        web_request_rate: 0.0,
        ..SimulationOptions::default()
    }
}

/// Runs it and gives the mean number of records that were not processed yet.
fn mean_in_system(simulation: &mut Simulation, samples: u32, interval: f64) -> f64 {
    let mut sum = 0;
    for _ in 0..samples {
        simulation.advance(interval).unwrap();
        let counts = simulation.counts();
        sum += counts.produced - counts.processed;
    }
    sum as f64 / f64::from(samples)
}

#[test]
fn utilisation_is_rate_times_latency() {
    for (rate, latency) in [(50.0, 0.004), (50.0, 0.01), (80.0, 0.01)] {
        let mut simulation = Simulation::new(&single_server(rate, latency)).unwrap();
        simulation.advance(2_000.0).unwrap();
        let utilisation = simulation.workers()[0].busy_seconds() / 2_000.0;
        let expected = rate * latency;
        assert!(
            (utilisation / expected - 1.0).abs() < 0.02,
            "{utilisation} instead of {expected}"
        );
    }
}

#[test]
fn the_mean_queue_is_that_of_m_m_1() {
    for (rate, latency) in [(50.0, 0.01), (70.0, 0.01)] {
        let mut simulation = Simulation::new(&single_server(rate, latency)).unwrap();
        let mean = mean_in_system(&mut simulation, 50_000, 0.11);
        let utilisation = rate * latency;
        let expected = utilisation / (1.0 - utilisation);
        assert!(
            (mean / expected - 1.0).abs() < 0.05,
            "{mean} instead of {expected}"
        );
    }
}

#[test]
fn a_rate_that_doubles_doubles_throughput() {
    let mut simulation = Simulation::new(&SimulationOptions {
        message_rate: 40.0,
        ..SimulationOptions::default()
    })
    .unwrap();
    simulation.advance(500.0).unwrap();
    let first = simulation.counts().processed;
    simulation.set_message_rate(80.0).unwrap();
    simulation.advance(500.0).unwrap();
    let second = simulation.counts().processed - first;
    let ratio = second as f64 / first as f64;
    assert!((ratio - 2.0).abs() < 0.06, "{ratio}");
}

#[test]
fn more_than_it_can_handle_piles_up_at_the_difference() {
    let options = SimulationOptions {
        buffer_size: 20,
        ..single_server(150.0, 0.01)
    };
    let mut simulation = Simulation::new(&options).unwrap();
    simulation.advance(1_000.0).unwrap();
    let counts = simulation.counts();
    let per_second = (counts.produced - counts.processed) as f64 / 1_000.0;
    assert!((per_second - 50.0).abs() < 3.0, "{per_second}");
    assert!(counts.buffered <= 20);
    // Back-pressure: the buffer was full again and again.
    assert!(
        simulation.workers()[0]
            .monitor()
            .topic_buffer_full()
            .get("orders")
            .is_some_and(|count| *count > 1_000)
    );
}
