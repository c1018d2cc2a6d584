//! Reading a snapshot. One visitor reads every form of value into the place that the table gives
//! it; what it refuses it says with the path, what was expected and which value came.

mod fields;
mod target;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use self::fields::{document, elements, histogram, labels, record, section, statuses};
use self::target::Target;
use crate::health::Status;
use crate::names::too_long;
use crate::snapshot::Snapshot;
use crate::snapshot::any::{AnyValue, Unknown};
use crate::snapshot::context::{Context, Got};
use crate::snapshot::parts::{FORMAT, Format, LagMethod};
use crate::snapshot::value::Place;

/// Reads one value into its target.
struct Reader<'t, 'c> {
    target: Target<'t>,
    context: &'c mut Context,
}

/// Reads a snapshot from `deserializer`; the context knows the place of an error.
pub(crate) fn snapshot<'de, D: Deserializer<'de>>(
    deserializer: D,
    context: &mut Context,
) -> Result<Snapshot, D::Error> {
    let mut snapshot = Snapshot::default();
    let target = Target::Snapshot(&mut snapshot);
    Reader { target, context }.deserialize(deserializer)?;
    Ok(snapshot)
}

/// From any self-describing format. `Snapshot::from_json` and `Snapshot::from_cbor` also refuse
/// what follows the document.
impl<'de> Deserialize<'de> for Snapshot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut context = Context::new();
        snapshot(deserializer, &mut context)
            .map_err(|error| D::Error::custom(context.error(&error)))
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Reader<'_, '_> {
    fn taken<E: Error>(self, taken: bool, got: Got<'_>) -> Result<(), E> {
        if taken {
            return Ok(());
        }
        let expected = self.target.expected();
        Err(self
            .context
            .refuse(format!("must be {expected}, got {got}")))
    }
}

/// The whole number that `number` is exactly: writers that know but one kind of number write it so.
fn whole(number: f64) -> Option<u64> {
    const TOO_MUCH: f64 = 18_446_744_073_709_551_616.0;
    let whole = number as u64;
    ((0.0..TOO_MUCH).contains(&number) && whole as f64 == number).then_some(whole)
}

