//! What is refused, in the interface's types, and the checks that its types leave open.

use streamgauge::{HttpStatus, MAX_NAME_CHARACTERS, MergeError, SnapshotError, TopicPartition};

use crate::interfaces::types::{DocumentProblem, Error, Refusal};

/// The last of Kafka's partitions.
const LAST_PARTITION: u32 = i32::MAX as u32;
/// The last of Kafka's offsets.
const LAST_OFFSET: u64 = i64::MAX as u64;

pub(crate) fn refusal(what: &str, expected: &str, got: impl ToString) -> Refusal {
    Refusal {
        what: what.into(),
        expected: expected.into(),
        got: got.to_string(),
    }
}

pub(crate) fn invalid(what: &str, expected: &str, got: impl ToString) -> Error {
    Error::InvalidArgument(refusal(what, expected, got))
}

/// A document that is wrong as a whole, or nobody knows where.
pub(crate) fn unreadable(problem: impl ToString) -> Error {
    Error::InvalidDocument(DocumentProblem {
        place: String::new(),
        problem: problem.to_string(),
    })
}

impl From<streamgauge::Error> for Error {
    fn from(error: streamgauge::Error) -> Self {
        invalid(error.argument(), error.expected(), error.got())
    }
}

impl From<SnapshotError> for Error {
    fn from(error: SnapshotError) -> Self {
        Error::InvalidDocument(DocumentProblem {
            place: error.path().into(),
            problem: error.to_string(),
        })
    }
}

impl From<MergeError> for Error {
    fn from(error: MergeError) -> Self {
        Error::Unmergeable(error.to_string())
    }
}

/// A name of at most 4,096 characters.
pub(crate) fn name(what: &str, name: &str) -> Result<(), Error> {
    // A name of few bytes has few characters.
    if name.len() <= MAX_NAME_CHARACTERS {
        return Ok(());
    }
    match name.chars().count() {
        0..=MAX_NAME_CHARACTERS => Ok(()),
        characters => {
            let got = format!("one of {characters} characters");
            Err(invalid(what, "a name of at most 4096 characters", got))
        }
    }
}

pub(crate) fn topic_partition(tp: TopicPartition<'_>) -> Result<(), Error> {
    name("topic", tp.topic)?;
    match tp.partition {
        0..=LAST_PARTITION => Ok(()),
        other => Err(invalid(
            "partition",
            "a whole number in 0..=2147483647",
            other,
        )),
    }
}

pub(crate) fn offset(offset: u64) -> Result<(), Error> {
    match offset {
        0..=LAST_OFFSET => Ok(()),
        other => Err(invalid(
            "offset",
            "a whole number in 0..=9223372036854775807",
            other,
        )),
    }
}

/// A count of bytes, as the module's memory counts them.
pub(crate) fn size(what: &str, size: u64) -> Result<usize, Error> {
    u32::try_from(size)
        .map(|size| size as usize)
        .map_err(|_| invalid(what, "a whole number in 0..=4294967295", size))
}

pub(crate) fn status(status: Option<u16>) -> Result<Option<HttpStatus>, Error> {
    Ok(status.map(HttpStatus::new).transpose()?)
}
