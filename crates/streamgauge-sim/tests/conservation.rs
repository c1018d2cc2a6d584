//! No record is lost or made, whatever is commanded: after every event, each is in one place.

use std::collections::BTreeMap;

use proptest::prelude::*;
use streamgauge::Figures;
use streamgauge_sim::{
    Assignor, Command, Counts, GroupPlan, HandlerPlan, KeyPlan, PartitionView, Rhythm, Scenario,
    Shape, Simulation, Spread, TopicPlan, Worker, WorkerNumber, WorkerState,
};

#[derive(Debug, Clone)]
enum Deed {
    Steps(u16),
    Do(Command),
}

fn command() -> impl Strategy<Value = Command> {
    let group = || {
        const NAMES: &[&str] = &["workers", "audit", "later"];
        prop::option::of(prop::sample::select(NAMES).prop_map(String::from))
    };
    let worker = || (group(), 0_u32..4).prop_map(|(group, number)| WorkerNumber { group, number });
    let topic = || Just("topic-0".to_string());
    prop_oneof![
        (0.0..500.0).prop_map(|per_second| Command::Rate {
            producer: None,
            per_second
        }),
        (0.0..0.1).prop_map(|mean| Command::HandlerTime { group: None, mean }),
        (0.0..=1.0).prop_map(|share| Command::Errors { share }),
        (0.0..=0.5).prop_map(|share| Command::HandlerErrors { share }),
        (worker(), 1.0..20.0).prop_map(|(worker, factor)| Command::Slow { worker, factor }),
        (worker(), 0.0..20.0).prop_map(|(worker, seconds)| Command::Stall { worker, seconds }),
        (worker(), 0.0..20.0).prop_map(|(worker, seconds)| Command::Blip { worker, seconds }),
        (worker(), prop::option::of(0.0..15.0))
            .prop_map(|(worker, restart)| Command::Crash { worker, restart }),
        Just(Command::AddWorker { group: None }),
        group().prop_map(|group| Command::AddWorker { group }),
        (1_u32..3, assignor()).prop_map(|(workers, assignor)| Command::AddGroup {
            group: Box::new(GroupPlan {
                name: "later".into(),
                topics: vec!["topic-0".into()],
                workers,
                assignor,
                ..GroupPlan::default()
            })
        }),
        worker().prop_map(|worker| Command::RemoveWorker { worker }),
        (0_u32..3, 0.0..20.0)
            .prop_map(|(broker, seconds)| Command::BrokerStall { broker, seconds }),
        (topic(), 1_u32..5).prop_map(|(topic, count)| Command::Poison { topic, count }),
        (topic(), 0.0..=1.0).prop_map(|(topic, share)| Command::HotKey { topic, share }),
        group().prop_map(|group| Command::Rebalance { group }),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => (1_u16..400).prop_map(Deed::Steps),
        3 => command().prop_map(Deed::Do),
    ]
}

fn assignor() -> impl Strategy<Value = Assignor> {
    prop_oneof![
        Just(Assignor::Range),
        Just(Assignor::RoundRobin),
        Just(Assignor::Sticky),
        Just(Assignor::Cooperative),
    ]
}

/// A second group, which may read but the first topic, and has a handler of its own.
fn other_group() -> impl Strategy<Value = Option<GroupPlan>> {
    let plan = (1_u32..4, assignor(), any::<bool>(), 0.0..0.02).prop_map(
        |(workers, assignor, is_of_all, mean)| {
            let topics = match is_of_all {
                true => Vec::new(),
                false => vec!["topic-0".into()],
            };
            let mut handler = HandlerPlan::default();
            handler.time.mean = mean;
            GroupPlan {
                name: "audit".into(),
                topics,
                workers,
                assignor,
                handler: Some(handler),
                ..GroupPlan::default()
            }
        },
    );
    prop::option::of(plan)
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let shape = prop_oneof![
        Just(Shape::Constant),
        Just(Shape::Exponential),
        (0.0..2.0).prop_map(|sigma| Shape::LogNormal { sigma }),
        (1.5..4.0).prop_map(|alpha| Shape::Pareto { alpha }),
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
        (assignor(), other_group()),
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
                (assignor, other),
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
                scenario.groups[0].workers = workers;
                scenario.groups[0].concurrency = concurrency;
                scenario.groups[0].buffer = buffer;
                scenario.groups[0].assignor = assignor;
                scenario.groups.extend(other);
                scenario.handler.time = Spread { mean: 0.01, shape };
                scenario.brokers.fetch_seconds = fetch;
                scenario.brokers.retention = retention;
                scenario.errors.commit = commit;
                scenario
            },
        )
}

