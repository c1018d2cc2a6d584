//! Reading CBOR (RFC 8949) straight from its bytes: texts are borrowed, and a key that is the next
//! one of the table is compared where it stands.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::fields::{Elements, Entries, list, map};
use super::scalar::{key, scalar};
use super::target::Target;
use crate::snapshot::Snapshot;
use crate::snapshot::context::{Context, Got, Stopped};

/// The first byte of a text of no more bytes than fit into it.
const TEXT: u8 = 0x60;
const LONGEST_OF_ONE_BYTE: usize = 23;
const BREAK: u8 = 0xFF;

/// Bytes, as far as they are read.
pub(crate) struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
    fault: &'static str,
}

impl<'b> Cursor<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            fault: "",
        }
    }

    /// How many bytes are read.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Reads a snapshot. Where the context has no words for what stopped it, `self` has.
    pub(crate) fn snapshot(&mut self, context: &mut Context) -> Result<Snapshot, Stopped> {
        let mut snapshot = Snapshot::default();
        self.value(Target::Snapshot(&mut snapshot), context)?;
        Ok(snapshot)
    }

    fn fault<T>(&mut self, fault: &'static str) -> Result<T, Stopped> {
        self.fault = fault;
        Err(Stopped)
    }

    fn take(&mut self, count: u64) -> Result<&'b [u8], Stopped> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let taken = usize::try_from(count).ok();
        let Some(taken) = taken.and_then(|count| rest.get(..count)) else {
            return self.fault("the bytes end early");
        };
        self.at += taken.len();
        Ok(taken)
    }

    /// A number of `N` bytes.
    fn wide<const N: usize>(&mut self) -> Result<[u8; N], Stopped> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(wide) = rest.first_chunk() else {
            return self.fault("the bytes end early");
        };
        self.at += N;
        Ok(*wide)
    }

    fn text(&mut self, length: u64) -> Result<&'b str, Stopped> {
        let Ok(text) = core::str::from_utf8(self.take(length)?) else {
            return self.fault("a text is not UTF-8");
        };
        Ok(text)
    }

    /// The next item, of a list or a map its head alone.
    fn item(&mut self) -> Result<Item<'b>, Stopped> {
        let [first] = self.wide()?;
        let argument = match first & 0x1F {
            small @ 0..24 => Some(small.into()),
            24 => Some(u8::from_be_bytes(self.wide()?).into()),
            25 => Some(u16::from_be_bytes(self.wide()?).into()),
            26 => Some(u32::from_be_bytes(self.wide()?).into()),
            27 => Some(u64::from_be_bytes(self.wide()?)),
            31 => None,
            _ => return self.fault("no value begins so"),
        };
        let got = match (first >> 5, argument) {
            (0, Some(value)) => Got::Whole(value),
            // -1 - value
            (1, Some(value)) => {
                i64::try_from(value).map_or(Got::Huge, |value| Got::Negative(!value))
            }
            (2, Some(length)) => Got::Bytes(self.take(length)?),
            (3, Some(length)) => Got::Text(self.text(length)?),
            (2, None) => return Ok(Item::Bytes),
            (3, None) => return Ok(Item::Text),
            (4, length) => return Ok(Item::List(length)),
            (5, length) => return Ok(Item::Map(length)),
            (6, Some(_)) => return Ok(Item::Tag),
            (7, Some(value)) => match first {
                0xF4 => Got::Flag(false),
                0xF5 => Got::Flag(true),
                0xF6 => Got::Null,
                0xF9 => Got::Number(half(value)),
                0xFA => Got::Number(f32::from_bits(value as u32).into()),
                0xFB => Got::Number(f64::from_bits(value)),
                _ => return Ok(Item::Other),
            },
            _ => return self.fault("no value begins so"),
        };
        Ok(Item::Scalar(got))
    }

    /// Where the next byte ends what has no length.
    fn is_break(&mut self) -> bool {
        let is_break = self.bytes.get(self.at) == Some(&BREAK);
        self.at += usize::from(is_break);
        is_break
    }

    fn text_of_chunks(&mut self) -> Result<String, Stopped> {
        let mut text = String::new();
        while !self.is_break() {
            match self.item()? {
                Item::Scalar(Got::Text(chunk)) => text.push_str(chunk),
                _ => return self.fault("a text has a part that is none"),
            }
        }
        Ok(text)
    }

    fn bytes_of_chunks(&mut self) -> Result<Vec<u8>, Stopped> {
        let mut bytes = Vec::new();
        while !self.is_break() {
            match self.item()? {
                Item::Scalar(Got::Bytes(chunk)) => bytes.extend_from_slice(chunk),
                _ => return self.fault("bytes have a part that is none"),
            }
        }
        Ok(bytes)
    }

    fn value(&mut self, target: Target<'_>, context: &mut Context) -> Result<(), Stopped> {
        match self.item()? {
            Item::Scalar(got) => scalar(target, got, context),
            Item::Text => scalar(target, Got::Text(&self.text_of_chunks()?), context),
            Item::Bytes => scalar(target, Got::Bytes(&self.bytes_of_chunks()?), context),
            Item::List(left) => list(&mut Within { cursor: self, left }, target, context),
            Item::Map(left) => map(&mut Within { cursor: self, left }, target, context),
            Item::Tag => self.fault("a tag is not read"),
            Item::Other => self.fault("a simple value is not read"),
        }
    }

    fn pass(&mut self, context: &mut Context) -> Result<(), Stopped> {
        let (left, values) = match self.item()? {
            Item::Scalar(_) | Item::Other => return Ok(()),
            Item::Text => return self.text_of_chunks().map(|_| ()),
            Item::Bytes => return self.bytes_of_chunks().map(|_| ()),
            Item::Tag => (Some(1), 1),
            Item::List(left) => (left, 1),
            Item::Map(left) => (left, 2),
        };
        context.enter()?;
        let mut within = Within { cursor: self, left };
        while within.more() {
            for _ in 0..values {
                within.cursor.pass(context)?;
            }
        }
        context.leave();
        Ok(())
    }
}

