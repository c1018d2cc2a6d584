//! Labels of any value.

use proptest::prelude::*;
use streamgauge::{PartitionFigures, Snapshot, merge};
use streamgauge_export::TextFormat::OpenMetrics;
use streamgauge_export::{ExportOptions, Renderer};

use crate::{named, parsed, samples, text};

#[test]
fn sums_that_were_named_stand_side_by_side() {
    let of = |name: &str| {
        let sum = merge(&[named(&format!("{name}-1")), named(&format!("{name}-2"))]).unwrap();
        Snapshot {
            worker: name.into(),
            ..sum
        }
    };
    let text = text(OpenMetrics, &[of("north"), of("south")]);
    assert_eq!(
        samples(&text, "messages_received_total"),
        [
            "streamgauge_messages_received_total{worker=\"north\"} 0",
            "streamgauge_messages_received_total{worker=\"south\"} 0",
        ]
    );
    for line in text.lines() {
        assert!(line.matches("worker=\"").count() < 2, "{line}");
    }
    assert!(samples(&text, "worker_start_time").is_empty());
}

fn label_value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        r#"["\\\n{}=,# en]{0,8}"#.prop_map(|text| text)
    ]
}

proptest! {
    #[test]
    fn names_of_any_kind_come_back(worker in label_value(), topic in label_value(), stage in label_value(), kind in label_value(), constant in label_value()) {
        let mut one = named(&worker);
        one.messages.received_by_topic = [(topic.clone(), 4)].into();
        one.errors.by_stage = [(stage.clone(), [(kind.clone(), 5)].into())].into();
        one.partitions = vec![PartitionFigures { topic: topic.clone(), partition: 9, lag: Some(6), ..PartitionFigures::default() }];
        one.summarize();
        let options = ExportOptions { labels: vec![("extra".into(), constant.clone())], ..ExportOptions::default() };
        let text = Renderer::new(&options).unwrap().render(OpenMetrics, &[one]).unwrap();
        let mut common = vec![("extra".to_string(), constant), ("worker".to_string(), worker)];
        common.retain(|(_, value)| !value.is_empty());
        let with = |own: &[(&str, &str)]| {
            let own = own.iter().map(|(name, value)| (name.to_string(), value.to_string()));
            common.iter().cloned().chain(own).collect::<Vec<_>>()
        };
        for (name, labels, value) in [
            ("messages_received_by_topic_total", with(&[("topic", &topic)]), 4.0),
            ("errors_by_stage_total", with(&[("stage", &stage), ("kind", &kind)]), 5.0),
            ("partition_lag{", with(&[("topic", &topic), ("partition", "9")]), 6.0),
        ] {
            let line = text.split('\n').find(|line| line.starts_with(&format!("streamgauge_{name}"))).unwrap();
            let (_, found, number) = parsed(line);
            prop_assert_eq!((found, number), (labels, value));
        }
    }
}