/// Whether each of a group's records is in one place. `crashed`: the figures of lives that ended are
/// gone, or stay as they were.
fn check_group(simulation: &Simulation, group: usize, crashed: bool) -> Result<(), TestCaseError> {
    let counts = simulation.counts_of(group);
    let places = counts.waiting + counts.buffered + counts.in_flight;
    let ends = counts.processed + counts.dead_letters + counts.abandoned + counts.expired;
    prop_assert_eq!(
        counts.produced + counts.read_again,
        places + ends,
        "{}: {:?}",
        group,
        counts
    );
    let of_group = |worker: &&Worker| worker.group() == group;
    let workers: Vec<_> = simulation.workers().iter().filter(of_group).collect();
    let total = |figure: fn(&Figures) -> u64| -> u64 {
        workers.iter().map(|worker| figure(worker.figures())).sum()
    };
    prop_assert_eq!(total(|f| f.anomalies().total()), 0);
    if crashed {
        return Ok(());
    }
    let active = counts.buffered + counts.in_flight;
    prop_assert_eq!(total(|f| f.messages_active()), active);
    prop_assert_eq!(total(|f| f.events_active()), counts.in_flight);
    let done = counts.processed + counts.dead_letters;
    prop_assert_eq!(total(|f| f.events_total()), counts.in_flight + done);
    prop_assert_eq!(total(|f| f.messages_sent()), done);
    let received = active + done + counts.given_back + counts.abandoned;
    prop_assert_eq!(total(|f| f.messages_received_total()), received);
    Ok(())
}

fn check(simulation: &Simulation, crashed: bool) -> Result<(), TestCaseError> {
    for group in 0..simulation.groups().len() {
        check_group(simulation, group, crashed)?;
    }
    // The first group reads everything from the start.
    let counts = simulation.counts_of(0);
    let made: u64 = simulation.producers().map(|one| one.produced).sum();
    prop_assert_eq!(made, counts.produced + counts.held + counts.refused);
    let mut ends = BTreeMap::new();
    for partition in simulation.partitions() {
        prop_assert!(
            partition.committed <= partition.position && partition.position <= partition.end
        );
        // All groups see the same partition.
        let log = (partition.end, partition.held, partition.broker);
        let name = (partition.topic, partition.number);
        prop_assert_eq!(*ends.entry(name).or_insert(log), log);
        if let Some(owner) = partition.owner {
            prop_assert_eq!(simulation.workers()[owner].group(), partition.group);
        }
    }
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
        let (mut crashed, mut held) = (false, false);
        for deed in deeds {
            match deed {
                Deed::Steps(steps) => for _ in 0..steps {
                    let before = simulation.now();
                    simulation.step();
                    prop_assert!(simulation.now() >= before);
                    check(&simulation, crashed)?;
                    let most = u64::from(scenario.groups[0].buffer) * scenario.topics.len() as u64;
                    for worker in simulation.workers().iter().filter(|one| one.group() == 0) {
                        prop_assert!(worker.buffered() <= most);
                        prop_assert!(worker.in_flight() <= u64::from(scenario.groups[0].concurrency));
                    }
                },
                Deed::Do(command) => {
                    crashed |= matches!(command, Command::Crash { .. });
                    held |= matches!(command, Command::BrokerStall { .. });
                    // There may be no such worker.
                    let _ = simulation.command(&command);
                }
            }
            check(&simulation, crashed)?;
        }
        // Once producers rest and nothing fails, everything is settled and committed.
        for command in [
            Command::Rate { producer: None, per_second: 0.0 },
            Command::HandlerTime { group: None, mean: 0.001 },
            Command::Errors { share: 0.0 },
            Command::HandlerErrors { share: 0.0 },
        ] {
            simulation.command(&command).unwrap();
        }
        let groups: Vec<_> = simulation.groups().map(|group| group.name.to_string()).collect();
        for group in groups {
            simulation.command(&Command::AddWorker { group: Some(group.clone()) }).unwrap();
            simulation.command(&Command::HandlerTime { group: Some(group), mean: 0.001 }).unwrap();
        }
        for worker in 0..simulation.workers().len() as u32 {
            simulation.command(&Command::Slow { worker: worker.into(), factor: 1.0 }).unwrap();
        }
        simulation.advance(600.0).unwrap();
        check(&simulation, crashed)?;
        let mut all = Counts::default();
        for group in 0..simulation.groups().len() {
            let counts = simulation.counts_of(group);
            prop_assert_eq!((counts.held, counts.waiting, counts.buffered, counts.in_flight), (0, 0, 0, 0), "{:?}", counts);
            prop_assert_eq!(counts.settled + counts.lost, counts.produced, "{:?}", counts);
            // L = lambda W, of each group for itself, where nothing was lost or held back.
            let totals = simulation.totals_of(group);
            if counts.lost == 0 && !held {
                let off = totals.record_seconds - totals.sojourn_seconds;
                prop_assert!(off.abs() < 1e-6 * totals.record_seconds.max(1.0), "{:?}", totals);
            }
            all.settled += counts.settled;
            all.produced += counts.produced;
        }
        prop_assert_eq!((all.settled, all.produced), (simulation.counts().settled, simulation.counts().produced));
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
                let is_meant = |one: &PartitionView<'_>| {
                    (one.group, one.topic, one.number) == (worker.group(), topic, partition)
                };
                let one = all.find(is_meant).unwrap();
                prop_assert!(one.owner != Some(number) || one.committed == committed);
            }
        }
    }
}
