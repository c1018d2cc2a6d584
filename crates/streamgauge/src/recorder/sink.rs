//! Files and sockets as sinks.

use core::fmt;
use std::io;

/// A [`fmt::Write`] on top of an [`io::Write`], for a [`Recorder`](crate::Recorder). Wrap files in a
/// `BufWriter`: every line is a write. Feature `std`.
#[derive(Debug)]
pub struct IoSink<W> {
    inner: W,
    error: Option<io::Error>,
}

impl<W: io::Write> IoSink<W> {
    /// A sink that writes to `inner`.
    pub fn new(inner: W) -> Self {
        Self { inner, error: None }
    }

    /// What it writes to, after flushing that.
    ///
    /// # Errors
    /// The first error of a write, else that of flushing.
    pub fn finish(mut self) -> io::Result<W> {
        match self.error.take() {
            Some(error) => Err(error),
            None => self.inner.flush().map(|()| self.inner),
        }
    }
}

impl<W: io::Write> fmt::Write for IoSink<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.inner.write_all(text.as_bytes()).map_err(|error| {
            self.error.get_or_insert(error);
            fmt::Error
        })
    }
}
