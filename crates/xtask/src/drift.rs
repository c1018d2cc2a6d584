//! Whether a committed file is what would be generated now.

/// The first line that differs, told with both sides; `None` where the texts are the same.
pub(crate) fn first_difference(path: &str, committed: &str, generated: &str) -> Option<String> {
    if committed == generated {
        return None;
    }
    // Not `lines()`: a missing newline at the end, or one that became CRLF, is a difference too.
    let mut committed = committed.split('\n');
    let mut generated = generated.split('\n');
    let mut line = 1;
    loop {
        let (have, want) = (committed.next(), generated.next());
        if have != want {
            let side = |text: Option<&str>| {
                text.map_or("(the file ends)".into(), |text| format!("{text:?}"))
            };
            return Some(format!(
                "{path}:{line} is not what the table of figures gives\n  committed: {}\n  generated: {}",
                side(have),
                side(want)
            ));
        }
        line += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn names_the_file_the_line_and_both_sides() {
        assert_eq!(first_difference("a", "x\ny\n", "x\ny\n"), None);
        let changed = first_difference("a", "x\ny\n", "x\nz\n").unwrap();
        assert!(changed.starts_with("a:2 "), "{changed}");
        assert!(changed.contains("committed: \"y\"\n"), "{changed}");
        assert!(changed.contains("generated: \"z\""), "{changed}");
    }

    #[test]
    fn sees_what_is_missing_or_too_much_at_the_end() {
        let shorter = first_difference("a", "x\n", "x\ny\n").unwrap();
        assert!(shorter.starts_with("a:2 "), "{shorter}");
        let no_newline = first_difference("a", "x", "x\n").unwrap();
        assert!(
            no_newline.contains("committed: (the file ends)"),
            "{no_newline}"
        );
        assert!(first_difference("a", "x\r\n", "x\n").is_some());
    }
}
