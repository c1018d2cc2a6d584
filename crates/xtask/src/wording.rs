//! How the table's names and units are spelt outside Rust.

use streamgauge::{FIGURES, Limits, Shape};

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

/// A sentence in which other figures have their names in JavaScript.
pub(crate) fn camel_help(help: &str) -> String {
    let is_end = |letter: char| letter != '_' && !letter.is_alphanumeric();
    let mut text = String::new();
    for piece in help.split_inclusive(is_end) {
        let word = piece.trim_end_matches(is_end);
        if FIGURES.iter().any(|figure| figure.name == word) {
            text.push_str(&camel(word));
            text.push_str(&piece[word.len()..]);
        } else {
            text.push_str(piece);
        }
    }
    text
}

/// What a limit is where it is not given; none where the figure is no limit.
pub(crate) fn default_of(name: &str) -> Option<String> {
    // Named one by one: a limit that is new does not compile until it stands here.
    let Limits {
        max_avg_history,
        max_commit_latency_history,
        max_send_latency_history,
        max_assignment_latency_history,
        max_labels,
        max_partitions,
        epoch,
        health_commits,
        allowed_lag,
        health_hold,
        stuck_after,
        storm_rebalances,
        storm_window,
        label_idle,
        partition_idle,
    } = Limits::default();
    let default = match name {
        "max_avg_history" => max_avg_history.to_string(),
        "max_commit_latency_history" => max_commit_latency_history.to_string(),
        "max_send_latency_history" => max_send_latency_history.to_string(),
        "max_assignment_latency_history" => max_assignment_latency_history.to_string(),
        "max_labels" => max_labels.to_string(),
        "max_partitions" => max_partitions.to_string(),
        "epoch" => epoch.to_string(),
        "health_commits" => health_commits.to_string(),
        "allowed_lag" => allowed_lag.to_string(),
        "health_hold" => health_hold.to_string(),
        "stuck_after" => stuck_after.to_string(),
        "storm_rebalances" => storm_rebalances.to_string(),
        "storm_window" => storm_window.to_string(),
        "label_idle" => label_idle.to_string(),
        "partition_idle" => partition_idle.to_string(),
        _ => return None,
    };
    Some(default)
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
    fn a_sentence_names_figures_as_javascript_does() {
        assert_eq!(
            camel_help("Of storm_window, (http_response_latency_avg) and label_x; epoch."),
            "Of stormWindow, (httpResponseLatencyAvg) and label_x; epoch."
        );
    }

    #[test]
    fn every_setting_has_a_default_and_nothing_else() {
        for figure in FIGURES {
            let setting = figure.kind == streamgauge::Kind::Setting;
            assert_eq!(
                default_of(figure.name).is_some(),
                setting,
                "{}",
                figure.name
            );
        }
        assert_eq!(default_of("storm_window").as_deref(), Some("300"));
        assert_eq!(default_of("label_idle").as_deref(), Some("86400"));
        assert_eq!(default_of("epoch").as_deref(), Some("0"));
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
