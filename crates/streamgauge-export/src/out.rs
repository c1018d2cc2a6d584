//! The text as it grows.

use alloc::string::String;
use alloc::vec::Vec;

/// What labels are appended to.
pub(crate) trait Append {
    fn push_str(&mut self, text: &str);

    fn last_byte(&self) -> Option<u8>;
}

impl Append for String {
    fn push_str(&mut self, text: &str) {
        String::push_str(self, text);
    }

    fn last_byte(&self) -> Option<u8> {
        self.as_bytes().last().copied()
    }
}

/// UTF-8 that is only appended to, in many short pieces: some ten thousand for a scrape. A `String` has
/// each copied by a call that is made for long ones, which in a wasm module costs more than the copying.
#[derive(Debug, Default)]
pub(crate) struct Out {
    bytes: Vec<u8>,
}

impl Out {
    pub(crate) fn with_capacity(length: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(length),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        self.bytes.truncate(length);
    }

    /// Takes the last byte away, which is ASCII.
    pub(crate) fn pop(&mut self) {
        self.bytes.pop();
    }

    /// Appends UTF-8.
    pub(crate) fn extend(&mut self, text: &[u8]) {
        let (long, rest) = text.as_chunks::<16>();
        for chunk in long {
            self.bytes.extend_from_slice(chunk);
        }
        let (short, rest) = rest.as_chunks::<4>();
        for chunk in short {
            self.bytes.extend_from_slice(chunk);
        }
        for byte in rest {
            self.bytes.push(*byte);
        }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl Append for Out {
    #[inline]
    fn push_str(&mut self, text: &str) {
        self.extend(text.as_bytes());
    }

    fn last_byte(&self) -> Option<u8> {
        self.bytes.last().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_any_length_come_one_behind_the_other() {
        let text = "Größe 量 of a worker's partitions, in records and in seconds";
        let mut out = Out::with_capacity(0);
        let mut expected = String::new();
        for (end, _) in text.char_indices() {
            let piece = text.get(..end).unwrap_or_default();
            out.push_str(piece);
            expected.push_str(piece);
            assert_eq!(out.last_byte(), expected.last_byte());
        }
        assert_eq!(out.len(), expected.len());
        assert_eq!(out.into_bytes(), expected.into_bytes());
    }
}
