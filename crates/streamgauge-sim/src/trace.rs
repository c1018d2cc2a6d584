//! One trace of all workers: each recorder's lines, with the worker's name in them.

use alloc::format;
use alloc::string::{String, ToString};

use alloc::rc::Rc;
use core::cell::RefCell;
use core::fmt::{self, Write};

use crate::scenario::UNNAMED;

/// The lines that were written and not taken yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tape {
    lines: Rc<RefCell<String>>,
}

impl Tape {
    /// A tape that begins with the trace's header.
    pub(crate) fn new(epoch: f64) -> Self {
        let tape = Self::default();
        let header = "{\"trace\":\"streamgauge/1\",\"at\":0.0,\"epoch\":";
        let _ = writeln!(
            tape.lines.borrow_mut(),
            "{header}{epoch:?},\"options\":{{}}}}"
        );
        tape
    }

    pub(crate) fn take(&self) -> String {
        core::mem::take(&mut self.lines.borrow_mut())
    }

    /// Where the recorder of a worker's life writes.
    pub(crate) fn sink(&self, worker: &str, group: &str, life: u32) -> TapeSink {
        // Each life is a monitor of its own, so it needs a name of its own.
        let key = match life {
            1 => worker.to_string(),
            _ => format!("{worker} (life {life})"),
        };
        TapeSink {
            tape: self.clone(),
            begun: false,
            worker: worker.into(),
            group: group.into(),
            key,
        }
    }
}

/// The sink of one recorder.
#[derive(Debug)]
pub(crate) struct TapeSink {
    tape: Tape,
    begun: bool,
    /// Names that need no escapes.
    worker: String,
    /// Told where it is named.
    group: String,
    key: String,
}

impl fmt::Write for TapeSink {
    /// A whole line, which the recorder writes at once.
    fn write_str(&mut self, line: &str) -> fmt::Result {
        let mut lines = self.tape.lines.borrow_mut();
        let key = &self.key;
        if self.begun {
            let rest = line.strip_prefix('{').ok_or(fmt::Error)?;
            return write!(lines, "{{\"worker\":\"{key}\",{rest}");
        }
        // Its header says when the monitor was made; the trace's own stands already.
        self.begun = true;
        let at = line
            .split("\"at\":")
            .nth(1)
            .and_then(|rest| rest.split(',').next());
        let (at, worker) = (at.ok_or(fmt::Error)?, &self.worker);
        let begin = "\"call\":\"begin\",\"name\"";
        write!(
            lines,
            "{{\"worker\":\"{key}\",\"at\":{at},{begin}:\"{worker}\""
        )?;
        if self.group != UNNAMED {
            write!(lines, ",\"group\":\"{}\"", self.group)?;
        }
        writeln!(lines, "}}")
    }
}
