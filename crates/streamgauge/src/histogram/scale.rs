//! Where buckets begin and end.

use core::ops::RangeInclusive;

/// The scales that histograms have: as OpenTelemetry's and Prometheus's do that a reader can show.
pub(super) const SCALES: RangeInclusive<i32> = -4..=8;

/// The scale of a latency family: 32 buckets for each doubling.
pub(super) const FINE: i32 = 5;

/// Buckets hold values over 2^-20 s ...
pub(super) const LOWEST_EXPONENT: i32 = -20;

/// ... and up to 2^10 s.
pub(super) const HIGHEST_EXPONENT: i32 = 10;

/// The 52 mantissa bits of 2^(k/32), correctly rounded.
#[rustfmt::skip]
pub(super) const MANTISSAS: [u64; 32] = [
    0x0_0000_0000_0000, 0x0_59B0_D315_8574, 0x0_B558_6CF9_890F, 0x1_1301_D012_5B51,
    0x1_72B8_3C7D_517B, 0x1_D487_3168_B9AA, 0x2_387A_6E75_6238, 0x2_9E9D_F51F_DEE1,
    0x3_06FE_0A31_B715, 0x3_71A7_373A_A9CB, 0x3_DEA6_4C12_3422, 0x4_4E08_6061_892D,
    0x4_BFDA_D536_2A27, 0x5_342B_569D_4F82, 0x5_AB07_DD48_5429, 0x6_247E_B03A_5585,
    0x6_A09E_667F_3BCD, 0x7_1F75_E8EC_5F74, 0x7_A114_73EB_0187, 0x8_2589_994C_CE13,
    0x8_ACE5_422A_A0DB, 0x9_3737_B0CD_C5E5, 0x9_C491_82A3_F090, 0xA_5503_B23E_255D,
    0xA_E89F_995A_D3AD, 0xB_7F76_F2FB_5E47, 0xC_199B_DD85_529C, 0xC_B720_DCEF_9069,
    0xD_5818_DCFB_A487, 0xD_FC97_337B_9B5F, 0xE_A4AF_A2A4_90DA, 0xF_5076_5B6E_4540,
];

/// 2^(k/256): scales over 5 divide each step of the table above. Correctly rounded.
pub(super) const FINER: [f64; 8] = [
    1.0,
    1.0027112750502025,
    1.0054299011128027,
    1.0081558981184175,
    1.0108892860517005,
    1.0136300849514894,
    1.016378314910953,
    1.019133996077738,
];

/// The mantissa's width in an `f64`.
pub(super) const MANTISSA_BITS: u32 = f64::MANTISSA_DIGITS - 1;

/// 2^exponent; 0 or infinity where a normal `f64` has no room for it.
pub(super) fn power_of_two(exponent: i32) -> f64 {
    match exponent {
        -1022..=1023 => f64::from_bits(((exponent + 1023) as u64) << MANTISSA_BITS),
        1024.. => f64::INFINITY,
        _ => 0.0,
    }
}

/// base^index: where the bucket of that index begins and the one before it ends.
pub(super) fn bound(scale: i32, index: i64) -> f64 {
    let scale = within(scale);
    if scale <= 0 {
        return power_of_two(narrow(index.saturating_mul(1 << -scale)));
    }
    // In steps of 2^(1/256), whose last three bits are for FINER and the next five for MANTISSAS.
    let step = (index.rem_euclid(1 << scale) << (8 - scale)) as usize;
    let coarse = MANTISSAS.get(step >> 3).copied().unwrap_or_default();
    let fine = FINER.get(step & 7).copied().unwrap_or(1.0);
    let coarse = f64::from_bits(1.0_f64.to_bits() | coarse);
    power_of_two(narrow(index >> scale)) * (coarse * fine)
}

/// The index at which buckets end that hold nothing over 2^exponent. `None` where 2^exponent lies
/// inside a bucket; at the ends of the range no bucket has values on the other side.
pub(super) fn end_at(scale: i32, exponent: i32) -> Option<i64> {
    let scale = within(scale);
    if scale >= 0 {
        return Some(i64::from(exponent << scale));
    }
    match exponent {
        LOWEST_EXPONENT => Some(*indices(scale).start()),
        HIGHEST_EXPONENT => Some(indices(scale).end() + 1),
        _ => {
            let whole = exponent >> -scale;
            (whole << -scale == exponent).then_some(i64::from(whole))
        }
    }
}

