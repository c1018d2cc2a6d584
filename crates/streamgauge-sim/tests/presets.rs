//! What each preset claims is what its figures show.

use streamgauge_sim::{PRESETS, Preset, Simulation};

fn simulation(name: &str) -> Simulation {
    let preset = Preset::by_name(name).unwrap();
    Simulation::new(&preset.scenario()).unwrap()
}

/// Records of each partition that are not committed.
fn lags(simulation: &Simulation) -> Vec<u64> {
    simulation
        .partitions()
        .map(|one| one.end - one.committed)
        .collect()
}

/// Lets seconds pass, and gives the mean utilization of each worker.
fn watch(simulation: &mut Simulation, seconds: u32) -> Vec<f64> {
    let mut sums = vec![0.0; simulation.workers().len()];
    for _ in 0..seconds {
        simulation.advance(1.0).unwrap();
        for (sum, worker) in sums.iter_mut().zip(simulation.workers()) {
            *sum += worker.utilization() / f64::from(seconds);
        }
    }
    sums
}

fn told(simulation: &Simulation, kind: &str) -> usize {
    simulation
        .journal(0)
        .filter(|entry| entry.kind == kind)
        .count()
}

#[test]
fn there_are_eight_and_each_says_what_it_teaches() {
    assert_eq!(PRESETS.len(), 8);
    for preset in PRESETS {
        let scenario = preset.scenario();
        assert!(
            !scenario.title.is_empty() && scenario.claim.len() > 40,
            "{}",
            preset.name
        );
        assert!(
            scenario.lesson.len() > 150 && !scenario.lesson.contains('\n'),
            "{}",
            preset.name
        );
    }
}

#[test]
fn steady_state() {
    let mut simulation = simulation("steady-state");
    simulation.advance(30.0).unwrap();
    let busy = watch(&mut simulation, 270);
    let all: f64 = busy.iter().sum::<f64>() / 3.0;
    assert!((all - 120.0 * 0.015 / 3.0).abs() < 0.02, "{busy:?}");
    // Two seconds' worth of commits, and no more.
    assert!(
        lags(&simulation).iter().all(|lag| *lag < 60),
        "{:?}",
        lags(&simulation)
    );
    assert!(simulation.counts().waiting + simulation.counts().buffered < 30);
    let cluster = simulation.cluster().unwrap();
    assert_eq!(
        (cluster.health.status.name(), cluster.rebalances.count),
        ("ok", 0)
    );
    let end_to_end = cluster.messages.end_to_end.life.unwrap();
    assert!(end_to_end.quantile(0.99).unwrap() < 0.5);
}

#[test]
fn a_hot_key() {
    let mut simulation = simulation("hot-key");
    simulation.advance(60.0).unwrap();
    assert!(
        lags(&simulation).iter().all(|lag| *lag < 100),
        "{:?}",
        lags(&simulation)
    );
    let busy = watch(&mut simulation, 240);
    let lags = lags(&simulation);
    let (most, all) = (lags.iter().max().unwrap(), lags.iter().sum::<u64>());
    assert!(*most > 2_000 && *most * 10 > all * 9, "{lags:?}");
    let busiest = busy.iter().filter(|share| **share > 0.9).count();
    assert_eq!(busiest, 1, "{busy:?}");
    assert!(
        busy.iter().filter(|share| **share < 0.6).count() == 3,
        "{busy:?}"
    );
}

#[test]
fn a_slow_consumer() {
    let mut simulation = simulation("slow-consumer");
    simulation.advance(180.0).unwrap();
    let of_slow = |simulation: &Simulation| -> (u64, u64) {
        let (slow, rest): (Vec<_>, Vec<_>) = simulation
            .partitions()
            .partition(|one| one.owner == Some(2));
        let lag = |all: Vec<streamgauge_sim::PartitionView<'_>>| {
            all.iter().map(|one| one.end - one.committed).sum()
        };
        (lag(slow), lag(rest))
    };
    let (slow, rest) = of_slow(&simulation);
    // 40 a second come, 12.5 are done.
    assert!((slow as f64 / (120.0 * 27.5) - 1.0).abs() < 0.12, "{slow}");
    assert!(rest < 250, "{rest}");
    simulation.advance(240.0).unwrap();
    let (slow, rest) = of_slow(&simulation);
    assert!(slow < 150 && rest < 250, "{slow} {rest}");
}

#[test]
fn bursts_and_back_pressure() {
    let mut simulation = simulation("burst");
    let (mut most_waiting, mut most_buffered) = (0, 0);
    for _ in 0..4 {
        for _ in 0..580 {
            simulation.advance(0.1).unwrap();
            most_waiting = most_waiting.max(simulation.counts().waiting);
            let buffered = simulation.workers().iter().map(|worker| worker.buffered());
            most_buffered = most_buffered.max(buffered.max().unwrap());
        }
        assert!(
            simulation.counts().waiting < 40,
            "{:?}",
            simulation.counts()
        );
        simulation.advance(2.0).unwrap();
    }
    assert!(
        most_waiting > 1_500 && most_buffered == 50,
        "{most_waiting} {most_buffered}"
    );
    let cluster = simulation.cluster().unwrap();
    let paused = cluster.consumer.pauses;
    assert!(
        paused > 100 && paused - cluster.consumer.resumes <= 6,
        "{paused}"
    );
}

