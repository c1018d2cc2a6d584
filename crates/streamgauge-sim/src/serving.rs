//! Web requests to a worker.

use streamgauge::HttpStatus;

use crate::event::{Task, WorkerIndex};
use crate::simulation::Simulation;
use crate::slots::Slot;

impl Simulation {
    pub(crate) fn plan_web_request(&mut self, worker: WorkerIndex) {
        let rate = self.scenario.web.per_second;
        if rate > 0.0 {
            let random = &mut self.group_of_mut(worker).random;
            let seconds = random.web.exponential(1.0 / rate);
            self.plan(worker, seconds, Task::WebRequest);
        }
    }

    pub(crate) fn web_request(&mut self, worker: WorkerIndex) {
        let asked = &mut self.workers[worker];
        // Whoever asks comes through the same network as the brokers.
        if !asked.is_offline(self.now) {
            let state = asked.gauge.sensor().on_web_request_start();
            let request = asked.web_requests.put(state);
            let random = &mut self.groups[asked.group].random;
            let seconds = random.web.spread(&self.scenario.web.time);
            let failed = random.web.chance(self.scenario.errors.web);
            self.plan(worker, seconds, Task::WebAnswer { request, failed });
        }
        self.plan_web_request(worker);
    }

    pub(crate) fn web_answer(&mut self, worker: WorkerIndex, request: Slot, failed: bool) {
        let answering = &mut self.workers[worker];
        let mut state = answering.web_requests.take(request);
        let status = HttpStatus::new(if failed { 500 } else { 200 });
        answering
            .gauge
            .sensor()
            .on_web_request_end(status.ok(), state.as_mut());
    }
}
