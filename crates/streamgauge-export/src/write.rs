//! Numbers and labels as both texts have them.

use alloc::string::String;
use core::fmt::Write;

/// Appends a whole number.
pub(crate) fn whole(out: &mut String, number: u64) {
    let mut buffer = Backwards::new();
    buffer.whole(number);
    out.push_str(buffer.text());
}

/// Appends a sample's end: what closes it, its value, and the end of the line. In one piece, for
/// what is appended costs more by the times than by the bytes.
pub(crate) fn line_end(out: &mut String, close: &str, number: u64) {
    let mut buffer = Backwards::new();
    buffer.push(b'\n');
    buffer.whole(number);
    for byte in close.bytes().rev() {
        buffer.push(byte);
    }
    out.push_str(buffer.text());
}

/// A short text that is written from its end.
struct Backwards {
    bytes: [u8; Self::ROOM],
    start: usize,
}

impl Backwards {
    /// The longest is a quote, a brace, a space, twenty digits and the end of the line.
    const ROOM: usize = 32;

    const fn new() -> Self {
        Self {
            bytes: [0; Self::ROOM],
            start: Self::ROOM,
        }
    }

    fn push(&mut self, byte: u8) {
        self.start -= 1;
        // Never out of it, which the compiler sees so.
        self.bytes[self.start % Self::ROOM] = byte;
    }

    fn whole(&mut self, mut number: u64) {
        while number > u32::MAX.into() {
            self.push(b'0' + (number % 10) as u8);
            number /= 10;
        }
        // Dividing 32 bits takes a fraction of the time.
        let mut number = number as u32;
        loop {
            self.push(b'0' + (number % 10) as u8);
            number /= 10;
            if number == 0 {
                break;
            }
        }
    }

    fn text(&self) -> &str {
        let text = self.bytes.get(self.start..);
        text.and_then(|text| core::str::from_utf8(text).ok())
            .unwrap_or_default()
    }
}

/// Appends a number in the fewest digits that are read as this very one.
pub(crate) fn number(out: &mut String, value: f64) {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if (0.0..EXACT).contains(&value) && value == value as u64 as f64 && !value.is_sign_negative() {
        return whole(out, value as u64);
    }
    let _ = write!(out, "{value:?}");
}

/// Appends nanoseconds as seconds, to the last digit.
pub(crate) fn seconds(out: &mut String, nanoseconds: u128) {
    const NANOSECONDS: u128 = 1_000_000_000;
    match u64::try_from(nanoseconds / NANOSECONDS) {
        Ok(seconds) => whole(out, seconds),
        Err(_) => {
            let _ = write!(out, "{}", nanoseconds / NANOSECONDS);
        }
    }
    let rest = nanoseconds % NANOSECONDS;
    if rest > 0 {
        let _ = write!(out, ".{rest:09}");
        out.truncate(out.trim_end_matches('0').len());
    }
}

/// A bucket's bound: as Go writes numbers, with a point in it, which is how OpenMetrics wants them.
/// Both texts spell it alike, for it is a label: another spelling is another series.
pub(crate) fn bound_text(bound: f64) -> String {
    let mut text = String::new();
    if bound >= 1e-4 {
        let _ = write!(text, "{bound}");
        if !text.contains('.') {
            text.push_str(".0");
        }
        return text;
    }
    let _ = write!(text, "{bound:e}");
    // Two digits of exponent.
    match text.split_once("e-") {
        Some((digits, exponent)) => alloc::format!("{digits}e-{exponent:0>2}"),
        None => text,
    }
}

/// Appends `name="value"`, with a comma before it where something stands before it.
pub(crate) fn label(out: &mut String, name: &str, value: &str) {
    if !matches!(out.as_bytes().last(), None | Some(b'{' | b',')) {
        out.push(',');
    }
    out.push_str(name);
    out.push_str("=\"");
    let mut rest = value;
    while let Some(at) = rest
        .bytes()
        .position(|byte| matches!(byte, b'\\' | b'"' | b'\n'))
    {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        out.push_str(match special.as_bytes().first() {
            Some(b'\n') => "\\n",
            Some(b'"') => "\\\"",
            _ => "\\\\",
        });
        rest = special.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn written(write: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn whole_numbers_have_their_digits() {
        let most = u64::from(u32::MAX);
        for value in [0, 7, 10, 12_345, most, most + 1, 10_000_000_000, u64::MAX] {
            assert_eq!(written(|out| whole(out, value)), value.to_string());
            let line = written(|out| line_end(out, "\"} ", value));
            assert_eq!(line, alloc::format!("\"}} {value}\n"));
        }
    }

    #[test]
    fn numbers_are_short_and_read_as_they_were() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (-2.5, "-2.5"),
            (1_700_000_000.25, "1700000000.25"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (1e300, "1e300"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e308"),
        ] {
            assert_eq!(written(|out| number(out, value)), text);
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
    }

    #[test]
    fn sums_are_exact_to_the_nanosecond() {
        for (nanoseconds, text) in [
            (0, "0"),
            (1, "0.000000001"),
            (1_500_000_000, "1.5"),
            (60_000_000_000, "60"),
            (
                9_007_199_254_740_993_000_000_001,
                "9007199254740993.000000001",
            ),
            (u128::MAX, "340282366920938463463374607431.768211455"),
        ] {
            assert_eq!(written(|out| seconds(out, nanoseconds)), text);
        }
    }

    #[test]
    fn bounds_are_spelt_as_go_does() {
        for (bound, text) in [
            (1.0 / 1_048_576.0, "9.5367431640625e-07"),
            (1.0 / 16_384.0, "6.103515625e-05"),
            (1.0 / 8_192.0, "0.0001220703125"),
            (0.5, "0.5"),
            (1.0, "1.0"),
            (1_024.0, "1024.0"),
        ] {
            assert_eq!(bound_text(bound), text);
        }
    }

    #[test]
    fn label_values_are_escaped_and_nothing_else_is() {
        let text = written(|out| {
            label(out, "a", "back\\slash \"quoted\"\nline");
            label(out, "b", "\\");
            label(out, "c", "Größe 量 \t\r\0 {x=\"y\"}");
            label(out, "d", "");
        });
        let expected = concat!(
            r#"a="back\\slash \"quoted\"\nline","#,
            r#"b="\\","#,
            "c=\"Größe 量 \t\r\0 {x=\\\"y\\\"}\",",
            r#"d="""#,
        );
        assert_eq!(text, expected);
    }
}
