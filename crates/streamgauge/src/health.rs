//! How well a consumer does on one partition, after LinkedIn's Burrow.

#[cfg(feature = "health")]
pub(crate) mod debounce;
mod reason;

pub use self::reason::Reason;

/// How well a consumer does on one partition, from well to worst. The order is that of Burrow's
/// statuses, so that a group's is the largest of its partitions'.
///
/// ```
/// use streamgauge::Status;
/// let partitions = [Status::Ok, Status::Stall, Status::Warn];
/// assert_eq!(partitions.into_iter().max(), Some(Status::Stall));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Status {
    /// It keeps up, or cannot be judged.
    #[default]
    Ok,
    /// It commits and advances, but its lag does not fall.
    Warn,
    /// It stopped committing.
    Stop,
    /// It commits, but always the same offset.
    Stall,
    /// Its committed offset went back.
    Rewind,
}

impl Status {
    /// Every status, from well to worst.
    pub const ALL: &'static [Status] = &[
        Status::Ok,
        Status::Warn,
        Status::Stop,
        Status::Stall,
        Status::Rewind,
    ];

    /// Its name in lower case: `"ok"`.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Warn => "warn",
            Status::Stop => "stop",
            Status::Stall => "stall",
            Status::Rewind => "rewind",
        }
    }

    /// The status of that name, as [`name`](Self::name) spells it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|status| status.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn statuses_are_named_and_rise_in_severity() {
        let names: Vec<_> = Status::ALL.iter().map(|status| status.name()).collect();
        assert_eq!(names, ["ok", "warn", "stop", "stall", "rewind"]);
        assert!(Status::ALL.is_sorted_by(|better, worse| better < worse));
        assert_eq!(Status::default(), Status::Ok);
    }

    #[test]
    fn a_status_is_found_by_its_exact_name() {
        for status in Status::ALL {
            assert_eq!(Status::from_name(status.name()), Some(*status));
        }
        assert_eq!(Status::from_name("OK"), None);
        assert_eq!(Status::from_name(""), None);
    }
}
