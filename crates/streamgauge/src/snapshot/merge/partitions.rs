//! Who may speak for a partition.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::lives::Input;
use crate::snapshot::any;
use crate::snapshot::order::put_in_order;
use crate::snapshot::parts::{PARTITION, PartitionFigures};
use crate::snapshot::value::SnapshotValue;

/// Each partition of workers' newest lives once, in order.
pub(super) fn chosen(inputs: &[Input<'_>]) -> Vec<PartitionFigures> {
    let newest = inputs.iter().filter(|input| input.newest);
    let mut told: Vec<&PartitionFigures> = newest
        .flat_map(|input| &input.snapshot.partitions)
        .collect();
    put_in_order(&mut told, &|a, b| {
        let order = a.place().cmp(&b.place());
        order.then_with(|| preferred(a, b)).is_lt()
    });
    told.dedup_by(|later, first| later.place() == first.place());
    told.into_iter().cloned().collect()
}

/// Less where `a` speaks for the partition rather than `b`.
fn preferred(a: &PartitionFigures, b: &PartitionFigures) -> Ordering {
    let owner = b.owned.cmp(&a.owned);
    let newest = owner.then_with(|| b.at.total_cmp(&a.at));
    let by_name = newest.then_with(|| a.worker.cmp(&b.worker));
    // Workers without a name may tell of the same moment. Any fixed order will do then.
    by_name.then_with(|| {
        let differences = PARTITION
            .iter()
            .map(|figure| order((figure.read)(a), (figure.read)(b)));
        differences
            .fold(Ordering::Equal, Ordering::then)
            .then_with(|| any::order(&a.unknown, &b.unknown))
    })
}

/// Of the forms that a partition's figures have.
fn order(a: SnapshotValue<'_>, b: SnapshotValue<'_>) -> Ordering {
    use SnapshotValue::{
        Flag, Index, LagMethod, Number, OptionalNumber, OptionalWhole, Status, Text,
    };
    match (a, b) {
        (Text(a), Text(b)) => a.cmp(b),
        (Index(a), Index(b)) => a.cmp(&b),
        (Number(a), Number(b)) => a.total_cmp(&b),
        (Flag(a), Flag(b)) => a.cmp(&b),
        (OptionalWhole(a), OptionalWhole(b)) => a.cmp(&b),
        (OptionalNumber(Some(a)), OptionalNumber(Some(b))) => a.total_cmp(&b),
        (OptionalNumber(a), OptionalNumber(b)) => a.is_some().cmp(&b.is_some()),
        (LagMethod(a), LagMethod(b)) => a.cmp(&b),
        (Status(a), Status(b)) => a.cmp(&b),
        _ => Ordering::Equal,
    }
}
