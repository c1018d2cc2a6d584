//! What a value is read into, and what it must be for that.

use alloc::string::String;

use crate::histogram::Histogram;
use crate::snapshot::Snapshot;
use crate::snapshot::any::AnyValue;
use crate::snapshot::map::SortedMap;
use crate::snapshot::parts::{Life, PartitionFigures};
use crate::snapshot::table::SnapshotSection;
use crate::snapshot::value::Place;
use crate::tables::TableCounts;

/// A place of the table, or what stands within one.
pub(super) enum Target<'t> {
    Figure(Place<'t>),
    Snapshot(&'t mut Snapshot),
    Section(&'t mut Snapshot, &'static SnapshotSection),
    Partition(&'t mut PartitionFigures),
    Life(&'t mut Life),
    Table(&'t mut TableCounts),
    Histogram(&'t mut Histogram),
    Integer(&'t mut i64),
    Path(&'t mut String),
    Any(&'t mut AnyValue),
}

impl Target<'_> {
    pub(super) fn expected(&self) -> &'static str {
        match self {
            Target::Figure(place) => match place {
                Place::Whole(_) => "a whole number in 0..=18446744073709551615",
                Place::OptionalWhole(_) => "a whole number in 0..=18446744073709551615 or null",
                Place::Index(_) => "a whole number in 0..=4294967295",
                Place::Signed(_) => "a whole number in -2147483648..=2147483647",
                Place::Wide(_) => "a text of decimal digits, of at most 128 bits",
                Place::Number(_) => "a finite number",
                Place::OptionalNumber(_) => "a finite number or null",
                Place::Flag(_) => "true or false",
                Place::Format(_) | Place::Text(_) => "a text",
                Place::Status(_) => "one of ok, warn, stop, stall, rewind",
                Place::LagMethod(_) => "one of none, timestamp, interpolated, atLeast, unknown",
                Place::Texts(_) => "a list of texts",
                Place::Buckets(_) => "a list of whole numbers",
                Place::Partitions(_) | Place::Lives(_) => "a list of maps",
                Place::Histogram(_) => "a map or null",
                Place::ByLabel(_)
                | Place::SignedByLabel(_)
                | Place::ByStatus(_)
                | Place::ByStage(_)
                | Place::Tables(_)
                | Place::HistogramByLabel(_)
                | Place::Latency(_)
                | Place::Rate(_) => "a map",
            },
            Target::Integer(_) => "a whole number of 64 bits with a sign",
            Target::Path(_) => "a text",
            Target::Any(_) => "null, a flag, a finite number of 64 bits, a text, a list or a map",
            Target::Snapshot(_)
            | Target::Section(..)
            | Target::Partition(_)
            | Target::Life(_)
            | Target::Table(_)
            | Target::Histogram(_) => "a map",
        }
    }

    pub(super) fn take_whole(&mut self, value: u64) -> bool {
        match self {
            Target::Figure(Place::Whole(place)) => **place = value,
            Target::Figure(Place::OptionalWhole(place)) => **place = Some(value),
            Target::Figure(Place::Wide(place)) => **place = value.into(),
            Target::Figure(Place::Number(place)) => **place = value as f64,
            Target::Figure(Place::OptionalNumber(place)) => **place = Some(value as f64),
            Target::Any(place) => **place = AnyValue::Whole(value),
            Target::Figure(Place::Index(place)) => {
                return super::set(place, value.try_into().ok());
            }
            Target::Figure(Place::Signed(place)) => {
                return super::set(place, value.try_into().ok());
            }
            Target::Integer(place) => return super::set(place, value.try_into().ok()),
            _ => return false,
        }
        true
    }

    pub(super) fn take_negative(&mut self, value: i64) -> bool {
        match self {
            Target::Figure(Place::Number(place)) => **place = value as f64,
            Target::Figure(Place::OptionalNumber(place)) => **place = Some(value as f64),
            Target::Integer(place) => **place = value,
            Target::Any(place) => **place = AnyValue::Negative(value),
            Target::Figure(Place::Signed(place)) => {
                return super::set(place, value.try_into().ok());
            }
            _ => return false,
        }
        true
    }
}

/// What stands in lists and under labels.
pub(super) trait Within: Default {
    fn target(&mut self) -> Target<'_>;
}

macro_rules! within {
    ($($held:ty => |$it:ident| $target:expr;)+) => {
        $(impl Within for $held {
            fn target(&mut self) -> Target<'_> {
                let $it = self;
                $target
            }
        })+
    };
}

within! {
    u64 => |it| Target::Figure(Place::Whole(it));
    i64 => |it| Target::Integer(it);
    String => |it| Target::Path(it);
    SortedMap<String, u64> => |it| Target::Figure(Place::ByLabel(it));
    TableCounts => |it| Target::Table(it);
    Histogram => |it| Target::Histogram(it);
    PartitionFigures => |it| Target::Partition(it);
    Life => |it| Target::Life(it);
    AnyValue => |it| Target::Any(it);
}
