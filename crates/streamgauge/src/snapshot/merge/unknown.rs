//! Unknown fields of many snapshots: of each field the newest value.
//!
//! Which value is the newest shows among merged snapshots only where each remembers whose values it
//! kept: the life that gave a field lists the field's path.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::lives::{Input, LifeKey, Time};
use crate::snapshot::any::{AnyValue, Unknown};
use crate::snapshot::map::SortedMap;
use crate::snapshot::order::put_in_order;
use crate::snapshot::{SECTIONS, Snapshot};

struct Kept<'a> {
    section: &'static str,
    key: &'a str,
    value: &'a AnyValue,
    /// When it was given and by whom; None where a merged snapshot does not tell.
    giver: Option<(Time, LifeKey<'a>)>,
}

impl Kept<'_> {
    fn older_than(&self, other: &Self) -> bool {
        let givers = self.giver.cmp(&other.giver);
        givers.then_with(|| self.value.order(other.value)).is_lt()
    }
}

/// Puts the union of all unknown fields into `merged`, whose lives are there already.
pub(super) fn union(merged: &mut Snapshot, inputs: &[Input<'_>]) {
    let mut union = Vec::<(String, Kept<'_>)>::new();
    for Input { snapshot, .. } in inputs {
        let givers = givers(snapshot);
        for (section, unknown) in every(snapshot) {
            for (key, value) in unknown {
                let path = path(section, key);
                let giver = match snapshot.merged.is_empty() {
                    true => Some((Time(snapshot.at), LifeKey::of(snapshot))),
                    false => givers.get(&*path).copied(),
                };
                let kept = Kept {
                    section,
                    key,
                    value,
                    giver,
                };
                union.push((path, kept));
            }
        }
    }
    put_in_order(&mut union, &|(path, kept), (other_path, other)| {
        let paths = path.cmp(other_path);
        paths.is_lt() || paths.is_eq() && kept.older_than(other)
    });
    // Of each path the newest, which comes last.
    let union: SortedMap<_, _> = union.into_iter().collect();
    for life in &mut merged.merged {
        life.unknown_fields.clear();
    }
    for (path, kept) in union {
        let found = kept.giver.and_then(|(_, key)| {
            let place = merged.merged.binary_search_by(|life| life.key().cmp(&key));
            merged.merged.get_mut(place.ok()?)
        });
        if let Some(life) = found {
            life.unknown_fields.push(path);
        }
        let section = SECTIONS.iter().find(|section| section.key == kept.section);
        let unknown = match section {
            Some(section) => (section.unknown_mut)(merged),
            None => &mut merged.unknown,
        };
        unknown.insert(kept.key.into(), kept.value.clone());
    }
}

fn path(section: &str, key: &str) -> String {
    match section {
        "" => key.into(),
        section => format!("{section}.{key}"),
    }
}

/// By the path of a field, which life of a merged snapshot gave it and when.
fn givers(snapshot: &Snapshot) -> SortedMap<&str, (Time, LifeKey<'_>)> {
    let mut givers = Vec::new();
    for life in &snapshot.merged {
        let giver = (Time(life.at), life.key());
        givers.extend(life.unknown_fields.iter().map(|path| (&**path, giver)));
    }
    givers.into_iter().collect()
}

/// The unknown fields of a snapshot and of its sections.
fn every(snapshot: &Snapshot) -> impl Iterator<Item = (&'static str, &Unknown)> {
    let sections = SECTIONS
        .iter()
        .map(|section| (section.key, (section.unknown)(snapshot)));
    core::iter::once(("", &snapshot.unknown)).chain(sections)
}
