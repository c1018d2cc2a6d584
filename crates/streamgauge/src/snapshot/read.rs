//! Reading a snapshot. What serde reads of a format is handed on at once to code that is there once
//! for all formats, which puts it into the place that the table gives it; what that refuses it says
//! with the path, what was expected and which value came.

#[cfg(feature = "cbor")]
pub(crate) mod cbor;
mod fields;
mod scalar;
mod target;

use alloc::string::String;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use self::fields::{Elements, Entries, list, map};
use self::scalar::{key, scalar};
use self::target::Target;
use crate::snapshot::Snapshot;
use crate::snapshot::context::{Context, Got, Stopped};

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

/// The context has the words.
fn refused<E: Error>(_: Stopped) -> E {
    E::custom("refused")
}

impl<'de> DeserializeSeed<'de> for Reader<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Reader<'_, '_> {
    fn take<E: Error>(self, got: Got<'_>) -> Result<(), E> {
        scalar(self.target, got, self.context).map_err(refused)
    }
}

impl<'de> Visitor<'de> for Reader<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.target.expected())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.take(Got::Null)
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.take(Got::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.take(Got::Flag(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.take(Got::Whole(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.take(match u64::try_from(value) {
            Ok(value) => Got::Whole(value),
            Err(_) => Got::Negative(value),
        })
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.take(Got::Number(value))
    }

    fn visit_i128<E: Error>(self, _value: i128) -> Result<(), E> {
        self.take(Got::Huge)
    }

    fn visit_u128<E: Error>(self, _value: u128) -> Result<(), E> {
        self.take(Got::Huge)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.take(Got::Text(text))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<(), E> {
        self.take(Got::Bytes(bytes))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut of = Of::new(access);
        let read = list(&mut of, self.target, self.context);
        read.map_err(|stopped| of.error.unwrap_or_else(|| refused(stopped)))
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut of = Of::new(access);
        let read = map(&mut of, self.target, self.context);
        read.map_err(|stopped| of.error.unwrap_or_else(|| refused(stopped)))
    }
}

/// A list or map of a format, and the format's error that ended it.
struct Of<'de, A, E> {
    access: A,
    error: Option<E>,
    borrowed: PhantomData<&'de ()>,
}

impl<A, E> Of<'_, A, E> {
    fn new(access: A) -> Self {
        Self {
            access,
            error: None,
            borrowed: PhantomData,
        }
    }

    fn kept<T>(&mut self, read: Result<T, E>) -> Result<T, Stopped> {
        read.map_err(|error| {
            self.error = Some(error);
            Stopped
        })
    }
}

impl<'de, A: SeqAccess<'de>> Elements for Of<'de, A, A::Error> {
    fn next(&mut self, target: Target<'_>, context: &mut Context) -> Result<bool, Stopped> {
        let read = self.access.next_element_seed(Reader { target, context });
        Ok(self.kept(read)?.is_some())
    }
}

impl<'de, A: MapAccess<'de>> Entries for Of<'de, A, A::Error> {
    fn next_key(&mut self, into: &mut String, context: &mut Context) -> Result<bool, Stopped> {
        let read = self.access.next_key_seed(Key { into, context });
        Ok(self.kept(read)?.is_some())
    }

    fn value(&mut self, target: Target<'_>, context: &mut Context) -> Result<(), Stopped> {
        let read = self.access.next_value_seed(Reader { target, context });
        self.kept(read)
    }

    fn pass(&mut self, _context: &mut Context) -> Result<(), Stopped> {
        let read = self.access.next_value::<IgnoredAny>();
        self.kept(read)?;
        Ok(())
    }
}

/// Reads a key: a text of at most 4,096 characters.
struct Key<'k, 'c> {
    into: &'k mut String,
    context: &'c mut Context,
}

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Key<'_, '_> {
    fn take<E: Error>(self, got: Got<'_>) -> Result<(), E> {
        key(self.into, got, self.context).map_err(refused)
    }
}

impl<'de> Visitor<'de> for Key<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<(), E> {
        self.take(Got::Text(key))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.take(Got::Flag(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.take(Got::Whole(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.take(Got::Negative(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.take(Got::Number(value))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<(), E> {
        self.take(Got::Bytes(bytes))
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.take(Got::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _access: A) -> Result<(), A::Error> {
        self.take(Got::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, _access: A) -> Result<(), A::Error> {
        self.take(Got::Map)
    }
}

#[cfg(all(test, feature = "json"))]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

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
