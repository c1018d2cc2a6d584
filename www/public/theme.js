// Runs before the first paint, so that a chosen theme does not flash up in the other one's colours.
try {
  const chosen = localStorage.getItem("streamgauge-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be forbidden: then it is as the system says.
}
