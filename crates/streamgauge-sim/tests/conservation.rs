//! No record is lost or made, whatever is commanded: after every event, each is in one place.

use proptest::prelude::*;
use streamgauge::Figures;
use streamgauge_sim::{
    Assignor, Command, KeyPlan, Rhythm, Scenario, Shape, Simulation, Spread, TopicPlan, WorkerState,
};

#[derive(Debug, Clone)]
enum Deed {
    Steps(u16),
    Do(Command),
}

fn command() -> impl Strategy<Value = Command> {
    let worker = || 0_u32..4;
    let topic = || Just("topic-0".to_string());
    prop_oneof![
        (0.0..500.0).prop_map(|per_second| Command::Rate {
            producer: None,
            per_second
        }),
        (0.0..0.1).prop_map(|mean| Command::HandlerTime { mean }),
        (0.0..=1.0).prop_map(|share| Command::Errors { share }),
        (0.0..=0.5).prop_map(|share| Command::HandlerErrors { share }),
        (worker(), 1.0..20.0).prop_map(|(worker, factor)| Command::Slow { worker, factor }),
        (worker(), 0.0..20.0).prop_map(|(worker, seconds)| Command::Stall { worker, seconds }),
        (worker(), 0.0..20.0).prop_map(|(worker, seconds)| Command::Blip { worker, seconds }),
        (worker(), prop::option::of(0.0..15.0))
            .prop_map(|(worker, restart)| Command::Crash { worker, restart }),
        Just(Command::AddWorker),
        worker().prop_map(|worker| Command::RemoveWorker { worker }),
        (0_u32..3, 0.0..20.0)
            .prop_map(|(broker, seconds)| Command::BrokerStall { broker, seconds }),
        (topic(), 1_u32..5).prop_map(|(topic, count)| Command::Poison { topic, count }),
        (topic(), 0.0..=1.0).prop_map(|(topic, share)| Command::HotKey { topic, share }),
        Just(Command::Rebalance),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => (1_u16..400).prop_map(Deed::Steps),
        3 => command().prop_map(Deed::Do),
    ]
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let shape = prop_oneof![
        Just(Shape::Constant),
        Just(Shape::Exponential),
        (0.0..2.0).prop_map(|sigma| Shape::LogNormal { sigma }),
        (1.5..4.0).prop_map(|alpha| Shape::Pareto { alpha }),
    ];
    let assignor = prop_oneof![
        Just(Assignor::Range),
        Just(Assignor::RoundRobin),
        Just(Assignor::Sticky),
        Just(Assignor::Cooperative),
    ];
    let rhythm = prop_oneof![
        Just(Rhythm::Constant),
        Just(Rhythm::Poisson),
        Just(Rhythm::Bursty {
            times: 8.0,
            every: 5.0,
            length: 1.0
        }),
        Just(Rhythm::Daily {
            swing: 0.9,
            period: 20.0
        }),
    ];
    let keys =
        prop::option::of((1_u32..50, 0.0..2.0).prop_map(|(count, skew)| KeyPlan { count, skew }));
    let sizes = (
        1_usize..4,
        1_u32..6,
        1_u32..5,
        1_u32..4,
        1_u32..50,
        20_u32..2_000,
    );
    (
        any::<u64>(),
        sizes,
        shape,
        assignor,
        rhythm,
        keys,
        0.0..0.02,
        0.0..0.1,
    )
        .prop_map(
            |(
                seed,
                (topics, partitions, workers, concurrency, buffer, retention),
                shape,
                assignor,
                rhythm,
                keys,
                fetch,
                commit,
            )| {
                let mut scenario = Scenario {
                    seed,
                    ..Scenario::default()
                };
                let plan = |number| TopicPlan {
                    partitions,
                    keys,
                    ..TopicPlan::new(&format!("topic-{number}"))
                };
                scenario.topics = (0..topics).map(plan).collect();
                scenario.producers[0].pace.rhythm = rhythm;
                scenario.producers[0].poison_share = 0.01;
                scenario.group.workers = workers;
                scenario.group.concurrency = concurrency;
                scenario.group.buffer = buffer;
                scenario.group.assignor = assignor;
                scenario.handler.time = Spread { mean: 0.01, shape };
                scenario.brokers.fetch_seconds = fetch;
                scenario.brokers.retention = retention;
                scenario.errors.commit = commit;
                scenario
            },
        )
}

