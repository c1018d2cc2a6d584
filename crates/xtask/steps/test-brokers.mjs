// `npm run test:brokers`: the adapters' clients against a broker that is built from source, once per machine.
import { build } from "./build.mjs";
import { inRoot } from "./places.mjs";
import { command, step } from "./report.mjs";
import { setup } from "./setup.mjs";
import { filesUnder } from "./stamp.mjs";
import { nodeTests } from "./test-plan.mjs";
import { installPython } from "./test-setup.mjs";
import { brokerEnvironment, installBroker } from "./tools.mjs";

const tests = () => filesUnder(inRoot("tests", "brokers"), (path) => path.endsWith(".brokers.mjs"));

await command(async () => {
  await setup();
  await installBroker();
  await step({ name: "python", does: "the packages of tests/setup/requirements.txt in .venv" }, installPython);
  await build();
  await step({ name: "brokers", does: "node --test over tests/brokers" }, () => nodeTests(tests(), brokerEnvironment()));
});
