// test_interface.py: the component, and the package over it, in Python.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tellsInPython } from "./python.mjs";

test("the interface and the package hold in Python", { timeout: 660_000 }, async () => {
  // unittest tells on its standard error, and exits with 1 where a test fails, which rejects.
  const { stderr } = await tellsInPython("test_interface.py");
  const [, count] = /^Ran (\d+) tests in [\d.]+s\n\nOK$/m.exec(stderr) ?? [];
  assert.equal(count, "14", stderr);
});
