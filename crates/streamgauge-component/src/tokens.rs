//! Tokens: the core's and the interface's, and those that a batch left open.

use std::collections::BTreeMap;

use crate::errors::refusal;
use crate::interfaces::calls::{Token, TokenId};
use crate::interfaces::types::{
    AssignmentState, Error, EventState, Message, RebalanceState, WebRequestState,
};

/// So many tokens can be open at once.
const MOST_OPEN: usize = 1_000_000;

impl From<Message> for streamgauge::Message {
    fn from(message: Message) -> Self {
        let Message {
            timestamp,
            time_in,
            time_out,
            time_total,
        } = message;
        Self {
            timestamp,
            time_in,
            time_out,
            time_total,
        }
    }
}

impl From<streamgauge::Message> for Message {
    fn from(message: streamgauge::Message) -> Self {
        let streamgauge::Message {
            timestamp,
            time_in,
            time_out,
            time_total,
        } = message;
        Self {
            timestamp,
            time_in,
            time_out,
            time_total,
        }
    }
}

impl From<streamgauge::EventState> for EventState {
    fn from(state: streamgauge::EventState) -> Self {
        Self {
            time_in: state.time_in,
            time_out: state.time_out,
            time_total: state.time_total,
        }
    }
}

impl From<streamgauge::RebalanceState> for RebalanceState {
    fn from(state: streamgauge::RebalanceState) -> Self {
        Self {
            time_start: state.time_start,
            time_return: state.time_return,
            latency_return: state.latency_return,
            time_end: state.time_end,
            latency_end: state.latency_end,
        }
    }
}

impl From<streamgauge::WebRequestState> for WebRequestState {
    fn from(state: streamgauge::WebRequestState) -> Self {
        Self {
            time_start: state.time_start,
            time_end: state.time_end,
            latency_end: state.latency_end,
            status_code: state.status_code,
        }
    }
}

/// The refusal of a token that says when it was completed.
pub(crate) fn check_open(ended: Option<f64>) -> Result<(), Error> {
    match ended {
        None => Ok(()),
        Some(time) => Err(completed(format!("one completed at {time} s"))),
    }
}

/// The refusal of a token that was completed before.
pub(crate) fn completed(got: String) -> Error {
    let expected = "a token that is not completed";
    Error::TokenCompleted(refusal("state", expected, got))
}

/// A kind of token, found among all of them.
pub(crate) trait Kind: Copy {
    /// The call that opens it.
    const OPENED_BY: &'static str;
    fn of(token: &Token) -> Option<Self>;
}

macro_rules! kinds {
    ($($of:ty: $case:ident, $opened_by:literal;)+) => {
        $(impl Kind for $of {
            const OPENED_BY: &'static str = $opened_by;

            fn of(token: &Token) -> Option<Self> {
                match token {
                    Token::$case(token) => Some(*token),
                    _ => None,
                }
            }
        })+
    };
}

kinds! {
    f64: Time, "the id of a commit or send that was initiated and is open";
    Message: Message, "the id of a message that came in and is open";
    EventState: Event, "the id of an event that came in and is open";
    AssignmentState: Assignment, "the id of an assignment that started and is open";
    RebalanceState: Rebalance, "the id of a rebalance that started and is open";
    WebRequestState: WebRequest, "the id of a web request that started and is open";
}

/// The tokens of batches, by the caller's numbers.
#[derive(Default)]
pub(crate) struct OpenTokens {
    tokens: BTreeMap<TokenId, Token>,
}

impl OpenTokens {
    /// Whether one more can be opened.
    pub(crate) fn check_room(&self, id: TokenId) -> Result<(), Error> {
        if self.tokens.len() < MOST_OPEN || self.tokens.contains_key(&id) {
            return Ok(());
        }
        let expected = "one of at most 1000000 that are open";
        Err(Error::TooMany(refusal("token", expected, id)))
    }

    /// Opens one, or puts another in its place.
    pub(crate) fn put(&mut self, id: TokenId, token: Token) {
        self.tokens.insert(id, token);
    }

    /// The open one of that number, where one is given.
    pub(crate) fn get<K: Kind>(&self, id: Option<TokenId>) -> Result<Option<K>, Error> {
        let Some(id) = id else { return Ok(None) };
        match self.tokens.get(&id).and_then(K::of) {
            Some(token) => Ok(Some(token)),
            None => Err(Error::UnknownToken(refusal("token", K::OPENED_BY, id))),
        }
    }

    pub(crate) fn close(&mut self, id: Option<TokenId>) {
        if let Some(id) = id {
            self.tokens.remove(&id);
        }
    }
}
