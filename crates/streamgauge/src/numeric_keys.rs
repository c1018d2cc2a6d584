//! Maps with whole numbers for keys, where a format (JSON) or a host (JavaScript) has only text.

use alloc::collections::BTreeMap;
use core::fmt;
use core::marker::PhantomData;
use core::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A key that may come as a number or as its decimal digits.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<N>(N);

impl<'de, N: FromStr + TryFrom<u64>> Deserialize<'de> for Key<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor<N>(PhantomData<N>);

        impl<N: FromStr + TryFrom<u64>> Visitor<'_> for KeyVisitor<N> {
            type Value = Key<N>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number")
            }

            fn visit_str<E: Error>(self, digits: &str) -> Result<Self::Value, E> {
                // `parse` also takes "+7" and "07", with which a key could stand twice.
                let canonical = digits == "0" || !digits.starts_with(['+', '0']);
                let number = digits.parse().ok().filter(|_| canonical);
                number
                    .map(Key)
                    .ok_or_else(|| E::custom("expected a whole number"))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
                N::try_from(number)
                    .map(Key)
                    .map_err(|_| E::custom("number out of range"))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
                self.visit_u64(u64::try_from(number).map_err(|_| E::custom("number out of range"))?)
            }
        }

        deserializer.deserialize_any(KeyVisitor(PhantomData))
    }
}

/// `{ number: value }`.
pub(crate) mod flat {
    use super::*;
    use serde::ser::{Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        map: &BTreeMap<u16, u64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        map.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<u16, u64>, D::Error> {
        let map = BTreeMap::<Key<u16>, u64>::deserialize(deserializer)?;
        Ok(map.into_iter().map(|(key, value)| (key.0, value)).collect())
    }
}

/// `{ text: { number: value } }`.
pub(crate) mod nested {
    use super::*;
    use alloc::string::String;
    use serde::ser::{Serialize, Serializer};

    type Nested<K> = BTreeMap<String, BTreeMap<K, u64>>;

    pub(crate) fn serialize<S: Serializer>(
        map: &Nested<u32>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        map.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Nested<u32>, D::Error> {
        let map = Nested::<Key<u32>>::deserialize(deserializer)?;
        let plain = |inner: BTreeMap<Key<u32>, u64>| {
            inner
                .into_iter()
                .map(|(key, value)| (key.0, value))
                .collect()
        };
        Ok(map
            .into_iter()
            .map(|(key, inner)| (key, plain(inner)))
            .collect())
    }
}
