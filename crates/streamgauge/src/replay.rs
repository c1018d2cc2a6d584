//! Replays traces: recorded hook calls, one JSON object a line.

mod arguments;
mod calls;
mod compare;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde_json::Value;

use self::arguments::{Arguments, Wrong};
use self::calls::{Token, call};
pub use self::compare::TraceDifference;
use crate::clock::ManualClock;
use crate::monitor::Monitor;
use crate::options::Options;

/// The version of traces that is understood.
pub const TRACE_VERSION: &str = "streamgauge/1";

/// How a trace says a number that JSON cannot: as a text. `None` where it is finite.
pub(crate) fn not_finite_name(number: f64) -> Option<&'static str> {
    match number {
        _ if number.is_finite() => None,
        _ if number.is_nan() => Some("NaN"),
        _ if number > 0.0 => Some("Infinity"),
        _ => Some("-Infinity"),
    }
}

/// A line of a trace that cannot be replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceError {
    line: usize,
    problem: String,
}

impl TraceError {
    /// The line's number, counted from 1.
    pub fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl core::error::Error for TraceError {}

/// One of the monitors that a trace tells apart, with what its calls tie together by label.
struct Worker {
    monitor: Monitor<Rc<ManualClock>>,
    tokens: BTreeMap<String, Token>,
}

/// Replays one trace, line by line, into monitors of its own. Feature `json`.
///
/// ```
/// use streamgauge::Replay;
/// let mut replay = Replay::new();
/// replay.line(r#"{"trace": "streamgauge/1", "options": {"max_avg_history": 10}}"#)?;
/// replay.line(r#"{"at": 1.5, "call": "on_send_initiated", "topic": "orders", "keysize": 2, "valsize": 9, "state": "a"}"#)?;
/// let differences = replay.line(r#"{"at": 2, "call": "on_send_completed", "state": "a", "after": 1.75}"#)?;
/// assert_eq!(differences[0].to_string(), "after: expected 1.75, actual 1.5");
/// let (worker, monitor) = replay.monitors().next().expect("one monitor");
/// assert_eq!(worker, "");
/// assert_eq!(monitor.send_latency().iter().collect::<Vec<_>>(), [0.5]);
/// # Ok::<(), streamgauge::TraceError>(())
/// ```
///
/// Every `after` and every `expect` on the way is compared, exactly. No line makes it panic. Tokens
/// are kept until the end: memory grows with the trace.
#[derive(Default)]
pub struct Replay {
    header: Option<Header>,
    workers: BTreeMap<String, Worker>,
    lines: usize,
    checks: usize,
}

struct Header {
    options: Options,
    at: f64,
}

impl Replay {
    /// A replay that waits for its header.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replays a whole trace; what differs in it is not told.
    ///
    /// # Errors
    /// The first line that cannot be replayed, or a trace without a header.
    pub fn of(trace: &str) -> Result<Self, TraceError> {
        let mut replay = Self::new();
        for line in trace.lines() {
            replay.line(line)?;
        }
        replay.end()?;
        Ok(replay)
    }

    /// Replays the next line. Gives what differs from its `after` or `expect`; nothing as a rule.
    ///
    /// # Errors
    /// A line that is no JSON object, lacks an argument or has a wrong one, an unknown call, a
    /// header of an unknown version or with options that are refused.
    pub fn line(&mut self, text: &str) -> Result<Vec<TraceDifference>, TraceError> {
        self.lines += 1;
        let line = self.lines;
        self.replay(text)
            .map_err(|Wrong(problem)| TraceError { line, problem })
    }

    /// Says that there is no further line: a trace without calls has a monitor, too.
    ///
    /// # Errors
    /// There was no header.
    pub fn end(&mut self) -> Result<(), TraceError> {
        let line = self.lines.max(1);
        let wrong = |Wrong(problem)| TraceError { line, problem };
        let header = self.header.as_ref().ok_or_else(no_header).map_err(wrong)?;
        if self.workers.is_empty() {
            let worker = header.worker("", header.at).map_err(wrong)?;
            self.workers.insert(String::new(), worker);
        }
        Ok(())
    }

    /// The monitors by worker, in their order; a trace that names none has one, under `""`.
    pub fn monitors(&self) -> impl Iterator<Item = (&str, &Monitor<Rc<ManualClock>>)> {
        let workers = self.workers.iter();
        workers.map(|(name, worker)| (name.as_str(), &worker.monitor))
    }

    /// The same, to go on with: for snapshots, for example. Each one's clock reads what the last
    /// call of its own said.
    pub fn monitors_mut(&mut self) -> impl Iterator<Item = (&str, &mut Monitor<Rc<ManualClock>>)> {
        let workers = self.workers.iter_mut();
        workers.map(|(name, worker)| (name.as_str(), &mut worker.monitor))
    }

