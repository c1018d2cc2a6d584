//! How the table's names and units are spelt outside Rust.

use streamgauge::Shape;

/// `messages_received_total` as `messagesReceivedTotal`.
pub(crate) fn camel(snake: &str) -> String {
    let mut camel = String::new();
    for (place, word) in snake.split('_').enumerate() {
        let mut letters = word.chars();
        match (place, letters.next()) {
            (1.., Some(first)) => camel.extend(first.to_uppercase()),
            (_, first) => camel.extend(first),
        }
        camel.push_str(letters.as_str());
    }
    camel
}

/// A form in TypeScript's spelling of its name.
pub(crate) fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Whole => "whole",
        Shape::Seconds => "seconds",
        Shape::SecondsList => "secondsList",
        Shape::WholeByLabel => "wholeByLabel",
        Shape::SignedByLabel => "signedByLabel",
        Shape::Tables => "tables",
        Shape::WholeByStatus => "wholeByStatus",
        Shape::OffsetByPartition => "offsetByPartition",
        Shape::SecondsByPartition => "secondsByPartition",
    }
}

/// A unit in words, where it has any: `s` is "seconds", `{message}` is "messages".
pub(crate) fn unit(ucum: &str) -> Option<String> {
    if let Some(counted) = ucum.strip_suffix("/s") {
        let counted = unit(counted).map_or(String::new(), |counted| counted + " ");
        return Some(counted + "per second");
    }
    match ucum {
        "1" => None,
        "s" => Some("seconds".into()),
        "ns" => Some("nanoseconds".into()),
        "By" => Some("bytes".into()),
        counted => Some(format!("{}s", counted.trim_matches(['{', '}']))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn camel_case_keeps_single_letters_and_single_words() {
        assert_eq!(camel("messages_received_total"), "messagesReceivedTotal");
        assert_eq!(camel("events_s"), "eventsS");
        assert_eq!(camel("tables"), "tables");
    }

    #[test]
    fn units_are_words() {
        assert_eq!(unit("{message}/s").as_deref(), Some("messages per second"));
        assert_eq!(unit("1/s").as_deref(), Some("per second"));
        assert_eq!(unit("By").as_deref(), Some("bytes"));
        assert_eq!(unit("1"), None);
    }

    #[test]
    fn every_unit_of_the_table_is_a_word() {
        for figure in streamgauge::FIGURES {
            let known = ["1", "s"].contains(&figure.unit);
            let counted = figure.unit.starts_with('{') && figure.unit.ends_with('}');
            assert!(known || counted, "{}: {}", figure.name, figure.unit);
        }
    }
}
