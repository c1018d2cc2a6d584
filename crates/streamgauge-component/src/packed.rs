//! Calls of four numbers each: `monitor.record-packed` in `wit/monitors.wit` has the table.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use streamgauge::Sensor;

use crate::errors::{invalid, unreadable};
use crate::handles::Handles;
use crate::hooks::{self, Monitor};
use crate::interfaces::types::{
    AssignmentState, Error, EventState, Message, RebalanceState, Stage, WebRequestState,
};

/// Numbers of a call.
const CALL: usize = 4;
const NUMBER_BYTES: usize = size_of::<f64>();

/// A call: `code + 64 * handle`, when it was made, two arguments.
pub(crate) type Packed = [f64; CALL];

/// Codes are below it, handles are multiples of it.
const CODES: u64 = 64;
/// Where a handle may be left out.
const NO_HANDLE: u32 = u32::MAX;
/// The largest whole number that a float holds along with all before it.
const LAST_WHOLE: f64 = ((1_u64 << 53) - 1) as f64;

const STAGES: [Stage; 7] = [
    Stage::Send,
    Stage::Process,
    Stage::Commit,
    Stage::Deserialize,
    Stage::Http,
    Stage::Fetch,
    Stage::Other,
];

/// The calls in a list of numbers.
pub(crate) fn calls_of(numbers: &[f64]) -> Result<impl Iterator<Item = Packed>, Error> {
    let (calls, rest) = numbers.as_chunks();
    match rest {
        [] => Ok(calls.iter().copied()),
        _ => Err(length(numbers.len())),
    }
}

/// The bytes that a text in base64 stands for.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, Error> {
    STANDARD.decode(text).map_err(unreadable)
}

/// The calls in bytes: numbers of eight bytes, little-endian.
pub(crate) fn calls_in(bytes: &[u8]) -> Result<impl Iterator<Item = Packed>, Error> {
    let (numbers, rest) = bytes.as_chunks::<NUMBER_BYTES>();
    if !rest.is_empty() {
        let length = bytes.len();
        return Err(unreadable(format!(
            "the length in bytes must be a multiple of {NUMBER_BYTES}, got {length}"
        )));
    }
    let (calls, rest) = numbers.as_chunks();
    match rest {
        [] => Ok(calls.iter().map(|call| call.map(f64::from_le_bytes))),
        _ => Err(length(numbers.len())),
    }
}

/// The refusal of numbers that are not whole calls.
fn length(numbers: usize) -> Error {
    invalid("calls", "four numbers for each call", numbers)
}

/// When a call was made; `None` for now.
pub(crate) fn time(call: &Packed) -> Option<f64> {
    given(call[1])
}

/// An argument that may be left out.
fn given(number: f64) -> Option<f64> {
    (!number.is_nan()).then_some(number)
}

fn whole(what: &str, number: f64) -> Result<u64, Error> {
    if (0.0..=LAST_WHOLE).contains(&number) && number.fract() == 0.0 {
        return Ok(number as u64);
    }
    let expected = "a whole number in 0..=9007199254740991";
    Err(invalid(what, expected, number))
}

fn handle(number: f64) -> Result<u32, Error> {
    let number = whole("handle", number)?;
    u32::try_from(number).map_err(|_| invalid("handle", "a number of 32 bits", number))
}

/// A whole number, negative too.
fn signed(what: &str, number: f64) -> Result<i64, Error> {
    if (-LAST_WHOLE..=LAST_WHOLE).contains(&number) && number.fract() == 0.0 {
        return Ok(number as i64);
    }
    let expected = "a whole number in -9007199254740991..=9007199254740991";
    Err(invalid(what, expected, number))
}

fn message(time_in: Option<f64>, timestamp: f64) -> Message {
    Message {
        // Whole milliseconds count. Of any other number nothing is known.
        timestamp: (0.0..=LAST_WHOLE)
            .contains(&timestamp)
            .then_some(timestamp as i64),
        time_in,
        time_out: None,
        time_total: None,
    }
}

fn event(time_in: f64) -> EventState {
    EventState {
        time_in,
        time_out: None,
        time_total: None,
    }
}

fn assignment(time_start: f64) -> AssignmentState {
    AssignmentState {
        time_start,
        completed: false,
    }
}

fn rebalance(time_start: f64) -> RebalanceState {
    RebalanceState {
        time_start,
        time_return: None,
        latency_return: None,
        time_end: None,
        latency_end: None,
    }
}

fn web_request(time_start: f64) -> WebRequestState {
    WebRequestState {
        time_start,
        time_end: None,
        latency_end: None,
        status_code: None,
    }
}