impl<'de> Visitor<'de> for Reader<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.target.expected())
    }

    fn visit_unit<E: Error>(mut self) -> Result<(), E> {
        let taken = match &mut self.target {
            Target::Figure(Place::OptionalWhole(place)) => set(place, Some(None)),
            Target::Figure(Place::OptionalNumber(place)) => set(place, Some(None)),
            Target::Figure(Place::Histogram(place)) => set(place, Some(None)),
            Target::Any(place) => set(place, Some(AnyValue::Null)),
            _ => false,
        };
        self.taken(taken, Got::Null)
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_bool<E: Error>(mut self, value: bool) -> Result<(), E> {
        let taken = match &mut self.target {
            Target::Figure(Place::Flag(place)) => set(place, Some(value)),
            Target::Any(place) => set(place, Some(AnyValue::Flag(value))),
            _ => false,
        };
        self.taken(taken, Got::Flag(value))
    }

    fn visit_u64<E: Error>(mut self, value: u64) -> Result<(), E> {
        let taken = self.target.take_whole(value);
        self.taken(taken, Got::Whole(value))
    }

    fn visit_i64<E: Error>(mut self, value: i64) -> Result<(), E> {
        if let Ok(value) = u64::try_from(value) {
            return self.visit_u64(value);
        }
        let taken = self.target.take_negative(value);
        self.taken(taken, Got::Negative(value))
    }

    fn visit_f64<E: Error>(mut self, value: f64) -> Result<(), E> {
        let taken = value.is_finite()
            && match &mut self.target {
                Target::Figure(Place::Number(place)) => set(place, Some(value)),
                Target::Figure(Place::OptionalNumber(place)) => set(place, Some(Some(value))),
                Target::Any(place) => set(place, Some(AnyValue::Number(value))),
                target => match (whole(value), whole(-value)) {
                    (Some(whole), _) => target.take_whole(whole),
                    (None, Some(minus)) => {
                        let negative = i64::try_from(minus).ok().map(|minus| -minus);
                        negative.is_some_and(|negative| target.take_negative(negative))
                    }
                    (None, None) => false,
                },
            };
        self.taken(taken, Got::Number(value))
    }

    fn visit_i128<E: Error>(self, _value: i128) -> Result<(), E> {
        self.taken(false, Got::Huge)
    }

    fn visit_u128<E: Error>(self, _value: u128) -> Result<(), E> {
        self.taken(false, Got::Huge)
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        let taken = match &mut self.target {
            Target::Figure(Place::Format(place)) => {
                if text != FORMAT {
                    let got = Got::Text(text).to_string();
                    let got = got.trim_matches('"');
                    let words = format!("{got} is not known; this version reads {FORMAT}");
                    return Err(self.context.refuse(words));
                }
                set(place, Some(Format))
            }
            Target::Figure(Place::Text(place)) => {
                if let Some(characters) = too_long(text) {
                    return Err(self.context.refuse(words_for_long(characters)));
                }
                set(place, Some(text.into()))
            }
            Target::Path(place) => set(place, Some(text.into())),
            Target::Figure(Place::Status(place)) => set(place, Status::from_name(text)),
            Target::Figure(Place::LagMethod(place)) => set(place, LagMethod::from_name(text)),
            Target::Figure(Place::Wide(place)) => {
                let digits = text.bytes().all(|byte| byte.is_ascii_digit());
                set(place, text.parse().ok().filter(|_| digits))
            }
            Target::Any(place) => set(place, Some(AnyValue::Text(text.into()))),
            _ => false,
        };
        self.taken(taken, Got::Text(text))
    }

    fn visit_bytes<E: Error>(mut self, bytes: &[u8]) -> Result<(), E> {
        let taken = match &mut self.target {
            Target::Any(place) => set(place, Some(AnyValue::Bytes(bytes.into()))),
            _ => false,
        };
        self.taken(taken, Got::Bytes)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let Self { target, context } = self;
        context.enter()?;
        let access = &mut access;
        match target {
            Target::Figure(Place::Buckets(list)) => elements(access, list, usize::MAX, context)?,
            Target::Figure(Place::Texts(list)) => elements(access, list, usize::MAX, context)?,
            Target::Figure(Place::Partitions(list)) => {
                let most = context.most_partitions;
                elements(access, list, most, context)?;
            }
            Target::Figure(Place::Lives(list)) => {
                let most = context.most_partitions;
                elements(access, list, most, context)?;
            }
            Target::Any(place) => {
                let mut list = Vec::<AnyValue>::new();
                elements(access, &mut list, usize::MAX, context)?;
                *place = AnyValue::List(list);
            }
            target => return Reader { target, context }.taken(false, Got::List),
        }
        context.leave();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let Self { target, context } = self;
        context.enter()?;
        let access = &mut access;
        match target {
            Target::Snapshot(snapshot) => document(access, snapshot, context)?,
            Target::Section(place, which) => section(access, place, which, context)?,
            Target::Partition(partition) => record(access, partition, context)?,
            Target::Life(life) => record(access, life, context)?,
            Target::Table(counts) => record(access, counts, context)?,
            Target::Histogram(place) => histogram(access, place, context)?,
            Target::Figure(Place::Histogram(place)) => {
                histogram(access, place.insert(Default::default()), context)?;
            }
            Target::Figure(Place::Latency(latency)) => record(access, latency, context)?,
            Target::Figure(Place::Rate(rate)) => record(access, rate, context)?,
            Target::Figure(Place::ByLabel(map)) => labels(access, map, context)?,
            Target::Figure(Place::SignedByLabel(map)) => labels(access, map, context)?,
            Target::Figure(Place::ByStage(map)) => labels(access, map, context)?,
            Target::Figure(Place::ByStatus(map)) => statuses(access, map, context)?,
            Target::Figure(Place::Tables(map)) => labels(access, map, context)?,
            Target::Figure(Place::HistogramByLabel(map)) => labels(access, map, context)?,
            Target::Any(place) => {
                let mut map = Unknown::new();
                labels(access, &mut map, context)?;
                *place = AnyValue::Map(map);
            }
            target => return Reader { target, context }.taken(false, Got::Map),
        }
        context.leave();
        Ok(())
    }
}

/// Puts a value into its place where there is one.
fn set<T>(place: &mut &mut T, value: Option<T>) -> bool {
    let Some(value) = value else {
        return false;
    };
    **place = value;
    true
}

fn words_for_long(characters: usize) -> String {
    format!("must be a name of at most 4096 characters, got one of {characters} characters")
}

#[cfg(all(test, feature = "json"))]
mod tests {
    use super::*;

    #[test]
    fn lists_of_more_than_the_most_partitions_are_refused() {
        let read = |lists: &str| {
            let text = format!(r#"{{"snapshot":"streamgauge/1",{lists}}}"#);
            let mut context = Context::new();
            assert_eq!(context.most_partitions, 10_000_000);
            context.most_partitions = 2;
            snapshot(&mut serde_json::Deserializer::from_str(&text), &mut context)
                .map_err(|error| context.error(&error).to_string())
        };
        let part = |number: u32| format!(r#"{{"topic":"t","partition":{number}}}"#);
        let two = format!(r#""partitions":[{},{}]"#, part(0), part(1));
        assert_eq!(read(&two).unwrap().partitions.len(), 2);
        let three = format!(r#""partitions":[{},{},{}]"#, part(0), part(1), part(2));
        assert_eq!(
            read(&three).unwrap_err(),
            "partitions has more than 2 entries"
        );
        let life = |since: u32| format!(r#"{{"worker":"w","since":{since}}}"#);
        let lives = format!(r#""merged":[{},{},{}]"#, life(0), life(1), life(2));
        assert_eq!(read(&lives).unwrap_err(), "merged has more than 2 entries");
    }
}
