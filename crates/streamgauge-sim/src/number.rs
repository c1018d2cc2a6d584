//! Numbers in sentences. What formats any floating-point number exactly is 20 KB of wasm, and a
//! sentence needs few digits.

use core::fmt;

/// The most decimals that are written.
const DECIMALS: i32 = 9;
/// Beyond it an `f64` keeps too few decimals to be written with them.
const LARGE: f64 = 1e15;

/// A number as one would write it: `0.05`, `1e30`. A number with more than nine decimals is rounded
/// to them, one that is very small, or that is no whole `u64` and very large, to seven digits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number(pub(crate) f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.0;
        if value.is_nan() {
            return f.write_str("NaN");
        }
        if value.is_sign_negative() {
            f.write_str("-")?;
        }
        let value = value.abs();
        if value == f64::INFINITY {
            return f.write_str("inf");
        }
        // Beyond the largest `u64` the conversion stops there, so that is not equal.
        if value < 1e19 && value as u64 as f64 == value {
            return write!(f, "{}", value as u64);
        }
        if !(1e-6..LARGE).contains(&value) {
            return scientific(f, value);
        }
        decimals(f, value, DECIMALS)
    }
}

/// With as many decimals as it takes to name the number, at most `most`.
fn decimals(f: &mut fmt::Formatter<'_>, value: f64, most: i32) -> fmt::Result {
    let mut unit = 1.0;
    let mut places = 0;
    // The quotient of two whole numbers below 2^53 is the nearest there is, so equality is exact.
    while nearest(value * unit) as f64 / unit != value && places < most && value * unit < LARGE {
        unit *= 10.0;
        places += 1;
    }
    let (mut units, mut whole) = (nearest(value * unit), unit as u64);
    while places > 0 && units % 10 == 0 {
        (units, whole, places) = (units / 10, whole / 10, places - 1);
    }
    write!(f, "{}", units / whole)?;
    match places {
        0 => Ok(()),
        _ => write!(f, ".{:0places$}", units % whole, places = places as usize),
    }
}

fn scientific(f: &mut fmt::Formatter<'_>, value: f64) -> fmt::Result {
    let (mut digits, mut exponent) = (value, 0);
    while digits >= 10.0 {
        (digits, exponent) = (digits / 10.0, exponent + 1);
    }
    while digits < 1.0 {
        (digits, exponent) = (digits * 10.0, exponent - 1);
    }
    let digits = nearest(digits * 1e6) as f64 / 1e6;
    let (digits, exponent) = match digits >= 10.0 {
        true => (digits / 10.0, exponent + 1),
        false => (digits, exponent),
    };
    decimals(f, digits, 6)?;
    write!(f, "e{exponent}")
}

/// The nearest whole number, of two as near the larger.
pub(crate) fn nearest(value: f64) -> u64 {
    (value + 0.5) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_written_as_one_would() {
        let written = |value| Number(value).to_string();
        assert_eq!(written(0.0), "0");
        assert_eq!(written(20.0), "20");
        assert_eq!(written(1.5), "1.5");
        assert_eq!(written(-0.05), "-0.05");
        assert_eq!(written(0.1 + 0.2), "0.3");
        assert_eq!(written(1.0 / 3.0), "0.333333333");
        assert_eq!(written(86_400.25), "86400.25");
        assert_eq!(written(9_007_199_254_740_992.0), "9007199254740992");
        assert_eq!(written(1e30), "1e30");
        assert_eq!(written(9.999_999_99e30), "1e31");
        assert_eq!(written(2.5e-8), "2.5e-8");
        assert_eq!(written(f64::NAN), "NaN");
        assert_eq!(written(f64::NEG_INFINITY), "-inf");
    }

    proptest! {
        #[test]
        fn up_to_nine_decimals_are_those_of_the_standard_library(
            units in 1_u64..1_000_000_000_000,
            places in 0_i32..7,
        ) {
            let value = units as f64 / 10_f64.powi(places);
            prop_assert_eq!(Number(value).to_string(), value.to_string());
        }

        #[test]
        fn every_number_is_written(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            let read: f64 = Number(value).to_string().parse().unwrap();
            let off = (read - value).abs();
            let near = off <= 1e-6 * value.abs() || off <= 5e-10 || read == value;
            prop_assert!(near || value.is_nan(), "{value:?} was written as {read:?}");
        }
    }
}
