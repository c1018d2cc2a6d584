//! A simulation's state as one block of numbers, which JavaScript takes apart (`js/sim-state.ts`).
//!
//! The head: the block's length, now, 1 in a rebalance, generation, and how many partitions, workers,
//! producers, brokers, particles and groups there are. Then columns, each as long as its table:
//!
//! | table | columns |
//! |---|---|
//! | partitions | owner (-1: none), broker, end, position, committed, held, oldest waiting (NaN: none), 1 where its owner lets go, group |
//! | workers | state, buffered, in flight, utilization, processed, slowness, life, partitions, group |
//! | producers | rate, produced |
//! | brokers | 1 where it is stalled |
//! | particles | id, born, producer, partition, stage, since, worker (-1: none) |
//! | groups | generation, round (0: not in a rebalance) |

use alloc::vec::Vec;

use streamgauge_sim::Simulation;

const HEAD: usize = 10;

pub(super) fn number(place: Option<usize>) -> f64 {
    place.map_or(-1.0, |place| place as f64)
}

/// Writes a table column by column.
fn columns<T, const N: usize>(
    block: &mut Vec<f64>,
    rows: impl Iterator<Item = T>,
    row: impl Fn(T) -> [f64; N],
) -> usize {
    let rows: Vec<_> = rows.map(row).collect();
    for column in 0..N {
        block.extend(rows.iter().map(|row| row[column]));
    }
    rows.len()
}

pub(super) fn write_state(simulation: &Simulation, block: &mut Vec<f64>) {
    block.clear();
    block.resize(HEAD, 0.0);
    let partitions = columns(block, simulation.partitions(), |one| {
        [
            number(one.owner),
            one.broker as f64,
            one.end as f64,
            one.position as f64,
            one.committed as f64,
            one.held as f64,
            one.oldest_waiting.unwrap_or(f64::NAN),
            f64::from(u8::from(one.is_revoking)),
            one.group as f64,
        ]
    });
    let workers = columns(
        block,
        simulation.workers().iter().enumerate(),
        |(place, one)| {
            let state = simulation.worker_state(place);
            [
                state.map_or(0.0, |state| f64::from(state as u8)),
                one.buffered() as f64,
                one.in_flight() as f64,
                one.utilization(),
                one.processed() as f64,
                one.slowness(),
                f64::from(one.life()),
                simulation.owned(place).count() as f64,
                one.group() as f64,
            ]
        },
    );
    let producers = columns(block, simulation.producers(), |one| {
        [one.rate, one.produced as f64]
    });
    let brokers = 0..simulation.scenario().brokers.count as usize;
    let brokers = columns(block, brokers, |broker| {
        [f64::from(u8::from(simulation.is_broker_stalled(broker)))]
    });
    let particles = columns(block, simulation.particles().iter(), |one| {
        [
            one.id as f64,
            one.born,
            f64::from(one.producer),
            one.partition as f64,
            f64::from(one.stage as u8),
            one.since,
            number(one.worker),
        ]
    });
    let groups = simulation.groups().len();
    block.extend(simulation.groups().map(|one| one.generation as f64));
    block.extend(simulation.groups().map(|one| f64::from(one.round)));
    let head = [
        block.len() as f64,
        simulation.now(),
        f64::from(u8::from(simulation.is_rebalancing())),
        simulation.generation() as f64,
        partitions as f64,
        workers as f64,
        producers as f64,
        brokers as f64,
        particles as f64,
        groups as f64,
    ];
    block[..HEAD].copy_from_slice(&head);
}
