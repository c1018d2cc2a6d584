//! What lies between the two sides while it crosses: texts and lists on their way in, bytes on their
//! way out. There is one desk for the module, and JavaScript asks for it once.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem;

/// Where texts and lists are put down. JavaScript writes before a call what the call takes, and
/// reads after it what it gave.
#[derive(Default)]
pub struct Desk {
    text: Vec<u8>,
    numbers: Vec<f64>,
    given: Vec<u8>,
}

impl Desk {
    /// The text of `length` bytes that JavaScript wrote.
    pub(crate) fn text(&self, length: u32) -> &str {
        let bytes = self.text.get(..length as usize).unwrap_or_default();
        debug_assert!(core::str::from_utf8(bytes).is_ok());
        // SAFETY: `js/module.ts` writes it with a `TextEncoder`, and hands on the length that this gave; looking
        // at it again would be the largest of the look-ups' parts.
        unsafe { core::str::from_utf8_unchecked(bytes) }
    }

    /// The numbers that JavaScript wrote. They may be a million, and do not stay.
    pub(crate) fn take_numbers(&mut self) -> Vec<f64> {
        mem::take(&mut self.numbers)
    }

    /// Puts bytes down for JavaScript.
    pub(crate) fn give(&mut self, bytes: Vec<u8>) {
        self.given = bytes;
    }

    /// Nothing is given yet.
    pub(crate) fn clear(&mut self) {
        self.given.clear();
    }

    /// Puts down one more text, behind its length in bytes.
    pub(crate) fn add_text(&mut self, text: &str) {
        let length = text.len() as u32;
        self.given.extend_from_slice(&length.to_le_bytes());
        self.given.extend_from_slice(text.as_bytes());
    }
}

/// The module's desk.
#[unsafe(no_mangle)]
pub extern "C" fn desk() -> Box<Desk> {
    Box::default()
}

/// Where a text goes that takes up to `bytes`.
#[unsafe(no_mangle)]
pub extern "C" fn desk_text(desk: &mut Desk, bytes: u32) -> *mut u8 {
    desk.text.resize(bytes as usize, 0);
    desk.text.as_mut_ptr()
}

/// Where so many numbers go.
#[unsafe(no_mangle)]
pub extern "C" fn desk_numbers(desk: &mut Desk, count: u32) -> *mut f64 {
    desk.numbers.resize(count as usize, 0.0);
    desk.numbers.as_mut_ptr()
}

/// Where lies what the last call gave.
#[unsafe(no_mangle)]
pub extern "C" fn desk_given(desk: &Desk) -> *const u8 {
    desk.given.as_ptr()
}

/// How many bytes it has.
#[unsafe(no_mangle)]
pub extern "C" fn desk_given_length(desk: &Desk) -> u32 {
    desk.given.len() as u32
}
