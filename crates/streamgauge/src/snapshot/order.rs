//! Sorting, once for all types: the sort of `core` is some kilobytes of code for each of them, which
//! a module that is loaded from the web has to carry.

use alloc::vec::Vec;
use core::mem;

/// Sorts `items`; those of which neither is less stay as they came. In order already, it costs a
/// pass; else as many comparisons as any sort, and 16 bytes an item while it lasts.
pub(crate) fn put_in_order<T>(items: &mut [T], is_less: &dyn Fn(&T, &T) -> bool) {
    let places = sorted_places(items.len(), &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => is_less(a, b),
        _ => false,
    });
    exchange(places, &mut |a, b| items.swap(a, b));
}

/// The places from 0 to `count`, in the order of what stands there: a merge sort. None where that
/// is in order.
#[inline(never)]
fn sorted_places(count: usize, is_less: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    if (1..count).all(|place| !is_less(place, place - 1)) {
        return Vec::new();
    }
    let mut places: Vec<usize> = (0..count).collect();
    let mut merged = Vec::with_capacity(count);
    let mut run = 1;
    while run < count {
        for two in places.chunks(2 * run) {
            let (mut first, mut second) = two.split_at(run.min(two.len()));
            while let ([a, after_a @ ..], [b, after_b @ ..]) = (first, second) {
                if is_less(*b, *a) {
                    merged.push(*b);
                    second = after_b;
                } else {
                    merged.push(*a);
                    first = after_a;
                }
            }
            merged.extend_from_slice(first);
            merged.extend_from_slice(second);
        }
        mem::swap(&mut places, &mut merged);
        merged.clear();
        run *= 2;
    }
    places
}

/// Has `exchange` put into each place what stands at the place that is told for it.
#[inline(never)]
fn exchange(mut places: Vec<usize>, exchange: &mut dyn FnMut(usize, usize)) {
    for start in 0..places.len() {
        let mut place = start;
        while let Some(wanted) = places.get_mut(place) {
            let wanted = mem::replace(wanted, place);
            if wanted == start {
                break;
            }
            exchange(place, wanted);
            place = wanted;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_stable_sort_does(keys in prop::collection::vec(0_u8..30, 0..90)) {
            let mut items: Vec<_> = keys.into_iter().enumerate().collect();
            let mut expected = items.clone();
            expected.sort_by_key(|(_, key)| *key);
            put_in_order(&mut items, &|a, b| a.1 < b.1);
            prop_assert_eq!(items, expected);
        }
    }
}
