//! Web requests to a worker.

use streamgauge::{HttpStatus, Sensor};

use crate::event::{Event, WorkerIndex};
use crate::simulation::Simulation;
use crate::slots::Slot;

/// Mean time to answer a request.
const ANSWER_SECONDS: f64 = 0.02;
/// How that time is spread: the standard deviation of its logarithm.
const ANSWER_SHAPE: f64 = 0.6;

impl Simulation {
    pub(crate) fn plan_web_request(&mut self, worker: WorkerIndex) {
        let rate = self.options.web_request_rate;
        if rate > 0.0 {
            let seconds = self.random.web.exponential(1.0 / rate);
            self.after(seconds, Event::WebRequest { worker });
        }
    }

    pub(crate) fn web_request(&mut self, worker: WorkerIndex) {
        let asked = &mut self.workers[worker];
        let state = asked.monitor.on_web_request_start();
        let request = asked.web_requests.put(state);
        let seconds = self.random.web.log_normal(ANSWER_SECONDS, ANSWER_SHAPE);
        let failed = self.random.web.chance(self.options.error_rate);
        self.after(
            seconds,
            Event::WebAnswer {
                worker,
                request,
                failed,
            },
        );
        self.plan_web_request(worker);
    }

    pub(crate) fn web_answer(&mut self, worker: WorkerIndex, request: Slot, failed: bool) {
        let answering = &mut self.workers[worker];
        let mut state = answering.web_requests.take(request);
        let status = HttpStatus::new(if failed { 500 } else { 200 });
        answering
            .monitor
            .on_web_request_end(status.ok(), state.as_mut());
    }
}
