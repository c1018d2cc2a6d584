//! Reading what has keys or places: the document, its sections, records, labels and lists.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

use super::scalar::wrong;
use super::target::{Target, Within};
use crate::histogram::Histogram;
use crate::http::HttpStatus;
use crate::snapshot::any::{AnyValue, Unknown};
use crate::snapshot::context::{Context, Got, Step, Stopped};
use crate::snapshot::map::SortedMap;
use crate::snapshot::order::put_in_order;
use crate::snapshot::parts::FORMAT;
use crate::snapshot::table::{Entry, Record, SectionEntry, each_row};
use crate::snapshot::value::Place;
use crate::snapshot::{SECTIONS, SNAPSHOT, Snapshot};

static ENTRIES: [Entry<Snapshot>; SNAPSHOT.len()] = each_row!(SNAPSHOT, Entry::of);
static SECTION_ENTRIES: [SectionEntry; SECTIONS.len()] = each_row!(SECTIONS, SectionEntry::of);

/// What is left of a list, in any format.
pub(super) trait Elements {
    /// Reads the next element; false where there is none.
    fn next(&mut self, target: Target<'_>, context: &mut Context) -> Result<bool, Stopped>;
}

/// What is left of a map, in any format.
pub(super) trait Entries {
    /// Passes over the next key where it is `expected`: a format may know that at less cost than it
    /// reads a key.
    fn next_is(&mut self, expected: &str) -> bool {
        let _ = expected;
        false
    }

    /// Reads the next key; false where there is none.
    fn next_key(&mut self, into: &mut String, context: &mut Context) -> Result<bool, Stopped>;

