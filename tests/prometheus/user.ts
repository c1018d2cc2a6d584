// A user's program, compiled and not run.
import { Registry, register, type OpenMetricsContentType } from "prom-client";
import { Monitor } from "streamgauge";
import { METRICS, negotiate, openMetrics, prometheusText, type TextOptions } from "streamgauge/export";
import { attachPromClient, type Attachment } from "streamgauge/prom-client";
import { merge } from "streamgauge/snapshot";

const monitor = new Monitor();
const options: TextOptions = { prefix: "app_", labels: { region: "eu" }, buckets: { scale: 1, to: 60 } };
const texts: string[] = [
  openMetrics(monitor.snapshot()),
  openMetrics([monitor.snapshotBytes(), "{}"], options),
  prometheusText(merge([monitor.snapshot()]), { group: "g", client: "c", created: true }),
  negotiate(undefined).render(new Set([monitor.snapshot()])),
];
const open = new Registry<OpenMetricsContentType>();
const attachments: Attachment[] = [
  attachPromClient(register, () => monitor.snapshotBytes()),
  attachPromClient(open, async () => [monitor.snapshot()], { group: "g", onFault: (fault: unknown) => console.error(fault) }),
];
// @ts-expect-error A snapshot does not change: what is wanted is a function.
attachPromClient(register, monitor.snapshot());
// @ts-expect-error There is no such option.
openMetrics(monitor.snapshot(), { perfix: "a_" });
const units: readonly string[] = METRICS.map(({ unit }) => unit);
export { attachments, texts, units };
