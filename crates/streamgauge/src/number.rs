//! Whole numbers as text.

use alloc::string::String;
use alloc::vec::Vec;

/// The digits of a whole number, by long division. What `core` formats numbers with, and divides those
/// of 128 bits, is some kilobytes of a wasm module.
pub fn decimal(value: u128) -> String {
    let mut limbs = [96, 64, 32, 0].map(|shift| (value >> shift) as u32);
    let mut digits = Vec::new();
    while digits.is_empty() || limbs != [0; 4] {
        let mut rest = 0;
        for limb in &mut limbs {
            let dividend = rest << 32 | u64::from(*limb);
            *limb = (dividend / 10) as u32;
            rest = dividend % 10;
        }
        digits.push(b'0' + rest as u8);
    }
    digits.into_iter().rev().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn wide_numbers_have_all_their_digits() {
        assert_eq!(decimal(0), "0");
        assert_eq!(decimal(10_000_000_000), "10000000000");
        assert_eq!(
            decimal(u128::MAX),
            "340282366920938463463374607431768211455"
        );
    }

    proptest! {
        #[test]
        fn any_wide_number_has_its_digits(value: u128, shift in 0_u32..128) {
            prop_assert_eq!(decimal(value >> shift), (value >> shift).to_string());
        }
    }
}