/// What stopped it, and where.
impl fmt::Display for Cursor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.fault, self.at)
    }
}

/// What stands in the bytes.
enum Item<'b> {
    Scalar(Got<'b>),
    /// In parts, up to a break.
    Text,
    /// As well.
    Bytes,
    /// So many elements; None where a break ends them.
    List(Option<u64>),
    /// So many keys with a value each.
    Map(Option<u64>),
    Tag,
    Other,
}

/// The number that 16 bits say: RFC 8949, appendix D.
fn half(bits: u64) -> f64 {
    let fraction = (bits & 0x3FF) as f64;
    // 2^-24
    const LEAST: f64 = 1.0 / 16_777_216.0;
    let size = match (bits >> 10) & 0x1F {
        0 => fraction * LEAST,
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (fraction + 1024.0) * LEAST * (1_u64 << (exponent - 1)) as f64,
    };
    if bits & 0x8000 == 0 { size } else { -size }
}

/// What is left of a list or a map.
struct Within<'c, 'b> {
    cursor: &'c mut Cursor<'b>,
    left: Option<u64>,
}

impl Within<'_, '_> {
    /// Whether one more follows, which counts as read then.
    fn more(&mut self) -> bool {
        match &mut self.left {
            None => !self.cursor.is_break(),
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }
}

impl Elements for Within<'_, '_> {
    fn next(&mut self, target: Target<'_>, context: &mut Context) -> Result<bool, Stopped> {
        if !self.more() {
            return Ok(false);
        }
        self.cursor.value(target, context)?;
        Ok(true)
    }
}

impl Entries for Within<'_, '_> {
    fn next_is(&mut self, expected: &str) -> bool {
        let length = expected.len();
        if self.left == Some(0) || length > LONGEST_OF_ONE_BYTE {
            return false;
        }
        let rest = self.cursor.bytes.get(self.cursor.at..).unwrap_or_default();
        let is_next = match rest.split_first() {
            Some((first, text)) => {
                *first == TEXT | length as u8 && text.starts_with(expected.as_bytes())
            }
            None => false,
        };
        if is_next {
            self.cursor.at += 1 + length;
            self.left = self.left.map(|left| left - 1);
        }
        is_next
    }

