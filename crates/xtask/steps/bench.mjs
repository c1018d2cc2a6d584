// `npm run bench`: the package's benchmark in Node, those of the adapters (that for @platformatic/kafka where
// `npm run test:brokers` has built tansu), of the live server, of the page and of the component, then the core's in Rust. Arguments go to the first.
import { build } from "./build.mjs";
import { buildComponent, componentStep } from "./component.mjs";
import { buildPage, pageStep } from "./page.mjs";
import { inRoot } from "./places.mjs";
import { command, step } from "./report.mjs";
import { run } from "./run.mjs";
import { setup } from "./setup.mjs";
import { installPython, testEnvironment, venvPython } from "./test-setup.mjs";
import { brokerEnvironment, hasBroker } from "./tools.mjs";

await command(async () => {
  await setup();
  await build();
  const script = inRoot("tests", "bench", "run.mjs");
  await step({ name: "bench js", does: "the message lifecycle through the npm package" }, () =>
    run(process.execPath, ["--expose-gc", script, ...process.argv.slice(2)]),
  );
  await step({ name: "python", does: "the packages of tests/setup/requirements.txt in .venv" }, installPython);
  await step({ name: "bench adapters", does: "a KafkaJS consumer with and without the adapter" }, () =>
    run(process.execPath, ["--expose-gc", inRoot("tests", "bench", "adapters.mjs")], { env: testEnvironment() }),
  );
  await step({ name: "bench hosts", does: "streams, HTTP and librdkafka's statistics with and without their adapters, and exporters" }, () =>
    run(process.execPath, ["--expose-gc", inRoot("tests", "bench", "hosts.mjs")]),
  );
  await step({ name: "bench server", does: "how long the live server stops its host" }, () =>
    run(process.execPath, [inRoot("tests", "bench", "server.mjs")]),
  );
  await step(pageStep, buildPage);
  await step({ name: "bench page", does: "frames, speed and hook calls of the page in Chromium" }, () =>
    run(process.execPath, [inRoot("tests", "bench", "page.mjs")]),
  );
  if (hasBroker()) {
    await step({ name: "bench platformatic", does: "a @platformatic/kafka consumer with and without the adapter" }, () =>
      run(process.execPath, ["--expose-gc", inRoot("tests", "bench", "platformatic.mjs")], { env: brokerEnvironment() }),
    );
  }
  await step(componentStep, buildComponent);
  await step({ name: "faust", does: "Faust, the component's peer in Python, in .venv" }, () =>
    run(venvPython, ["-m", "pip", "install", "--quiet", "--only-binary=:all:", "-r", inRoot("tests", "bench", "requirements.txt")]),
  );
  await step({ name: "bench component", does: "the component in Python and in Node" }, () =>
    run(process.execPath, ["--expose-gc", inRoot("tests", "bench", "component.mjs")], { env: testEnvironment() }),
  );
  await step({ name: "bench rust", does: "the message lifecycle in Rust" }, () => run("cargo", ["bench", "-p", "streamgauge"]));
});
