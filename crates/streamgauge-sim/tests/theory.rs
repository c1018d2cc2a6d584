//! The simulated queues behave as queueing theory says.

use streamgauge_sim::{Command, Scenario, Shape, Simulation, Spread, TopicPlan};

/// One partition, exponential times, no overhead: the M/M/c queue.
fn queue(servers: u32, rate: f64, mean: f64, seed: u64) -> Scenario {
    let mut scenario = Scenario {
        seed,
        ..Scenario::default()
    };
    scenario.topics = vec![TopicPlan {
        partitions: 1,
        ..TopicPlan::new("orders")
    }];
    scenario.producers[0].pace.per_second = rate;
    scenario.groups[0].workers = 1;
    scenario.groups[0].concurrency = servers;
    scenario.groups[0].buffer = 1_000_000;
    scenario.handler.time = Spread::exponential(mean);
    scenario.brokers.fetch_seconds = 0.0;
    scenario.web.per_second = 0.0;
    (scenario.handler.table_gets, scenario.handler.table_sets) = (0, 0);
    scenario.handler.sends = 0.0;
    scenario
}

/// Erlang's C: the probability that a record has to wait.
fn erlang_c(servers: u32, load: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    for n in 1..servers {
        term *= load / f64::from(n);
        sum += term;
    }
    let c = f64::from(servers);
    let last = term * load / c * c / (c - load);
    last / (sum + last)
}

/// The mean and the half width of its 99.9% confidence interval, by independent runs.
fn interval(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>()
        / (n - 1.0);
    // Student's t for 11 degrees of freedom.
    (mean, 4.437 * (variance / n).sqrt())
}

#[test]
fn wait_and_queue_are_those_of_m_m_c() {
    for (servers, rate, mean) in [(1, 80.0, 0.01), (2, 150.0, 0.01), (8, 72.0, 0.1)] {
        let load = rate * mean;
        let c = f64::from(servers);
        let expected_wait = erlang_c(servers, load) * mean / (c - load);
        let expected_in_system = rate * expected_wait + load;
        let runs = (0..12).map(|seed| {
            let mut simulation = Simulation::new(&queue(servers, rate, mean, 100 + seed)).unwrap();
            // The queue begins empty: what comes first is not yet typical.
            simulation.advance(50.0).unwrap();
            let before = simulation.totals();
            simulation.advance(500.0).unwrap();
            let after = simulation.totals();
            let wait = (after.wait_seconds - before.wait_seconds)
                / (after.taken_up - before.taken_up) as f64;
            let in_system = (after.record_seconds - before.record_seconds) / 500.0;
            let busy = (after.service_seconds - before.service_seconds) / (500.0 * c);
            (wait, in_system, busy)
        });
        let runs: Vec<_> = runs.collect();
        let (wait, off) = interval(&runs.iter().map(|run| run.0).collect::<Vec<_>>());
        assert!(
            (wait - expected_wait).abs() < off,
            "{servers}: wait {wait} +- {off}, not {expected_wait}"
        );
        assert!(
            off < expected_wait * 0.2,
            "the interval says something: {off} of {expected_wait}"
        );
        let (in_system, off) = interval(&runs.iter().map(|run| run.1).collect::<Vec<_>>());
        assert!(
            (in_system - expected_in_system).abs() < off,
            "{servers}: {in_system} +- {off}, not {expected_in_system}"
        );
        let (busy, off) = interval(&runs.iter().map(|run| run.2).collect::<Vec<_>>());
        let expected = load / c;
        assert!(
            (busy - expected).abs() < off && off < 0.01,
            "{servers}: {busy} +- {off}, not {expected}"
        );
    }
}

/// L = lambda W holds for every run that begins and ends empty, whatever happened in between.
#[test]
fn littles_law_holds_exactly_over_an_emptied_run() {
    let mut scenario = Scenario::default();
    scenario.handler.time = Spread {
        mean: 0.015,
        shape: Shape::Pareto { alpha: 2.2 },
    };
    scenario.errors.handler = 0.05;
    let mut simulation = Simulation::new(&scenario).unwrap();
    simulation.advance(50.0).unwrap();
    simulation
        .command(&Command::Crash {
            worker: 0.into(),
            restart: Some(3.0),
        })
        .unwrap();
    simulation.advance(100.0).unwrap();
    simulation
        .command(&Command::Rate {
            producer: None,
            per_second: 0.0,
        })
        .unwrap();
    simulation.advance(200.0).unwrap();
    let (counts, totals) = (simulation.counts(), simulation.totals());
    assert_eq!(
        (counts.settled, totals.settled),
        (counts.produced, counts.produced)
    );
    assert!(counts.repeated > 0 && counts.dead_letters == 0);
    let off = totals.record_seconds / totals.sojourn_seconds - 1.0;
    assert!(off.abs() < 1e-9, "{totals:?}");
}

#[test]
fn a_worker_is_as_busy_as_its_monitor_and_its_view_say() {
    let mut simulation = Simulation::new(&queue(2, 120.0, 0.01, 4)).unwrap();
    simulation.advance(500.0).unwrap();
    let worker = &simulation.workers()[0];
    assert!(
        (worker.busy_seconds() / 1_000.0 - 0.6).abs() < 0.02,
        "{}",
        worker.busy_seconds()
    );
    let mut sum = 0.0;
    for _ in 0..500 {
        simulation.advance(1.0).unwrap();
        sum += simulation.workers()[0].utilization();
    }
    assert!((sum / 500.0 - 0.6).abs() < 0.02, "{sum}");
}

#[test]
fn more_than_it_can_handle_piles_up_at_the_difference() {
    let mut scenario = queue(1, 150.0, 0.01, 11);
    scenario.groups[0].buffer = 20;
    let mut simulation = Simulation::new(&scenario).unwrap();
    simulation.advance(1_000.0).unwrap();
    let counts = simulation.counts();
    let per_second = (counts.produced - counts.processed) as f64 / 1_000.0;
    assert!((per_second - 50.0).abs() < 3.0, "{per_second}");
    assert!(counts.buffered <= 20);
    // Back-pressure: the buffer was full again and again.
    let full = simulation.workers()[0].figures().topic_buffer_full();
    assert!(full.get("orders").is_some_and(|count| *count > 1_000));
}

#[test]
fn retention_bounds_what_piles_up() {
    let mut scenario = queue(1, 150.0, 0.01, 11);
    scenario.groups[0].buffer = 20;
    scenario.brokers.retention = 500;
    let mut simulation = Simulation::new(&scenario).unwrap();
    simulation.advance(600.0).unwrap();
    let counts = simulation.counts();
    assert!(counts.waiting <= 500, "{counts:?}");
    assert_eq!((counts.settled, counts.repeated), (counts.processed, 0));
    let lost = counts.expired as f64 / 600.0;
    assert!((lost - 50.0).abs() < 4.0, "{counts:?}");
}
