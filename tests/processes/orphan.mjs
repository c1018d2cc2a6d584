// A starter that forks a worker and is killed; the worker, busy meanwhile, hears nothing of that before it reports again.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Monitor } from "streamgauge";
import { reportTo } from "streamgauge/node";

if (process.argv[2] === "worker") {
  const attachment = reportTo(process, new Monitor(), { intervalSeconds: 0.001 });
  process.send("reporting", () => {
    const starter = process.ppid;
    while (process.ppid === starter);
    setTimeout(() => {
      console.log(attachment.lastFault?.code ?? "no fault");
      process.exit(0);
    }, 50);
  });
} else {
  fork(fileURLToPath(import.meta.url), ["worker"], { stdio: ["ignore", "inherit", "inherit", "ipc"] }).once("message", () => process.kill(process.pid, "SIGKILL"));
}
