//! Plain data as it comes from JavaScript (`js/sim-plain.ts`): numbers, and the texts that they name.
//!
//! | value | numbers |
//! |---|---|
//! | null | 0 |
//! | true, false | 1, then 1 or 0 |
//! | number | 2, the number |
//! | text | 3 |
//! | list | 4, how many, the values |
//! | object | 5, how many, the values |
//!
//! Texts stand in the order in which they are needed; before each value of an object, its name.

use alloc::string::String;
use alloc::vec::Vec;

use streamgauge_sim::{Error, MAX_DEPTH, Plain};

/// The data that `path` names.
///
/// # Errors
/// Data that is nested too deep.
pub(super) fn read(path: &str, numbers: &[f64], texts: Vec<String>) -> Result<Plain, Error> {
    let mut reader = Reader {
        numbers: numbers.iter(),
        texts: texts.into_iter(),
    };
    let too_deep = || Error::new(path, "JSON", "what is nested too deep");
    reader.value(MAX_DEPTH).ok_or_else(too_deep)
}

struct Reader<'a> {
    numbers: core::slice::Iter<'a, f64>,
    texts: alloc::vec::IntoIter<String>,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Plain> {
        let inner = depth.checked_sub(1)?;
        Some(match self.number()? as u8 {
            0 => Plain::Null,
            1 => Plain::Flag(self.number()? == 1.0),
            2 => Plain::Number(self.number()?),
            3 => Plain::Text(self.texts.next()?),
            4 => {
                let mut list = Vec::new();
                for _ in 0..self.number()? as usize {
                    list.push(self.value(inner)?);
                }
                Plain::List(list)
            }
            _ => {
                let mut fields = Vec::new();
                for _ in 0..self.number()? as usize {
                    fields.push((self.texts.next()?, self.value(inner)?));
                }
                Plain::Object(fields)
            }
        })
    }

    fn number(&mut self) -> Option<f64> {
        self.numbers.next().copied()
    }
}
