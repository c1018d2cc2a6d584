//! Reading what has keys or places: the document, its sections, records, labels and lists.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::target::{Target, Within};
use super::{Reader, words_for_long};
use crate::histogram::Histogram;
use crate::http::HttpStatus;
use crate::names::too_long;
use crate::snapshot::any::{AnyValue, Unknown};
use crate::snapshot::context::{Context, Got, Step};
use crate::snapshot::map::SortedMap;
use crate::snapshot::order::put_in_order;
use crate::snapshot::parts::FORMAT;
use crate::snapshot::table::{FigureOf, Record, SnapshotSection};
use crate::snapshot::{SECTIONS, SNAPSHOT, Snapshot};

/// Reads a key: a text of at most 4,096 characters.
struct Key<'c>(&'c mut Context);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Key<'_> {
    fn checked<E: Error>(self, key: Cow<'_, str>) -> Result<Cow<'_, str>, E> {
        match too_long(&key) {
            Some(characters) => {
                let words = format!("has a key that {}", words_for_long(characters));
                Err(self.0.refuse(words))
            }
            None => Ok(key),
        }
    }

    fn wrong<T, E: Error>(self, got: Got<'_>) -> Result<T, E> {
        Err(self
            .0
            .refuse(format!("has a key that must be a text, got {got}")))
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Self::Value, E> {
        self.checked(Cow::Borrowed(key))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        self.checked(Cow::Owned(key.into()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        self.wrong(Got::Flag(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        self.wrong(Got::Whole(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        self.wrong(Got::Negative(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        self.wrong(Got::Number(value))
    }

    fn visit_bytes<E: Error>(self, _bytes: &[u8]) -> Result<Self::Value, E> {
        self.wrong(Got::Bytes)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        self.wrong(Got::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _access: A) -> Result<Self::Value, A::Error> {
        self.wrong(Got::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, _access: A) -> Result<Self::Value, A::Error> {
        self.wrong(Got::Map)
    }
}

fn twice<E: Error>(key: &str, context: &mut Context) -> E {
    context.refuse(format!("has the key {} twice", Got::Text(key)))
}

fn value<'de, A: MapAccess<'de>>(
    access: &mut A,
    target: Target<'_>,
    step: impl FnOnce() -> Step,
    context: &mut Context,
) -> Result<(), A::Error> {
    let read = access.next_value_seed(Reader { target, context });
    context.at(read, step)
}

fn unknown_value<'de, A: MapAccess<'de>>(
    access: &mut A,
    unknown: &mut Vec<(String, AnyValue)>,
    key: &str,
    context: &mut Context,
) -> Result<(), A::Error> {
    let mut kept = AnyValue::Null;
    let step = || Step::Label(key.into());
    value(access, Target::Any(&mut kept), step, context)?;
    unknown.push((key.into(), kept));
    Ok(())
}

fn figure_value<'de, A: MapAccess<'de>, T>(
    access: &mut A,
    into: &mut T,
    figure: &'static FigureOf<T>,
    context: &mut Context,
) -> Result<(), A::Error> {
    let step = || Step::Key(figure.key);
    match figure.place {
        Some(place) => value(access, Target::Figure(place(into)), step, context),
        None => {
            let passed = access.next_value::<IgnoredAny>();
            context.at(passed.map(|_| ()), step)
        }
    }
}

/// Reads the rows `figures`. Gives a bit for each that came.
fn fields<'de, A: MapAccess<'de>, T>(
    access: &mut A,
    into: &mut T,
    figures: &'static [FigureOf<T>],
    unknown: Option<for<'a> fn(&'a mut T) -> &'a mut Unknown>,
    context: &mut Context,
) -> Result<u64, A::Error> {
    let mut seen = 0_u64;
    let mut next = 0;
    let mut not_known = Vec::new();
    while let Some(key) = access.next_key_seed(Key(context))? {
        // Written in order, they come in order.
        let in_order = figures.get(next).filter(|figure| figure.key == key);
        let place = match in_order {
            Some(_) => Some(next),
            None => figures.iter().position(|figure| figure.key == key),
        };
        if let Some((place, figure)) = place.and_then(|place| Some((place, figures.get(place)?))) {
            let bit = 1 << place;
            if seen & bit != 0 {
                return Err(twice(&key, context));
            }
            seen |= bit;
            next = place + 1;
            figure_value(access, into, figure, context)?;
        } else if unknown.is_some() {
            unknown_value(access, &mut not_known, &key, context)?;
        } else {
            access.next_value::<IgnoredAny>()?;
        }
    }
    if let Some(unknown) = unknown {
        *unknown(into) = distinct(not_known, context)?;
    }
    Ok(seen)
}

pub(super) fn record<'de, A: MapAccess<'de>, T: Record>(
    access: &mut A,
    into: &mut T,
    context: &mut Context,
) -> Result<(), A::Error> {
    let seen = fields(access, into, T::figures(), T::UNKNOWN, context)?;
    for (place, figure) in T::figures().iter().enumerate() {
        if seen & (1 << place) == 0 && T::REQUIRED.contains(&figure.key) {
            let missing = Err(context.refuse("is missing".into()));
            return context.at(missing, || Step::Key(figure.key));
        }
    }
    Ok(())
}

pub(super) fn histogram<'de, A: MapAccess<'de>>(
    access: &mut A,
    into: &mut Histogram,
    context: &mut Context,
) -> Result<(), A::Error> {
    record(access, into, context)?;
    into.check()
        .map_err(|error| context.refuse(format!("contradicts itself: {error}")))
}

pub(super) fn section<'de, A: MapAccess<'de>>(
    access: &mut A,
    into: &mut Snapshot,
    section: &'static SnapshotSection,
    context: &mut Context,
) -> Result<(), A::Error> {
    let mut sections = SNAPSHOT.chunk_by(|a, b| a.section == b.section);
    let figures = sections.find(|figures| figures.iter().any(|f| f.section == section.key));
    let figures = figures.unwrap_or_default();
    fields(access, into, figures, Some(section.unknown_mut), context)?;
    Ok(())
}

pub(super) fn document<'de, A: MapAccess<'de>>(
    access: &mut A,
    into: &mut Snapshot,
    context: &mut Context,
) -> Result<(), A::Error> {
    let mut seen: Vec<&'static str> = Vec::new();
    let mut not_known = Vec::new();
    while let Some(key) = access.next_key_seed(Key(context))? {
        if seen.contains(&&*key) {
            return Err(twice(&key, context));
        }
        let mut plain = SNAPSHOT.iter().filter(|figure| figure.section.is_empty());
        if let Some(figure) = plain.find(|figure| figure.key == key) {
            seen.push(figure.key);
            figure_value(access, into, figure, context)?;
        } else if let Some(section) = SECTIONS.iter().find(|section| section.key == key) {
            seen.push(section.key);
            let target = Target::Section(into, section);
            value(access, target, || Step::Key(section.key), context)?;
        } else {
            unknown_value(access, &mut not_known, &key, context)?;
        }
    }
    into.unknown = distinct(not_known, context)?;
    if !seen.contains(&"snapshot") {
        let words = format!("is missing; this version reads {FORMAT}");
        let missing = Err(context.refuse(words));
        return context.at(missing, || Step::Key("snapshot"));
    }
    into.summarize();
    put_in_order(&mut into.merged, &|a, b| a.key() < b.key());
    no_repeats(into, context)
}

fn no_repeats<E: Error>(snapshot: &Snapshot, context: &mut Context) -> Result<(), E> {
    let mut partitions = snapshot.partitions.windows(2);
    if let Some([first, ..]) = partitions.find(|pair| pair[0].place() == pair[1].place()) {
        let (topic, partition) = first.place();
        let words = format!("has partition {partition} of {} twice", Got::Text(topic));
        let repeated = Err(context.refuse(words));
        return context.at(repeated, || Step::Key("partitions"));
    }
    let mut lives = snapshot.merged.windows(2);
    if let Some([first, ..]) = lives.find(|pair| pair[0].key() == pair[1].key()) {
        let (worker, since) = (Got::Text(&first.worker), first.since);
        let words = format!("has worker {worker} since {since} twice");
        let repeated = Err(context.refuse(words));
        return context.at(repeated, || Step::Key("merged"));
    }
    Ok(())
}

pub(super) fn labels<'de, A: MapAccess<'de>, V: Within>(
    access: &mut A,
    map: &mut SortedMap<String, V>,
    context: &mut Context,
) -> Result<(), A::Error> {
    let mut entries = Vec::new();
    while let Some(key) = access.next_key_seed(Key(context))? {
        let mut read = V::default();
        let step = || Step::Label(key.clone().into_owned());
        value(access, read.target(), step, context)?;
        entries.push((key.into_owned(), read));
    }
    *map = distinct(entries, context)?;
    Ok(())
}

/// The map of `entries`, sorted once, whatever order they come in.
fn distinct<V, E: Error>(
    entries: Vec<(String, V)>,
    context: &mut Context,
) -> Result<SortedMap<String, V>, E> {
    SortedMap::distinct(entries).map_err(|key| twice(&key, context))
}

pub(super) fn statuses<'de, A: MapAccess<'de>>(
    access: &mut A,
    map: &mut SortedMap<u16, u64>,
    context: &mut Context,
) -> Result<(), A::Error> {
    let mut by_text = SortedMap::<String, u64>::new();
    labels(access, &mut by_text, context)?;
    for (text, count) in by_text {
        // Three digits: with "0200" or "+200" a status could stand twice.
        let number = text.parse().ok().filter(|_| text.len() == 3);
        let status = number.and_then(|number| HttpStatus::new(number).ok());
        let Some(status) = status else {
            let got = Got::Text(&text);
            let words = format!("has a key that must be a status in 100..=599, got {got}");
            return Err(context.refuse(words));
        };
        map.insert(status.get(), count);
    }
    Ok(())
}

pub(super) fn elements<'de, A: SeqAccess<'de>, V: Within>(
    access: &mut A,
    values: &mut Vec<V>,
    most: usize,
    context: &mut Context,
) -> Result<(), A::Error> {
    loop {
        let mut read = V::default();
        let target = read.target();
        let element = access.next_element_seed(Reader { target, context });
        let place = values.len();
        let Some(()) = context.at(element, || Step::Index(place))? else {
            return Ok(());
        };
        if place == most {
            return Err(context.refuse(format!("has more than {most} entries")));
        }
        values.push(read);
    }
}
