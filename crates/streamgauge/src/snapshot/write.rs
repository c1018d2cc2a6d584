//! Writing a snapshot: one walk over the table, one `match` over the forms. No type of its own code.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::snapshot::any::{AnyValue, Unknown};
use crate::snapshot::table::{Record, Row, rows_of};
use crate::snapshot::value::SnapshotValue;
use crate::snapshot::{SECTIONS, SNAPSHOT, Snapshot};

/// Some rows of a `T`, and after them what is not known.
struct Fields<'a, T: 'static> {
    of: &'a T,
    rows: &'static [Row<T>],
    unknown: Option<&'a Unknown>,
}

impl<'a, T: Record> Fields<'a, T> {
    fn record(of: &'a T) -> Self {
        Self {
            of,
            rows: T::rows(),
            unknown: of.unknown(),
        }
    }
}

impl<T> Serialize for Fields<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let length = self.rows.len() + self.unknown.map_or(0, Unknown::len);
        let mut map = serializer.serialize_map(Some(length))?;
        for row in self.rows {
            map.serialize_entry(row.key, &(row.read)(self.of))?;
        }
        entries(&mut map, self.unknown)?;
        map.end()
    }
}

fn entries<M: SerializeMap>(map: &mut M, unknown: Option<&Unknown>) -> Result<(), M::Error> {
    for (key, value) in unknown.into_iter().flatten() {
        map.serialize_entry(key, value)?;
    }
    Ok(())
}

static ROWS: [Row<Snapshot>; SNAPSHOT.len()] = rows_of(SNAPSHOT);

impl Serialize for Snapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let plain = ROWS.iter().filter(|row| row.section.is_empty());
        let length = plain.count() + SECTIONS.len() + self.unknown.len();
        let mut map = serializer.serialize_map(Some(length))?;
        for rows in ROWS.chunk_by(|a, b| a.section == b.section) {
            let key = rows.first().map_or("", |row| row.section);
            let Some(section) = SECTIONS.iter().find(|section| section.key == key) else {
                for row in rows {
                    map.serialize_entry(row.key, &(row.read)(self))?;
                }
                continue;
            };
            let fields = Fields {
                of: self,
                rows,
                unknown: Some((section.unknown)(self)),
            };
            map.serialize_entry(key, &fields)?;
        }
        entries(&mut map, Some(&self.unknown))?;
        map.end()
    }
}

/// A whole number as its decimal digits.
struct Digits<N>(N);

impl<N: core::fmt::Display> Serialize for Digits<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// What is not finite has no form; no valid snapshot holds it.
fn number<S: Serializer>(serializer: S, number: Option<f64>) -> Result<S::Ok, S::Error> {
    match number {
        Some(number) if number.is_finite() => serializer.serialize_f64(number),
        _ => serializer.serialize_none(),
    }
}

fn records<'a, S: Serializer, T: Record>(
    serializer: S,
    records: &'a [T],
) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(records.len()))?;
    for record in records {
        list.serialize_element::<Fields<'a, T>>(&Fields::record(record))?;
    }
    list.end()
}

fn labelled<'a, S: Serializer, K: Serialize, V: Serialize>(
    serializer: S,
    entries: impl ExactSizeIterator<Item = (K, V)> + 'a,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(entries.len()))?;
    for (key, value) in entries {
        map.serialize_entry(&key, &value)?;
    }
    map.end()
}

impl Serialize for SnapshotValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Format(text) | Self::Text(text) => serializer.serialize_str(text),
            Self::Whole(value) => serializer.serialize_u64(value),
            Self::OptionalWhole(Some(value)) => serializer.serialize_u64(value),
            Self::OptionalWhole(None) | Self::Histogram(None) => serializer.serialize_none(),
            Self::Index(value) => serializer.serialize_u64(value.into()),
            Self::Signed(value) => serializer.serialize_i64(value.into()),
            Self::Wide(value) => Digits(value).serialize(serializer),
            Self::Number(value) => number(serializer, Some(value)),
            Self::OptionalNumber(value) => number(serializer, value),
            Self::Flag(value) => serializer.serialize_bool(value),
            Self::Texts(texts) => serializer.collect_seq(texts),
            Self::Status(status) => serializer.serialize_str(status.name()),
            Self::LagMethod(method) => serializer.serialize_str(method.name()),
            Self::ByLabel(map) => labelled(serializer, map.iter()),
            Self::SignedByLabel(map) => labelled(serializer, map.iter()),
            Self::ByStatus(map) => labelled(serializer, map.iter().map(|(k, v)| (Digits(k), v))),
            Self::ByStage(map) => labelled(
                serializer,
                map.iter()
                    .map(|(key, kinds)| (key, SnapshotValue::ByLabel(kinds))),
            ),
            Self::Tables(map) => labelled(
                serializer,
                map.iter()
                    .map(|(key, counts)| (key, Fields::record(counts))),
            ),
            Self::Buckets(buckets) => serializer.collect_seq(buckets),
            Self::Histogram(Some(histogram)) => Fields::record(histogram).serialize(serializer),
            Self::HistogramByLabel(map) => labelled(
                serializer,
                map.iter()
                    .map(|(key, histogram)| (key, Fields::record(histogram))),
            ),
            Self::Latency(latency) => Fields::record(latency).serialize(serializer),
            Self::Rate(rate) => Fields::record(rate).serialize(serializer),
            Self::Partitions(partitions) => records(serializer, partitions),
            Self::Lives(lives) => records(serializer, lives),
        }
    }
}

impl Serialize for AnyValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Flag(value) => serializer.serialize_bool(*value),
            Self::Whole(value) => serializer.serialize_u64(*value),
            Self::Negative(value) => serializer.serialize_i64(*value),
            Self::Number(value) => number(serializer, Some(*value)),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::List(list) => serializer.collect_seq(list),
            Self::Map(map) => labelled(serializer, map.iter()),
        }
    }
}
