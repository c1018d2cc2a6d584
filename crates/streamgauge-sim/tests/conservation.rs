//! No record is lost or made, whatever is commanded: after every event, each is in one place.

use proptest::prelude::*;
use streamgauge_sim::{HandlerTime, Simulation, SimulationOptions};

#[derive(Debug, Clone)]
enum Command {
    Steps(u16),
    MessageRate(f64),
    HandlerLatency(f64),
    ErrorRate(f64),
    SlowConsumer(bool),
    Rebalance,
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        4 => (1_u16..400).prop_map(Command::Steps),
        1 => (0.0..500.0).prop_map(Command::MessageRate),
        1 => (0.0..0.1).prop_map(Command::HandlerLatency),
        1 => (0.0..=1.0).prop_map(Command::ErrorRate),
        1 => any::<bool>().prop_map(Command::SlowConsumer),
        2 => Just(Command::Rebalance),
    ]
}

fn options() -> impl Strategy<Value = SimulationOptions> {
    let handler_time = prop_oneof![
        Just(HandlerTime::Constant),
        Just(HandlerTime::Exponential),
        (0.0..2.0).prop_map(|shape| HandlerTime::LogNormal { shape }),
    ];
    (
        any::<u64>(),
        1_usize..4,
        1_u32..6,
        1_u32..5,
        1_u32..4,
        1_u32..50,
        handler_time,
        0.0..0.02,
    )
        .prop_map(
            |(
                seed,
                topics,
                partitions,
                workers,
                concurrency,
                buffer_size,
                handler_time,
                fetch_latency,
            )| {
                SimulationOptions {
                    seed,
                    topics: (0..topics)
                        .map(|number| format!("topic-{number}"))
                        .collect(),
                    partitions,
                    workers,
                    concurrency,
                    buffer_size,
                    handler_time,
                    fetch_latency,
                    ..SimulationOptions::default()
                }
            },
        )
}

fn check(simulation: &Simulation) -> Result<(), TestCaseError> {
    let counts = simulation.counts();
    let somewhere = counts.waiting + counts.buffered + counts.in_flight + counts.processed;
    prop_assert_eq!(counts.produced, somewhere, "{:?}", counts);

    let workers = simulation.workers();
    let total = |figure: fn(&streamgauge::Figures) -> u64| {
        workers
            .iter()
            .map(|worker| figure(worker.monitor().figures()))
            .sum::<u64>()
    };
    prop_assert_eq!(
        total(|f| f.messages_active()),
        counts.buffered + counts.in_flight
    );
    prop_assert_eq!(total(|f| f.events_active()), counts.in_flight);
    prop_assert_eq!(
        total(|f| f.events_total()),
        counts.in_flight + counts.processed
    );
    prop_assert_eq!(total(|f| f.messages_sent()), counts.processed);
    let received = counts.buffered + counts.in_flight + counts.processed + counts.given_back;
    prop_assert_eq!(total(|f| f.messages_received_total()), received);
    prop_assert_eq!(total(|f| f.anomalies().total()), 0);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_record_is_in_one_place_after_every_event(options in options(), commands in prop::collection::vec(command(), 1..20)) {
        let mut simulation = Simulation::new(&options).unwrap();
        let limit = u64::from(options.buffer_size) * u64::from(options.workers) * options.topics.len() as u64;
        for command in commands {
            match command {
                Command::Steps(steps) => for _ in 0..steps {
                    let before = simulation.now();
                    simulation.step();
                    prop_assert!(simulation.now() >= before);
                    check(&simulation)?;
                    prop_assert!(simulation.counts().buffered <= limit);
                },
                Command::MessageRate(rate) => simulation.set_message_rate(rate).unwrap(),
                Command::HandlerLatency(seconds) => simulation.set_handler_latency(seconds).unwrap(),
                Command::ErrorRate(rate) => simulation.set_error_rate(rate).unwrap(),
                Command::SlowConsumer(slow) => simulation.set_slow_consumer(slow),
                Command::Rebalance => { simulation.rebalance(); }
            }
            check(&simulation)?;
        }
        // Once producers rest, everything is processed and committed.
        simulation.set_message_rate(0.0).unwrap();
        simulation.set_handler_latency(0.001).unwrap();
        simulation.set_slow_consumer(false);
        simulation.advance(300.0).unwrap();
        let counts = simulation.counts();
        prop_assert_eq!(counts.processed, counts.produced);
        check(&simulation)?;
        for worker in simulation.workers() {
            let committed: Vec<_> = worker.monitor().tp_committed_offsets().collect();
            let end: Vec<_> = worker.monitor().tp_end_offsets().collect();
            prop_assert_eq!(committed, end);
        }
    }
}
