// The npm package as its users meet it. One process, so that it is packed once.
import { after, before, describe } from "node:test";
import { browserTests } from "./browsers.mjs";
import { contentTests } from "./contents.mjs";
import { nodeTests } from "./node.mjs";
import { packed } from "./packed.mjs";
import { typeTests } from "./types.mjs";

describe("the packed package", { timeout: 300_000 }, () => {
  const context = {};
  before(async () => {
    context.packed = await packed();
  });
  after(() => context.packed?.remove());

  contentTests(context);
  nodeTests(context);
  typeTests(context);
  browserTests(context);
});
