//! HTTP statuses, and how often each was answered.

use alloc::vec::Vec;

use crate::error::Error;

/// An HTTP status, 100 to 599.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpStatus(u16);

impl HttpStatus {
    /// What counts where a request ended without a response.
    pub const NO_RESPONSE: HttpStatus = HttpStatus(500);

    /// A status from its number.
    ///
    /// # Errors
    /// A number outside 100 to 599.
    pub const fn new(status: u16) -> Result<Self, Error> {
        if status < 100 || status > 599 {
            return Err(Error::whole(
                "status",
                "a whole number in 100..=599",
                status as u64,
            ));
        }
        Ok(Self(status))
    }

    /// Its number.
    pub const fn get(self) -> u16 {
        self.0
    }
}

/// Responses by status, in the order of the statuses.
#[derive(Debug, Clone, Default)]
pub struct ResponseCodes {
    counts: Vec<(HttpStatus, u64)>,
}

impl ResponseCodes {
    pub(crate) fn add(&mut self, status: HttpStatus, count: u64) {
        match self.counts.binary_search_by_key(&status, |entry| entry.0) {
            Ok(place) => self.counts[place].1 = self.counts[place].1.saturating_add(count),
            Err(place) => self.counts.insert(place, (status, count)),
        }
    }

    /// How often `status` was answered.
    pub fn get(&self, status: HttpStatus) -> u64 {
        let place = self.counts.binary_search_by_key(&status, |entry| entry.0);
        place.map_or(0, |place| self.counts[place].1)
    }

    /// Every status that was answered, with its count.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (u16, u64)> + '_ {
        self.counts.iter().map(|(status, count)| (status.0, *count))
    }
}