    fn next_key(&mut self, into: &mut String, context: &mut Context) -> Result<bool, Stopped> {
        if !self.more() {
            return Ok(false);
        }
        match self.cursor.item()? {
            Item::Scalar(got) => key(into, got, context)?,
            Item::Text => key(into, Got::Text(&self.cursor.text_of_chunks()?), context)?,
            Item::Bytes => key(into, Got::Bytes(&[]), context)?,
            Item::List(_) => key(into, Got::List, context)?,
            Item::Map(_) => key(into, Got::Map, context)?,
            Item::Tag | Item::Other => self.cursor.fault("a key must be a text")?,
        }
        Ok(true)
    }

    fn value(&mut self, target: Target<'_>, context: &mut Context) -> Result<(), Stopped> {
        self.cursor.value(target, context)
    }

    fn pass(&mut self, context: &mut Context) -> Result<(), Stopped> {
        self.cursor.pass(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn halves_are_the_numbers_that_the_standard_says() {
        // RFC 8949, appendix A.
        for (bits, number) in [
            (0x0000, 0.0),
            (0x3C00, 1.0),
            (0x3E00, 1.5),
            (0x7BFF, 65_504.0),
            (0x0001, 5.960_464_477_539_063e-8),
            (0x0400, 0.000_061_035_156_25),
            (0xC400, -4.0),
            (0x7C00, f64::INFINITY),
            (0xFC00, f64::NEG_INFINITY),
        ] {
            assert_eq!(half(bits), number, "{bits:x}");
        }
        assert!(half(0x7E00).is_nan());
        assert!(half(0x8000).is_sign_negative());
    }

    fn passed(bytes: &[u8]) -> Result<usize, String> {
        let mut cursor = Cursor::new(bytes);
        let mut context = Context::new();
        match cursor.pass(&mut context) {
            Ok(()) => Ok(cursor.position()),
            Err(Stopped) => Err(context.error(&cursor).to_string()),
        }
    }

    #[test]
    fn whatever_is_passed_over_is_passed_over_to_its_end() {
        for whole in [
            &b"\x1b\0\0\0\0\0\0\0\x01"[..],
            b"\x82\x01\xa1\x61a\x82\x01\x02",
            b"\x9f\x01\xbf\x61a\x9f\xff\xff\x02\xff",
            b"\x7f\x61a\x61b\xff",
            b"\x5f\x41a\xff",
            b"\xc1\xc2\x82\xf7\xf9\x7e\x00",
            b"\xf8\x20",
        ] {
            assert_eq!(passed(whole), Ok(whole.len()), "{whole:x?}");
            for end in 0..whole.len() {
                let error = passed(&whole[..end]).unwrap_err();
                assert!(error.starts_with("the bytes end early at byte "), "{error}");
            }
        }
    }

    #[test]
    fn what_is_no_value_is_not_passed_over() {
        for (bytes, error) in [
            (&b"\xff"[..], "no value begins so at byte 1"),
            (b"\x1c", "no value begins so at byte 1"),
            (b"\x61\xff", "a text is not UTF-8 at byte 2"),
            (b"\x7f\x01\xff", "a text has a part that is none at byte 2"),
            (b"\x5f\x01\xff", "bytes have a part that is none at byte 2"),
            (b"\xbf\x61a\xff", "no value begins so at byte 4"),
        ] {
            assert_eq!(passed(bytes).unwrap_err(), error);
        }
        let deep = [0xC1; 1_000];
        let words = "the snapshot is nested more than 64 deep";
        assert_eq!(passed(&deep).unwrap_err(), words);
    }
}