/// Makes a call.
pub(crate) fn call(monitor: &mut Monitor, handles: &Handles, call: Packed) -> Result<(), Error> {
    let [head, _, first, second] = call;
    let head = whole("code", head)?;
    let number = u32::try_from(head / CODES)
        .map_err(|_| invalid("handle", "a number of 32 bits", head / CODES))?;
    let tp = || handles.topic_partition(number);
    let tp_given = || match number {
        NO_HANDLE => Ok(None),
        _ => handles.topic_partition(number).map(Some),
    };
    let name = || handles.name(number);
    match head % CODES {
        0 => {
            let offset = whole("offset", first)?;
            hooks::message_in(monitor, tp()?, offset, message(None, second)).map(drop)
        }
        1 => hooks::event_in(monitor, tp()?, 0, handles.stream(handle(first)?)?).map(drop),
        2 => {
            let (stream, state) = (handles.stream(number)?, given(first).map(event));
            hooks::event_out(monitor, NOWHERE, 0, stream, state).map(drop)
        }
        3 => hooks::message_out(monitor, NOWHERE, 0, message(given(first), second)).map(drop),
        4 => hooks::buffer_full(monitor, name()?),
        5 => hooks::table_get(monitor, name()?),
        6 => hooks::table_set(monitor, name()?),
        7 => hooks::table_del(monitor, name()?),
        8 => {
            monitor.on_commit_completed(given(first));
            Ok(())
        }
        9 => {
            let (key, value) = (whole("keysize", first)?, whole("valsize", second)?);
            hooks::send_initiated(monitor, name()?, key, value).map(drop)
        }
        10 => {
            monitor.on_send_completed(given(first));
            Ok(())
        }
        11 => hooks::send_error(monitor, Some(name()?), given(first)),
        12 => hooks::count(monitor, name()?, signed("n", first)?),
        13 => hooks::tp_commit(monitor, &[(tp()?, whole("offset", first)?)]),
        14 => hooks::end_offset(monitor, tp()?, whole("offset", first)?),
        15 | 16 => {
            let failed = head % CODES == 16;
            hooks::assignment_over(monitor, given(first).map(assignment), failed).map(drop)
        }
        17 => {
            let rebalances = given(first).map(|count| whole("rebalances", count));
            hooks::rebalance_start(monitor, rebalances.transpose()?);
            Ok(())
        }
        18 => hooks::rebalance_return(monitor, given(first).map(rebalance)).map(drop),
        19 => hooks::rebalance_end(monitor, given(first).map(rebalance)).map(drop),
        20 => {
            let status = given(second).map(|status| whole("status", status));
            let status = status.transpose()?;
            // What is no u16 is no status either.
            let status = status.map(|status| u16::try_from(status).unwrap_or(u16::MAX));
            hooks::web_request_end(monitor, status, given(first).map(web_request)).map(drop)
        }
        21 => hooks::of_partitions(monitor, &[tp()?], Monitor::on_partitions_assigned),
        22 => hooks::of_partitions(monitor, &[tp()?], Monitor::on_partitions_revoked),
        23 => hooks::of_partitions(monitor, &[tp()?], Monitor::on_partitions_lost),
        24 => {
            let stage = whole("stage", first)? as usize;
            let stage = STAGES.get(stage).copied();
            let stage = stage.ok_or_else(|| invalid("stage", "a whole number in 0..=6", first))?;
            let tp = given(second).map(|tp| handles.topic_partition(handle(tp)?));
            hooks::error(monitor, stage, name()?, tp.transpose()?)
        }
        25 => hooks::of_partition(monitor, tp_given()?, Monitor::on_retry),
        26 => hooks::of_partition(monitor, tp_given()?, Monitor::on_dead_letter),
        27 => {
            monitor.on_heartbeat();
            Ok(())
        }
        28 => hooks::of_partitions(monitor, &[tp()?], Monitor::on_pause),
        29 => hooks::of_partitions(monitor, &[tp()?], Monitor::on_resume),
        30 => {
            let bytes = given(second).map(|bytes| whole("bytes", bytes));
            monitor.on_poll(whole("records", first)?, bytes.transpose()?);
            Ok(())
        }
        31 => {
            monitor.sample();
            Ok(())
        }
        32 => hooks::position(monitor, tp()?, whole("offset", first)?),
        unknown => Err(invalid("code", "a code in 0..=32", unknown)),
    }
}

/// The ends of messages and events do not look at it.
const NOWHERE: streamgauge::TopicPartition<'static> = streamgauge::TopicPartition::new("", 0);