/// The indices of the buckets between the lowest and the highest value.
pub(super) fn indices(scale: i32) -> RangeInclusive<i64> {
    let scale = within(scale);
    let (first, last) = if scale >= 0 {
        (LOWEST_EXPONENT << scale, (HIGHEST_EXPONENT << scale) - 1)
    } else {
        (LOWEST_EXPONENT >> -scale, (HIGHEST_EXPONENT - 1) >> -scale)
    };
    i64::from(first)..=i64::from(last)
}

/// A scale from outside may be any number, and a shift by it must not be.
fn within(scale: i32) -> i32 {
    scale.clamp(*SCALES.start(), *SCALES.end())
}

fn narrow(exponent: i64) -> i32 {
    exponent.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// Whole numbers of any length, the lowest 32 bits first.
    fn product(one: &[u32], other: &[u32]) -> Vec<u32> {
        let mut result = alloc::vec![0_u32; one.len() + other.len()];
        for (i, a) in one.iter().enumerate() {
            let mut carry = 0;
            for (j, b) in other.iter().enumerate() {
                let sum = u64::from(*a) * u64::from(*b) + u64::from(result[i + j]) + carry;
                result[i + j] = sum as u32;
                carry = sum >> 32;
            }
            result[i + other.len()] = carry as u32;
        }
        result
    }

    /// Whether number^(2^doublings) < 2^exponent.
    fn power_is_less(number: u64, doublings: u32, exponent: u32) -> bool {
        let mut power = alloc::vec![number as u32, (number >> 32) as u32];
        for _ in 0..doublings {
            power = product(&power, &power);
        }
        let bits = power.iter().rposition(|word| *word > 0).map_or(0, |last| {
            last as u32 * 32 + 32 - power[last].leading_zeros()
        });
        bits <= exponent
    }

    /// Whether no number of 53 bits is nearer to 2^(k / 2^doublings).
    fn is_nearest(value: f64, k: usize, doublings: u32) -> bool {
        let number = value.to_bits() & ((1 << 52) - 1) | 1 << 52;
        let exponent = k as u32 + (53 << doublings);
        power_is_less(2 * number - 1, doublings, exponent)
            && !power_is_less(2 * number + 1, doublings, exponent)
    }

    #[test]
    fn the_tables_are_correctly_rounded() {
        for (k, mantissa) in MANTISSAS.iter().enumerate() {
            let value = f64::from_bits(1.0_f64.to_bits() | mantissa);
            assert!(is_nearest(value, k, 5), "2^({k}/32)");
            assert!(!is_nearest(value.next_up(), k, 5), "2^({k}/32)");
        }
        for (k, value) in FINER.iter().enumerate() {
            assert!(is_nearest(*value, k, 8), "2^({k}/256)");
        }
    }

    #[test]
    fn bounds_are_powers_of_the_base_at_every_scale() {
        for scale in SCALES {
            let (first, last) = indices(scale).into_inner();
            for index in first..=last + 1 {
                let expected = (index as f64 * 2_f64.powi(-scale)).exp2();
                let error = (bound(scale, index) / expected - 1.0).abs();
                assert!(error < 5e-16, "scale {scale}, index {index}");
                assert!(bound(scale, index) < bound(scale, index + 1));
            }
        }
        assert_eq!(bound(5, 32 * 7), 128.0);
        assert_eq!(bound(8, -256), 0.5);
        assert_eq!(bound(-4, 1), 65_536.0);
        assert_eq!(bound(0, i64::MAX), f64::INFINITY);
        assert_eq!(bound(8, i64::MIN), 0.0);
    }

    #[test]
    fn the_range_is_that_of_the_values() {
        assert_eq!(indices(5), -640..=319);
        assert_eq!(indices(0), -20..=9);
        assert_eq!(indices(-1), -10..=4);
        assert_eq!(indices(-4), -2..=0);
    }
}
