// test_interface.py and test_hooks.py: the component, and the package over it, in Python.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tellsInPython } from "./python.mjs";

async function holds(script, tests) {
  // unittest tells on its standard error, and exits with 1 where a test fails, which rejects.
  const { stderr } = await tellsInPython(script);
  const [, count] = /^Ran (\d+) tests in [\d.]+s\n\nOK$/m.exec(stderr) ?? [];
  assert.equal(count, tests, stderr);
}

test("the interface and the package hold in Python", { timeout: 660_000 }, () => holds("test_interface.py", "14"));

test("the package's hooks never raise, whatever they are told", { timeout: 660_000 }, () => holds("test_hooks.py", "9"));