    /// How many `after` and `expect` were compared.
    pub fn checks(&self) -> usize {
        self.checks
    }

    /// A monitor is made later than the trace's first.
    fn begin(
        &mut self,
        worker: String,
        args: &Arguments<'_>,
    ) -> Result<Vec<TraceDifference>, Wrong> {
        let at = args.number("at")?;
        let name = args.optional("name", Arguments::text)?;
        let Some(header) = &self.header else {
            return Err(no_header());
        };
        if self.workers.contains_key(&worker) {
            return Err(Wrong(format!("worker {worker:?} has begun already")));
        }
        let begun = header.worker(name.unwrap_or(&worker), at)?;
        self.workers.insert(worker, begun);
        Ok(Vec::new())
    }

    fn replay(&mut self, text: &str) -> Result<Vec<TraceDifference>, Wrong> {
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let fields = match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => fields,
            Ok(_) => return Err(Wrong("not a JSON object".into())),
            Err(error) => return Err(Wrong(format!("not JSON ({error})"))),
        };
        let args = Arguments::new(&fields);
        let Some(header) = &self.header else {
            self.header = Some(Header::read(&args)?);
            return Ok(Vec::new());
        };
        if args.get("trace").is_some() && args.get("call").is_none() {
            return Err(Wrong("a second header: a file holds one trace".into()));
        }
        let name = match args.get("worker") {
            None => String::new(),
            Some(Value::String(name)) => name.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(other) => return Err(Wrong::argument("worker", "a string or a number", other)),
        };
        if args.get("call").and_then(Value::as_str) == Some("begin") {
            return self.begin(name, &args);
        }
        let worker = match self.workers.entry(name) {
            alloc::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            alloc::collections::btree_map::Entry::Vacant(entry) => {
                let worker = header.worker(entry.key(), header.at)?;
                entry.insert(worker)
            }
        };
        worker.monitor.clock().set(args.number("at")?);
        let left = call(&mut worker.monitor, &mut worker.tokens, &args)?;
        let mut found = Vec::new();
        if let Some(after) = args.get("after") {
            self.checks += 1;
            let token = left.label.and_then(|label| worker.tokens.get(&label));
            let actual = token.map_or(Value::Null, Token::in_fausts_form);
            compare::differences("after", after, Some(&actual), &mut found);
        }
        if let (Some(expect), Some(actual)) = (args.get("expect"), &left.reading) {
            self.checks += 1;
            compare::differences("expect", expect, Some(actual), &mut found);
        }
        Ok(found)
    }
}

fn no_header() -> Wrong {
    Wrong(format!(
        "no header: expected {{\"trace\": \"{TRACE_VERSION}\", ...}}"
    ))
}

impl Header {
    fn read(args: &Arguments<'_>) -> Result<Self, Wrong> {
        match args.get("trace") {
            None => return Err(no_header()),
            Some(Value::String(version)) if version == TRACE_VERSION => {}
            Some(version) => {
                let says = format!("unknown version {version}: expected \"{TRACE_VERSION}\"");
                return Err(Wrong(says));
            }
        }
        let mut options = match args.get("options") {
            None => Options::default(),
            Some(given) => serde_json::from_value(given.clone())
                .map_err(|error| Wrong(format!("options: {error}")))?,
        };
        if let Some(epoch) = args.optional("epoch", Arguments::number)? {
            options.epoch = epoch;
        }
        if let Some(worker) = args.optional("worker", Arguments::text)? {
            options.worker = worker.into();
        }
        options.check().map_err(|error| Wrong(error.to_string()))?;
        let at = args.optional("at", Arguments::number)?.unwrap_or(0.0);
        Ok(Self { options, at })
    }

    /// A monitor for the calls of one worker, which is called so in its snapshots, too.
    fn worker(&self, name: &str, at: f64) -> Result<Worker, Wrong> {
        let clock = Rc::new(ManualClock::new(at));
        let monitor = match name {
            "" => Monitor::with_options(&self.options, clock),
            _ => {
                let options = Options {
                    worker: name.into(),
                    ..self.options.clone()
                };
                Monitor::with_options(&options, clock)
            }
        };
        let monitor = monitor.map_err(|error| Wrong(error.to_string()))?;
        Ok(Worker {
            monitor,
            tokens: BTreeMap::new(),
        })
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let workers: Vec<_> = self.workers.keys().collect();
        f.debug_struct("Replay")
            .field("lines", &self.lines)
            .field("checks", &self.checks)
            .field("workers", &workers)
            .finish_non_exhaustive()
    }
}
