//! Writing a snapshot: one walk over the table, which shows each value as a [`Node`], and whoever
//! writes a form takes the nodes. The walk is there once, however many forms there are.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::number::decimal;
use crate::snapshot::any::{AnyValue, Unknown};
use crate::snapshot::table::{Record, Row, SectionRow, each_row};
use crate::snapshot::value::SnapshotValue;
use crate::snapshot::{SECTIONS, SNAPSHOT, Snapshot};

/// A value as the forms show it. Lists and maps are their length and what tells their entries.
pub(crate) enum Node<'a> {
    Null,
    Flag(bool),
    Whole(u64),
    Signed(i64),
    Number(f64),
    Text(&'a str),
    Bytes(&'a [u8]),
    List(usize, &'a dyn Fn(Take<'_>)),
    Map(usize, &'a dyn Fn(TakeEntry<'_>)),
}

type Take<'t> = &'t mut dyn FnMut(Node<'_>);
type TakeEntry<'t> = &'t mut dyn FnMut(&str, Node<'_>);

impl<'a> Node<'a> {
    /// What is not finite has no form; no valid snapshot holds it.
    fn number(number: Option<f64>) -> Self {
        match number {
            Some(number) if number.is_finite() => Node::Number(number),
            _ => Node::Null,
        }
    }

    fn whole(number: Option<u64>) -> Self {
        number.map_or(Node::Null, Node::Whole)
    }
}

static ROWS: [Row<Snapshot>; SNAPSHOT.len()] = each_row!(SNAPSHOT, Row::of);
static SECTION_ROWS: [SectionRow; SECTIONS.len()] = each_row!(SECTIONS, SectionRow::of);

impl Snapshot {
    /// How many entries its map has.
    pub(crate) fn entry_count(&self) -> usize {
        let plain = ROWS.iter().filter(|row| row.section.is_empty());
        plain.count() + SECTION_ROWS.len() + self.unknown.len()
    }

    /// Shows what it holds.
    pub(crate) fn entries(&self, entry: TakeEntry<'_>) {
        for rows in ROWS.chunk_by(|a, b| a.section == b.section) {
            let key = rows.first().map_or("", |row| row.section);
            match SECTION_ROWS.iter().find(|section| section.key == key) {
                Some(section) => {
                    let unknown = Some((section.unknown)(self));
                    fields(self, rows, unknown, &mut |node| entry(key, node));
                }
                None => row_entries(self, rows, entry),
            }
        }
        unknown_entries(&self.unknown, entry);
    }
}

/// Shows some rows of a `T`, and after them what is not known, as a map.
fn fields<T>(of: &T, rows: &[Row<T>], unknown: Option<&Unknown>, take: Take<'_>) {
    let length = rows.len() + unknown.map_or(0, Unknown::len);
    take(Node::Map(length, &|entry| {
        row_entries(of, rows, entry);
        if let Some(unknown) = unknown {
            unknown_entries(unknown, entry);
        }
    }));
}

fn row_entries<T>(of: &T, rows: &[Row<T>], entry: TakeEntry<'_>) {
    for row in rows {
        show((row.read)(of), &mut |node| entry(row.key, node));
    }
}

fn unknown_entries(unknown: &Unknown, entry: TakeEntry<'_>) {
    for (key, value) in unknown {
        show_any(value, &mut |node| entry(key, node));
    }
}

pub(crate) fn record<T: Record>(of: &T, take: Take<'_>) {
    fields(of, T::rows(), of.unknown(), take);
}

fn records<T: Record>(records: &[T], take: Take<'_>) {
    take(Node::List(records.len(), &|take| {
        records.iter().for_each(|one| record(one, take));
    }));
}

#[inline(never)]
fn show(value: SnapshotValue<'_>, take: Take<'_>) {
    match value {
        SnapshotValue::Format(text) | SnapshotValue::Text(text) => take(Node::Text(text)),
        SnapshotValue::Whole(value) => take(Node::Whole(value)),
        SnapshotValue::OptionalWhole(value) => take(Node::whole(value)),
        SnapshotValue::Index(value) => take(Node::Whole(value.into())),
        SnapshotValue::Signed(value) => take(Node::Signed(value.into())),
        SnapshotValue::Wide(value) => take(Node::Text(&decimal(value))),
        SnapshotValue::Number(value) => take(Node::number(Some(value))),
        SnapshotValue::OptionalNumber(value) => take(Node::number(value)),
        SnapshotValue::Flag(value) => take(Node::Flag(value)),
        SnapshotValue::Texts(texts) => take(Node::List(texts.len(), &|take| {
            texts.iter().for_each(|text| take(Node::Text(text)));
        })),
        SnapshotValue::Status(status) => take(Node::Text(status.name())),
        SnapshotValue::LagMethod(method) => take(Node::Text(method.name())),
        SnapshotValue::ByLabel(map) => take(Node::Map(map.len(), &|entry| {
            map.iter().for_each(|(key, n)| entry(key, Node::Whole(*n)));
        })),
        SnapshotValue::SignedByLabel(map) => take(Node::Map(map.len(), &|entry| {
            map.iter().for_each(|(key, n)| entry(key, Node::Signed(*n)));
        })),
        SnapshotValue::ByStatus(map) => take(Node::Map(map.len(), &|entry| {
            for (status, count) in map {
                entry(&decimal((*status).into()), Node::Whole(*count));
            }
        })),
        SnapshotValue::ByStage(map) => take(Node::Map(map.len(), &|entry| {
            for (stage, kinds) in map {
                show(SnapshotValue::ByLabel(kinds), &mut |node| {
                    entry(stage, node);
                });
            }
        })),
        SnapshotValue::Tables(map) => take(Node::Map(map.len(), &|entry| {
            for (table, counts) in map {
                record(counts, &mut |node| entry(table, node));
            }
        })),
        SnapshotValue::Buckets(buckets) => take(Node::List(buckets.len(), &|take| {
            buckets.iter().for_each(|count| take(Node::Whole(*count)));
        })),
        SnapshotValue::Histogram(None) => take(Node::Null),
        SnapshotValue::Histogram(Some(histogram)) => record(histogram, take),
        SnapshotValue::HistogramByLabel(map) => take(Node::Map(map.len(), &|entry| {
            for (label, histogram) in map {
                record(histogram, &mut |node| entry(label, node));
            }
        })),
        SnapshotValue::Latency(latency) => record(latency, take),
        SnapshotValue::Rate(rate) => record(rate, take),
        SnapshotValue::Partitions(partitions) => records(partitions, take),
        SnapshotValue::Lives(lives) => records(lives, take),
    }
}

fn show_any(value: &AnyValue, take: Take<'_>) {
    match value {
        AnyValue::Null => take(Node::Null),
        AnyValue::Flag(value) => take(Node::Flag(*value)),
        AnyValue::Whole(value) => take(Node::Whole(*value)),
        AnyValue::Negative(value) => take(Node::Signed(*value)),
        AnyValue::Number(value) => take(Node::number(Some(*value))),
        AnyValue::Text(text) => take(Node::Text(text)),
        AnyValue::Bytes(bytes) => take(Node::Bytes(bytes)),
        AnyValue::List(list) => take(Node::List(list.len(), &|take| {
            list.iter().for_each(|one| show_any(one, take));
        })),
        AnyValue::Map(map) => take(Node::Map(map.len(), &|entry| unknown_entries(map, entry))),
    }
}

impl Serialize for Snapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Node::Map(self.entry_count(), &|entry| self.entries(entry)).serialize(serializer)
    }
}

impl Serialize for AnyValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut serializer = Some(serializer);
        let mut written = None;
        show_any(self, &mut |node| {
            written = serializer
                .take()
                .map(|serializer| node.serialize(serializer));
        });
        written.unwrap_or_else(|| Err(serde::ser::Error::custom("nothing to write")))
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Node::Null => serializer.serialize_none(),
            Node::Flag(value) => serializer.serialize_bool(value),
            Node::Whole(value) => serializer.serialize_u64(value),
            Node::Signed(value) => serializer.serialize_i64(value),
            Node::Number(value) => serializer.serialize_f64(value),
            Node::Text(text) => serializer.serialize_str(text),
            Node::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Node::List(length, each) => {
                let mut list = serializer.serialize_seq(Some(length))?;
                let mut written = Ok(());
                each(&mut |node| {
                    if written.is_ok() {
                        written = list.serialize_element(&node);
                    }
                });
                written.and_then(|()| list.end())
            }
            Node::Map(length, each) => {
                let mut map = serializer.serialize_map(Some(length))?;
                let mut written = Ok(());
                each(&mut |key, node| {
                    if written.is_ok() {
                        written = map.serialize_entry(key, &node);
                    }
                });
                written.and_then(|()| map.end())
            }
        }
    }
}