    /// Reads the value of the key.
    fn value(&mut self, target: Target<'_>, context: &mut Context) -> Result<(), Stopped>;

    /// Passes over the value of the key.
    fn pass(&mut self, context: &mut Context) -> Result<(), Stopped>;
}

/// Reads a list into its target.
pub(super) fn list(
    list: &mut dyn Elements,
    target: Target<'_>,
    context: &mut Context,
) -> Result<(), Stopped> {
    context.enter()?;
    let most = context.most_partitions;
    match target {
        Target::Figure(Place::Buckets(values)) => elements(list, values, usize::MAX, context)?,
        Target::Figure(Place::Texts(values)) => elements(list, values, usize::MAX, context)?,
        Target::Figure(Place::Partitions(values)) => elements(list, values, most, context)?,
        Target::Figure(Place::Lives(values)) => elements(list, values, most, context)?,
        Target::Any(place) => {
            let mut values = Vec::<AnyValue>::new();
            elements(list, &mut values, usize::MAX, context)?;
            *place = AnyValue::List(values);
        }
        target => wrong(&target, Got::List, context)?,
    }
    context.leave();
    Ok(())
}

/// Reads a map into its target.
pub(super) fn map(
    map: &mut dyn Entries,
    target: Target<'_>,
    context: &mut Context,
) -> Result<(), Stopped> {
    context.enter()?;
    match target {
        Target::Snapshot(snapshot) => document(map, snapshot, context)?,
        Target::Section(place, which) => section(map, place, which, context)?,
        Target::Partition(partition) => record(map, partition, context)?,
        Target::Life(life) => record(map, life, context)?,
        Target::Table(counts) => record(map, counts, context)?,
        Target::Histogram(place) => histogram(map, place, context)?,
        Target::Figure(Place::Histogram(place)) => {
            histogram(map, place.insert(Histogram::default()), context)?;
        }
        Target::Figure(Place::Latency(latency)) => record(map, latency, context)?,
        Target::Figure(Place::Rate(rate)) => record(map, rate, context)?,
        Target::Figure(Place::ByLabel(labelled)) => *labelled = labels(map, context)?,
        Target::Figure(Place::SignedByLabel(labelled)) => *labelled = labels(map, context)?,
        Target::Figure(Place::ByStage(labelled)) => *labelled = labels(map, context)?,
        Target::Figure(Place::ByStatus(counts)) => *counts = statuses(map, context)?,
        Target::Figure(Place::Tables(labelled)) => *labelled = labels(map, context)?,
        Target::Figure(Place::HistogramByLabel(labelled)) => *labelled = labels(map, context)?,
        Target::Any(place) => *place = AnyValue::Map(labels(map, context)?),
        target => wrong(&target, Got::Map, context)?,
    }
    context.leave();
    Ok(())
}

fn twice<T>(key: &str, context: &mut Context) -> Result<T, Stopped> {
    context.refuse(format!("has the key {} twice", Got::Text(key)))
}

fn unknown_value(
    entries: &mut dyn Entries,
    unknown: &mut Vec<(String, AnyValue)>,
    key: &str,
    context: &mut Context,
) -> Result<(), Stopped> {
    let mut kept = AnyValue::Null;
    let read = entries.value(Target::Any(&mut kept), context);
    context.at(read, || Step::Label(key.into()))?;
    unknown.push((key.into(), kept));
    Ok(())
}

fn figure_value<T>(
    entries: &mut dyn Entries,
    into: &mut T,
    figure: &'static Entry<T>,
    context: &mut Context,
) -> Result<(), Stopped> {
    let read = match figure.place {
        Some(place) => entries.value(Target::Figure(place(into)), context),
        None => entries.pass(context),
    };
    context.at(read, || Step::Key(figure.key))
}

/// Reads the rows `figures`. Gives a bit for each that came.
fn fields<T>(
    entries: &mut dyn Entries,
    into: &mut T,
    figures: &'static [Entry<T>],
    unknown: Option<for<'a> fn(&'a mut T) -> &'a mut Unknown>,
    context: &mut Context,
) -> Result<u64, Stopped> {
    let mut seen = 0_u64;
    let mut next = 0;
    let mut not_known = Vec::new();
    let mut key = String::new();
    loop {
        // Written in order, they come in order.
        let in_order = figures.get(next);
        let place = match in_order.filter(|figure| entries.next_is(figure.key)) {
            Some(_) => Some(next),
            None if !entries.next_key(&mut key, context)? => break,
            None if in_order.is_some_and(|figure| figure.key == key) => Some(next),
            None => figures.iter().position(|figure| figure.key == key),
        };
        if let Some((place, figure)) = place.and_then(|place| Some((place, figures.get(place)?))) {
            let bit = 1 << place;
            if seen & bit != 0 {
                return twice(figure.key, context);
            }
            seen |= bit;
            next = place + 1;
            figure_value(entries, into, figure, context)?;
        } else if unknown.is_some() {
            unknown_value(entries, &mut not_known, &key, context)?;
        } else {
            entries.pass(context)?;
        }
    }
    if let Some(unknown) = unknown {
        *unknown(into) = distinct(not_known, context)?;
    }
    Ok(seen)
}

fn record<T: Record>(
    entries: &mut dyn Entries,
    into: &mut T,
    context: &mut Context,
) -> Result<(), Stopped> {
    let seen = fields(entries, into, T::entries(), T::UNKNOWN, context)?;
    for (place, figure) in T::entries().iter().enumerate() {
        if seen & (1 << place) == 0 && T::REQUIRED.contains(&figure.key) {
            let missing = context.refuse("is missing".into());
            return context.at(missing, || Step::Key(figure.key));
        }
    }
    Ok(())
}

fn histogram(
    entries: &mut dyn Entries,
    into: &mut Histogram,
    context: &mut Context,
) -> Result<(), Stopped> {
    record(entries, into, context)?;
    match into.check() {
        Ok(()) => Ok(()),
        Err(error) => context.refuse(format!("contradicts itself: {error}")),
    }
}

fn section(
    entries: &mut dyn Entries,
    into: &mut Snapshot,
    section: &'static SectionEntry,
    context: &mut Context,
) -> Result<(), Stopped> {
    let mut sections = ENTRIES.chunk_by(|a, b| a.section == b.section);
    let figures = sections.find(|figures| figures.iter().any(|f| f.section == section.key));
    let figures = figures.unwrap_or_default();
    fields(entries, into, figures, Some(section.unknown), context)?;
    Ok(())
}

fn document(
    entries: &mut dyn Entries,
    into: &mut Snapshot,
    context: &mut Context,
) -> Result<(), Stopped> {
    let mut seen: Vec<&'static str> = Vec::new();
    let mut not_known = Vec::new();
    let mut key = String::new();
    while entries.next_key(&mut key, context)? {
        if seen.contains(&&*key) {
            return twice(&key, context);
        }
        let mut plain = ENTRIES.iter().filter(|figure| figure.section.is_empty());
        if let Some(figure) = plain.find(|figure| figure.key == key) {
            seen.push(figure.key);
            figure_value(entries, into, figure, context)?;
        } else if let Some(section) = SECTION_ENTRIES.iter().find(|section| section.key == key) {
            seen.push(section.key);
            let read = entries.value(Target::Section(into, section), context);
            context.at(read, || Step::Key(section.key))?;
        } else {
            unknown_value(entries, &mut not_known, &key, context)?;
        }
    }
    into.unknown = distinct(not_known, context)?;
    if !seen.contains(&"snapshot") {
        let missing = context.refuse(format!("is missing; this version reads {FORMAT}"));
        return context.at(missing, || Step::Key("snapshot"));
    }
    into.summarize();
    put_in_order(&mut into.merged, &|a, b| a.key() < b.key());
    no_repeats(into, context)
}

fn no_repeats(snapshot: &Snapshot, context: &mut Context) -> Result<(), Stopped> {
    let mut partitions = snapshot.partitions.windows(2);
    if let Some([first, ..]) = partitions.find(|pair| pair[0].place() == pair[1].place()) {
        let (topic, partition) = first.place();
        let words = format!("has partition {partition} of {} twice", Got::Text(topic));
        let repeated = context.refuse(words);
        return context.at(repeated, || Step::Key("partitions"));
    }
    let mut lives = snapshot.merged.windows(2);
    if let Some([first, ..]) = lives.find(|pair| pair[0].key() == pair[1].key()) {
        let (worker, since) = (Got::Text(&first.worker), first.since);
        let repeated = context.refuse(format!("has worker {worker} since {since} twice"));
        return context.at(repeated, || Step::Key("merged"));
    }
    Ok(())
}

fn labels<V: Within>(
    entries: &mut dyn Entries,
    context: &mut Context,
) -> Result<SortedMap<String, V>, Stopped> {
    let mut labelled = Vec::new();
    let mut key = String::new();
    while entries.next_key(&mut key, context)? {
        let mut value = V::default();
        let read = entries.value(value.target(), context);
        let label = mem::take(&mut key);
        if read.is_err() {
            return context.at(Err(Stopped), || Step::Label(label));
        }
        labelled.push((label, value));
    }
    distinct(labelled, context)
}

/// The map of `entries`, sorted once, in whatever order they came.
fn distinct<V>(
    entries: Vec<(String, V)>,
    context: &mut Context,
) -> Result<SortedMap<String, V>, Stopped> {
    SortedMap::distinct(entries).or_else(|key| twice(&key, context))
}

fn statuses(
    entries: &mut dyn Entries,
    context: &mut Context,
) -> Result<SortedMap<u16, u64>, Stopped> {
    let by_text: SortedMap<String, u64> = labels(entries, context)?;
    let mut counts = Vec::new();
    for (text, count) in &by_text {
        // Three digits: with "0200" or "+200" a status could stand twice.
        let number = text.parse().ok().filter(|_| text.len() == 3);
        let status = number.and_then(|number| HttpStatus::new(number).ok());
        let Some(status) = status else {
            let got = Got::Text(text);
            let words = format!("has a key that must be a status in 100..=599, got {got}");
            return context.refuse(words);
        };
        counts.push((status.get(), *count));
    }
    Ok(SortedMap::of_distinct(counts))
}

fn elements<V: Within>(
    list: &mut dyn Elements,
    values: &mut Vec<V>,
    most: usize,
    context: &mut Context,
) -> Result<(), Stopped> {
    loop {
        let mut value = V::default();
        let read = list.next(value.target(), context);
        let place = values.len();
        if !context.at(read, || Step::Index(place))? {
            return Ok(());
        }
        if place == most {
            return context.refuse(format!("has more than {most} entries"));
        }
        values.push(value);
    }
}
