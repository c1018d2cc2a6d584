//! Which snapshots count, and whether with their gauges.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::MergeError;
use crate::snapshot::Snapshot;
use crate::snapshot::map::SortedMap;
use crate::snapshot::order::put_in_order;
use crate::snapshot::parts::Life;

/// A time with the total order of IEEE 754.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time(pub(crate) f64);

impl Ord for Time {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Time {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Time {}

/// What a life is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LifeKey<'a> {
    pub(crate) worker: &'a str,
    pub(crate) since: Time,
}

impl<'a> LifeKey<'a> {
    pub(super) fn of(snapshot: &'a Snapshot) -> Self {
        Self {
            worker: &snapshot.worker,
            since: Time(snapshot.since),
        }
    }

    fn twice(self) -> MergeError {
        MergeError::Twice {
            worker: self.worker.into(),
            since: self.since.0,
        }
    }
}

impl Life {
    pub(crate) fn key(&self) -> LifeKey<'_> {
        LifeKey {
            worker: &self.worker,
            since: Time(self.since),
        }
    }
}

/// A snapshot that counts.
pub(super) struct Input<'a> {
    pub(super) snapshot: &'a Snapshot,
    /// Whether its gauges count too.
    pub(super) newest: bool,
}

pub(super) struct Selection<'a> {
    pub(super) inputs: Vec<Input<'a>>,
}

impl<'a> Selection<'a> {
    pub(super) fn of(snapshots: &'a [Snapshot]) -> Result<Self, MergeError> {
        let (sums, singles): (Vec<_>, Vec<_>) =
            snapshots.iter().partition(|snapshot| is_sum(snapshot));
        let singles = newest_of_each(&singles)?;
        let newest = newest_lives(&sums, &singles)?;
        let is_newest = |key: LifeKey<'_>| {
            key.worker.is_empty()
                || newest
                    .get(key.worker)
                    .is_none_or(|since| *since == key.since)
        };
        for sum in &sums {
            let mut keys: Vec<_> = sum.merged.iter().map(Life::key).collect();
            put_in_order(&mut keys, &|a, b| a < b);
            let last_of_worker = keys.chunk_by(|a, b| a.worker == b.worker);
            let mut last_of_worker = last_of_worker.filter_map(|lives| lives.last());
            if let Some(key) = last_of_worker.find(|key| !is_newest(**key)) {
                return Err(MergeError::Outlived {
                    worker: key.worker.into(),
                    since: key.since.0,
                    newest: newest.get(key.worker).map_or(0.0, |since| since.0),
                });
            }
        }
        let sums = sums.into_iter().map(|snapshot| Input {
            snapshot,
            newest: true,
        });
        let singles = singles.into_iter().map(|(key, snapshot)| Input {
            snapshot,
            newest: is_newest(key),
        });
        let inputs: Vec<_> = sums.chain(singles).collect();
        if inputs.is_empty() {
            return Err(MergeError::Nothing);
        }
        Ok(Self { inputs })
    }

    /// Every life that counts, ordered by worker and time.
    pub(super) fn lives(&self) -> Vec<Life> {
        let mut lives = Vec::new();
        for Input { snapshot, .. } in &self.inputs {
            if is_sum(snapshot) {
                lives.extend(snapshot.merged.iter().cloned());
            } else {
                lives.push(Life {
                    worker: snapshot.worker.clone(),
                    since: snapshot.since,
                    at: snapshot.at,
                    sequence: snapshot.sequence,
                    ..Life::default()
                });
            }
        }
        put_in_order(&mut lives, &|a: &Life, b: &Life| a.key() < b.key());
        lives
    }
}

pub(super) fn is_sum(snapshot: &Snapshot) -> bool {
    !snapshot.merged.is_empty()
}

/// Of each life the newest snapshot, in the order of the lives.
type Singles<'a> = Vec<(LifeKey<'a>, &'a Snapshot)>;

fn newest_of_each<'a>(snapshots: &[&'a Snapshot]) -> Result<Singles<'a>, MergeError> {
    let age = |snapshot: &Snapshot| (snapshot.sequence, Time(snapshot.at));
    let keyed = snapshots.iter().map(|one| (LifeKey::of(one), *one));
    let mut keyed: Singles<'a> = keyed.collect();
    put_in_order(&mut keyed, &|a, b| {
        (a.0, age(a.1)).cmp(&(b.0, age(b.1))).is_lt()
    });
    let mut newest = Singles::new();
    for (key, snapshot) in keyed {
        match newest.last_mut() {
            Some((last, older)) if *last == key => {
                if age(older) == age(snapshot) && *older != snapshot {
                    return Err(MergeError::Contradiction {
                        worker: snapshot.worker.clone(),
                        since: snapshot.since,
                    });
                }
                *older = snapshot;
            }
            _ => newest.push((key, snapshot)),
        }
    }
    Ok(newest)
}

/// When each worker's newest life began. Refuses lives that would count twice.
fn newest_lives<'a>(
    sums: &[&'a Snapshot],
    singles: &[(LifeKey<'a>, &'a Snapshot)],
) -> Result<SortedMap<&'a str, Time>, MergeError> {
    let mut keys: Vec<LifeKey<'a>> = singles.iter().map(|(key, _)| *key).collect();
    keys.extend(sums.iter().flat_map(|sum| sum.merged.iter().map(Life::key)));
    put_in_order(&mut keys, &|a, b| a < b);
    if let Some([key, ..]) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(key.twice());
    }
    // In order, so that the last of a worker's stays.
    Ok(keys
        .into_iter()
        .map(|key| (key.worker, key.since))
        .collect())
}
