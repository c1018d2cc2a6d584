//! Random look-ups, counts, passes and clears, on a family and on a naive model of it.

use std::collections::{BTreeMap, BTreeSet};
use std::string::{String, ToString};

use proptest::prelude::*;
use proptest::{collection, sample};

use super::*;

#[derive(Debug, Clone)]
enum Step {
    /// Looks a label up, and counts that often.
    Label(String, u64),
    /// Counts through a handle made before, newest first, as one should: asking whether it holds.
    Handle(usize, u64),
    /// A pass, so long after the last one.
    Fold(u32),
    Clear,
}

const IDLE: u32 = 4;

fn step() -> impl Strategy<Value = Step> {
    // A few names that come back, and many that come once.
    let name = prop_oneof![
        sample::select(&["a", "b", "c", "", OTHER][..]).prop_map(str::to_string),
        (0_u32..1_000).prop_map(|n| std::format!("pod-{n}")),
    ];
    prop_oneof![
        6 => (name, 0_u64..4).prop_map(|(name, n)| Step::Label(name, n)),
        4 => (0_usize..12, 1_u64..4).prop_map(|(handle, n)| Step::Handle(handle, n)),
        6 => (0_u32..5).prop_map(Step::Fold),
        1 => Just(Step::Clear),
    ]
}

/// A label of the model. It remembers every pass it lived through.
struct Known {
    slot: u32,
    birth: usize,
    count: u64,
    seen: bool,
    passes: Vec<(u32, u64)>,
}

impl Known {
    fn is_idle(&self, now: u32) -> bool {
        let same = |(_, value): &&(u32, u64)| *value == self.count;
        let oldest = self.passes.iter().rev().take_while(same).last();
        oldest.is_some_and(|(time, _)| now - time > IDLE)
    }
}

struct Handle {
    label: String,
    birth: usize,
    slot: LabelSlot,
    generation: u32,
}

#[derive(Default)]
struct Model {
    labels: BTreeMap<String, Known>,
    other: (u64, bool),
    /// All that was counted since the last clear.
    total: u64,
    births: usize,
    now: u32,
    handles: Vec<Handle>,
    /// What a host remembers: labels by slot, at a revision.
    remembered: (u32, Vec<String>),
}

impl Model {
    fn add(&mut self, label: &str, n: u64) {
        self.total += n;
        if let Some(known) = self.labels.get_mut(label) {
            known.count += n;
            known.seen |= n > 0;
        } else {
            self.other.0 += n;
            self.other.1 |= n > 0;
        }
    }

    fn label(&mut self, family: &mut Family<u64>, limit: u32, label: &str, n: u64) {
        let slot = family.slot(label);
        if label == OTHER {
            assert_eq!(slot, Some(LabelSlot::OTHER));
        } else if let Some(known) = self.labels.get(label) {
            assert_eq!(slot, Some(LabelSlot::new(known.slot)));
        } else if self.labels.len() == limit as usize {
            assert_eq!(slot, None);
        } else {
            self.born(family, label, slot.expect("there is room"));
        }
        (0..n).for_each(|_| family.count(slot.unwrap_or(LabelSlot::OTHER)));
        self.add(label, n);
    }

    fn born(&mut self, family: &Family<u64>, label: &str, slot: LabelSlot) {
        let mut others = self.labels.values();
        let shared = others.any(|known| known.slot == slot.number());
        assert!(!shared && slot != LabelSlot::OTHER, "{label} shares a slot");
        self.births += 1;
        self.handles.push(Handle {
            label: label.into(),
            birth: self.births,
            slot,
            generation: family.generation(slot),
        });
        let known = Known {
            slot: slot.number(),
            birth: self.births,
            count: 0,
            seen: false,
            passes: Vec::new(),
        };
        self.labels.insert(label.into(), known);
    }

    fn handle(&mut self, family: &mut Family<u64>, limit: u32, nth: usize, n: u64) {
        let Some(handle) = self.handles.iter().rev().nth(nth) else {
            return;
        };
        let label = handle.label.clone();
        if family.holds(handle.slot, handle.generation) {
            (0..n).for_each(|_| family.count(handle.slot));
            return self.add(&label, n);
        }
        self.label(family, limit, &label, n);
    }

    fn fold(&mut self, family: &mut Family<u64>, seconds: u32) {
        self.now += seconds;
        let now = self.now;
        let mut expected = BTreeSet::new();
        self.labels.retain(|_, known| {
            if known.is_idle(now) {
                expected.insert(known.slot);
                self.other.0 += known.count;
                self.other.1 |= known.seen;
                return false;
            }
            known.passes.push((now, known.count));
            true
        });
        let mut freed = BTreeSet::new();
        let folded = family.fold_idle(f64::from(now), f64::from(IDLE), &mut |slot| {
            assert!(freed.insert(slot.number()), "told twice");
        });
        assert_eq!((&freed, folded), (&expected, expected.len()));
    }

    fn clear(&mut self, family: &mut Family<u64>) {
        family.clear();
        self.total = 0;
        self.other = (0, false);
        for known in self.labels.values_mut() {
            known.count = 0;
            known.seen = false;
        }
    }

    fn compare(&mut self, family: &Family<u64>, limit: u32) {
        let mut expected: BTreeMap<&str, u64> = BTreeMap::new();
        for (label, known) in self.labels.iter().filter(|(_, known)| known.seen) {
            expected.insert(label, known.count);
        }
        if self.other.1 {
            expected.insert(OTHER, self.other.0);
        }
        let read: Vec<_> = family
            .iter()
            .map(|(label, count)| (label, *count))
            .collect();
        assert_eq!(read.iter().map(|(_, count)| count).sum::<u64>(), self.total);
        assert_eq!(read.len(), expected.len(), "a label stands twice");
        assert_eq!(read.into_iter().collect::<BTreeMap<_, _>>(), expected);
        for (label, known) in &self.labels {
            assert_eq!(family.get(label), known.seen.then_some(&known.count));
        }

        assert_eq!(family.label_count(), self.labels.len() + 1);
        assert!(family.slot_count() <= limit as usize + 1);

        for handle in &self.handles {
            let known = self.labels.get(&handle.label);
            let alive = known.is_some_and(|known| known.birth == handle.birth);
            assert_eq!(family.holds(handle.slot, handle.generation), alive);
        }

        let (revision, names) = &mut self.remembered;
        if *revision != family.revision() {
            *revision = family.revision();
            names.clear();
        }
        let more = names.len() as u32..family.slot_count() as u32;
        names.extend(more.map(|number| family.label(LabelSlot::new(number)).to_string()));
        for (label, known) in &self.labels {
            assert_eq!(names[known.slot as usize], *label, "remembered wrongly");
        }
        let nameless = names.iter().filter(|name| *name == OTHER).count();
        assert_eq!(nameless, names.len() - self.labels.len());
    }
}

proptest! {
    #[test]
    fn a_family_does_what_the_model_does(
        limit in 0_u32..6,
        steps in collection::vec(step(), 1..120),
    ) {
        let mut family = Family::new(limit);
        let mut model = Model::default();
        for step in steps {
            match step {
                Step::Label(label, n) => model.label(&mut family, limit, &label, n),
                Step::Handle(nth, n) => model.handle(&mut family, limit, nth, n),
                Step::Fold(seconds) => model.fold(&mut family, seconds),
                Step::Clear => model.clear(&mut family),
            }
            model.compare(&family, limit);
        }
    }
}
