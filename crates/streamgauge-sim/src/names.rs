//! The names that go with a topic.

/// A topic, and what the workers call the things around it.
#[derive(Debug)]
pub(crate) struct Topic {
    /// The topic itself.
    pub(crate) name: String,
    /// The stream that consumes it.
    pub(crate) stream: String,
    /// The task that works on the stream.
    pub(crate) task: String,
    /// The table that the task keeps.
    pub(crate) table: String,
    /// The topic that results are sent to.
    pub(crate) results: String,
    /// What the task counts by itself.
    pub(crate) metric: String,
}

impl Topic {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            stream: format!("{name}-stream"),
            task: format!("{name}-task"),
            table: format!("{name}-table"),
            results: format!("{name}-results"),
            metric: format!("{name}-large"),
        }
    }
}
