//! Every hook of a monitor is called, and what it then shows is what happened.

use streamgauge::Status;
use streamgauge_sim::{Assignor, Command, Scenario, Simulation};

fn stormy() -> Simulation {
    let mut scenario = Scenario {
        seed: 3,
        ..Scenario::default()
    };
    scenario.errors.send = 0.1;
    scenario.errors.commit = 0.1;
    scenario.errors.assignment = 0.7;
    scenario.groups[0].buffer = 10;
    scenario.producers[0].poison_share = 0.001;
    let mut simulation = Simulation::new(&scenario).unwrap();
    let deeds = [
        Command::HandlerErrors { share: 0.02 },
        Command::Slow {
            worker: 1.into(),
            factor: 4.0,
        },
        Command::Rebalance { group: None },
        Command::Blip {
            worker: 0.into(),
            seconds: 14.0,
        },
        Command::BrokerStall {
            broker: 1,
            seconds: 12.0,
        },
        Command::AddWorker { group: None },
        Command::Stall {
            worker: 1.into(),
            seconds: 14.0,
        },
        Command::RemoveWorker { worker: 2.into() },
    ];
    for deed in deeds {
        simulation.command(&deed).unwrap();
        simulation.advance(60.0).unwrap();
    }
    simulation
}

#[test]
fn every_hook_leaves_its_trace_in_the_cluster() {
    let mut simulation = stormy();
    simulation
        .command(&Command::Slow {
            worker: 1.into(),
            factor: 1.0,
        })
        .unwrap();
    simulation.advance(60.0).unwrap();
    let cluster = simulation.cluster().unwrap();
    let counts = simulation.counts();
    assert_eq!(cluster.anomalies.len(), 0, "{:?}", cluster.anomalies);

    assert!(cluster.messages.received > 40_000);
    assert!(cluster.messages.end_to_end.life.as_ref().unwrap().sum() > 0.0);
    assert!(cluster.messages.retried > 0 && cluster.messages.dead_lettered > 0);
    assert!(cluster.messages.retried <= counts.retries);
    let table = cluster.tables.get("orders-table").unwrap();
    assert!(table.keys_retrieved > 0 && table.keys_updated > 0 && table.keys_deleted > 0);
    assert!(*cluster.metrics.get("orders-large").unwrap() > 0);
    assert!(cluster.sends.latency.life.is_some() && cluster.sends.errors > 0);
    assert!(cluster.commits.latency.life.is_some());
    assert!(cluster.assignments.completed > 0 && cluster.assignments.failed > 0);
    assert!(cluster.rebalances.count > 5 && cluster.rebalances.end_latency.life.is_some());
    assert!(cluster.rebalances.return_latency.life.is_some());
    let ownership = &cluster.ownership;
    assert!(ownership.assigned > 0 && ownership.revoked > 0 && ownership.lost > 0);
    for stage in ["send", "process", "commit", "fetch", "http"] {
        assert!(cluster.errors.by_stage.get(stage).is_some(), "{stage}");
    }
    let consumer = &cluster.consumer;
    assert!(consumer.polls > 0 && consumer.empty_polls > 0 && consumer.polled_records > 40_000);
    assert!(consumer.pauses > 0 && consumer.resumes > 0 && consumer.heartbeats > 100);
    assert!(consumer.buffer_full_by_topic.get("orders").is_some());
    assert!(
        *cluster.http.responses.get(&200).unwrap() > *cluster.http.responses.get(&500).unwrap()
    );
    assert_eq!(ownership.owned, 8);
}

#[test]
fn each_worker_has_a_monitor_of_its_own_with_name_and_epoch() {
    let mut simulation = Simulation::new(&Scenario::default()).unwrap();
    simulation.advance(10.0).unwrap();
    let [first, second] = [0, 1].map(|worker| simulation.snapshot(worker).unwrap());
    assert_eq!(
        (first.worker.as_str(), second.worker.as_str()),
        ("worker-0", "worker-1")
    );
    assert_eq!((first.since, first.at), (1_767_225_600.0, 1_767_225_610.0));
    let cluster = simulation.cluster().unwrap();
    assert_eq!(
        cluster.messages.received,
        first.messages.received + second.messages.received
    );
    assert_eq!(cluster.partitions.len(), 8);
}

#[test]
fn the_clusters_lag_is_what_lies_in_the_partitions() {
    let mut scenario = Scenario::default();
    scenario.producers[0].pace.per_second = 400.0;
    let mut simulation = Simulation::new(&scenario).unwrap();
    simulation.advance(60.0).unwrap();
    simulation
        .command(&Command::Rate {
            producer: None,
            per_second: 0.0,
        })
        .unwrap();
    simulation.advance(3.0).unwrap();
    let lag: u64 = simulation
        .partitions()
        .map(|one| one.end - one.committed)
        .sum();
    assert!(lag > 5_000, "{lag}");
    let cluster = simulation.cluster().unwrap();
    assert_eq!(cluster.lag.committed_sum, Some(lag));
    assert_eq!(cluster.lag.partitions_unknown, 0);
}

