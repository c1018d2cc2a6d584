//! The forms that figures of a snapshot come in, each with the Rust type that holds it.

use alloc::string::String;
use alloc::vec::Vec;

use crate::health::Status;
use crate::histogram::Histogram;
use crate::snapshot::map::SortedMap;
use crate::snapshot::parts::{Format, LagMethod, Latency, Life, PartitionFigures, Rate};
use crate::tables::TableCounts;

/// A type that holds a figure. Each type is of one shape, so that a row of the table names the
/// type alone.
pub(crate) trait Shaped {
    const SHAPE: SnapshotShape;
    fn value(&self) -> SnapshotValue<'_>;
    fn place(&mut self) -> Place<'_>;
}

macro_rules! shapes {
    ($($(#[doc = $says:literal])+ $shape:ident: $held:ty => $shown:ty, |$it:ident| $show:expr;)+) => {
        /// The form of a figure in a snapshot.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum SnapshotShape {
            $($(#[doc = $says])+ $shape,)+
        }

        /// A figure's value in a snapshot.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub enum SnapshotValue<'a> {
            $($(#[doc = $says])+ $shape($shown),)+
        }

        /// Where a figure's value is kept.
        #[cfg_attr(not(feature = "serde"), allow(dead_code, reason = "merging writes to some only"))]
        pub(crate) enum Place<'a> {
            $($shape(&'a mut $held),)+
        }

        impl SnapshotValue<'_> {
            /// Its form.
            pub fn shape(&self) -> SnapshotShape {
                match self { $(SnapshotValue::$shape(_) => SnapshotShape::$shape,)+ }
            }
        }

        $(impl Shaped for $held {
            const SHAPE: SnapshotShape = SnapshotShape::$shape;

            fn value(&self) -> SnapshotValue<'_> {
                let $it = self;
                SnapshotValue::$shape($show)
            }

            fn place(&mut self) -> Place<'_> {
                Place::$shape(self)
            }
        })+
    };
}

shapes! {
    /// The name of the form, `"streamgauge/1"`.
    Format: Format => &'a str, |format| format.name();
    /// A whole number.
    Whole: u64 => u64, |number| *number;
    /// A whole number, or none where it is not known.
    OptionalWhole: Option<u64> => Option<u64>, |number| *number;
    /// A number of a partition, a whole number of 32 bits.
    Index: u32 => u32, |number| *number;
    /// A whole number of 32 bits that may be negative.
    Signed: i32 => i32, |number| *number;
    /// A whole number of 128 bits, in the forms a text of decimal digits.
    Wide: u128 => u128, |number| *number;
    /// A number.
    Number: f64 => f64, |number| *number;
    /// A number, or none where it is not known.
    OptionalNumber: Option<f64> => Option<f64>, |number| *number;
    /// Yes or no.
    Flag: bool => bool, |flag| *flag;
    /// A text.
    Text: String => &'a str, |text| text;
    /// Texts.
    Texts: Vec<String> => &'a [String], |texts| texts;
    /// A partition's status, by its name.
    Status: Status => Status, |status| *status;
    /// How a lag in seconds was found, by its name.
    LagMethod: LagMethod => LagMethod, |method| *method;
    /// Label to whole number.
    ByLabel: SortedMap<String, u64> => &'a SortedMap<String, u64>, |map| map;
    /// Label to whole number, which may be negative.
    SignedByLabel: SortedMap<String, i64> => &'a SortedMap<String, i64>, |map| map;
    /// HTTP status to whole number.
    ByStatus: SortedMap<u16, u64> => &'a SortedMap<u16, u64>, |map| map;
    /// Stage to kind to whole number.
    ByStage: SortedMap<String, SortedMap<String, u64>> => &'a SortedMap<String, SortedMap<String, u64>>, |map| map;
    /// Table to its three counts.
    Tables: SortedMap<String, TableCounts> => &'a SortedMap<String, TableCounts>, |map| map;
    /// Whole numbers: a histogram's buckets.
    Buckets: Vec<u64> => &'a [u64], |buckets| buckets;
    /// A histogram, or none where the monitor was built without.
    Histogram: Option<Histogram> => Option<&'a Histogram>, |histogram| histogram.as_ref();
    /// Label to histogram.
    HistogramByLabel: SortedMap<String, Histogram> => &'a SortedMap<String, Histogram>, |map| map;
    /// Two histograms: since the start and of the last minute.
    Latency: Latency => &'a Latency, |latency| latency;
    /// Now and as moving averages.
    Rate: Rate => &'a Rate, |rate| rate;
    /// The figures of partitions.
    Partitions: Vec<PartitionFigures> => &'a [PartitionFigures], |partitions| partitions;
    /// The lives of monitors.
    Lives: Vec<Life> => &'a [Life], |lives| lives;
}
