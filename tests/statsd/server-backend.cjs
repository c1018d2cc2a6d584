// Adds up what StatsD's server flushes, and prints it when something new came.
const totals = { lines: 0, badLines: 0, counters: {}, gauges: {}, timers: {}, timerCounts: {} };

exports.init = (_startup, _config, events) => {
  events.on("flush", (_time, { counters, gauges, timers, timer_counters: timerCounts }) => {
    const { "statsd.metrics_received": lines, "statsd.bad_lines_seen": badLines } = counters;
    if (lines === 0) return;
    totals.lines += lines;
    totals.badLines += badLines;
    const add = (sums, more) => Object.entries(more).forEach(([key, value]) => (sums[key] = (sums[key] ?? 0) + value));
    add(totals.counters, counters);
    add(totals.timerCounts, timerCounts);
    for (const [key, values] of Object.entries(timers)) totals.timers[key] = [...(totals.timers[key] ?? []), ...values];
    totals.gauges = { ...gauges };
    console.log(JSON.stringify(totals));
  });
  return true;
};
