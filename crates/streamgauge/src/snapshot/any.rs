//! Whatever a document holds that this version does not know.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::map::SortedMap;

/// Fields that this version does not know, by key: kept, and written back after the known ones.
pub type Unknown = SortedMap<String, AnyValue>;

/// Any value of JSON or CBOR.
///
/// Numbers are finite and bytes come from CBOR alone (JSON writes them as a list of numbers).
#[derive(Debug, Clone, PartialEq, Default)]
pub enum AnyValue {
    /// Nothing.
    #[default]
    Null,
    /// Yes or no.
    Flag(bool),
    /// A whole number from 0.
    Whole(u64),
    /// A whole number below 0.
    Negative(i64),
    /// Any other number.
    Number(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list.
    List(Vec<AnyValue>),
    /// Key to value.
    Map(SortedMap<String, AnyValue>),
}

impl AnyValue {
    fn rank(&self) -> u8 {
        match self {
            AnyValue::Null => 0,
            AnyValue::Flag(_) => 1,
            AnyValue::Whole(_) => 2,
            AnyValue::Negative(_) => 3,
            AnyValue::Number(_) => 4,
            AnyValue::Text(_) => 5,
            AnyValue::Bytes(_) => 6,
            AnyValue::List(_) => 7,
            AnyValue::Map(_) => 8,
        }
    }

    /// Any fixed order serves: it decides between what came at the same time.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (AnyValue::Flag(a), AnyValue::Flag(b)) => a.cmp(b),
            (AnyValue::Whole(a), AnyValue::Whole(b)) => a.cmp(b),
            (AnyValue::Negative(a), AnyValue::Negative(b)) => a.cmp(b),
            (AnyValue::Number(a), AnyValue::Number(b)) => a.total_cmp(b),
            (AnyValue::Text(a), AnyValue::Text(b)) => a.cmp(b),
            (AnyValue::Bytes(a), AnyValue::Bytes(b)) => a.cmp(b),
            (AnyValue::List(a), AnyValue::List(b)) => {
                let places = a.iter().zip(b).map(|(a, b)| a.order(b));
                first_difference(places).then(a.len().cmp(&b.len()))
            }
            (AnyValue::Map(a), AnyValue::Map(b)) => order(a, b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

/// The fixed order of [`AnyValue::order`], of whole maps.
pub(crate) fn order(a: &Unknown, b: &Unknown) -> Ordering {
    let places = a.iter().zip(b);
    let places = places.map(|(a, b)| a.0.cmp(b.0).then_with(|| a.1.order(b.1)));
    first_difference(places).then(a.len().cmp(&b.len()))
}

fn first_difference(mut places: impl Iterator<Item = Ordering>) -> Ordering {
    places
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}
