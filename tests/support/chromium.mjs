// A headless Chromium of the system's, driven by playwright-core, which brings no browser of its own.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of names) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not this one.
      }
    }
  }
  throw new Error("no Chromium on PATH; install it, or set CHROMIUM to its path");
}

const quietFlags = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launchChromium(options = {}) {
  // Chromium's sandbox refuses to run as root, as in containers.
  const args = process.getuid?.() === 0 ? [...quietFlags, "--no-sandbox"] : quietFlags;
  return chromium.launch({ executablePath: executable(), args, ...options });
}

/** A new page that notes everything that a user would see in red in the console. */
export async function newWatchedPage(browser, options = {}) {
  const page = await browser.newPage(options);
  const troubles = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) troubles.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`uncaught: ${error.stack ?? error}`));
  page.on("requestfailed", (request) => troubles.push(`request failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()}: ${response.url()}`);
  });
  return { page, troubles };
}
