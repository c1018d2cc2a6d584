// A headless Firefox of the system's, driven by the WebDriver BiDi protocol that it brings itself.
import { launch } from "puppeteer-core";
import { findFirefox } from "../../crates/xtask/steps/test-setup.mjs";

/** Its path; undefined where there is none. */
export const firefox = findFirefox();

export function launchFirefox() {
  return launch({ browser: "firefox", executablePath: firefox, headless: true });
}

/** A new page that notes everything that a user would see in red in the console. */
export async function newWatchedPage(browser) {
  const page = await browser.newPage();
  const troubles = [];
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) troubles.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`uncaught: ${error.stack ?? error}`));
  page.on("requestfailed", (request) => troubles.push(`request failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()}: ${response.url()}`);
  });
  return { page, troubles };
}