#[test]
fn a_crash_is_noticed_read_again_and_counted() {
    let mut scenario = Scenario::default();
    scenario.groups[0].commit_interval = 5.0;
    let mut simulation = Simulation::new(&scenario).unwrap();
    simulation.advance(33.0).unwrap();
    let received = simulation.cluster().unwrap().messages.received;
    simulation
        .command(&Command::Crash {
            worker: 1.into(),
            restart: Some(40.0),
        })
        .unwrap();
    // Nobody knows before the session runs out.
    simulation.advance(5.0).unwrap();
    assert!(!simulation.is_rebalancing() && simulation.generation() == 0);
    let owned = |simulation: &Simulation, worker| {
        simulation
            .partitions()
            .filter(|one| one.owner == Some(worker))
            .count()
    };
    assert_eq!((owned(&simulation, 0), owned(&simulation, 1)), (4, 4));
    simulation.advance(15.0).unwrap();
    assert_eq!((owned(&simulation, 0), owned(&simulation, 1)), (8, 0));
    let counts = simulation.counts();
    assert!(
        counts.read_again > 0 && counts.repeated > 0 && counts.abandoned > 0,
        "{counts:?}"
    );
    simulation.advance(40.0).unwrap();
    assert_eq!((owned(&simulation, 0), owned(&simulation, 1)), (4, 4));
    assert_eq!(simulation.workers()[1].life(), 2);
    let cluster = simulation.cluster().unwrap();
    // Both lives count.
    assert!(cluster.messages.received > received + 4_000);
    assert_eq!(cluster.merged.len(), 3);
}

#[test]
fn an_eager_rebalance_stops_everyone_and_a_cooperative_one_does_not() {
    let stopped = |assignor| {
        let mut scenario = Scenario::default();
        scenario.groups[0].assignor = assignor;
        let mut simulation = Simulation::new(&scenario).unwrap();
        simulation.advance(30.0).unwrap();
        simulation
            .command(&Command::AddWorker { group: None })
            .unwrap();
        let mut most_waiting = 0;
        let mut unowned = 0;
        while simulation.is_rebalancing() {
            simulation.step();
            most_waiting = most_waiting.max(simulation.counts().waiting);
            let all = simulation.partitions();
            unowned = unowned.max(all.filter(|one| one.owner.is_none()).count());
        }
        simulation.advance(10.0).unwrap();
        let owners: Vec<_> = (0..3)
            .map(|worker| {
                simulation
                    .partitions()
                    .filter(|one| one.owner == Some(worker))
                    .count()
            })
            .collect();
        assert_eq!(owners, [3, 3, 2], "{assignor:?}");
        (most_waiting, unowned)
    };
    let (eager, unowned) = stopped(Assignor::RoundRobin);
    assert_eq!(unowned, 8);
    let (cooperative, unowned) = stopped(Assignor::Cooperative);
    assert_eq!(unowned, 2);
    assert!(eager > 2 * cooperative, "{eager} {cooperative}");
}

#[test]
fn the_assignor_fails_at_most_twice() {
    let mut simulation = Simulation::new(&Scenario::default()).unwrap();
    simulation.command(&Command::Errors { share: 1.0 }).unwrap();
    assert!(simulation.rebalance());
    assert!(!simulation.rebalance(), "one is under way");
    simulation.advance(60.0).unwrap();
    let cluster = simulation.cluster().unwrap();
    assert_eq!(
        (cluster.assignments.failed, cluster.assignments.completed),
        (2, 1)
    );
    assert!(!simulation.is_rebalancing());
}

#[test]
fn no_messages_no_work_and_no_complaint() {
    let mut scenario = Scenario::default();
    scenario.producers[0].pace.per_second = 0.0;
    scenario.web.per_second = 0.0;
    let mut simulation = Simulation::new(&scenario).unwrap();
    simulation.advance(600.0).unwrap();
    let cluster = simulation.cluster().unwrap();
    assert_eq!(
        (cluster.messages.received, cluster.commits.completed),
        (0, 0)
    );
    assert_eq!(
        cluster.health.status,
        Status::Ok,
        "{}",
        cluster.health.reason
    );
    simulation
        .command(&Command::Rate {
            producer: None,
            per_second: 10.0,
        })
        .unwrap();
    simulation.advance(10.0).unwrap();
    assert!(simulation.counts().produced > 50);
}
