use std::collections::{BTreeMap, BTreeSet};
use std::string::{String, ToString};

use proptest::prelude::*;
use proptest::{collection, sample};

use super::*;
use crate::names::OTHER;

fn read_offsets(partitions: &Partitions) -> Vec<(u32, u64)> {
    let offsets = partitions.offsets(OffsetKind::Read);
    offsets
        .map(|(index, offset)| (index.number(), offset))
        .collect()
}

fn set(partitions: &mut Partitions, index: PartitionIndex, offset: u64) {
    let partition = partitions.at(index).unwrap();
    partition.set_offset(OffsetKind::Read, offset);
    partition.set_inbound_time(1.5);
}

#[test]
fn a_forgotten_partition_is_gone_and_leaves_its_index_to_the_next() {
    let mut partitions = Partitions::new(2);
    let first = partitions.index("orders", 0).unwrap();
    let second = partitions.index("orders", 1).unwrap();
    set(&mut partitions, first, 40);
    set(&mut partitions, second, 41);
    assert_eq!(partitions.index("payments", 0), None, "full");

    let generation = partitions.generation(first);
    let revision = partitions.revision();
    assert!(partitions.forget(first));
    assert!(!partitions.holds(first, generation));
    assert!(!partitions.holds(first, partitions.generation(first)));
    assert_ne!(partitions.revision(), revision);
    assert!(partitions.at(first).is_none());
    assert_eq!(partitions.topic_of(first), None);
    assert_eq!(partitions.topic_and_partition(first), None);
    assert_eq!((partitions.len(), partitions.topic_count()), (1, 1));
    assert_eq!(read_offsets(&partitions), [(1, 41)]);
    assert_eq!(partitions.inbound_times().count(), 1);

    let revision = partitions.revision();
    assert_eq!(partitions.index("payments", 7), Some(first));
    assert_ne!(partitions.revision(), revision);
    assert!(partitions.holds(first, partitions.generation(first)));
    assert!(!partitions.holds(first, generation));
    assert_eq!(partitions.topic_and_partition(first), Some((1, 7)));
    assert_eq!(read_offsets(&partitions), [(1, 41)], "nothing of orders 0");
    assert_eq!(partitions.inbound_times().count(), 1);
}

#[test]
fn a_topic_goes_with_its_last_partition() {
    let mut partitions = Partitions::new(9);
    let first = partitions.index("orders", 0).unwrap();
    let second = partitions.index("orders", 1).unwrap();
    partitions.forget(second);
    assert_eq!(
        (partitions.topic_count(), partitions.topic(0)),
        (1, "orders")
    );
    partitions.forget(first);
    assert_eq!((partitions.topic_count(), partitions.topic(0)), (0, OTHER));
    assert!(partitions.is_empty());
    assert_eq!(partitions.topic_number_count(), 1);
    partitions.index("payments", 0).unwrap();
    assert_eq!(
        (partitions.topic_count(), partitions.topic(0)),
        (1, "payments")
    );
    assert_eq!(partitions.topic_number_count(), 1);
}

#[test]
fn forgetting_what_is_not_there_changes_nothing() {
    let mut partitions = Partitions::new(9);
    let index = partitions.index("orders", 0).unwrap();
    assert!(!partitions.forget(PartitionIndex::new(1)));
    assert!(!partitions.holds(PartitionIndex::new(1), 0));
    assert!(partitions.forget(index));
    let (generation, revision) = (partitions.generation(index), partitions.revision());
    assert!(!partitions.forget(index));
    assert_eq!(partitions.generation(index), generation);
    assert_eq!(partitions.revision(), revision);
    assert_eq!(partitions.index("orders", 0), Some(index));
    assert_eq!(partitions.index("orders", 1).unwrap().number(), 1);
}

#[test]
fn topics_that_come_and_go_never_fill_the_table() {
    let mut partitions = Partitions::new(2);
    for n in 0..3_000_u32 {
        let index = partitions.index(&std::format!("tenant-{n}"), n).unwrap();
        assert!(index.number() < 2);
        if n > 0 {
            let before = PartitionIndex::new(1 - index.number());
            assert!(partitions.forget(before));
        }
    }
    assert_eq!((partitions.len(), partitions.topic_count()), (1, 1));
    assert!(partitions.topic_number_count() <= 2);
}

#[derive(Debug, Clone)]
enum Step {
    Index(String, u32, u64),
    /// Sets an offset through a handle made before, newest first, where it holds.
    Handle(usize, u64),
    Forget(u32),
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    let topic = prop_oneof![
        2 => sample::select(&["a", "b", ""][..]).prop_map(str::to_string),
        1 => (0_u32..1_000).prop_map(|n| std::format!("tenant-{n}")),
    ];
    prop_oneof![
        6 => (topic, 0_u32..3, 0_u64..100).prop_map(|(topic, n, offset)| Step::Index(topic, n, offset)),
        2 => (0_usize..8, 0_u64..100).prop_map(|(handle, offset)| Step::Handle(handle, offset)),
        4 => (0_u32..9).prop_map(Step::Forget),
        1 => Just(Step::Clear),
    ]
}

