//! Options that are refused.

use streamgauge_export::{Buckets, ExportOptions, Renderer};

#[test]
fn options_that_no_scraper_takes_are_refused() {
    let refused = |options: ExportOptions| Renderer::new(&options).unwrap_err().to_string();
    for prefix in ["a", "a b_", "é_", "9_", "__a_", "a:b_", "_"] {
        let options = ExportOptions {
            prefix: prefix.into(),
            ..ExportOptions::default()
        };
        if prefix == "_" {
            assert!(Renderer::new(&options).is_ok());
        } else {
            assert!(
                refused(options).starts_with("prefix must be empty, or letters"),
                "{prefix}"
            );
        }
    }
    for (labels, says) in [
        (vec![("é", "x")], "named with letters"),
        (vec![("__a", "x")], "named with letters"),
        (vec![("a:b", "x")], "named with letters"),
        (vec![("quantile", "x")], "named unlike"),
        (vec![("partition", "x")], "named unlike"),
        (vec![("a", "x"), ("a", "y")], "of different names"),
    ] {
        let labels = labels
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        let said = refused(ExportOptions {
            labels,
            ..ExportOptions::default()
        });
        assert!(said.contains(says), "{said}");
    }
    for buckets in [
        Buckets {
            scale: 4,
            ..Buckets::default()
        },
        Buckets {
            scale: -4,
            ..Buckets::default()
        },
        Buckets {
            from: 0.0,
            ..Buckets::default()
        },
        Buckets {
            to: f64::NAN,
            ..Buckets::default()
        },
        Buckets {
            from: 3.0,
            to: 3.5,
            scale: 0,
        },
        Buckets {
            from: 2.0,
            to: 1.0,
            scale: 0,
        },
    ] {
        let said = refused(ExportOptions {
            buckets,
            ..ExportOptions::default()
        });
        assert!(said.starts_with("buckets"), "{said}");
    }
}
