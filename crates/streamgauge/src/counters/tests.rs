use super::*;

mod model;

#[test]
fn a_full_family_has_no_slot_and_keeps_what_it_has() {
    let mut family = Family::<u64>::new(2);
    let first = family.slot("a").unwrap();
    family.slot("b").unwrap();
    assert_eq!(family.slot("c"), None);
    assert_eq!(family.slot("a"), Some(first));
    assert_eq!(family.slot(OTHER), Some(LabelSlot::OTHER));
    assert_eq!(family.get("a"), None, "looked up, never counted");
    *family.at(first).unwrap() += 1;
    assert_eq!(family.iter().collect::<Vec<_>>(), [("a", &1)]);
    family.clear();
    assert_eq!(family.iter().count(), 0);
    assert_eq!(family.slot("a"), Some(first), "slots outlive a clear");
}

const NOBODY: [u32; 0] = [];

/// What a pass folds, by number.
fn fold<T: Default + Foldable>(family: &mut Family<T>, now: f64, idle: f64) -> Vec<u32> {
    let mut freed = Vec::new();
    let folded = family.fold_idle(now, idle, &mut |slot| freed.push(slot.number()));
    assert_eq!(folded, freed.len());
    freed
}

fn count(family: &mut Family<u64>, label: &str, times: u32) -> LabelSlot {
    let slot = family.slot(label).unwrap();
    for _ in 0..times {
        family.count(slot);
    }
    slot
}

#[test]
fn an_idle_label_is_added_to_other_and_leaves_its_slot_to_the_next() {
    let mut family = Family::<u64>::new(2);
    let idle = count(&mut family, "idle", 3);
    count(&mut family, "busy", 1);
    let generation = family.generation(idle);
    assert_eq!(fold(&mut family, 100.0, 10.0), NOBODY);
    count(&mut family, "busy", 1);
    assert_eq!(
        fold(&mut family, 110.0, 10.0),
        NOBODY,
        "not longer than 10 s"
    );
    assert!(family.holds(idle, generation));
    let revision = family.revision();
    assert_eq!(fold(&mut family, 111.0, 10.0), [1]);
    assert_eq!(
        family.iter().collect::<Vec<_>>(),
        [(OTHER, &3), ("busy", &2)]
    );
    assert!(!family.holds(idle, generation));
    assert_ne!(family.revision(), revision);
    assert_eq!(family.get("idle"), None);
    assert_eq!(family.label(idle), OTHER);
    assert_eq!((family.label_count(), family.slot_count()), (2, 3));

    let freed = family.generation(idle);
    assert!(!family.holds(idle, freed), "no label has it");
    let revision = family.revision();
    assert_eq!(family.slot("next"), Some(idle));
    assert_ne!(family.revision(), revision);
    assert!(family.holds(idle, family.generation(idle)));
    assert!(!family.holds(idle, generation));
    assert_eq!(family.get("next"), None, "nothing of the label before");
    family.count(idle);
    assert_eq!(
        family.iter().collect::<Vec<_>>(),
        [(OTHER, &3), ("next", &1), ("busy", &2)]
    );
}

#[test]
fn a_label_that_was_never_counted_leaves_nothing_behind() {
    let mut family = Family::<u64>::new(1);
    let slot = family.slot("looked up").unwrap();
    fold(&mut family, 0.0, 10.0);
    assert_eq!(fold(&mut family, 11.0, 10.0), [slot.number()]);
    assert_eq!(family.iter().count(), 0, "(other) neither");
    assert_eq!(family.slot("next"), Some(slot));
}

#[test]
fn what_is_counted_in_a_free_slot_is_ignored() {
    let mut family = Family::<u64>::new(1);
    let slot = count(&mut family, "a", 1);
    fold(&mut family, 0.0, 10.0);
    fold(&mut family, 11.0, 10.0);
    family.count(slot);
    family.count(LabelSlot::new(7));
    assert_eq!(family.iter().collect::<Vec<_>>(), [(OTHER, &1)]);
    family.clear();
    family.count(slot);
    assert_eq!(family.iter().count(), 0, "a clear leaves it free");
    assert!(!family.holds(LabelSlot::new(7), 0));
}

#[test]
fn other_stays_however_idle() {
    let mut family = Family::<u64>::new(0);
    family.count(LabelSlot::OTHER);
    let generation = family.generation(LabelSlot::OTHER);
    for pass in 0..5 {
        assert_eq!(fold(&mut family, f64::from(pass) * 1e9, 0.0), NOBODY);
    }
    assert!(family.holds(LabelSlot::OTHER, generation));
    assert_eq!(family.iter().collect::<Vec<_>>(), [(OTHER, &1)]);
}

#[test]
fn a_forgotten_count_is_a_change_and_then_waits_as_any_other() {
    let mut family = Family::<u64>::new(1);
    count(&mut family, "a", 2);
    fold(&mut family, 0.0, 10.0);
    family.clear();
    assert_eq!(fold(&mut family, 11.0, 10.0), NOBODY);
    assert_eq!(fold(&mut family, 22.0, 10.0), [1]);
    assert_eq!(family.iter().count(), 0);
}

#[test]
fn a_label_waits_on_its_own_whoever_had_the_slot_before() {
    let mut family = Family::<u64>::new(1);
    count(&mut family, "a", 1);
    fold(&mut family, 0.0, 10.0);
    fold(&mut family, 11.0, 10.0);
    count(&mut family, "b", 1);
    assert_eq!(
        fold(&mut family, 12.0, 10.0),
        NOBODY,
        "the same mark as a's"
    );
    assert_eq!(fold(&mut family, 22.0, 10.0), NOBODY);
    assert_eq!(fold(&mut family, 23.0, 10.0), [1]);
}

#[test]
fn labels_that_come_and_go_never_fill_a_family() {
    let mut family = Family::<i64>::new(3);
    let mut now = 0.0;
    for n in 0..3_000 {
        let slot = family.slot(&std::format!("pod-{n}"));
        *family.at(slot.expect("room")).unwrap() -= 2;
        // Three passes until one is gone: three labels at any time.
        now += 5.0;
        fold(&mut family, now, 9.0);
    }
    assert_eq!(family.slot_count(), 4);
    fold(&mut family, now + 10.0, 9.0);
    assert_eq!(family.iter().collect::<Vec<_>>(), [(OTHER, &-6_000)]);
}