#[test]
fn a_storm_of_rebalances() {
    let mut simulation = simulation("rebalance-storm");
    simulation.advance(59.0).unwrap();
    let mut stopped = 0;
    let mut storm = false;
    let mut generation = 0;
    for second in 59..300 {
        for _ in 0..20 {
            simulation.advance(0.05).unwrap();
            let all_stopped = simulation.partitions().all(|one| one.owner.is_none());
            if all_stopped && simulation.generation() != generation {
                generation = simulation.generation();
                stopped += 1;
            }
        }
        storm |= second % 10 == 0 && simulation.cluster().unwrap().rebalances.storm;
    }
    assert_eq!((simulation.generation(), stopped), (10, 10));
    assert!(storm);
    assert_eq!(told(&simulation, "workerExpelled"), 5);
    let counts = simulation.counts();
    assert!(
        counts.repeated > 20 && counts.read_again >= counts.repeated,
        "{counts:?}"
    );
}

#[test]
fn a_poison_message() {
    let mut simulation = simulation("poison-message");
    simulation.advance(60.0).unwrap();
    assert_eq!(simulation.counts().dead_letters, 0);
    simulation.advance(7.0).unwrap();
    // Eight seconds of half of the traffic wait behind it.
    let waiting: u64 = lags(&simulation).iter().sum();
    assert!(waiting > 150, "{waiting}");
    simulation.advance(173.0).unwrap();
    let letters: Vec<_> = simulation.dead_letters().copied().collect();
    assert_eq!(letters.len(), 3);
    for letter in letters {
        assert_eq!(letter.attempts, 5);
        assert!(letter.at - letter.born > 8.0, "{letter:?}");
    }
    let counts = simulation.counts();
    assert_eq!(
        (
            counts.dead_letters,
            counts.retries,
            counts.repeated,
            counts.lost
        ),
        (3, 12, 0, 0)
    );
    assert!(counts.waiting + counts.buffered < 20, "{counts:?}");
    let cluster = simulation.cluster().unwrap();
    assert_eq!(
        (cluster.messages.dead_lettered, cluster.messages.retried),
        (3, 12)
    );
    assert_eq!(
        cluster
            .errors
            .by_stage
            .get("process")
            .unwrap()
            .get("ValueError"),
        Some(&15)
    );
}

#[test]
fn a_broker_stalls() {
    let mut simulation = simulation("broker-stall");
    simulation.advance(91.0).unwrap();
    let ends = |simulation: &Simulation| -> Vec<_> {
        simulation
            .partitions()
            .map(|one| (one.broker, one.end, one.position, one.held))
            .collect()
    };
    let before = ends(&simulation);
    simulation.advance(38.0).unwrap();
    for (before, after) in before.iter().zip(ends(&simulation)) {
        if before.0 == 1 {
            assert_eq!((before.1, before.2), (after.1, after.2));
            assert!(after.3 > 400, "{after:?}");
        } else {
            assert!(after.1 > before.1 + 400 && after.2 > before.2 + 400);
        }
    }
    simulation.advance(111.0).unwrap();
    let counts = simulation.counts();
    assert!(
        counts.held == 0 && counts.waiting + counts.buffered < 50 && counts.refused == 0,
        "{counts:?}"
    );
    let cluster = simulation.cluster().unwrap();
    let fetch = cluster.errors.by_stage.get("fetch").unwrap();
    assert!(*fetch.get("REQUEST_TIMED_OUT").unwrap() >= 7 * 3);
    let end_to_end = cluster.messages.end_to_end.life.unwrap();
    assert!(end_to_end.max.unwrap() > 38.0);
}

#[test]
fn a_crash_and_reading_again() {
    let mut simulation = simulation("crash");
    simulation.advance(95.5).unwrap();
    let positions = |simulation: &Simulation| -> Vec<_> {
        let of_dead = simulation.partitions().filter(|one| one.owner == Some(1));
        of_dead.map(|one| one.position).collect()
    };
    let before = positions(&simulation);
    assert_eq!(before.len(), 2);
    simulation.advance(6.0).unwrap();
    assert_eq!(positions(&simulation), before);
    simulation.advance(10.0).unwrap();
    assert_eq!(positions(&simulation).len(), 0);
    let counts = simulation.counts();
    assert!(
        counts.read_again > 150 && counts.repeated > 150,
        "{counts:?}"
    );
    simulation.advance(128.5).unwrap();
    let counts = simulation.counts();
    assert_eq!(counts.lost, 0);
    let open = counts.waiting + counts.buffered + counts.in_flight;
    assert_eq!(counts.settled, counts.produced - open);
    assert_eq!(positions(&simulation).len(), 2);
}
