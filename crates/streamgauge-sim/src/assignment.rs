//! Who gets which partition.

use alloc::vec;
use alloc::vec::Vec;

use crate::event::WorkerIndex;
use crate::scenario::Assignor;

/// The owner of each partition, by the group's members in their order; none where there is no member.
/// `topics`: how many partitions each has.
pub(crate) fn assign(
    assignor: Assignor,
    members: &[WorkerIndex],
    topics: &[usize],
    before: &[Option<WorkerIndex>],
) -> Vec<Option<WorkerIndex>> {
    if members.is_empty() {
        return vec![None; before.len()];
    }
    match assignor {
        Assignor::Range => range(members, topics),
        Assignor::RoundRobin => {
            let owners = (0..before.len()).map(|place| Some(members[place % members.len()]));
            owners.collect()
        }
        Assignor::Sticky | Assignor::Cooperative => sticky(members, before),
    }
}

/// Of each topic a contiguous range to each member; the first get one more where it does not divide.
fn range(members: &[WorkerIndex], topics: &[usize]) -> Vec<Option<WorkerIndex>> {
    let mut owners = Vec::new();
    for partitions in topics {
        let (each, rest) = (partitions / members.len(), partitions % members.len());
        for (place, member) in members.iter().enumerate() {
            let count = each + usize::from(place < rest);
            owners.extend(core::iter::repeat_n(Some(*member), count));
        }
    }
    owners
}

/// Everyone keeps what they had, up to their share; the rest goes to who has least.
fn sticky(members: &[WorkerIndex], before: &[Option<WorkerIndex>]) -> Vec<Option<WorkerIndex>> {
    let (each, rest) = (before.len() / members.len(), before.len() % members.len());
    let had = |member: &WorkerIndex| {
        before
            .iter()
            .filter(|owner| **owner == Some(*member))
            .count()
    };
    // Who had most keeps the odd ones.
    let counts: Vec<_> = members.iter().map(had).collect();
    let mut by_count: Vec<usize> = Vec::with_capacity(members.len());
    for (place, count) in counts.iter().enumerate() {
        let rank = by_count.partition_point(|other| counts[*other] >= *count);
        by_count.insert(rank, place);
    }
    let mut room = vec![0; members.len()];
    for (rank, place) in by_count.into_iter().enumerate() {
        room[place] = each + usize::from(rank < rest);
    }
    let place_of = |owner: WorkerIndex| members.iter().position(|member| *member == owner);
    let mut owners: Vec<_> = before
        .iter()
        .map(|owner| {
            let place = place_of((*owner)?)?;
            room[place] = room[place].checked_sub(1)?;
            *owner
        })
        .collect();
    for owner in owners.iter_mut().filter(|owner| owner.is_none()) {
        // The first of those with most room.
        let most = room.iter().copied().max().unwrap_or_default();
        let place = room
            .iter()
            .position(|room| *room == most)
            .unwrap_or_default();
        room[place] = most.saturating_sub(1);
        *owner = Some(members[place]);
    }
    owners
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(assignor: Assignor, members: &[usize], before: &[Option<usize>]) -> Vec<usize> {
        let owners = assign(assignor, members, &[5, 3], before);
        owners.into_iter().map(Option::unwrap).collect()
    }

    #[test]
    fn range_and_round_robin_are_kafkas() {
        let nobody = [None; 8];
        assert_eq!(
            given(Assignor::Range, &[4, 7], &nobody),
            [4, 4, 4, 7, 7, 4, 4, 7]
        );
        assert_eq!(
            given(Assignor::RoundRobin, &[4, 7, 1], &nobody),
            [4, 7, 1, 4, 7, 1, 4, 7]
        );
    }

    #[test]
    fn sticky_moves_no_more_than_it_must() {
        let before = [0, 0, 0, 0, 1, 1, 1, 1].map(Some);
        assert_eq!(
            given(Assignor::Sticky, &[0, 1], &before),
            [0, 0, 0, 0, 1, 1, 1, 1]
        );
        assert_eq!(
            given(Assignor::Cooperative, &[0, 1, 2], &before),
            [0, 0, 0, 2, 1, 1, 1, 2]
        );
        // Who leaves leaves its own to the others alone.
        assert_eq!(given(Assignor::Sticky, &[1], &before), [1; 8]);
        assert_eq!(
            given(Assignor::Sticky, &[0, 2], &before),
            [0, 0, 0, 0, 2, 2, 2, 2]
        );
    }

    #[test]
    fn what_is_given_out_stays_where_it_is() {
        let before = [Some(0), None, Some(0), None, None, Some(0), None, None];
        let owners = given(Assignor::Cooperative, &[0, 1], &before);
        assert_eq!(owners, [0, 1, 0, 1, 1, 0, 0, 1]);
        let before: Vec<_> = owners.iter().copied().map(Some).collect();
        assert_eq!(given(Assignor::Cooperative, &[0, 1], &before), owners);
        assert_eq!(assign(Assignor::Range, &[], &[1], &[Some(3)]), [None]);
    }
}
