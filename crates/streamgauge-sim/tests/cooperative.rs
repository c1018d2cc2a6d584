//! The cooperative protocol takes two rounds, and stops only what moves.

use std::collections::BTreeMap;

use streamgauge_sim::{Assignor, Command, Scenario, Simulation};

fn simulation() -> Simulation {
    let mut scenario = Scenario::default();
    scenario.groups[0].assignor = Assignor::Cooperative;
    let mut simulation = Simulation::new(&scenario).unwrap();
    simulation.advance(30.0).unwrap();
    simulation
}

fn owners(simulation: &Simulation) -> Vec<Option<usize>> {
    simulation.partitions().map(|one| one.owner).collect()
}

fn told(simulation: &Simulation, from: f64) -> Vec<String> {
    let entries = simulation.journal(0).filter(|entry| entry.at >= from);
    let entries = entries.filter(|entry| entry.worker.is_none());
    entries.map(|entry| entry.kind.to_string()).collect()
}

#[test]
fn first_they_keep_what_they_have_then_what_moves_is_given_away() {
    let mut simulation = simulation();
    let before = owners(&simulation);
    simulation
        .command(&Command::AddWorker { group: None })
        .unwrap();
    // Round by round: who is letting go of what, and who owned what at the round's end.
    let mut revoking: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut ends = BTreeMap::new();
    while simulation.is_rebalancing() {
        let round = simulation.groups().next().unwrap().round;
        for (place, one) in simulation.partitions().enumerate() {
            let known = revoking.entry(round).or_default();
            if one.is_revoking && !known.contains(&place) {
                known.push(place);
            }
        }
        ends.insert(round, owners(&simulation));
        simulation.step();
    }
    let after = owners(&simulation);
    let moved: Vec<_> = (0..8)
        .filter(|place| before[*place] != after[*place])
        .collect();
    assert_eq!(moved.len(), 2);
    assert!(moved.iter().all(|place| after[*place] == Some(2)));
    assert_eq!(revoking, BTreeMap::from([(1, vec![]), (2, moved)]));
    assert_eq!(ends[&1], before);
    assert_eq!(simulation.generation(), 2);
    assert_eq!(
        told(&simulation, 30.0),
        [
            "rebalanceStarted",
            "partitionsWithheld",
            "rebalanceEnded",
            "rebalanceStarted",
            "rebalanceEnded"
        ]
    );
    // What the monitors heard: nothing else was revoked, and each round is a rebalance.
    let figures: Vec<_> = (0..3)
        .map(|worker| simulation.snapshot(worker).unwrap())
        .collect();
    let heard = figures.iter().map(|one| {
        (
            one.ownership.revoked,
            one.ownership.assigned,
            one.rebalances.count,
        )
    });
    assert_eq!(heard.collect::<Vec<_>>(), [(1, 4, 2), (1, 4, 2), (0, 2, 2)]);
    simulation.advance(10.0).unwrap();
    assert_eq!(simulation.counts().repeated, 0);
}

/// What stays is read all the time, in each round.
#[test]
fn what_stays_is_read_throughout() {
    let mut simulation = simulation();
    let commands = [
        Command::HandlerTime {
            group: None,
            mean: 0.001,
        },
        Command::Rate {
            producer: None,
            per_second: 1_000.0,
        },
    ];
    for command in commands {
        simulation.command(&command).unwrap();
    }
    simulation.advance(5.0).unwrap();
    let before = owners(&simulation);
    simulation
        .command(&Command::AddWorker { group: None })
        .unwrap();
    let mut read = BTreeMap::new();
    let mut last: Vec<_> = simulation.partitions().map(|one| one.position).collect();
    while simulation.is_rebalancing() {
        let round = simulation.groups().next().unwrap().round;
        simulation.step();
        for (place, one) in simulation.partitions().enumerate() {
            if one.owner == before[place] && one.position > last[place] {
                *read.entry((round, place)).or_insert(0) += one.position - last[place];
            }
            last[place] = one.position;
        }
    }
    let stays = (0..8).filter(|place| owners(&simulation)[*place] == before[*place]);
    for place in stays {
        assert!(read.contains_key(&(2, place)), "{place}: {read:?}");
    }
    assert!(read.keys().any(|(round, _)| *round == 1), "{read:?}");
}

#[test]
fn one_round_is_enough_where_nothing_that_has_an_owner_moves() {
    let mut simulation = simulation();
    simulation
        .command(&Command::RemoveWorker { worker: 1.into() })
        .unwrap();
    simulation.advance(30.0).unwrap();
    assert_eq!(simulation.generation(), 1);
    assert_eq!(owners(&simulation), vec![Some(0); 8]);
    // By sticky assignment nothing moves where the first member joins anew.
    assert!(simulation.rebalance());
    simulation.advance(30.0).unwrap();
    assert_eq!(
        (simulation.generation(), simulation.is_rebalancing()),
        (2, false)
    );
}

/// A worker that joins in the first round is waited for by no one: the second knows it.
#[test]
fn who_joins_meanwhile_is_in_the_next_round() {
    let mut simulation = simulation();
    simulation
        .command(&Command::AddWorker { group: None })
        .unwrap();
    simulation.step();
    simulation
        .command(&Command::AddWorker { group: None })
        .unwrap();
    simulation.advance(30.0).unwrap();
    let count = |worker| {
        owners(&simulation)
            .iter()
            .filter(|owner| **owner == Some(worker))
            .count()
    };
    assert_eq!([0, 1, 2, 3].map(count), [2, 2, 2, 2]);
    assert!(!simulation.is_rebalancing());
}

/// Who has to let go and stands still is waited for, but not for ever.
#[test]
fn who_does_not_let_go_is_left_out() {
    let mut simulation = simulation();
    simulation
        .command(&Command::AddWorker { group: None })
        .unwrap();
    while simulation.groups().next().unwrap().round < 2 {
        simulation.step();
    }
    simulation
        .command(&Command::Stall {
            worker: 0.into(),
            seconds: 40.0,
        })
        .unwrap();
    simulation.advance(30.0).unwrap();
    assert!(
        owners(&simulation)
            .iter()
            .all(|owner| matches!(owner, Some(1 | 2)))
    );
    simulation.advance(40.0).unwrap();
    let count = |worker| {
        owners(&simulation)
            .iter()
            .filter(|owner| **owner == Some(worker))
            .count()
    };
    assert_eq!([0, 1, 2].map(count), [2, 3, 3]);
}