fn total(simulation: &Simulation, figure: fn(&Figures) -> u64) -> u64 {
    simulation
        .workers()
        .iter()
        .map(|worker| figure(worker.figures()))
        .sum()
}

/// `crashed`: the figures of lives that ended are gone, or stay as they were.
fn check(simulation: &Simulation, crashed: bool) -> Result<(), TestCaseError> {
    let counts = simulation.counts();
    let places = counts.waiting + counts.buffered + counts.in_flight;
    let ends = counts.processed + counts.dead_letters + counts.abandoned + counts.expired;
    prop_assert_eq!(
        counts.produced + counts.read_again,
        places + ends,
        "{:?}",
        counts
    );
    let made: u64 = simulation
        .producers()
        .map(|producer| producer.produced)
        .sum();
    prop_assert_eq!(made, counts.produced + counts.held + counts.refused);
    for partition in simulation.partitions() {
        prop_assert!(
            partition.committed <= partition.position && partition.position <= partition.end
        );
    }
    prop_assert_eq!(total(simulation, |f| f.anomalies().total()), 0);
    if crashed {
        return Ok(());
    }
    prop_assert_eq!(
        total(simulation, |f| f.messages_active()),
        counts.buffered + counts.in_flight
    );
    prop_assert_eq!(total(simulation, |f| f.events_active()), counts.in_flight);
    let done = counts.processed + counts.dead_letters;
    prop_assert_eq!(
        total(simulation, |f| f.events_total()),
        counts.in_flight + done
    );
    prop_assert_eq!(total(simulation, |f| f.messages_sent()), done);
    let received = counts.buffered + counts.in_flight + done + counts.given_back + counts.abandoned;
    prop_assert_eq!(total(simulation, |f| f.messages_received_total()), received);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_record_is_in_one_place_after_every_event(
        scenario in scenario(),
        deeds in prop::collection::vec(deed(), 1..30),
    ) {
        let mut simulation = Simulation::new(&scenario).unwrap();
        let mut crashed = false;
        for deed in deeds {
            match deed {
                Deed::Steps(steps) => for _ in 0..steps {
                    let before = simulation.now();
                    simulation.step();
                    prop_assert!(simulation.now() >= before);
                    check(&simulation, crashed)?;
                    let most = u64::from(scenario.group.buffer) * scenario.topics.len() as u64;
                    for worker in simulation.workers() {
                        prop_assert!(worker.buffered() <= most);
                        prop_assert!(worker.in_flight() <= u64::from(scenario.group.concurrency));
                    }
                },
                Deed::Do(command) => {
                    crashed |= matches!(command, Command::Crash { .. });
                    // There may be no such worker.
                    let _ = simulation.command(&command);
                }
            }
            check(&simulation, crashed)?;
        }
        // Once producers rest and nothing fails, everything is settled and committed.
        for command in [
            Command::AddWorker,
            Command::Rate { producer: None, per_second: 0.0 },
            Command::HandlerTime { mean: 0.001 },
            Command::Errors { share: 0.0 },
            Command::HandlerErrors { share: 0.0 },
        ] {
            simulation.command(&command).unwrap();
        }
        for worker in 0..simulation.workers().len() as u32 {
            simulation.command(&Command::Slow { worker, factor: 1.0 }).unwrap();
        }
        simulation.advance(600.0).unwrap();
        check(&simulation, crashed)?;
        let counts = simulation.counts();
        prop_assert_eq!((counts.held, counts.waiting, counts.buffered, counts.in_flight), (0, 0, 0, 0), "{:?}", counts);
        prop_assert_eq!(counts.settled + counts.lost, counts.produced, "{:?}", counts);
        prop_assert!(!simulation.is_rebalancing());
        for partition in simulation.partitions() {
            prop_assert_eq!(partition.committed, partition.end);
            let owner = partition.owner.expect("somebody has it");
            let state = simulation.worker_state(owner).unwrap();
            prop_assert_eq!(state, WorkerState::Running);
        }
        // What each monitor knows of its partitions is what is so.
        for (number, worker) in simulation.workers().iter().enumerate() {
            for (topic, partition, committed) in worker.figures().tp_committed_offsets() {
                let mut all = simulation.partitions();
                let one = all.find(|one| (one.topic, one.number) == (topic, partition)).unwrap();
                prop_assert!(one.owner != Some(number) || one.committed == committed);
            }
        }
    }
}