struct Known {
    index: PartitionIndex,
    birth: usize,
    offset: Option<u64>,
}

struct Handle {
    key: (String, u32),
    birth: usize,
    index: PartitionIndex,
    generation: u32,
}

#[derive(Default)]
struct Model {
    known: BTreeMap<(String, u32), Known>,
    handles: Vec<Handle>,
    births: usize,
    /// What a host remembers at a revision: the topics by number, a topic-partition by index.
    revision: u32,
    topics: Vec<String>,
    places: BTreeMap<u32, (u32, u32)>,
}

impl Model {
    fn index(&mut self, table: &mut Partitions, limit: u32, key: (String, u32), offset: u64) {
        let index = table.index(&key.0, key.1);
        if let Some(known) = self.known.get_mut(&key) {
            assert_eq!(index, Some(known.index));
            known.offset = Some(offset);
        } else if self.known.len() == limit as usize {
            return assert_eq!(index, None);
        } else {
            let index = index.expect("there is room");
            assert!(index.number() < limit, "a free index was left");
            let shared = self.known.values().any(|known| known.index == index);
            assert!(!shared, "{key:?} shares an index");
            self.births += 1;
            self.handles.push(Handle {
                key: key.clone(),
                birth: self.births,
                index,
                generation: table.generation(index),
            });
            self.known.insert(
                key,
                Known {
                    index,
                    birth: self.births,
                    offset: Some(offset),
                },
            );
        }
        set(table, index.expect("there is room"), offset);
    }

    fn handle(&mut self, table: &mut Partitions, nth: usize, offset: u64) {
        let Some(handle) = self.handles.iter().rev().nth(nth) else {
            return;
        };
        if table.holds(handle.index, handle.generation) {
            set(table, handle.index, offset);
            let known = self.known.get_mut(&handle.key);
            known.expect("a stale handle held").offset = Some(offset);
        }
    }

    fn forget(&mut self, table: &mut Partitions, number: u32) {
        let before = self.known.len();
        self.known.retain(|_, known| known.index.number() != number);
        let forgotten = table.forget(PartitionIndex::new(number));
        assert_eq!(forgotten, self.known.len() < before);
    }

    fn compare(&mut self, table: &Partitions) {
        assert_eq!(table.len(), self.known.len());
        assert_eq!(table.is_empty(), self.known.is_empty());
        let topics: BTreeSet<&str> = self.known.keys().map(|key| &*key.0).collect();
        assert_eq!(table.topic_count(), topics.len());

        let mut offsets: Vec<_> = self
            .known
            .values()
            .filter_map(|known| Some((known.index.number(), known.offset?)))
            .collect();
        offsets.sort_unstable();
        assert_eq!(read_offsets(table), offsets);

        for handle in &self.handles {
            let known = self.known.get(&handle.key);
            let alive = known.is_some_and(|known| known.birth == handle.birth);
            assert_eq!(table.holds(handle.index, handle.generation), alive);
        }

        if self.revision != table.revision() {
            self.revision = table.revision();
            self.topics.clear();
            self.places.clear();
        }
        let more = self.topics.len() as u32..table.topic_number_count() as u32;
        self.topics
            .extend(more.map(|number| table.topic(number).to_string()));
        for ((topic, partition), known) in &self.known {
            assert_eq!(table.topic_of(known.index), Some(&**topic));
            let place = table.topic_and_partition(known.index).unwrap();
            let remembered = *self.places.entry(known.index.number()).or_insert(place);
            assert_eq!(remembered, place, "remembered wrongly");
            assert_eq!(place.1, *partition);
            assert_eq!(self.topics[place.0 as usize], *topic, "remembered wrongly");
        }
    }
}

proptest! {
    #[test]
    fn a_table_does_what_the_model_does(
        limit in 0_u32..7,
        steps in collection::vec(step(), 1..120),
    ) {
        let mut table = Partitions::new(limit);
        let mut model = Model::default();
        for step in steps {
            match step {
                Step::Index(topic, n, offset) => model.index(&mut table, limit, (topic, n), offset),
                Step::Handle(nth, offset) => model.handle(&mut table, nth, offset),
                Step::Forget(number) => model.forget(&mut table, number),
                Step::Clear => {
                    table.clear();
                    model.known.values_mut().for_each(|known| known.offset = None);
                }
            }
            model.compare(&table);
        }
    }
}
