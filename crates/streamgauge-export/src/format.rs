//! The two texts, and which of them a scraper wants.

/// A text that figures are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextFormat {
    /// OpenMetrics 1.0.
    OpenMetrics,
    /// Prometheus's classic text, version 0.0.4.
    #[default]
    Prometheus,
}

impl TextFormat {
    /// What to send as `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            TextFormat::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            TextFormat::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
        }
    }

    /// The one that an `Accept` header asks for: OpenMetrics only where it is named, in version 1.0.0 or
    /// none, and not wanted less than classic text. All else gets classic text, as it is not to fail.
    ///
    /// ```
    /// use streamgauge_export::TextFormat;
    /// let of_prometheus = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
    /// assert_eq!(TextFormat::wanted(of_prometheus), TextFormat::OpenMetrics);
    /// assert_eq!(TextFormat::wanted("*/*"), TextFormat::Prometheus);
    /// ```
    pub fn wanted(accept: &str) -> Self {
        let mut open_metrics = 0.0;
        // Of classic text the most exact range counts: RFC 9110, 12.5.1.
        let mut classic = (0, 0.0);
        for range in accept.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let kind = parts.next().unwrap_or_default();
            let mut quality = 1.0;
            let mut version = None;
            for parameter in parts {
                let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
                let value = value.trim().trim_matches('"');
                if name.trim_end().eq_ignore_ascii_case("q") {
                    quality = value
                        .parse()
                        .ok()
                        .filter(|q| (0.0..=1.0).contains(q))
                        .unwrap_or(0.0);
                } else if name.trim_end().eq_ignore_ascii_case("version") {
                    version = Some(value);
                }
            }
            let is = |name: &str| kind.eq_ignore_ascii_case(name);
            if is("application/openmetrics-text")
                && version.is_none_or(|version| version == "1.0.0")
            {
                open_metrics = f64::max(open_metrics, quality);
            }
            let exactness = match version {
                Some("0.0.4") if is("text/plain") => 4,
                None if is("text/plain") => 3,
                None if is("text/*") => 2,
                None if is("*/*") => 1,
                _ => 0,
            };
            if exactness > classic.0 {
                classic = (exactness, quality);
            }
        }
        if open_metrics > 0.0 && open_metrics >= classic.1 {
            TextFormat::OpenMetrics
        } else {
            TextFormat::Prometheus
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TextFormat::{self, OpenMetrics, Prometheus};

    #[test]
    fn openmetrics_is_for_who_asks_for_it() {
        for (accept, wanted) in [
            ("", Prometheus),
            ("*/*", Prometheus),
            ("text/html, */*;q=0.8", Prometheus),
            ("application/*", Prometheus),
            ("application/json", Prometheus),
            ("text/plain", Prometheus),
            ("application/openmetrics-text", OpenMetrics),
            (
                "Application/OpenMetrics-Text ; Version=1.0.0 ; Q=0.3",
                OpenMetrics,
            ),
            (
                "application/openmetrics-text; version=\"1.0.0\"",
                OpenMetrics,
            ),
            ("application/openmetrics-text;version=0.0.1", Prometheus),
            ("application/openmetrics-text;q=0", Prometheus),
            ("application/openmetrics-text;q=2", Prometheus),
            (
                "application/openmetrics-text;q=0.4,text/plain;q=0.5",
                Prometheus,
            ),
            (
                "application/openmetrics-text;q=0.5,text/plain;q=0.5",
                OpenMetrics,
            ),
            (
                "application/openmetrics-text;q=0.5,text/plain;q=0.4,*/*",
                OpenMetrics,
            ),
            (
                "application/openmetrics-text;q=0.5,text/plain;version=1.0.0;q=0.9",
                OpenMetrics,
            ),
            // What Prometheus 2.42 and 3.1 send.
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                OpenMetrics,
            ),
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                OpenMetrics,
            ),
        ] {
            assert_eq!(TextFormat::wanted(accept), wanted, "{accept}");
        }
    }
}
