// The dashboard's questions, as Grafana would ask them with everything selected.

/** Every panel's expressions, with what Grafana puts in its variables' place. */
export function expressionsOf(dashboard) {
  return dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({
      title,
      legend: legendFormat,
      expr: expr.replaceAll("$__rate_interval", "1m").replaceAll("$job", ".*").replaceAll("$worker", ".*"),
    })),
  );
}
