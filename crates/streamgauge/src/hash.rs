//! Hashes of names, for tables in memory.
//!
//! What hashbrown brings is four kilobytes of a wasm module; these are as fast for short names.

/// An odd number whose bits are spread well: 2^64 over the golden ratio.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// What hashes start with, so that nobody can know beforehand which names have the same: the
/// address of something, which operating systems choose anew for each process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seed(u64);

impl Seed {
    pub(crate) fn new() -> Self {
        static SOMETHING: u8 = 0;
        Self(mixed(core::ptr::from_ref(&SOMETHING).addr() as u64))
    }

    pub(crate) fn of_number(self, number: u64) -> u64 {
        mixed(mixed(self.0 ^ number))
    }

    pub(crate) fn of_text(self, text: &str) -> u64 {
        let bytes = text.as_bytes();
        let (words, _) = bytes.as_chunks::<8>();
        let mut hash = self.0;
        for word in words {
            hash = mixed(hash ^ u64::from_le_bytes(*word));
        }
        // The last bytes, some of them once more: no loop for what is less than a word.
        let last = if let Some(word) = bytes.last_chunk::<8>() {
            u64::from_le_bytes(*word)
        } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
            u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
        } else {
            (bytes.iter()).fold(0, |word, byte| word << 8 | u64::from(*byte))
        };
        mixed(mixed(hash ^ last) ^ bytes.len() as u64)
    }
}

/// Another number for each number.
fn mixed(number: u64) -> u64 {
    // A product's low bits know nothing of its factors' high ones.
    let folded = number ^ (number >> 32);
    let spread = folded.wrapping_mul(SPREAD);
    spread ^ (spread >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;
    use alloc::format;

    #[test]
    fn a_changed_byte_anywhere_changes_the_hash() {
        let seed = Seed(7);
        for length in 0..40 {
            let text = "x".repeat(length);
            let mut hashes =
                BTreeSet::from([seed.of_text(&text), seed.of_text(&format!("{text}x"))]);
            for place in 0..length {
                let mut changed = text.clone();
                changed.replace_range(place..=place, "y");
                hashes.insert(seed.of_text(&changed));
            }
            assert_eq!(hashes.len(), length + 2);
        }
    }

    #[test]
    fn the_bits_that_tables_look_at_are_spread() {
        let seed = Seed::new();
        // The lowest bits choose a place, the highest seven of 32 and of 64 tell neighbours apart.
        for shift in [0, 25, 57] {
            let mut of_names = [0_u32; 128];
            let mut of_numbers = [0_u32; 128];
            for number in 0..12_800 {
                let hash = seed.of_text(&format!("orders-{number}"));
                of_names[(hash >> shift) as usize % 128] += 1;
                of_numbers[(seed.of_number(number) >> shift) as usize % 128] += 1;
            }
            // 100 on average; six standard deviations are 60.
            for count in of_names.into_iter().chain(of_numbers) {
                assert!((40..160).contains(&count), "{count} with the shift {shift}");
            }
        }
    }

    #[test]
    fn another_seed_gives_other_hashes() {
        assert_ne!(Seed(1).of_text("orders"), Seed(2).of_text("orders"));
        assert_ne!(Seed(1).of_number(3), Seed(2).of_number(3));
    }
}
