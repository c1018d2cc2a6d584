//! The snapshot as CBOR.

use alloc::vec::Vec;

use crate::snapshot::context::{Context, SnapshotError};
use crate::snapshot::read::cbor::Cursor;
use crate::snapshot::write::{Node, record};
use crate::snapshot::{PartitionFigures, Snapshot};

impl Snapshot {
    /// Its CBOR form (RFC 8949): the same keys and values as in JSON, numbers in eight bytes.
    #[inline(never)]
    pub fn to_cbor(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let map = Node::Map(self.entry_count(), &|entry| self.entries(entry));
        write(&map, &mut bytes);
        bytes
    }

    /// Reads a CBOR form, as `from_json` reads JSON. Numbers may be of any
    /// width.
    ///
    /// # Errors What `from_json` refuses, and also tags, keys that are no texts, NaN and
    /// infinities. No length that the bytes claim is believed before they are there.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let mut context = Context::new();
        let mut cursor = Cursor::new(bytes);
        let Ok(snapshot) = cursor.snapshot(&mut context) else {
            return Err(context.error(&cursor));
        };
        let end = cursor.position();
        if end != bytes.len() {
            let more = bytes.len() - end;
            let words = alloc::format!("ends at byte {end}, and {more} more follow");
            return Err(context.refusal(words));
        }
        Ok(snapshot)
    }
}

impl PartitionFigures {
    /// Appends what stands for it in the list of a snapshot.
    pub(crate) fn write_cbor(&self, bytes: &mut Vec<u8>) {
        record(self, &mut |node| write(&node, bytes));
    }
}

// RFC 8949, 3.1 and 3.3: what the first byte says.
const WHOLE: u8 = 0x00;
const NEGATIVE: u8 = 0x20;
const BYTES: u8 = 0x40;
const TEXT: u8 = 0x60;
const LIST: u8 = 0x80;
const MAP: u8 = 0xA0;
const FALSE: u8 = 0xF4;
const TRUE: u8 = 0xF5;
const NULL: u8 = 0xF6;
const NUMBER: u8 = 0xFB;

/// Written here rather than by way of serde, whose code for each type is most of what a module that
/// only writes would carry.
fn write(node: &Node<'_>, bytes: &mut Vec<u8>) {
    match *node {
        Node::Null => bytes.push(NULL),
        Node::Flag(value) => bytes.push(if value { TRUE } else { FALSE }),
        Node::Whole(value) => head(WHOLE, value, bytes),
        Node::Signed(value) => match u64::try_from(value) {
            Ok(value) => head(WHOLE, value, bytes),
            // -1 - value
            Err(_) => head(NEGATIVE, (!value).cast_unsigned(), bytes),
        },
        Node::Number(value) => {
            bytes.push(NUMBER);
            bytes.extend_from_slice(&value.to_be_bytes());
        }
        Node::Text(text) => write_text(text, bytes),
        Node::Bytes(value) => {
            head(BYTES, value.len() as u64, bytes);
            bytes.extend_from_slice(value);
        }
        Node::List(length, each) => {
            head(LIST, length as u64, bytes);
            each(&mut |node| write(&node, bytes));
        }
        Node::Map(length, each) => {
            head(MAP, length as u64, bytes);
            each(&mut |key, node| {
                write_text(key, bytes);
                write(&node, bytes);
            });
        }
    }
}

fn write_text(text: &str, bytes: &mut Vec<u8>) {
    head(TEXT, text.len() as u64, bytes);
    bytes.extend_from_slice(text.as_bytes());
}

/// What kind of value begins, with its number or length in as few bytes as hold it.
fn head(kind: u8, value: u64, bytes: &mut Vec<u8>) {
    let (width, length) = match value {
        0..24 => return bytes.push(kind | value as u8),
        24..=0xFF => (24, 1),
        0x100..=0xFFFF => (25, 2),
        0x1_0000..=0xFFFF_FFFF => (26, 4),
        _ => (27, 8),
    };
    bytes.push(kind | width);
    let all = value.to_be_bytes();
    bytes.extend(all.iter().skip(all.len() - length));
}
